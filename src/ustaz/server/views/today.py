"""What home says of today: steps, the next meeting, where one was; and of the whole year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ustaz.answers import Subject
from ustaz.base.errors import UstazError
from ustaz.course import Course
from ustaz.roster.people import Person
from ustaz.server.access import facilitators_of
from ustaz.server.i18n import Words
from ustaz.server.site import Site
from ustaz.server.views import calendars
from ustaz.server.views.calendars import CalendarRow
from ustaz.server.views.records import Record

#: A step is shown from so many days before its day on.
SOON: Final = dt.timedelta(days=7)
MOST_STEPS: Final = 12
#: Who begins later than this finds a way in.
LATE_START: Final = dt.timedelta(days=28)


@dataclass(frozen=True, slots=True)
class LastPlace:
    """Where somebody saved last."""

    workbook: str
    title: str
    url: str
    at: str


@dataclass(frozen=True, slots=True)
class YearMonth:
    """One month of the programme, in the strip of the year.

    Attributes
    ----------
    name : str
        Short.
    title : str
        With the year.
    meetings, days : int
        How many meetings it has, and days on which something is handed in.
    now, over : bool
    """

    name: str
    title: str
    meetings: int
    days: int
    now: bool
    over: bool


@dataclass(frozen=True, slots=True)
class Today:
    """The parts of home that depend on the day.

    Attributes
    ----------
    steps : list of CalendarRow
        Steps of the own plans that are past their day, or due within a week.
    meeting : CalendarRow or None
    last : LastPlace or None
    facilitators : list of Person
        Who is asked today, substitutes included.
    months : list of YearMonth
    missed : list of CalendarRow
        Of whoever begins late: meetings that have passed. Empty for everybody else.
    """

    steps: list[CalendarRow]
    meeting: CalendarRow | None
    last: LastPlace | None
    facilitators: list[Person]
    months: list[YearMonth]
    missed: list[CalendarRow]


def today(site: Site, person: str, own: Sequence[Record], words: Words) -> Today:
    """Return the day of a participant.

    Parameters
    ----------
    site : Site
    person : str
    own : sequence of Record
        Their workbooks.
    words : Words
    """
    course = site.course
    lines = calendars.rows(site, person, words)
    started = any(about.started for about in own)
    return Today(
        steps=[] if course.person(person).status != "active" else open_steps(course, lines),
        meeting=calendars.next_meeting(lines),
        last=last_place(site, person, own, words),
        facilitators=facilitators_of(course, person),
        months=months(course, lines, words),
        missed=[] if started else _missed(course, lines),
    )


def open_steps(course: Course, lines: Sequence[CalendarRow]) -> list[CalendarRow]:
    """Return the steps to look at today, the oldest day first."""
    until = course.today() + SOON
    return [
        line
        for line in lines
        if line.entry.answerable and not line.done and line.entry.day <= until
    ][:MOST_STEPS]


def last_place(site: Site, person: str, own: Sequence[Record], words: Words) -> LastPlace | None:
    """Return where a person saved last, by their own hand."""
    started = [about for about in own if about.document.revision]
    if not started:
        return None
    about = max(started, key=lambda about: about.document.updated_at)
    url = site.url("workbooks", about.workbook)
    field = _last_field(site.course, person, about.workbook)
    if field:
        url += f"#uz-{about.workbook}-{field}"
    title = words.plain(about.definition.title)
    return LastPlace(about.workbook, title, url, about.document.updated_at)


def _last_field(course: Course, person: str, workbook: str) -> str:
    """Return the question that was saved last; empty where it is not known any more."""
    try:
        history = course.store.history(Subject.person(person), workbook)
    except UstazError:
        return ""
    for save in reversed(history):
        fields = [path.partition("/")[0].partition("#")[0] for path in save.paths]
        known = [field for field in fields if field]
        if save.who == person and known:
            return known[-1]
    return ""


def months(course: Course, lines: Sequence[CalendarRow], words: Words) -> list[YearMonth]:
    """Return the months of the programme with what stands in them."""
    now = course.today().replace(day=1)
    strip, month = [], course.start.replace(day=1)
    while month <= course.end:
        inside = [line for line in lines if line.entry.day.replace(day=1) == month]
        strip.append(
            YearMonth(
                name=words.short_month(month),
                title=words.month(month),
                meetings=sum(
                    line.entry.kind in calendars.MEETINGS and not line.entry.slot.cancelled
                    for line in inside
                ),
                days=sum(line.entry.kind in {"due", "deadline"} for line in inside),
                now=month == now,
                over=month < now,
            )
        )
        month = (month + dt.timedelta(days=31)).replace(day=1)
    return strip


def _missed(course: Course, lines: Sequence[CalendarRow]) -> list[CalendarRow]:
    """Return the meetings that have passed, for whoever begins when others are on their way."""
    if course.today() < course.start + LATE_START:
        return []
    return [
        line
        for line in lines
        if line.over and line.entry.kind in calendars.MEETINGS and not line.entry.slot.cancelled
    ]
