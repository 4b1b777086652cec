"""Readers see what has changed since the last round; private answers are in no comparison."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exchange.test_sent import LIBRARY, VECTORS
from tests.server import helpers
from tests.server.helpers import html, visit
from tests.server.test_claims import PERSON, send
from ustaz.course import Course
from ustaz.grading.differences import Side, differences_html
from ustaz.server.pages import reviewer, staff
from ustaz.server.site import Site
from ustaz.server.views.pseudonyms import pseudonym

SECRET = "CANARY-only-mine"


def changes(page: str) -> list[str]:
    """Return the comparisons that a page shows."""
    return re.findall(r'<div class="uzs-differences">(.*?)</div>', page, re.DOTALL)


def marked(text: str, tag: str) -> list[str]:
    """Return what is marked as gone (`del`) or come (`ins`), without what is only heard."""
    found = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
    return [re.sub(r"<span.*?</span>", "", one).strip() for one in found]


@pytest.fixture
def twice(site: Site, course: Course) -> Site:
    """Aigul has submitted twice, and has changed something since."""
    file = course.dir / "people.csv"
    known = file.read_text(encoding="utf-8")
    file.write_text(f"{known}rahat-e,Rahat E.,reviewer,,,ru,\n", encoding="utf-8")
    row = {
        "op": "add_row",
        "path": ["values", "val001"],
        "after": None,
        "value": {"value": "Voice"},
    }
    helpers.put(course, PERSON, "focus", why_me=f"{SECRET} one", **helpers.FOCUS)
    helpers.write(course, PERSON, "focus", [row])
    send(course)
    more = {"op": "add_row", "path": ["values", "val002"], "after": "val001",
            "value": {"value": "Patience"}}  # fmt: skip
    helpers.write(course, PERSON, "focus", [more])
    said = "Pupils explain their ideas aloud, through weekly pair talk"
    helpers.put(course, PERSON, "focus", why_me=f"{SECRET} two", focus_statement=said)
    send(course)
    helpers.put(course, PERSON, "focus", why_me=f"{SECRET} three", link_note="Not sent <b>yet</b>")
    return site


def test_a_reader_sees_words_that_went_and_came(twice: Site):
    alias = pseudonym(twice.course, "rahat-e", PERSON)
    for reader, person in (("rahat-e", alias), ("saule-m", PERSON)):
        params = {"person": person, "workbook": "focus"}
        page = html(reviewer.round_page(visit(twice, reader, round="2", **params)))
        (found,) = changes(page)
        assert marked(found, "del") == ["answers"]
        assert marked(found, "ins") == ["Patience", "ideas"]
        assert "<strong>Added</strong>" in found
        assert SECRET not in page
        assert changes(html(reviewer.round_page(visit(twice, reader, round="1", **params)))) == []


def test_a_word_that_went_does_not_grow_into_the_one_that_came(twice: Site):
    page = html(staff.reading(visit(twice, "saule-m", person=PERSON, workbook="focus")))
    assert "</del><ins>" not in page
    assert "</del> <ins>" in page


@pytest.mark.parametrize("reader", ["dina-f", "saule-m"])
def test_who_reads_along_sees_both_what_was_sent_and_what_was_not(twice: Site, reader: str):
    page = html(staff.reading(visit(twice, reader, person=PERSON, workbook="focus")))
    since, last = changes(page)
    assert marked(since, "ins") == ["Not sent &lt;b&gt;yet&lt;/b&gt;"]
    assert marked(last, "del") == ["answers"]
    assert SECRET not in since + last


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
@pytest.mark.parametrize("audience", ["staff", "facilitator"])
def test_private_answers_are_in_no_comparison(
    course: Course, monkeypatch: pytest.MonkeyPatch, case: dict, audience: str
):
    monkeypatch.setitem(course.__dict__, "library", LIBRARY)
    sides = [
        Side(known["letter"], {"circle": known["circle"]})
        for known in (VECTORS["before"], case["after"])
    ]
    text = differences_html(course, LIBRARY["letter"], *sides, audience=audience, reader="en")
    for said in ("mine", "afraid", "many", "none"):
        assert not re.search(rf"\b{said}\b", text)
    if audience == "staff":
        assert "between us" not in text
    same = differences_html(
        course, LIBRARY["letter"], sides[0], sides[0], audience=audience, reader="en"
    )
    assert same == ""


@settings(max_examples=60, deadline=None)
@given(old=st.text(max_size=60), new=st.text(max_size=60))
def test_no_text_is_anything_but_text(old: str, new: str):
    from ustaz.grading.differences import _Page

    page = _Page(LIBRARY["letter"], "en", None)  # type: ignore[arg-type]
    shown = page._marked(old, new)
    tags = set(re.findall(r"<(/?\w+)", shown))
    assert tags <= {"bdi", "/bdi", "del", "/del", "ins", "/ins", "span", "/span", "br"}


def test_what_a_person_wrote_is_read_out_in_its_language_and_our_words_in_the_pages():
    from ustaz.grading.differences import _Page

    page = _Page(LIBRARY["letter"], "ru", None)  # type: ignore[arg-type]
    kazakh = page._marked("Оқушы үндемейді", "Оқушы сұрақ қояды")
    assert kazakh.startswith('<bdi class="uz-text" lang="kk">')
    assert kazakh.count('<span class="uzs-offscreen" lang="ru">') == kazakh.count("<span")
    assert "lang=" not in page._marked("Ученик молчит", "Ученик спрашивает")
