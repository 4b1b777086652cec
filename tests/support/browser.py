"""The real Chromium, with every request that leaves the site noted and refused."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}
ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
LOCAL = {"127.0.0.1", "localhost", ""}


def chromium() -> str | None:
    """Return the browser to test with, if there is one."""
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        return shutil.which(chosen)
    return next((found for name in NAMES if (found := shutil.which(name))), None)


@contextmanager
def browser() -> Iterator[Any]:
    """Yield a Playwright browser on the system's Chromium; skip where there is none."""
    path = chromium()
    if path is None:
        if os.environ.get("USTAZ_REQUIRE_BROWSER"):
            pytest.fail("Chromium is required here and was not found")
        pytest.skip("no Chromium found (set CHROMIUM)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield opened
        finally:
            opened.close()


class Watch:
    """Everything on a page that a person should never meet.

    Attributes
    ----------
    outside : list of str
        Requests to other hosts (refused).
    errors : list of str
        Uncaught errors and error messages of the console.
    """

    def __init__(self, context: Any) -> None:
        self.outside: list[str] = []
        self.errors: list[str] = []
        self.requests: list[str] = []
        context.route("**/*", self._route)
        context.on("page", self._page)

    def _route(self, route: Any) -> None:
        url = route.request.url
        self.requests.append(url)
        if urlsplit(url).scheme in {"http", "https"} and urlsplit(url).hostname not in LOCAL:
            self.outside.append(url)
            route.abort()
        else:
            route.fallback()

    def _page(self, page: Any) -> None:
        page.on("pageerror", lambda error: self.errors.append(f"{page.url}: {error}"))
        page.on("dialog", lambda dialog: (self.errors.append(dialog.message), dialog.dismiss()))
        page.on(
            "console",
            lambda line: (
                self.errors.append(f"{page.url}: {line.text}") if line.type == "error" else None
            ),
        )


def follow(page: Any, target: Any) -> None:
    """Click what leads to another page, and wait for that page.

    A click by itself returns while the old page is still there to be read and typed into.
    """
    with page.expect_navigation():
        (page.locator(target) if isinstance(target, str) else target).click()


READY = """() => {
  const app = document.querySelector("#ustaz-app");
  return document.readyState === "complete" && document.fonts.status === "loaded"
    && (!app || app.querySelector("section, [role=alert]") !== null)
    // Drawn by the server already: until the script has taken it over, which drops the form.
    && !(document.querySelector("#ustaz-data") && document.querySelector("#uz-form"));
}"""


def ready(page: Any) -> None:
    """Wait until a page shows what it will show: loaded, fonts there, a workbook drawn.

    Not for a silent network: a request that a navigation cut off may never be reported as ended.
    """
    page.wait_for_function(READY)


def axe(page: Any) -> list[str]:
    """Return what axe-core finds wrong on a page that is ready, one line each."""
    ready(page)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "() => axe.run(document, {resultTypes: ['violations']}).then(r => r.violations"
        ".map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).slice(0, 3).join(' | ')))"
    )
    return list(found)
