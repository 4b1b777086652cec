"""The widgets in a real Chromium, with Python behind them: typed, dragged, refused, shown twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import ipywidgets
import pytest
from ustaz_widgets import Levels, PeopleMap, Plan, Ratings, StoryLine

from tests.support.browser import AXE, DESKTOP, PHONE
from tests.support.lab_themes import contrasts, theme
from tools.widget_page import WidgetPage
from ustaz import builder as W  # noqa: N812
from ustaz.preview import Preview

pytestmark = pytest.mark.browser
TODAY = "2026-11-23"
STEPS = [
    {"id": "step01", "action": "Ask two parents", "start": "2026-10-05", "due": "2026-10-16"},
    {"id": "step02", "action": "Pair talk", "due": "2027-01-22", "status": "doing"},
]
RUBRIC: dict[str, Any] = {
    "levels": ["begun", "secure"],
    "criteria": [{"id": "ask", "label": "Pupils ask", "descriptors": ["Not yet.", "Often."]}],
}
HOSTILE = '<img src=x onerror="window.ran = 1"> \u202e Ә'

Show = Callable[..., WidgetPage]


@pytest.fixture(scope="module")
def page(chromium: Any) -> Iterator[Any]:
    context = chromium.new_context(viewport=DESKTOP)
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    yield page
    context.close()


@pytest.fixture
def show(page: Any) -> Iterator[Show]:
    page.errors.clear()
    page.set_viewport_size(DESKTOP)

    def shown(widget: Any, views: int = 1) -> WidgetPage:
        return WidgetPage(page, widget, views=views)

    yield shown
    assert page.errors == []


def test_what_is_typed_in_a_plan_is_its_value_in_both_views(show: Show) -> None:
    plan = Plan(STEPS, today=TODAY)
    heard: list[Any] = []
    plan.observe(lambda change: heard.append(change["new"]), "value")
    shown = show(plan, views=2)
    first, second = (shown.page.locator(".uz-standalone").nth(at) for at in (0, 1))
    first.locator("textarea").first.fill(HOSTILE)
    assert second.locator("textarea").first.input_value() == HOSTILE
    # Nothing waits to be sent: an echo of older words would be put over it.
    assert shown.page.evaluate("window.unsent()") == 0
    shown.wait_until_sent()
    assert plan.value[0] == {**STEPS[0], "action": HOSTILE}
    assert heard == [plan.value]
    # Each element has an id of its own, though the same is shown twice.
    ids = shown.page.evaluate("() => [...document.querySelectorAll('[id]')].map((at) => at.id)")
    assert len(ids) == len(set(ids))
    second.get_by_role("button", name="Add a step", exact=True).click()
    shown.wait_until_sent()
    assert len(plan.value) == 3
    # Python sets, and both show it; what is removed there is gone here.
    plan.value = STEPS[:1]
    shown.pump()
    for view in (first, second):
        assert view.locator("textarea").first.input_value() == "Ask two parents"
        assert view.locator("[data-list] [data-row]").count() == 1
    assert shown.page.evaluate("window.ran") is None


def test_what_python_refuses_stays_on_the_page_with_the_reason(show: Show) -> None:
    plan = Plan(STEPS, language="ru", today=TODAY)
    shown = show(plan)
    field = shown.page.locator("textarea").first
    field.fill("x" * 20_001)
    shown.wait_until_sent()
    assert plan.value == STEPS
    notice = shown.page.locator(".uz-standalone [role=status] .uz-notice")
    assert "строка 1, Что произойдёт" in notice.inner_text()
    assert len(field.input_value()) == 20_001
    field.fill("Спросить двух родителей")
    shown.wait_until_sent()
    assert plan.value[0]["action"] == "Спросить двух родителей"
    assert notice.count() == 0
    shown.page.evaluate("say('comm_live_update')")
    assert "Ядро остановлено" in notice.inner_text()


def test_a_mark_of_the_map_is_moved_by_keys_and_taken_back(show: Show) -> None:
    people = PeopleMap([{"id": "person01", "alias": "S.M.", "interest": 2, "influence": 5}])
    shown = show(people)
    mark = shown.page.locator(".uz-map-mark")
    mark.focus()
    mark.press("ArrowRight")
    mark.press("ArrowDown")
    shown.wait_until_sent()
    person = people.value[0]
    assert (person["interest"], person["influence"]) == (3, 4)
    assert "interest 3" in str(mark.get_attribute("aria-label"))
    mark.press("Control+z")
    shown.wait_until_sent()
    assert people.value[0]["influence"] == 5


def test_ratings_and_levels_are_chosen_by_keys(show: Show) -> None:
    ratings = Ratings({"trust": {"now": 3}})
    shown = show(ratings)
    chosen = shown.page.get_by_role("radiogroup", name="Trust: Now").get_by_role(
        "radio", name="3", exact=True
    )
    chosen.focus()
    chosen.press("ArrowRight")
    shown.wait_until_sent()
    assert ratings.value == {"trust": {"now": 4}}
    shown.page.get_by_role("button", name="Clear this answer Trust").click()
    shown.wait_until_sent()
    assert ratings.value == {}
    levels = Levels()
    shown = show(levels)
    first = shown.page.get_by_role("radio").first
    first.focus()
    first.press("Space")
    shown.page.locator("textarea").first.fill("Two mothers changed the card.")
    shown.wait_until_sent()
    (answer,) = levels.value.values()
    assert answer == {"level": 0, "reason": "Two mothers changed the card."}


def test_lanes_of_a_story_are_chosen_by_a_person_and_by_python(show: Show) -> None:
    story = StoryLine(
        [
            {"kind": "concern", "day": "2026-09-21", "text": HOSTILE},
            {"kind": "meeting", "day": "2026-10-20"},
        ],
        today=TODAY,
    )
    shown = show(story, views=2)
    boxes = shown.page.locator('[data-shows="meetings"]')
    boxes.first.uncheck()
    shown.wait_until_sent()
    assert "meetings" not in story.shown
    assert not boxes.nth(1).is_checked()
    assert shown.page.locator('svg [data-lane="meetings"]').nth(1).is_hidden()
    story.shown = ["meetings"]
    story.value = [{"kind": "meeting", "day": "2026-10-21", "text": "Workshop 3"}]
    shown.pump()
    assert boxes.first.is_checked()
    assert shown.page.locator("li", has_text="Workshop 3").count() == 2
    assert shown.page.evaluate("window.ran") is None


def test_a_value_that_is_only_read_has_nothing_to_write_in(show: Show) -> None:
    plan = Plan(STEPS, today=TODAY)
    shown = show(plan)
    assert shown.page.locator("textarea").count() > 0
    plan.read_only = True
    plan.language = "kk"
    shown.pump()
    assert shown.page.locator("textarea, input, select").count() == 0
    assert shown.page.locator(".uz-standalone").get_attribute("lang") == "kk"
    assert shown.page.get_by_text("Іс-әрекет жоспары").count() > 0


def test_each_fits_a_phone_and_is_accessible_light_or_dark(show: Show, page: Any) -> None:
    page.set_viewport_size(PHONE)
    widgets = [
        Plan(STEPS, today=TODAY, language="kk"),
        Ratings({"trust": {"now": 3, "wanted": 5}}, language="ru"),
        PeopleMap([{"alias": "S.M.", "interest": 2, "influence": 5}], language="kk"),
        Levels({"ask": {"level": 1}}, language="ru", **RUBRIC),
        StoryLine(Plan(STEPS, today=TODAY).events(), today=TODAY, language="kk"),
    ]
    for at, widget in enumerate(widgets):
        page.emulate_media(color_scheme=("dark", "light")[at % 2])
        show(widget)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        page.evaluate(AXE.read_text(encoding="utf-8"))
        violations = page.evaluate(
            "axe.run('.uz-standalone', {resultTypes: ['violations']}).then((run) => run.violations)"
        )
        problems = [(rule["id"], rule["nodes"][0]["html"]) for rule in violations]
        assert problems == [], type(widget).__name__
    page.emulate_media(color_scheme="null")


def test_in_labs_own_themes_everything_can_be_read(show: Show, page: Any) -> None:
    """Light and dark: by the style sheets of the themes, as JupyterLab brings them."""
    steps = W.table("steps", W.text("action"), W.date("due"), min_rows=1)
    survey = W.workbook(
        "survey",
        title="After the lesson",
        sections=[W.section(W.text("why", "What went well?", required="ready"), steps)],
    )
    broken = Preview(survey)
    broken.set_trait(
        "complaints", Preview(survey.yaml.replace("kind: date", "kind: day")).complaints
    )
    assert broken.complaints
    late = [*STEPS, {"id": "step03", "action": "Left", "due": "2026-12-01", "status": "dropped"}]
    widgets: list[ipywidgets.Widget] = [
        broken,
        Plan(late, today=TODAY),
        Plan(late, today=TODAY, read_only=True),
        Ratings({"trust": {"now": 3, "wanted": 5}}, earlier={"trust": {"now": 2}}),
        PeopleMap([{"alias": "S.M.", "interest": 2, "influence": 5, "stance": "unsure"}]),
        Levels({"ask": {"level": 1}}, **RUBRIC),
        StoryLine(Plan(late, today=TODAY).events(), today=TODAY),
    ]
    for widget in widgets:
        show(widget)
        papers = []
        for light in (True, False):
            page.evaluate(theme(light))
            looked, low = contrasts(page, "main")
            assert low == [], (type(widget).__name__, light)
            assert looked > 3
            papers.append(
                page.evaluate(
                    "getComputedStyle(document.querySelector('.uz-page')).backgroundColor"
                )
            )
        assert papers == ["rgb(255, 255, 255)", "rgb(33, 33, 33)"], type(widget).__name__
