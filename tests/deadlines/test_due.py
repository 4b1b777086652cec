"""One function says when something is due, whoever asks; extensions only ever give time."""

from __future__ import annotations

import datetime as dt
import json
import threading
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exchange.helpers import make_course
from ustaz.course import Course
from ustaz.deadlines import extensions
from ustaz.deadlines.due import Due, due, is_late, last_second
from ustaz.deadlines.extensions import ShiftError
from ustaz.enrolment.joining import SHOWN_JOINS, join

ALMATY = ZoneInfo("Asia/Almaty")
DAY = dt.date(2026, 10, 15)


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return with_day(make_course(tmp_path / "course"), DAY)


def with_day(course: Course, day: dt.date | dt.datetime) -> Course:
    return Course(course.dir, replace(course.settings, due={"mini": day}))


def extend(
    course: Course,
    scope: str,
    target: str,
    until: dt.date,
    *,
    workbook: str = "mini",
    reason: str = "Repairs",
) -> None:
    extensions.extend(course, workbook, scope, target, until, reason, by="saule-m", how="page")


def day_of(course: Course, person: str = "aigul-s") -> dt.date:
    found = due(course, "mini", person)
    assert found is not None
    return found.day


# -- the end of a day -----------------------------------------------------------------------------
def test_a_day_lasts_until_its_end_where_the_course_is(course: Course) -> None:
    last = dt.datetime(2026, 10, 15, 23, 59, 59, tzinfo=ALMATY)
    assert not is_late(course, "mini", "aigul-s", last)
    assert not is_late(course, "mini", "aigul-s", last.replace(microsecond=999_999))
    assert is_late(course, "mini", "aigul-s", last + dt.timedelta(seconds=1))
    assert day_of(course) == DAY


@pytest.mark.parametrize(
    ("named", "moment"),
    [
        # As TOML gives it: without a zone it is the course's.
        (
            dt.datetime.fromisoformat("2026-10-15T18:00:00"),
            dt.datetime(2026, 10, 15, 13, tzinfo=dt.UTC),
        ),
        (
            dt.datetime(2026, 10, 15, 18, tzinfo=dt.timezone(dt.timedelta(hours=2))),
            dt.datetime(2026, 10, 15, 16, tzinfo=dt.UTC),
        ),
    ],
)
def test_a_day_with_a_time_is_due_at_that_time(
    course: Course, named: dt.datetime, moment: dt.datetime
) -> None:
    found = due(with_day(course, named), "mini")
    assert found == Due(moment, moment.astimezone(ALMATY).date(), moment)


@given(st.dates(), st.sampled_from(["Asia/Almaty", "Europe/Berlin", "Pacific/Apia", "UTC"]))
def test_the_last_second_of_a_day_is_of_that_day_and_the_next_is_not(
    day: dt.date, zone: str
) -> None:
    where = ZoneInfo(zone)
    moment = last_second(day, where)
    if day.year in {1, 9999}:
        return  # no such moment in every zone; only that nothing is raised
    following = (moment + dt.timedelta(seconds=1)).astimezone(where).date()
    assert moment.astimezone(where).date() <= day < following


def test_a_workbook_without_a_day_is_never_late(course: Course) -> None:
    assert due(course, "mini-focus", "aigul-s") is None
    assert not is_late(course, "mini-focus", "aigul-s", dt.datetime.max.replace(tzinfo=dt.UTC))


# -- extensions -----------------------------------------------------------------------------------
def test_the_most_favourable_of_person_group_and_school_counts(course: Course) -> None:
    extend(course, "group", "g1", dt.date(2026, 10, 20))
    extend(course, "school", "s1", dt.date(2026, 10, 22))
    extend(course, "person", "aigul-s", dt.date(2026, 10, 18))
    assert day_of(course, "aigul-s") == dt.date(2026, 10, 22)
    assert day_of(course, "olga-p") == dt.date(2026, 10, 20)  # her school is another
    assert due(course, "mini") == Due(last_second(DAY, ALMATY), DAY, last_second(DAY, ALMATY))
    found = due(course, "mini", "aigul-s")
    assert found is not None
    assert found.shift is not None
    assert (found.shift.scope, found.shift.reason) == ("school", "Repairs")


def test_a_later_entry_takes_the_place_of_the_earlier_one_also_when_it_is_shorter(
    course: Course,
) -> None:
    extend(course, "person", "aigul-s", dt.date(2026, 11, 20))
    extend(course, "person", "aigul-s", dt.date(2026, 10, 20))
    assert day_of(course) == dt.date(2026, 10, 20)


