"""The story line: nothing is lost, nothing overlaps, and nothing that a person wrote is markup."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ustaz.storyline import Event, drawn, in_order, of_workbook, planned_and_happened
from ustaz.storyline.events import KINDS, STATES
from ustaz.storyline.layout import FREE, WIDTH, layout
from ustaz.workbook import Library, project

WORKBOOKS = Path(__file__).resolve().parents[2] / "workbooks"
START, END, TODAY = dt.date(2026, 9, 1), dt.date(2027, 5, 31), dt.date(2026, 11, 23)


@pytest.fixture(scope="module")
def library() -> Library:
    return Library.from_dirs([WORKBOOKS])


@st.composite
def any_events(draw: st.DrawFn) -> Event:
    kind = draw(st.sampled_from(KINDS))
    day = draw(st.dates(dt.date(2025, 1, 1), dt.date(2029, 1, 1)))
    step = kind == "step"
    before = draw(st.integers(0, 400))
    return Event(
        kind,
        day,
        text=draw(st.text(max_size=300)).strip(),
        title=draw(st.text(max_size=40)),
        start=day - dt.timedelta(days=before) if step and draw(st.booleans()) else None,
        state=draw(st.sampled_from(STATES)) if step else "",
        number=draw(st.integers(0, 20)),
    )


@given(st.lists(any_events(), max_size=60))
def test_every_event_has_a_place_of_its_own_or_is_counted(events: list[Event]) -> None:
    picture = layout(events, START, END, TODAY)
    shown = [mark for lane in picture.lanes for mark in lane.marks]
    assert len(shown) + sum(lane.more for lane in picture.lanes) == len(events)
    for lane in picture.lanes:
        for mark in lane.marks:
            assert 0 <= mark.left < mark.right <= WIDTH
            assert lane.top < mark.y < lane.bottom <= picture.height
            for other in lane.marks:
                apart = other.left >= mark.right + FREE or other.right + FREE <= mark.left
                assert other is mark or other.y != mark.y or apart


@given(st.lists(any_events(), max_size=30), st.sampled_from(("en", "ru", "kk")), st.booleans())
def test_the_list_holds_every_event_by_its_day_and_no_markup_of_a_writer(
    events: list[Event], lang: str, page: bool
) -> None:
    html = drawn(events, start=START, end=END, today=TODAY, lang=lang, page=page)
    days = re.findall(r'<li data-lane="\w+"><time datetime="([\d-]+)">', html)
    assert days == [str(event.day) for event in in_order(events)]
    # No more elements than with words that hold no sign of markup.
    plain = [
        Event(event.kind, event.day, "x" if event.text.strip() else "", "x", event.start,
              event.state, number=event.number)
        for event in events
    ]  # fmt: skip
    tags = len(re.findall(r"<[a-z/]", html))
    same = len(re.findall(
        r"<[a-z/]", drawn(plain, start=START, end=END, today=TODAY, lang=lang, page=page)
    ))  # fmt: skip
    assert tags == same


def test_a_plan_tells_what_was_planned_and_what_happened(library: Library) -> None:
    steps = [
        {"id": "step01", "action": "Ask", "due": "2026-10-05", "status": "done",
         "done_on": "2026-10-07"},
        {"id": "step02", "action": "Try <b>", "start": "2026-10-10", "due": "2026-11-10"},
        {"id": "step03", "action": "Share", "due": "2027-03-01", "status": "dropped",
         "what_happened": "No time"},
        {"id": "step04", "action": "Without a day"},
    ]  # fmt: skip
    events = list(
        of_workbook(library["action-plan"], {"steps": steps}, title="Plan", written={}, today=TODAY)
    )
    assert [(event.number, event.state) for event in events] == [
        (1, "done"),
        (2, "late"),
        (3, "dropped"),
    ]
    shown = of_workbook(
        library["action-plan"], {"steps": steps}, title="Plan", written={}, today=TODAY, late=False
    )
    assert [event.state for event in shown] == ["done", "begun", "dropped"]
    html = planned_and_happened(events, today=TODAY, lang="en")
    assert "Done on 7 October 2026." in html
    assert "Try &lt;b&gt;" in html
    assert html.count("And what happened?") == 1
    assert "It was dropped." in html
    assert "No time" in html


def test_each_dated_answer_of_the_year_is_an_event_of_its_kind(library: Library) -> None:
    assert {
        (workbook, field.id): field.story
        for workbook in library.ids
        for field in library[workbook].fields
        if field.story
    } == {
        ("consultations", "talks"): "consultation",
        ("evidence", "items"): "evidence",
        ("focus", "focus_statement"): "concern",
        ("half-way-review", "proud_of"): "review",
        ("network-notes", "events"): "event",
        ("participation", "record"): "entry",
        ("project-review", "impact_pupils"): "review",
    }


def test_a_reader_finds_no_entry_that_was_not_shown_to_them(library: Library) -> None:
    record = [
        {"id": "entry1", "date": "2026-10-01", "what_i_did": "For me alone"},
        {"id": "entry2", "date": "2026-10-02", "what_i_did": "Shown", "readers": ["facilitator"]},
    ]
    definition = library["participation"]
    for audience, texts in (("self", ["For me alone", "Shown"]), ("facilitator", ["Shown"])):
        answers = project(definition, {"record": record}, audience)["answers"]
        events = of_workbook(definition, answers, title="", written={}, today=TODAY)
        assert [event.text for event in events] == texts


def test_an_answer_without_a_day_stands_on_the_day_it_was_written(library: Library) -> None:
    definition, day = library["focus"], dt.date(2026, 9, 20)
    answers = {"focus_statement": "Pupils ask"}
    known = of_workbook(
        definition, answers, title="", written={"focus_statement": day}, today=TODAY
    )
    assert [(event.kind, event.day, event.text) for event in known] == [
        ("concern", day, "Pupils ask")
    ]
    assert not list(of_workbook(definition, answers, title="", written={}, today=TODAY))
