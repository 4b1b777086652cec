"""The built page in a real Chromium, before the small site of :mod:`fake_site`."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

sys.path.insert(0, str(Path(__file__).parent))

from fake_site import ROOT, STATIC, Book, Site

from tests.support.browser import Kept
from tests.support.browser import browser as chromium

SOURCES = ("model", "sync", "form", "page", "plan", "build.mjs")
SHOTS = os.environ.get("USTAZ_SHOTS")
# Of all that waits here nothing depends on how fast the machine is; five seconds would.
expect.set_options(timeout=30_000)


def _newest() -> float:
    top = ROOT / "widgets" / "ustaz_widgets"
    files = [path for name in SOURCES for path in [top / name, *(top / name).rglob("*")]]
    return max(path.stat().st_mtime for path in files)


@pytest.fixture(scope="session")
def built() -> Path:
    """Build the page unless what is there is newer than its sources.

    Of several processes one builds: each build takes away what it finds stale.
    """
    bundle = STATIC / "workbook.js"
    with (ROOT / "widgets" / "ustaz_widgets" / "build.mjs").open("rb") as script:
        fcntl.flock(script, fcntl.LOCK_EX)
        if not bundle.is_file() or bundle.stat().st_mtime < _newest():
            own = Path(sys.executable).with_name("node")
            node = str(own) if own.exists() else shutil.which("node") or "node"
            subprocess.run([node, script.name], check=True, cwd=ROOT, capture_output=True)
    return STATIC


def _translated(value: Any, mark: str) -> Any:
    """Return a definition whose texts carry a mark, as if in another language."""
    texts = {"title", "label", "help", "guidance", "summary", "why", "low", "high", "row_name"}
    if isinstance(value, dict):
        return {
            key: f"{mark} {one}"
            if key in texts and isinstance(one, str)
            else _translated(one, mark)
            for key, one in value.items()
        }
    return [_translated(one, mark) for one in value] if isinstance(value, list) else value


def languages(definition: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        "en": definition,
        "ru": _translated(definition, "РУ"),
        "kk": _translated(definition, "ҚАЗ"),
    }


def _text(id_: str, label: str, **more: Any) -> dict[str, Any]:
    return {"id": id_, "kind": "text", "label": label, "required": None, **more}


PANTRY = {
    "id": "pantry",
    "version": "1.0.0",
    "title": "People map",
    "companion": True,
    "sections": [
        {
            "id": "people",
            "title": "People",
            "fields": [
                {
                    "id": "people",
                    "kind": "table",
                    "label": "My contacts",
                    "row_name": "Contact",
                    "component": "form",
                    "required": None,
                    "columns": [
                        _text("alias", "Initials", required="ready", max=20),
                        {
                            "id": "relation",
                            "kind": "choice",
                            "label": "Relation",
                            "required": "ready",
                            "options": [
                                {"id": "director", "label": "director"},
                                {"id": "colleague", "label": "colleague"},
                            ],
                        },
                    ],
                },
                _text("topic", "Topic", long=True),
            ],
        }
    ],
    "rules": [],
}


@pytest.fixture
def site(built: Path) -> Iterator[Site]:
    """A site with the workbook that has every kind of field, and the one it links to."""
    vectors = json.loads((ROOT / "tests/vectors/rules/kitchen.json").read_text("utf-8"))
    # As the server adds it for the page: its one private question.
    closed = [{"label": "Secret", "facilitator": False, "staff": False}]
    kitchen = {**vectors["definition"], "closed": closed}
    for section in kitchen["sections"]:
        for one in section["fields"]:
            if one["kind"] == "table":
                one["component"] = "form"
    pantry = Book(languages(PANTRY))
    pantry.answers = {
        "people": [{"id": "p1dina", "alias": "Ә.Қ.", "relation": "director"}],
        "topic": "Pupils explain their answers aloud",
    }
    messages = {
        "en": {},
        "ru": {"Home": "Домой", "Saved at {time}": "Сохранено в {time}"},
        "kk": {"Home": "Басты бет", "Saved at {time}": "Сақталды: {time}"},
    }
    running = Site(
        {"kitchen": Book(languages(kitchen), linked=("pantry",)), "pantry": pantry}, messages
    ).start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One Chromium for a module: while Playwright is open, its process cannot open another."""
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def kept_contexts(browser: Any) -> Kept:
    """Contexts for the tests of a module, each of which serves several."""
    return Kept(browser)


@pytest.fixture
def opened(
    browser: Any, kept_contexts: Kept, site: Site, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Any]]:
    """Open a page of the workbook; any error in the page fails the test.

    A test that sets the page's clock opens it with a context of its own.
    """
    contexts: list[Any] = []
    problems: list[str] = []
    stack = contextlib.ExitStack()

    def open_(
        path: str = "/ustaz/workbooks/kitchen",
        *,
        width: int = 1200,
        context: Any = None,
        own: bool = False,
        **options: Any,
    ) -> Any:
        if context is None:
            options |= {"viewport": {"width": width, "height": 740}, "reduced_motion": "reduce"}
            lent = browser.new_context(**options) if own else kept_contexts.context(**options)
            context = stack.enter_context(lent)
            contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on(
            "console",
            lambda message: (
                problems.append(message.text) if "Content Security Policy" in message.text else None
            ),
        )
        page.goto(site.url + path)
        page.wait_for_selector("h1")
        return page

    yield open_
    if SHOTS:
        for number, context in enumerate(contexts):
            for page in context.pages:
                name = f"{request.node.name}-{number}.png".replace("/", "_")
                page.screenshot(path=str(Path(SHOTS) / name), full_page=True)
    stack.close()
    assert problems == []