def test_taking_one_back_is_one_more_line_and_brings_the_earlier_one_back(course: Course) -> None:
    extend(course, "person", "aigul-s", dt.date(2026, 10, 20))
    extend(course, "person", "aigul-s", dt.date(2026, 11, 20), reason="Longer")
    before = (course.dir / "shifts" / "aigul-s.jsonl").read_bytes()
    gone = extensions.undo(course, "aigul-s.2", by="saule-m", how="page")
    assert gone.reason == "Longer"
    assert (course.dir / "shifts" / "aigul-s.jsonl").read_bytes().startswith(before)
    assert day_of(course) == dt.date(2026, 10, 20)
    with pytest.raises(ShiftError, match="taken back already"):
        extensions.undo(course, "aigul-s.2", by="saule-m", how="page")
    extensions.undo(course, "aigul-s.1", by="saule-m", how="page")
    assert day_of(course) == DAY
    (first, second) = sorted(extensions.every(course), key=lambda one: one.number)
    assert (first.undone, second.undone, second.undone_by) == (True, True, "saule-m")


def test_an_extension_for_a_workbook_concerns_no_other(course: Course) -> None:
    both = Course(course.dir, replace(course.settings, due={"mini": DAY, "mini-focus": DAY}))
    extend(both, "person", "aigul-s", dt.date(2026, 11, 1))
    found = due(both, "mini-focus", "aigul-s")
    assert found is not None
    assert found.day == DAY


def test_when_the_calendar_is_moved_beyond_an_extension_the_calendar_counts(
    course: Course,
) -> None:
    extend(course, "group", "g1", dt.date(2026, 10, 20))
    moved = with_day(course, dt.date(2026, 12, 1))
    found = due(moved, "mini", "aigul-s")
    assert found is not None
    assert (found.day, found.shift) == (dt.date(2026, 12, 1), None)


def test_somebody_who_moves_to_another_group_has_the_time_of_the_new_one(course: Course) -> None:
    extend(course, "group", "g1", dt.date(2026, 10, 20))
    roster = course.dir / "people.csv"
    roster.write_text(
        roster.read_text().replace("Aigul S.,participant,g1", "Aigul S.,participant,g2")
    )
    assert day_of(course, "aigul-s") == DAY
    assert day_of(course, "marat-t") == dt.date(2026, 10, 20)


def test_time_that_a_school_was_given_stays_when_its_spellings_are_joined(course: Course) -> None:
    extend(course, "school", "s1", dt.date(2026, 10, 20))
    join(course, "school", ["s1"], "School No. 1", by="saule-m")
    assert course.people["aigul-s"].school == "School No. 1"
    assert day_of(course, "aigul-s") == dt.date(2026, 10, 20)
    assert day_of(course, "olga-p") == DAY
    join(course, "school", ["School No. 1"], "Lyceum", by="saule-m")
    assert day_of(course, "aigul-s") == dt.date(2026, 10, 20)


def test_time_stays_however_many_joins_came_after_the_one_that_it_was_given_before(
    course: Course,
) -> None:
    extend(course, "school", "s1", dt.date(2026, 10, 20))
    names = ["s1", *(f"School {number}" for number in range(SHOWN_JOINS + 1))]
    for before, after in pairwise(names):
        join(course, "school", [before], after, by="saule-m")
    assert day_of(course, "aigul-s") == dt.date(2026, 10, 20)


def test_the_time_to_repeat_a_part_may_outlive_the_course(course: Course) -> None:
    extend(course, "person", "aigul-s", course.end + dt.timedelta(days=200))
    assert day_of(course) == course.end + dt.timedelta(days=200)


REFUSED = {
    "unknown_workbook": {"workbook": "nothing"},
    "no_due_date": {"no_day": True},
    "bad_scope": {"scope": "district"},
    "nobody": {"target": "../aigul-s"},
    "bad_day": {"until": dt.date(2099, 1, 1)},
    "not_later": {"until": DAY},
    "no_reason": {"reason": " \u200b\t "},
}


@pytest.mark.parametrize("why", REFUSED)
def test_what_makes_no_sense_is_refused_and_changes_nothing(course: Course, why: str) -> None:
    wrong = {"scope": "person", "target": "aigul-s", "until": dt.date(2026, 11, 1), **REFUSED[why]}
    if wrong.pop("no_day", False):
        course = Course(course.dir, replace(course.settings, due={}))
    with pytest.raises(ShiftError) as refused:
        extend(course, **wrong)
    assert refused.value.id == why
    assert not (course.dir / "shifts").exists()


