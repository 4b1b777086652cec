"""Events stand in ustaz.toml: read with the line of a mistake, written with comments kept."""

from __future__ import annotations

import datetime as dt
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from tests.calendar.helpers import EVENTS, course_with_events
from ustaz.base.errors import FileFault
from ustaz.calendar import writing
from ustaz.course import Course
from ustaz.course.events import Event, Slot


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return course_with_events(tmp_path / "course")


def again(course: Course) -> Course:
    return Course.open(course.dir)


def test_an_event_is_read_as_it_stands(course: Course) -> None:
    first, second, third = course.settings.events
    assert first.title("kk") == "Бірінші кездесу"
    assert first.slot == Slot(
        dt.date(2026, 9, 15), dt.time(15), dt.time(17), "Room 12; the blue door, left"
    )
    assert second.groups == ("g1",)
    assert second.title("ru") == "Talk about the plan"
    assert third.slot.start is None


@pytest.mark.parametrize(
    ("wrong", "line", "field"),
    [
        ('id = "tutorial-1"', 'id = "workshop-1"', "event[2].id"),
        ('id = "tutorial-1"', 'id = "T 1"', "event[2].id"),
        ('kind = "tutorial"', 'kind = "party"', "event[2].kind"),
        ("day = 2026-12-01", 'day = "1 December"', "event[2].day"),
        ("day = 2026-12-01", "day = 2062026-12-01", "event[2].day"),
        ('start = "16:00"', 'start = "25:00"', "event[2].start"),
        ('start = "16:00"', 'start = "16:00"\nend = "15:00"', "event[2].end"),
        ('link = "https://meet.example/a?b=1"', 'link = "javascript:alert(1)"', "event[2].link"),
        ('groups = ["g1"]', "groups = [1]", "event[2].groups"),
        ('groups = ["g1"]', 'plcae = "Room"', "event[2].plcae"),
        ('groups = ["g1"]', "revision = -1", "event[2].revision"),
        ('title = "Talk about the plan"', 'title = {de = "x"}', "event[2].title"),
    ],
)
def test_a_mistake_is_told_with_file_line_and_field(
    tmp_path: Path, wrong: str, line: str, field: str
) -> None:
    with pytest.raises(FileFault) as caught:
        course_with_events(tmp_path / "course", EVENTS.replace(wrong, line))
    fault = caught.value
    assert fault.path.name == "ustaz.toml"
    assert fault.field == field
    text = fault.path.read_text(encoding="utf-8").splitlines()
    key = field.rpartition(".")[2]
    assert text[fault.line - 1].startswith(f"{key} ="), text[fault.line - 1]


def test_what_stands_in_the_file_stays_when_an_event_is_added(course: Course) -> None:
    path = course.dir / "ustaz.toml"
    path.chmod(0o644)
    before = path.read_text(encoding="utf-8")
    event = Event(
        "other-1", "other", {"": "Кеш «бірге»"}, Slot(dt.date(2027, 3, 8), dt.time(9, 5)), ("g2",)
    )
    writing.add(course, event)
    assert path.read_text(encoding="utf-8").startswith(before.rstrip())
    assert again(course).settings.events[-1] == event
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


def test_a_changed_event_keeps_its_comments_and_has_a_higher_revision(course: Course) -> None:
    first = course.settings.events[0]
    later = replace(first, slot=replace(first.slot, day=dt.date(2026, 9, 22), place=""))
    writing.replace(course, later)
    writing.replace(again(course), later)
    text = (course.dir / "ustaz.toml").read_text(encoding="utf-8")
    assert 'id = "workshop-1"  # the first one' in text
    assert "# Meetings of the year." in text
    assert again(course).settings.events[0] == replace(later, revision=2)
    assert again(course).settings.events[1:] == course.settings.events[1:]


def test_an_event_is_taken_out_alone(course: Course) -> None:
    writing.remove(course, "tutorial-1")
    assert [event.id for event in again(course).settings.events] == ["workshop-1", "network-1"]
    with pytest.raises(KeyError):
        writing.remove(again(course), "tutorial-1")


def test_the_first_event_of_a_course_begins_the_list(tmp_path: Path) -> None:
    course = course_with_events(tmp_path / "course", "")
    event = Event("other-1", "other", {"": "First"}, Slot(dt.date(2027, 3, 8)))
    writing.add(course, event)
    assert again(course).settings.events == (event,)


def test_a_file_with_a_mistake_is_not_written(course: Course) -> None:
    path = course.dir / "ustaz.toml"
    broken = path.read_text(encoding="utf-8") + "\n[[event]]\nid = 3\n"
    path.write_text(broken, encoding="utf-8")
    with pytest.raises(FileFault):
        writing.remove(course, "tutorial-1")
    assert path.read_text(encoding="utf-8") == broken


def test_an_id_that_was_used_is_not_given_again(course: Course) -> None:
    ids = {writing.new_id(course, "network_event") for _ in range(20)}
    assert len(ids) == 20
    assert all(id_.startswith("network-event-") for id_ in ids)
