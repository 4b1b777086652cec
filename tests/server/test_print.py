"""Pages on paper: no empty leaf, no heading alone at the end of one, no button, nothing cut off."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.server import helpers
from tests.server.helpers import Server, let_in
from tests.support.browser import DESKTOP, browser, ready
from ustaz.course.identity import acting_as
from ustaz.exchange import submit

pytestmark = pytest.mark.browser

LONG = "Ұзақ жауап. " * 180 + "СОҢЫ"


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A page of a plan of twelve steps, as its owner's browser holds it."""
    home = tmp_path_factory.mktemp("print")
    course = helpers.make_course(home / "course")
    helpers.put(course, "aigul-s", "focus", concern_raw=LONG, **helpers.FOCUS)
    steps = [
        {
            "op": "add_row", "path": ["steps", f"stp{at:03}"], "after": None,
            "value": {"action": "Жұппен сөйлесу, сегіз апта бойы әр сәрсенбіде он минуттан",
                      "strand": "try_out", "start": "2026-10-05", "due": "2027-01-20",
                      "status": "doing", "resources": "Card paper, the school printer"},
        }
        for at in range(12)
    ]  # fmt: skip
    risk = {
        "op": "add_row", "path": ["risks", "rsk000"], "after": None,
        "value": {"risk": "Шу шығады", "response": "Қоңырау"},
    }  # fmt: skip
    steps.append(risk)
    helpers.put(course, "aigul-s", "action-plan", title="Жұппен сөйлесу", start="2026-10-05")
    helpers.write(course, "aigul-s", "action-plan", steps)
    for workbook in ("focus", "action-plan"):
        submit(course, "aigul-s", workbook, identity=acting_as(course, "aigul-s"))
    with Server(course, home) as server, browser() as chromium:
        context = chromium.new_context(viewport=DESKTOP)
        page = context.new_page()

        def opened(person: str, path: str) -> Any:
            let_in(server, context, person)
            page.goto(f"{server.root}ustaz/{path}?lang=en")
            ready(page)
            page.emulate_media(media="print")
            return page

        yield opened
        context.close()


PAGES = [
    ("aigul-s", "workbooks/action-plan"),
    ("dina-f", "people/aigul-s/action-plan"),
    ("aigul-s", "workbooks/focus"),
    ("aigul-s", "workbooks/action-plan/receipt/1"),
    ("aigul-s", ""),
    ("dina-f", ""),
    ("saule-m", ""),
]


def leaves(page: Any) -> list[int]:
    """Return how many drawing commands of text each leaf of the page on paper holds."""
    data = page.pdf(prefer_css_page_size=True, format="A4")
    found = []
    for number in re.findall(rb"/Type /Page\b(?!s).*?/Contents (\d+) 0 R", data, re.DOTALL):
        body = rb"\n%s 0 obj\n.*?stream\r?\n(.*?)\nendstream" % number
        stream = re.search(body, data, re.DOTALL)
        assert stream is not None
        found.append(len(re.findall(rb"T[jJ]\b", zlib.decompressobj().decompress(stream[1]))))
    return found


@pytest.mark.parametrize(("person", "path"), PAGES)
def test_no_leaf_is_empty_and_no_button_is_printed(printed: Any, person: str, path: str):
    page = printed(person, path)
    # A bar of the timeline is a picture as well.
    pressed = "button:not(.uz-plan-bar), .uzs-button, input, select, .uzs-noprint"
    shown = page.locator(pressed).filter(visible=True)
    expect(shown).to_have_count(0)  # the page learns of the other medium with its next frame
    found = leaves(page)
    assert found
    # A leaf with a heading alone draws its number and title and no more.
    assert min(found) > 6, found
    # A row of a table that keeps with what follows takes all of it to the next leaf.
    glued = page.locator(".uz-answers table:not(.uz-wide) tbody :is(tr, th, td)").evaluate_all(
        "parts => parts.filter(part => getComputedStyle(part).breakAfter === 'avoid').length"
    )
    assert glued == 0


def test_a_heading_is_never_parted_from_what_it_stands_over(printed: Any):
    page = printed("aigul-s", "workbooks/action-plan")
    page.locator(".uz-paper").wait_for()
    broken = page.evaluate(
        """() => [...document.querySelectorAll(
            '.uz-paper :is(.uz-section-head, h2, h3, .uz-label), .uz-header')]
        .filter(one => getComputedStyle(one).breakAfter !== 'avoid')
        .map(one => one.outerHTML.slice(0, 80))"""
    )
    assert broken == []
    whole = page.evaluate(
        """() => [...document.querySelectorAll('.uz-paper .uz-field')]
        .filter(one => getComputedStyle(one).breakInside === 'avoid').length"""
    )
    assert whole == 0  # what is longer than a leaf would leave one empty


def test_a_long_answer_is_printed_to_its_end(printed: Any):
    page = printed("aigul-s", "workbooks/focus")
    paper = page.locator(".uz-paper")
    paper.get_by_text("СОҢЫ").wait_for()
    assert paper.get_by_text("Show all").count() == 0


def test_paper_asks_nothing_that_older_browsers_do_not_know(printed: Any):
    # Firefox before 121 leaves out a whole rule in which `:has()` stands, with all its selectors.
    page = printed("aigul-s", "workbooks/action-plan")
    page.locator(".uz-paper").wait_for()
    rules = page.evaluate(
        """() => [...document.styleSheets].flatMap(sheet => [...sheet.cssRules])
        .filter(rule => rule.media?.mediaText === 'print')
        .flatMap(rule => [...rule.cssRules]).map(rule => rule.selectorText ?? '')"""
    )
    assert ".uz-page[data-paper] .uz-body" in " ".join(rules)
    assert [rule for rule in rules if ":has(" in rule] == []
    expect(page.locator("main.uz-main")).to_be_hidden()
    expect(page.locator(".uz-aside")).to_be_hidden()  # what is asked of the director
    plan = page.locator(".uz-paper .uz-section[data-plan]")
    assert plan.evaluate("section => getComputedStyle(section).page") == "uz-plan"
    page.emulate_media(media="screen")
    expect(page.locator(".uz-page[data-paper]")).to_have_count(0)
