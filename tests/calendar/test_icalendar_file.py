"""The file for telephones says the same as the page: read back by another reader."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.calendar.helpers import course_with_events
from tests.calendar.ics_reader import Component, moment, read
from ustaz.calendar import moves
from ustaz.calendar.entries import entries
from ustaz.calendar.icalendar_file import calendar_file
from ustaz.course import Course
from ustaz.course.events import Event, Slot
from ustaz.messages import translator

STAMP = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return course_with_events(tmp_path / "course")


def made(course: Course, person: str = "aigul-s", lang: str = "kk") -> Component:
    say = translator(lang).gettext
    return read(calendar_file(course, entries(course, person), lang=lang, say=say, stamp=STAMP))


def by_uid(calendar: Component) -> dict[str, Component]:
    events = {event.value("UID"): event for event in calendar.all("VEVENT")}
    assert len(events) == len(calendar.all("VEVENT"))
    return events


def test_a_meeting_stands_at_its_hour_in_the_zone_of_the_course(course: Course) -> None:
    calendar = made(course)
    event = by_uid(calendar)["event.workshop-1.trial@ustaz"]
    assert event.parameters("DTSTART")["TZID"] == "Asia/Almaty"
    assert event.value("DTSTART") == "20260915T150000"
    assert moment(calendar, event, "DTSTART") == dt.datetime(2026, 9, 15, 10, tzinfo=dt.UTC)
    assert moment(calendar, event, "DTEND") == dt.datetime(2026, 9, 15, 12, tzinfo=dt.UTC)
    assert event.text("SUMMARY") == "Бірінші кездесу"
    assert event.text("LOCATION") == "Room 12; the blue door, left"
    offsets = {
        part.value("TZOFFSETTO") for zone in calendar.all("VTIMEZONE") for part in zone.parts
    }
    assert offsets == {"+0500"}


def test_a_day_is_a_day_and_is_told_of_in_the_morning_before(course: Course) -> None:
    calendar = made(course)
    event = by_uid(calendar)["due.focus.trial@ustaz"]
    assert moment(calendar, event, "DTSTART") == dt.date(2026, 10, 15)
    assert moment(calendar, event, "DTEND") == dt.date(2026, 10, 16)
    (alarm,) = event.all("VALARM")
    assert (alarm.value("ACTION"), alarm.value("TRIGGER")) == ("DISPLAY", "-PT15H")


def test_every_meeting_is_told_of_one_day_before(course: Course) -> None:
    for event in made(course).all("VEVENT"):
        if event.value("UID").startswith(("event.workshop", "event.tutorial")):
            assert [alarm.value("TRIGGER") for alarm in event.all("VALARM")] == ["-P1D"]


def test_a_moved_meeting_keeps_its_id_and_has_a_higher_number(course: Course) -> None:
    before = by_uid(made(course))
    event = course.settings.events[0]
    later = replace(event.slot, day=dt.date(2026, 9, 22))
    moves.move(course, event, "group", "g1", later, "Қар; жол жабық", by="saule-m")
    after = by_uid(made(course))
    assert after.keys() == before.keys()
    uid = "event.workshop-1.trial@ustaz"
    assert after[uid].value("DTSTART") == "20260922T150000"
    assert int(after[uid].value("SEQUENCE")) > int(before[uid].value("SEQUENCE"))
    assert "Қар; жол жабық" in after[uid].text("DESCRIPTION")
    others = set(before) - {uid}
    assert all(
        after[other].value("SEQUENCE") == before[other].value("SEQUENCE") for other in others
    )


def test_a_cancelled_meeting_says_so_and_rings_no_more(course: Course) -> None:
    event = course.settings.events[0]
    cancelled = replace(event.slot, cancelled=True)
    moves.move(course, event, "person", "aigul-s", cancelled, "Ill", by="saule-m")
    found = by_uid(made(course))["event.workshop-1.trial@ustaz"]
    assert found.value("STATUS") == "CANCELLED"
    assert found.all("VALARM") == []


def test_a_calendar_without_meetings_is_a_calendar(tmp_path: Path) -> None:
    course = course_with_events(tmp_path / "course", "")
    assert made(course, "dina-f").all("VEVENT") == []


def test_titles_of_every_language_come_in_the_readers_own(course: Course) -> None:
    due = {
        lang: by_uid(made(course, lang=lang))["due.focus.trial@ustaz"].text("SUMMARY")
        for lang in ("en", "ru", "kk")
    }
    assert len(set(due.values())) == 3
    assert due["en"].startswith("Due: ")


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return course_with_events(tmp_path_factory.mktemp("ics") / "course", "")


ONE_LINE = (
    st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=120)
    .map(str.strip)
    .filter(lambda text: bool(text) and text.isprintable())
)


@settings(max_examples=50, deadline=None)
@given(
    title=ONE_LINE,
    place=ONE_LINE,
    day=st.dates(dt.date(2026, 1, 1), dt.date(2028, 12, 31)),
    start=st.times().map(lambda time: time.replace(second=0, microsecond=0)),
    zone=st.sampled_from(["Asia/Almaty", "Asia/Qyzylorda", "Europe/Berlin"]),
)
def test_whatever_stands_in_an_event_comes_back_as_it_was(
    empty: Course,
    title: str,
    place: str,
    day: dt.date,
    start: dt.time,
    zone: str,
) -> None:
    event = Event("e", "other", {"": title}, Slot(day, start, None, place))
    course = Course(empty.dir, replace(empty.settings, timezone=ZoneInfo(zone), events=(event,)))
    calendar = made(course, "dina-f")
    (found,) = calendar.all("VEVENT")
    assert found.text("SUMMARY") == title
    assert found.text("LOCATION") == place
    local = dt.datetime.combine(day, start, ZoneInfo(zone))
    there_and_back = local.astimezone(dt.UTC).astimezone(ZoneInfo(zone))
    if there_and_back.replace(tzinfo=None) == local.replace(tzinfo=None) and not local.fold:
        twice = local.replace(fold=1).utcoffset() != local.utcoffset()
        if not twice:  # the hour that an autumn night has two times is told by no file
            assert moment(calendar, found, "DTSTART") == local.astimezone(dt.UTC)
