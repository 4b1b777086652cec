"""The page as a document in real browsers: before its script, taken over by it, and without it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.server import helpers
from tests.server.helpers import TOKEN, Server
from tests.support.browser import PHONE, axe, follow, ready
from ustaz.answers import Subject
from ustaz.exchange import rounds

pytestmark = pytest.mark.browser

SCRIPT = "**/workbook.js*"
#: As a phone, in Kazakh.
KK = {"viewport": PHONE, "locale": "kk"}
#: What an element is to whoever reads, hears or presses it.
SHAPE = """() => [...document.querySelectorAll("#ustaz-app *")].map(one => [
  one.localName, one.id, one.className, one.htmlFor ?? "", one.getAttribute("role"),
  one.getAttribute("aria-labelledby"), one.getAttribute("aria-describedby"),
  one.getAttribute("lang"), one.getAttribute("title"), one.getAttribute("rows"),
  one.dataset.key ?? "", one.dataset.row ?? "", one.checked ?? "",
  one.matches("textarea, select, [type=text], [type=date]") ? one.value : "",
  [...one.childNodes].filter(n => n.nodeType === 3).map(n => n.data).join("").trim(),
].join("|"))"""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("form")
    course = helpers.make_course(home / "course")
    rows = [
        {"op": "add_row", "path": ["values", f"val{at:03}"], "after": None, "value": {}}
        for at in range(2)
    ]
    helpers.write(course, "aigul-s", "focus", rows)
    helpers.put(course, "aigul-s", "focus", concern_raw="Бір\n<b>", who_is_affected=["me"],
                within_my_influence=3, **helpers.FOCUS)  # fmt: skip
    helpers.put(course, "aigul-s", "action-plan", title="Жұппен", start="2026-10-05",
                success_signs=["Сұрақ көбейеді", "Үнсіз оқушы сөйлейді"])  # fmt: skip
    with Server(course, home) as server:
        yield server


@pytest.fixture
def visitor(running: Server, chromium: Any) -> Iterator[Callable[..., Any]]:
    """Give pages of somebody who is signed in, in contexts of their own."""
    contexts = []

    def opened(person: str = "aigul-s", **more: Any) -> Any:
        context = chromium.new_context(**KK, **more)
        contexts.append(context)
        root = running.root
        context.request.get(f"{root}ustaz/?token={TOKEN}&lang=kk")
        cookie = next(one["value"] for one in context.cookies() if one["name"] == "_xsrf")
        headers = {"X-XSRFToken": cookie, "Content-Type": "application/json"}
        body = json.dumps({"person": person})
        context.request.post(f"{root}ustaz/api/v1/act-as", data=body, headers=headers)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


def held(page: Any) -> list[Any]:
    """Hold the page's script back; the list gets what has been asked for."""
    waiting: list[Any] = []
    page.route(SCRIPT, lambda route: waiting.append(route))  # noqa: PLW0108 - takes attributes
    return waiting


def let_go(page: Any, waiting: list[Any]) -> None:
    """Let the script come, and wait until it has taken the page over."""
    while not waiting:
        page.evaluate("() => new Promise(done => requestAnimationFrame(done))")
    for route in waiting:
        route.continue_()
    page.unroute(SCRIPT)
    ready(page)


def test_what_is_typed_before_the_script_came_is_saved_and_the_caret_stays(
    running: Server, visitor: Any
):
    page = visitor()
    waiting = held(page)
    page.goto(f"{running.root}ustaz/workbooks/focus", wait_until="commit")
    page.locator("#uz-finish").wait_for()
    page.locator("#uz-focus-within_my_influence-5").check()
    page.locator("#uz-focus-who_is_affected-pupils").check()
    page.locator("#uz-focus-values-val001-value").fill("Сенім")
    concern = page.locator("#uz-focus-concern_raw")
    concern.click()
    page.keyboard.press("Control+Home")
    page.keyboard.type("Алдымен ")
    page.evaluate("window.before = document.activeElement")
    let_go(page, waiting)
    # The very element, so that a word that is being composed on a phone is not torn apart.
    assert page.evaluate("document.activeElement === window.before")
    page.keyboard.type("бүгін ")
    page.locator("[id$='-concern_raw-count']").click()
    page.locator(".uz-state--saved").wait_for()
    page.wait_for_function("() => !document.querySelector('.uz-state--saving')")
    saved = running.course.store.read(Subject.person("aigul-s"), "focus").answers
    assert saved["concern_raw"] == "Алдымен бүгін Бір\n<b>"
    assert saved["within_my_influence"] == 5
    assert saved["who_is_affected"] == ["pupils", "me"]
    assert [row.get("value") for row in saved["values"]].count("Сенім") == 1


