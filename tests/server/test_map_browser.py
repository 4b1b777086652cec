"""The people map in a real browser: one picture by script and server, moved by hand and by key."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.server import helpers
from tests.server.helpers import TOKEN, Server
from tests.support.browser import PHONE, axe, ready
from ustaz.answers import Subject

pytestmark = pytest.mark.browser

WHO = "aigul-s"
MAP = "#uz-people-map-people-picture"
#: What a picture shows: forms, places, words; not what makes it move.
DRAWN = """frame => [...frame.querySelectorAll(".uz-map-picture *, li")]
  .filter(node => !node.matches(".uz-map-hit"))
  .map(node => [node.localName, node.getAttribute("class"), ...["d", "x", "y", "width", "height",
    "transform", "text-anchor", "href"].map(name => node.getAttribute(name)),
    node.children.length ? "" : node.textContent].join("|"))"""
PEOPLE = [
    {"alias": "Ә.Қ.", "relation": "close_colleague", "interest": 5, "influence": 2,
     "stance": "supports"},
    {"alias": "S.M. <b>وليد</b> " + "ұ" * 20, "relation": "deputy", "interest": 2, "influence": 5,
     "stance": "doubtful"},
    {"alias": "O.P.", "relation": "other_teacher", "interest": None, "influence": 4},
]  # fmt: skip


def rows_of(people: list[dict[str, Any]]) -> list[dict[str, Any]]:
    ids = [f"per{at:05}" for at in range(len(people))]
    return [
        {"op": "add_row", "path": ["people", id_], "after": after, "value": row}
        for id_, after, row in zip(ids, [None, *ids], people, strict=False)
    ]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("map")
    course = helpers.make_course(home / "course")
    helpers.write(course, WHO, "people-map", rows_of(PEOPLE))
    many = [
        {"alias": f"{at} {'Ә' * (at % 30)}", "relation": "pupil", "interest": 1 + at % 3 * 2,
         "influence": 5 if at % 2 else 1 + at % 5}
        for at in range(30)
    ]  # fmt: skip
    helpers.write(course, "nurgul-a", "people-map", rows_of(many))
    with Server(course, home) as server:
        yield server


@pytest.fixture
def visitor(running: Server, chromium: Any) -> Iterator[Callable[..., Any]]:
    """Give pages of somebody who is signed in, in contexts of their own."""
    contexts = []

    def opened(person: str = WHO, lang: str = "en", path: str = "people-map", **more: Any) -> Any:
        context = chromium.new_context(**{"viewport": PHONE, "has_touch": True, **more})
        contexts.append(context)
        root = running.root
        context.request.get(f"{root}ustaz/?token={TOKEN}&lang={lang}")
        cookie = next(one["value"] for one in context.cookies() if one["name"] == "_xsrf")
        headers = {"X-XSRFToken": cookie, "Content-Type": "application/json"}
        body = json.dumps({"person": person})
        context.request.post(f"{root}ustaz/api/v1/act-as", data=body, headers=headers)
        page = context.new_page()
        page.goto(f"{root}ustaz/workbooks/{path}")
        return page

    yield opened
    for context in contexts:
        context.close()


def spoken(page: Any) -> str:
    return str(page.locator("#ustaz-app > div > [role=status]").text_content()).strip()


def middle(page: Any, row: int, column: int) -> tuple[float, float]:
    """Return the middle of a cell, counted from above and from the left."""
    box = page.locator(f"{MAP} .uz-map-cell").nth(row * 5 + column).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_server_and_script_draw_the_same_picture_of_the_same_people(
    running: Server, visitor: Any
) -> None:
    page = visitor(java_script_enabled=False)
    plain = page.locator(MAP)
    # Each card is closed to a line, and opens by it.
    line = page.locator("#uz-people-map-people-per00000 summary")
    assert line.get_attribute("aria-label") == "Ә.Қ.: influence 2, interest 5, supports it"
    box = page.locator("#uz-people-map-people-per00000-alias")
    assert not box.is_visible()
    line.press("Enter")
    assert box.is_visible()
    taken = visitor()
    taken.locator(f"{MAP} [data-mark]").first.wait_for()
    assert "uz-map-form--4" in str(plain.inner_html())
    missing = plain.locator(".uz-map-missing li").all_inner_texts()
    assert any("no next step yet: 2." in line for line in missing)
    assert taken.locator(f"{MAP} .uz-map-missing li").all_inner_texts() == missing
    # Without a script the names lead to the rows; a page that is evaluated in needs one.
    drawn = taken.locator(MAP).evaluate(DRAWN)
    taken.route("**/workbook.js*", lambda route: route.abort())
    taken.reload()
    assert taken.locator(MAP).evaluate(DRAWN) == drawn


def test_a_mark_is_moved_by_key_and_by_hand_said_typed_and_taken_back(
    running: Server, visitor: Any
) -> None:
    page = visitor()
    mark = page.locator(f"{MAP} [data-mark=per00000]")
    mark.wait_for()
    ready(page)
    mark.focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")  # it stands at the edge already
    assert page.evaluate("document.activeElement.dataset.mark") == "per00000"
    assert spoken(page) == "1. Ә.Қ.: influence 4, interest 5"
    card = "#uz-people-map-people-per00000"
    assert page.locator(f"{card}-influence-4").is_checked()
    # Its card is closed to a line; led to, it is open, and stays so while it is written in.
    line = page.locator(f"{card} summary")
    assert line.get_attribute("aria-label") == "Ә.Қ.: influence 4, interest 5, supports it"
    assert not page.locator(f"{card}-alias").is_visible()
    page.keyboard.press("Enter")
    # Typed values move the mark at once.
    before = mark.get_attribute("transform")
    page.locator(f"{card}-interest-1").check()
    assert mark.get_attribute("transform") != before
    assert "influence 4, interest 1, supports it" in str(mark.get_attribute("aria-label"))
    page.locator(f"{card}-interest-5").check()
    assert line.get_attribute("aria-label") == "Ә.Қ.: influence 4, interest 5, supports it"
    # By mouse, from below the map; what is dropped outside goes back.
    waiting = page.locator(f"{MAP} [data-mark=per00002]")
    assert "Not on the map yet" in str(waiting.get_attribute("aria-label"))
    waiting.scroll_into_view_if_needed()
    for to, label in (((-1, -1), "Not on the map yet"), (None, "influence 5, interest 3")):
        box = waiting.bounding_box()
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.mouse.down()
        page.mouse.move(*(middle(page, 0, 2) if to is None else (2, 2)), steps=4)
        page.mouse.up()
        assert label in str(waiting.get_attribute("aria-label"))
    assert spoken(page) == "3. O.P.: influence 5, interest 3"
    waiting.focus()
    page.keyboard.press("Control+z")
    assert "Not on the map yet" in str(waiting.get_attribute("aria-label"))
    page.keyboard.press("Control+y")
    assert "influence 5, interest 3" in str(waiting.get_attribute("aria-label"))
    page.locator(".uz-state--saved").wait_for()
    page.wait_for_function("() => !document.querySelector('.uz-state--saving')")
    rows = running.course.store.read(Subject.person(WHO), "people-map").answers["people"]
    assert [(row["influence"], row["interest"]) for row in rows] == [(4, 5), (5, 2), (5, 3)]


def test_a_finger_moves_a_mark_and_scrolls_the_page_beside_it(visitor: Any) -> None:
    page = visitor("olga-p")
    assert page.locator(f"{MAP} .uz-help").first.inner_text().startswith("Write down a person")
    ready(page)
    page.get_by_role("button", name="Add: Person").click()
    mark = page.locator(f"{MAP} [data-mark]")
    mark.wait_for()
    page.locator(f"{MAP} .uz-map-cell").first.scroll_into_view_if_needed()
    mark.scroll_into_view_if_needed()
    box = mark.bounding_box()
    touch = page.context.new_cdp_session(page)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    to = middle(page, 2, 3)

    def send(kind: str, *at: float) -> None:
        points = [{"x": at[0], "y": at[1]}] if at else []
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    send("touchStart", x, y)
    for part in (0.3, 0.7, 1):
        send("touchMove", x + (to[0] - x) * part, y + (to[1] - y) * part)
    page.locator(f"{MAP} .uz-map-target").wait_for()
    send("touchEnd")
    page.locator(f"{MAP} [aria-label*='influence 3, interest 4']").wait_for()
    # Beside the marks the page scrolls on.
    top = page.evaluate("scrollY")
    x, y = middle(page, 4, 1)
    send("touchStart", x, y)
    for step in range(1, 6):
        send("touchMove", x, y - 30 * step)
    page.wait_for_function("top => scrollY > top", arg=top)
    send("touchEnd")


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
def test_thirty_people_fit_on_a_phone_and_axe_finds_nothing(visitor: Any, lang: str) -> None:
    page = visitor("nurgul-a", lang)
    page.locator(f"{MAP} [data-mark]").first.wait_for()
    ready(page)
    assert page.locator(f"{MAP} [data-mark]").count() == 30
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert axe(page) == []
