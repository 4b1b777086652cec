"""One function says what stands in a person's calendar, and when, whoever moved it."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.calendar.helpers import course_with_events
from tests.exchange.helpers import write
from ustaz import enrolment
from ustaz.base import clock
from ustaz.calendar import moves
from ustaz.calendar.entries import CalendarEntry, entries
from ustaz.calendar.moves import MoveError
from ustaz.course import Course
from ustaz.course.events import Event, Slot
from ustaz.deadlines import extensions
from ustaz.enrolment.joining import join

ALMATY = ZoneInfo("Asia/Almaty")


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return course_with_events(tmp_path / "course")


def event(course: Course, id: str) -> Event:
    return next(event for event in course.settings.events if event.id == id)


def move(
    course: Course, id: str, scope: str, target: str, day: dt.date, reason: str = "Snow"
) -> None:
    slot = replace(event(course, id).slot, day=day)
    moves.move(course, event(course, id), scope, target, slot, reason, by="saule-m")


def days(course: Course, person: str, id: str) -> list[dt.date]:
    return [entry.day for entry in entries(course, person) if entry.event and entry.event.id == id]


def of_kind(course: Course, person: str, kind: str) -> list[CalendarEntry]:
    return [entry for entry in entries(course, person) if entry.kind == kind]


# -- whose ----------------------------------------------------------------------------------------
def test_a_meeting_of_a_group_is_in_its_members_calendars_alone(course: Course) -> None:
    assert days(course, "aigul-s", "tutorial-1") == [dt.date(2026, 12, 1)]
    assert days(course, "marat-t", "tutorial-1") == []
    assert days(course, "dina-f", "tutorial-1") == [dt.date(2026, 12, 1)]
    assert days(course, "saule-m", "tutorial-1") == [dt.date(2026, 12, 1)]
    assert all(days(course, person, "workshop-1") for person in course.people)


def test_due_dates_are_a_participants_and_know_extensions(course: Course) -> None:
    until = dt.date(2027, 1, 15)
    extensions.extend(course, "focus", "person", "aigul-s", until, "Ill", by="saule-m", how="page")
    assert [entry.day for entry in of_kind(course, "aigul-s", "due")] == [
        dt.date(2026, 12, 10),
        until,
    ]
    assert of_kind(course, "dina-f", "due") == []
    (moved,) = (entry for entry in of_kind(course, "aigul-s", "due") if entry.workbook == "focus")
    assert moved.revision == 1


def test_steps_with_a_date_stand_in_their_owners_calendar_alone(course: Course) -> None:
    steps = [
        {"id": "step01", "action": "Кеңесу", "due": "2026-11-30", "status": "done"},
        {"id": "step02", "action": "Байқау"},
        {"id": "step03", "action": "Бөлісу", "due": "2027-02-01"},
    ]
    write(course, "aigul-s", "action-plan", {"steps": steps})
    found = of_kind(course, "aigul-s", "step")
    assert [(entry.text, entry.settled) for entry in found] == [("Кеңесу", True), ("Бөлісу", False)]
    assert of_kind(course, "dina-f", "step") == of_kind(course, "marat-t", "step") == []
    assert "step" not in {entry.kind for entry in entries(course, "aigul-s", steps=False)}


def test_who_has_left_and_who_is_unknown_have_no_calendar(course: Course) -> None:
    roster = course.dir / "people.csv"
    text = roster.read_text(encoding="utf-8").replace("lang,account", "lang,account,status")
    roster.write_text(text.replace("s1,kk,", "s1,kk,,withdrawn"), encoding="utf-8")
    again = Course.open(course.dir)
    assert entries(again, "aigul-s") == entries(again, "nobody") == []


# -- moved ----------------------------------------------------------------------------------------
def test_the_nearest_move_counts(course: Course) -> None:
    move(course, "workshop-1", "school", "s1", dt.date(2026, 9, 16))
    assert days(course, "aigul-s", "workshop-1") == [dt.date(2026, 9, 16)]
    move(course, "workshop-1", "group", "g1", dt.date(2026, 9, 17))
    assert days(course, "aigul-s", "workshop-1") == [dt.date(2026, 9, 17)]
    move(course, "workshop-1", "person", "aigul-s", dt.date(2026, 9, 18))
    assert days(course, "aigul-s", "workshop-1") == [dt.date(2026, 9, 18)]
    assert days(course, "olga-p", "workshop-1") == [dt.date(2026, 9, 17)]
    assert days(course, "marat-t", "workshop-1") == [dt.date(2026, 9, 16)]


def test_a_facilitator_of_two_groups_sees_both_times(course: Course) -> None:
    move(course, "workshop-1", "group", "g2", dt.date(2026, 9, 20))
    found = [entry for entry in entries(course, "dina-f") if entry.kind == "workshop"]
    assert [(entry.day, entry.groups) for entry in found] == [
        (dt.date(2026, 9, 15), ("g1",)),
        (dt.date(2026, 9, 20), ("g2",)),
    ]
    assert len({entry.id for entry in found}) == 2


def test_a_move_is_taken_back_by_one_more_line_and_the_number_only_grows(course: Course) -> None:
    numbers = [next(entry for entry in entries(course, "aigul-s")).revision]
    for _ in range(3):
        move(course, "workshop-1", "group", "g1", dt.date(2026, 9, 17))
        numbers.append(next(entry for entry in entries(course, "aigul-s")).revision)
        moves.take_back(course, moves.every(course)[0].key, by="saule-m")
        numbers.append(next(entry for entry in entries(course, "aigul-s")).revision)
    assert numbers == sorted(set(numbers))
    assert days(course, "aigul-s", "workshop-1") == [dt.date(2026, 9, 15)]
    with pytest.raises(MoveError, match="taken back"):
        moves.take_back(course, ".1", by="saule-m")


def test_moves_and_extensions_share_a_file_and_do_not_mix(course: Course) -> None:
    until = dt.date(2027, 1, 15)
    extensions.extend(course, "focus", "group", "g1", until, "Ill", by="saule-m", how="page")
    move(course, "workshop-1", "group", "g1", dt.date(2026, 9, 17))
    assert [shift.key for shift in extensions.every(course)] == [".1"]
    assert [move.key for move in moves.every(course)] == [".2"]
    extensions.undo(course, ".1", by="saule-m", how="page")
    assert days(course, "aigul-s", "workshop-1") == [dt.date(2026, 9, 17)]


@pytest.mark.parametrize(
    ("scope", "target", "reason", "id"),
    [
        ("course", "g1", "Snow", "bad_scope"),
        ("group", "g9", "Snow", "nobody"),
        ("person", "../x", "Snow", "nobody"),
        ("group", "g1", " \n ", "no_reason"),
    ],
)
def test_what_cannot_be_moved_is_refused(
    course: Course, scope: str, target: str, reason: str, id: str
) -> None:
    with pytest.raises(MoveError) as caught:
        move(course, "workshop-1", scope, target, dt.date(2026, 9, 17), reason)
    assert caught.value.id == id
    assert moves.every(course) == []


def test_groups_whose_spellings_were_joined_keep_their_meetings(course: Course) -> None:
    move(course, "tutorial-1", "group", "g1", dt.date(2026, 12, 3))
    join(course, "group", ["g1"], "Group one", by="saule-m")
    again = Course.open(course.dir)
    assert days(again, "aigul-s", "tutorial-1") == [dt.date(2026, 12, 3)]
    assert days(again, "marat-t", "tutorial-1") == []


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return course_with_events(tmp_path_factory.mktemp("zones") / "course")


# -- any number of moves --------------------------------------------------------------------------
SCOPES = [("person", "aigul-s"), ("group", "g1"), ("school", "s1"), ("group", "g2")]
MOVES = st.lists(st.tuples(st.sampled_from(SCOPES), st.integers(0, 27), st.booleans()), max_size=8)


@settings(max_examples=25, deadline=None)
@given(MOVES)
def test_after_any_moves_the_nearest_latest_line_is_what_stands(
    empty: Course, lines: list[tuple[tuple[str, str], int, bool]]
) -> None:
    course = empty
    shutil.rmtree(course.dir / "shifts", ignore_errors=True)
    standing: dict[tuple[str, str], list[dt.date]] = {}
    revisions = [0]
    for (scope, target), add, back in lines:
        day = dt.date(2026, 9, 1) + dt.timedelta(days=add)
        move(course, "workshop-1", scope, target, day)
        if back:
            newest = max(
                (one for one in moves.every(course) if one.scope == scope),
                key=lambda one: one.number,
            )
            moves.take_back(course, newest.key, by="saule-m")
        else:
            standing.setdefault((scope, target), []).append(day)
        revisions.append(
            next(e for e in entries(course, "aigul-s") if e.kind == "workshop").revision
        )
    expected = next(
        (standing[key][-1] for key in SCOPES[:3] if standing.get(key)), dt.date(2026, 9, 15)
    )
    assert days(course, "aigul-s", "workshop-1") == [expected]
    assert revisions == sorted(set(revisions)), "a calendar takes over what has a higher number"


# -- the clock ------------------------------------------------------------------------------------
def test_almaty_has_the_hour_of_today_whatever_the_computer_knows() -> None:
    assert clock.newest_zones() >= "2024a"
    summer = dt.datetime(2026, 7, 1, 12, tzinfo=ALMATY)
    assert summer.utcoffset() == dt.timedelta(hours=5)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["Asia/Almaty", "Asia/Qyzylorda", "Europe/Berlin", "America/St_Johns"]),
    st.dates(dt.date(2026, 8, 1), dt.date(2027, 7, 31)),
    st.times(),
)
def test_a_time_is_that_of_the_courses_clocks_on_every_day(
    empty: Course, zone: str, day: dt.date, time: dt.time
) -> None:
    time = time.replace(second=0, microsecond=0)
    at = Event("e", "other", {"": "x"}, Slot(day, time))
    course = Course(empty.dir, replace(empty.settings, timezone=ZoneInfo(zone), events=(at,)))
    (found,) = (entry for entry in entries(course, "marat-t") if entry.event is not None)
    assert found.start is not None
    local = found.start.astimezone(ZoneInfo(zone))
    exists = dt.datetime.combine(day, time, ZoneInfo(zone))
    assert exists.timestamp() == found.start.timestamp()
    if local.utcoffset() == exists.utcoffset():  # not in the hour that a spring night leaves out
        assert (local.date(), local.time()) == (day, time)


def test_a_day_is_over_when_it_ends_where_the_course_is(course: Course) -> None:
    found = next(entry for entry in entries(course, "aigul-s") if entry.kind == "network_event")
    assert not found.is_over(dt.datetime(2027, 2, 20, 23, 59, 59, tzinfo=ALMATY))
    assert found.is_over(dt.datetime(2027, 2, 21, 0, 0, 0, tzinfo=ALMATY))


def test_who_stands_in_for_a_facilitator_has_the_meetings_of_that_time(course: Course) -> None:
    roster = course.dir / "people.csv"
    text = roster.read_text(encoding="utf-8") + "timur-r,Timur R.,facilitator,g3,,kk,\n"
    roster.write_text(text, encoding="utf-8")
    course = Course.open(course.dir)
    assert days(course, "timur-r", "tutorial-1") == []
    start = dt.date(2026, 11, 25)
    enrolment.substitute(course, "g1", "timur-r", start, start + dt.timedelta(9), by="saule-m")
    assert days(course, "timur-r", "tutorial-1") == [dt.date(2026, 12, 1)]
    move(course, "tutorial-1", "group", "g1", dt.date(2026, 12, 20))
    assert days(course, "timur-r", "tutorial-1") == []