@pytest.mark.parametrize(
    "workbook", ["focus", "action-plan", "culture", "people-map", "starting-point"]
)
def test_what_was_taken_over_is_what_the_script_would_have_drawn(
    running: Server, visitor: Any, workbook: str
):
    shapes = []
    for alone in (False, True):
        page = visitor()
        if alone:
            page.add_init_script(
                "new MutationObserver(() => document.querySelector('#uz-form')?.remove())"
                ".observe(document, {childList: true, subtree: true})"
            )
        page.goto(f"{running.root}ustaz/workbooks/{workbook}")
        ready(page)
        page.wait_for_selector("[class*=uz-state--]", state="attached")
        if workbook == "action-plan":  # it comes after the page
            page.locator(".uz-plan").first.wait_for()
        if workbook in ("action-plan", "people-map"):  # so does the map over a table
            page.locator(".uz-map-picture[role=application]").wait_for()
        shapes.append(page.evaluate(SHAPE))
    # The example's values and the state's class are drawn anew or never; the rest is the same.
    taken, drawn = shapes
    assert [line for line in taken if line not in drawn] == []
    assert [line for line in drawn if line not in taken] == []


def test_with_a_script_that_never_comes_the_page_is_used_and_axe_finds_nothing(
    running: Server, visitor: Any
):
    page = visitor("nurgul-a")
    page.route(SCRIPT, lambda route: route.abort())
    page.goto(f"{running.root}ustaz/workbooks/focus")
    page.locator("#uz-form").wait_for()
    page.evaluate("document.querySelector('#ustaz-data').remove()")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("#uz-focus-concern_raw").fill("Скриптсіз жазылды")
    page.keyboard.press("Tab")
    follow(page, "#uz-form button")
    assert page.locator("#uz-focus-concern_raw").input_value() == "Скриптсіз жазылды"


def test_a_plan_is_filled_and_submitted_with_scripts_off(running: Server, visitor: Any):
    page = visitor("yerlan-b", java_script_enabled=False)
    page.goto(f"{running.root}ustaz/workbooks/action-plan?lang=kk")

    def press(text: str, at: int = 0) -> None:
        follow(page, page.locator("button, a.uzs-button", has_text=text).nth(at))

    base = "#uz-action-plan"
    page.locator(f"{base}-title").fill("Жұппен сөйлесу")
    page.locator(f"{base}-purpose_for_pupils").fill("Үнсіз оқушылар да сабақта сұрақ қоятын болады")
    page.locator(f"{base}-start").fill("2026-10-05")
    page.locator(f"{base}-end").fill("2027-03-20")
    signs = page.locator(f"{base}-success_signs .uz-input")
    signs.first.fill("Әр сабақта үш оқушы сұрақ қояды")
    press("Тағы қосу")
    signs.nth(1).fill("Оқушылар бір-біріне жауап береді")
    # Nothing but a press on Enter: it saves, and presses none of the small buttons.
    page.locator(f"{base}-title").press("Enter")
    page.locator("#uz-saved", has_text="Сақталды").wait_for()
    assert signs.count() == 2
    press("Қосу: Қадам")
    row = page.locator(f"{base}-steps .uz-card")
    assert row.count() == 1
    row.locator("[id$='-action']").fill("Әріптеспен бірге сабақ жоспарлаймын")
    row.locator("input[type=radio]").first.check()
    page.locator("#uz-form button").click()
    assert row.locator("[id$='-action']").input_value() == "Әріптеспен бірге сабақ жоспарлаймын"
    press("Тапсыру")
    assert page.locator("h1").count() == 1
    page.locator("#all").check()
    press("Қазір тапсыру")
    assert "/receipt/1" in page.url
    (sent,) = rounds(running.course, "yerlan-b", "action-plan")
    assert sent.round == 1
    assert page.locator(".uzs-receipt-code").inner_text() == sent.receipt.code