@pytest.mark.parametrize(
    "key", ["", ".", "aigul-s", "aigul-s.", "aigul-s.0", "aigul-s.²", "..1", ".1"]
)
def test_only_what_is_there_can_be_taken_back(course: Course, key: str) -> None:
    with pytest.raises(ShiftError):
        extensions.undo(course, key, by="saule-m", how="page")


def test_lines_that_cannot_be_read_are_passed_over_and_numbers_stay(course: Course) -> None:
    extend(course, "person", "aigul-s", dt.date(2026, 10, 20))
    path = course.dir / "shifts" / "aigul-s.jsonl"
    odd = [
        {"scope": "person", "target": "marat-t", "workbook": "mini", "until": "2027-01-01"},
        {"scope": "group", "target": "g1", "workbook": "mini", "until": "2027-01-01"},
        {"scope": "person", "target": "aigul-s", "workbook": "mini", "until": "some day"},
        {"scope": "person", "target": 5},
    ]
    with path.open("a") as file:
        file.write("".join(json.dumps(one) + "\n" for one in odd) + '{"torn')
    assert day_of(course) == dt.date(2026, 10, 20)
    extend(course, "person", "aigul-s", dt.date(2026, 10, 25))
    assert day_of(course) == dt.date(2026, 10, 25)
    assert [one.number for one in extensions.of_person(course, "aigul-s")] == [1, 6]


def test_several_at_once_lose_no_line(course: Course) -> None:
    def one(day: int) -> None:
        extend(Course(course.dir, course.settings), "group", "g1", dt.date(2026, 11, day))

    threads = [threading.Thread(target=one, args=(day,)) for day in range(3, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {each.until.day for each in extensions.shared(course)} == set(range(3, 9))


# -- the rule as a whole --------------------------------------------------------------------------
TARGETS = [("person", "aigul-s"), ("person", "marat-t"), ("group", "g1"), ("school", "s1"),
           ("school", "s2")]  # fmt: skip
STEPS = st.lists(
    st.tuples(st.sampled_from(TARGETS), st.integers(1, 60), st.booleans()), max_size=12
)


def expected(steps: list[tuple[tuple[str, str], int, bool]], keys: set[tuple[str, str]]) -> int:
    """Return the days that a person has more, worked out anew from what was done."""
    best = 0
    for key in keys:
        stands: list[int] = []
        for target, days, back in steps:
            if target == key:
                stands = stands[:-1] if back and stands else [*stands, days]
        best = max(best, stands[-1] if stands else 0)
    return best


@settings(deadline=None, max_examples=60)
@given(STEPS)
def test_the_latest_that_stands_of_each_and_the_best_of_all(
    prepared: Course, steps: list[tuple[tuple[str, str], int, bool]]
) -> None:
    course = prepared
    for path in (course.dir / "shifts").rglob("*.jsonl"):
        path.unlink()
    stacks: dict[tuple[str, str], list[str]] = {}
    for (scope, target), days, back in steps:
        stack = stacks.setdefault((scope, target), [])
        if back and stack:
            extensions.undo(course, stack.pop(), by="saule-m", how="page")
        else:
            extend(course, scope, target, DAY + dt.timedelta(days=days))
            lines = (
                extensions.of_person(course, target)
                if scope == "person"
                else extensions.shared(course)
            )
            stack.append(lines[-1].key)
    for person, school in (("aigul-s", "s1"), ("marat-t", "s1"), ("olga-p", "s2")):
        keys = {("person", person), ("group", "g1"), ("school", school)}
        found = due(course, "mini", person)
        assert found is not None
        assert found.day == DAY + dt.timedelta(days=expected(steps, keys))
        assert found.moment >= found.calendar  # never takes time
        assert found == due(course, "mini", person)  # and says the same again


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return with_day(make_course(tmp_path_factory.mktemp("due") / "course"), DAY)


def test_the_first_extension_of_a_group_leaves_no_folder_open(course: Course) -> None:
    extend(course, "group", "g1", DAY + dt.timedelta(days=1))
    for folder in ("shifts", "shifts/shared"):
        assert (course.dir / folder).stat().st_mode & 0o777 == 0o700
