"""What the pages of JupyterHub say: every kind, in every language, the reader's own first."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tests.hub.helpers import make_hub
from ustaz.hub.config import TEMPLATES
from ustaz.hub.page_texts import KINDS, problem, template_vars, texts_for
from ustaz.hub.settings import HubDir


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> HubDir:
    return make_hub(Path(tmp_path_factory.mktemp("said")) / "hub")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_said_in_every_language_the_readers_own_first(hub: HubDir, kind: str):
    for account, first in (("olga-p", "ru"), ("aigul-s", "kk"), ("dina-f", "en")):
        texts = texts_for(hub, SimpleNamespace(name=account), kind)
        assert texts[0].lang == first
        assert {one.lang for one in texts} == {"en", "ru", "kk"}
        assert len({one.hint for one in texts}) == 3
    assert len(texts_for(hub, None, kind)) == 3


def test_a_missing_scope_is_not_a_missing_page(hub: HubDir):
    english = {one.lang: one.title for one in problem(hub, None, 404, "No access to resources")}
    assert english["en"] == "This is not open to you."
    english = {one.lang: one.title for one in problem(hub, None, 404, "")}
    assert english["en"] == "There is no such page."
    assert problem(hub, None, "nonsense")[0].title


@pytest.mark.parametrize(
    ("template", "names", "parts"),
    [
        ("spawn_pending.html", {}, ['http-equiv="refresh"']),
        ("stop_pending.html", {}, ['http-equiv="refresh"']),
        ("not_running.html", {"spawn_url": "/hub/spawn/a?next=%2Fuser"}, ["/hub/spawn/a"]),
        (
            "not_running.html",
            {"spawn_url": "/hub/spawn/a", "failed": True, "failed_message": "Traceback"},
            ["JupyterLab could not be started.", "/hub/spawn/a"],
        ),
        (
            "spawn.html",
            {"error_message": "Traceback", "url": "/hub/spawn/a?_xsrf=b"},
            ["JupyterLab could not be started.", "/hub/home"],
        ),
        (
            "spawn.html",
            {"error_message": "HTTP 403: No access to resources: JupyterLab"},
            ["This is not open to you."],
        ),
        ("error.html", {"status_code": 500, "message": "Traceback"}, ["not with you"]),
    ],
)
def test_no_page_has_a_script_or_a_trace(
    hub: HubDir, template: str, names: dict[str, object], parts: list[str]
):
    user = SimpleNamespace(name="dina-f", groups=[])
    given = {
        key: value(user) if callable(value) else value for key, value in template_vars(hub).items()
    }
    shown = (
        Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
        .get_template(template)
        .render(base_url="/hub/", failed=names.get("failed", False), **given,
                **{key: value for key, value in names.items() if key != "failed"},
                refresh=None, target=None)
    )  # fmt: skip
    for part in parts:
        assert part in shown
    assert "<script" not in shown
    assert "Traceback" not in shown
