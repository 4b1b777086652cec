"""When something is due: the one place that knows.

The calendar in ``ustaz.toml`` names a day, or a day and a time. Extensions for the person, for each
of their groups and for their school give more time; the most favourable one counts, and none takes
time away. A day lasts until its end where the course is. Nothing is locked when it is over: what
comes later is late, is marked as such wherever it is listed, and costs nothing by itself.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from ustaz.course import Course
from ustaz.deadlines.extensions import Shift, of_person, shared, standing
from ustaz.enrolment.joining import joins


@dataclass(frozen=True, slots=True)
class Due:
    """By when something is expected.

    Attributes
    ----------
    moment : datetime
        The last second that is in time, in UTC.
    day : date
        Its day where the course is: what people read.
    calendar : datetime
        The same by the calendar alone.
    shift : Shift or None
        The extension that counts.
    """

    moment: dt.datetime
    day: dt.date
    calendar: dt.datetime
    shift: Shift | None = None

    def is_late(self, when: dt.datetime) -> bool:
        """Tell whether what came at `when` came late."""
        return when.replace(microsecond=0) > self.moment


def due(course: Course, workbook: str, person: str = "") -> Due | None:
    """Return when a workbook is due, for a person or by the calendar alone; None: never.

    Parameters
    ----------
    course : Course
    workbook : str
    person : str, optional
        Whose; without one only the calendar is asked.
    """
    named = course.settings.due.get(workbook)
    if named is None:
        return None
    zone = course.timezone
    calendar = last_second(named, zone)
    best, counts = calendar, None
    for shift in _granted(course, workbook, person) if person else ():
        moment = last_second(shift.until, zone)
        if moment > best:
            best, counts = moment, shift
    return Due(best, best.astimezone(zone).date(), calendar, counts)


def is_late(course: Course, workbook: str, person: str, when: dt.datetime) -> bool:
    """Tell whether what a person handed in at `when` came late."""
    expected = due(course, workbook, person)
    return expected is not None and expected.is_late(when)


def last_second(named: dt.date | dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """Return the last second, in UTC, of a day or of a moment that a calendar names."""
    if isinstance(named, dt.datetime):
        local = named if named.tzinfo else named.replace(tzinfo=zone)
        return local.astimezone(dt.UTC).replace(microsecond=0)
    try:
        midnight = dt.datetime.combine(named + dt.timedelta(days=1), dt.time(), zone)
        return midnight.astimezone(dt.UTC) - dt.timedelta(seconds=1)
    except OverflowError:
        return dt.datetime.max.replace(tzinfo=dt.UTC, microsecond=0)


def spelt(course: Course, kind: str, name: str) -> list[str]:
    """Return a group's or school's name, and the spellings that were joined into it."""
    names = [name]
    all_joined = joins(course.past)
    for into in names:
        for joined in all_joined:
            if joined.kind == kind and joined.into == into:
                names += [spelling for spelling in joined.spellings if spelling not in names]
    return names


def name_today(course: Course, kind: str, name: str) -> str:
    """Return the name that a group or school of an earlier name has today."""
    people = course.people.values()
    if any(name in (person.groups if kind == "group" else (person.school,)) for person in people):
        return name
    for joined in reversed(joins(course.past)):
        if joined.kind == kind and joined.into and name in joined.spellings:
            name = joined.into
    return name


def _granted(course: Course, workbook: str, person: str) -> list[Shift]:
    """Return the extensions that concern a person, the nearest to them first."""
    lines = standing((*of_person(course, person), *shared(course)))
    if not lines:
        return []  # nearly always, and this is asked for everybody
    about = course.people.get(person)
    keys = [("person", person)]
    if about is not None:
        keys += [
            ("group", name) for group in about.groups for name in spelt(course, "group", group)
        ]
        if about.school:
            keys += [("school", name) for name in spelt(course, "school", about.school)]
    shifts = (lines.get((scope, target, workbook)) for scope, target in keys)
    return [shift for shift in shifts if shift is not None]
