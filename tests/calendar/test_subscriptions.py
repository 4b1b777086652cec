"""A secret address opens one calendar, is kept as a hash, and ends when its owner says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.calendar.helpers import course_with_events
from ustaz.calendar import subscriptions
from ustaz.course import Course


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return course_with_events(tmp_path / "course")


def test_the_address_opens_its_owners_calendar_and_no_others(course: Course) -> None:
    mine = subscriptions.open_address(course, "aigul-s", steps=True)
    yours = subscriptions.open_address(course, "marat-t", steps=False)
    for secret, person, steps in ((mine, "aigul-s", True), (yours, "marat-t", False)):
        found = subscriptions.owner(course, secret)
        assert found is not None
        assert (found.person, found.steps) == (person, steps)


def test_what_is_kept_opens_nothing(course: Course) -> None:
    secret = subscriptions.open_address(course, "aigul-s", steps=False)
    (path,) = (course.dir / "calendars").glob("*.jsonl")
    kept = path.read_text(encoding="utf-8")
    assert secret not in kept
    known = subscriptions.subscription(course, "aigul-s")
    assert known is not None
    assert subscriptions.owner(course, known.digest) is None
    assert subscriptions.owner(course, known.digest[:43]) is None


def test_a_new_address_ends_the_one_before(course: Course) -> None:
    first = subscriptions.open_address(course, "aigul-s", steps=False)
    second = subscriptions.open_address(course, "aigul-s", steps=False)
    assert subscriptions.owner(course, first) is None
    assert subscriptions.owner(course, second) is not None


def test_a_closed_address_stays_closed_also_after_a_restart(course: Course) -> None:
    secret = subscriptions.open_address(course, "aigul-s", steps=False)
    subscriptions.close_address(course, "aigul-s")
    again = Course.open(course.dir)
    assert subscriptions.owner(again, secret) is None
    assert subscriptions.subscription(again, "aigul-s") is None
    subscriptions.close_address(again, "aigul-s")
    assert len((course.dir / "calendars/aigul-s.jsonl").read_text().splitlines()) == 2


@pytest.mark.parametrize("guess", ["", "a", "../../people.csv", "a" * 43, "é" * 43, "a" * 10_000])
def test_a_guess_opens_nothing(course: Course, guess: str) -> None:
    subscriptions.open_address(course, "aigul-s", steps=False)
    assert subscriptions.owner(course, guess) is None
