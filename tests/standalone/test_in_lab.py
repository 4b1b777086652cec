"""The widgets in the real JupyterLab: typed there, read in the kernel; light, dark and narrow."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.browser import DESKTOP, PHONE, SHOTS, Watch
from tests.support.demos import demo_course
from tests.support.lab import run, wait_for_output, write_notebook
from tests.support.lab_themes import choose_theme, contrasts
from tests.support.live import TOKEN, Live

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.soak]

SHOWING = """import ipywidgets as widgets
from ustaz_widgets import Levels, PeopleMap, Plan, Ratings, StoryLine
steps = [{"id": "step01", "action": "Ask two parents", "due": "2026-10-16"}]
plan = Plan(steps, today="2026-11-23")
people = PeopleMap([{"id": "person01", "alias": "S.M.", "interest": 2, "influence": 5}])
story = StoryLine(plan.events(), today="2026-11-23")
widgets.VBox([plan, people, story])"""
AGAIN = """plan"""
READING = """print(plan.value[0]["action"], people.value[0]["interest"], len(plan.value))
plan.value = [{"id": "step01", "action": "Set by Python"}]
try:
    plan.value = [{"due": "soon"}]
except Exception as error:
    print(type(error).__name__, error, plan.value[0]["action"])
widgets.VBox([Ratings({"trust": {"now": 3}}, language="kk"), Levels(language="ru")])"""


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    course = tmp_path_factory.mktemp("alone") / "course"
    with Live(demo_course(tmp_path_factory, course)) as server:
        yield server


def luminance(view: Any) -> float:
    """Return how light the paper of a widget is, from 0 to 255."""
    return float(
        view.evaluate(
            """(view) => {
              const parts = getComputedStyle(view).backgroundColor.match(/[\\d.]+/g);
              return parts.slice(0, 3).map(Number).reduce((sum, part) => sum + part, 0) / 3;
            }"""
        )
    )


def shot(page: Any, name: str, folder: Path) -> None:
    page.screenshot(path=str((Path(SHOTS) if SHOTS else folder) / f"lab-{name}.png"))


def test_a_plan_and_a_map_are_written_in_lab_and_read_in_the_kernel(
    live: Live, chromium: Any, tmp_path: Path
) -> None:
    write_notebook(live.course / "alone.ipynb", SHOWING, AGAIN, READING)
    context = chromium.new_context(viewport={**DESKTOP, "height": 1400})
    watch = Watch(context)
    page = context.new_page()
    page.goto(f"{live.url}lab/tree/alone.ipynb?reset&token={TOKEN}")
    cells = page.locator(".jp-Notebook .jp-CodeCell")
    run(page, cells.first)
    first = cells.first.locator(".uz-standalone").first
    wait_for_output(first.locator("textarea").first)
    run(page, cells.nth(1))
    second = cells.nth(1).locator(".uz-standalone")
    wait_for_output(second.locator("textarea").first)
    # Lab's shortcuts stay out, and the other view shows what is typed.
    field = first.locator("textarea").first
    field.fill("")
    field.press_sequentially("dd a b x Ә")
    assert second.locator("textarea").first.input_value() == "dd a b x Ә"
    first.get_by_role("button", name="Add a step", exact=True).click()
    mark = cells.first.locator(".uz-map-mark")
    mark.focus()
    mark.press("ArrowRight")
    ids = page.evaluate(
        "() => [...document.querySelectorAll('.uz-page [id]')].map((element) => element.id)"
    )
    assert len(ids) == len(set(ids))
    choose_theme(page, "JupyterLab Light")
    assert luminance(first) > 200
    assert contrasts(page, ".uz-standalone")[1] == []
    cells.first.locator(".uz-story").scroll_into_view_if_needed()
    shot(page, "light", tmp_path)
    run(page, cells.nth(2))
    third = cells.nth(2)
    wait_for_output(third.get_by_text("dd a b x Ә 3 2"))
    third.get_by_text(
        "Refusal steps, row 1, due: expected a day, written as 2026-11-30 Set by Python"
    ).wait_for(timeout=30_000)
    for view in (first, second):
        page.wait_for_function(
            "(field) => field.value === 'Set by Python'",
            arg=view.locator("textarea").first.element_handle(),
        )
    third.locator(".uz-standalone").nth(1).wait_for(timeout=30_000)
    choose_theme(page, "JupyterLab Dark")
    for view in (first, second, third.locator(".uz-standalone").first):
        assert luminance(view) < 60
    assert contrasts(page, ".uz-standalone")[1] == []
    first.scroll_into_view_if_needed()
    shot(page, "dark", tmp_path)
    cells.first.locator(".uz-story").scroll_into_view_if_needed()
    shot(page, "dark-story", tmp_path)
    page.set_viewport_size(PHONE)
    page.get_by_role("tab", name="File Browser (Ctrl+Shift+F)").click()
    first.scroll_into_view_if_needed()
    shot(page, "phone", tmp_path)
    assert watch.outside == []
    context.close()
