"""A person's calendar as pages show it: by month, what is next first, what has passed apart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from ustaz.base import clock
from ustaz.calendar.entries import CalendarEntry, entries
from ustaz.course import Course
from ustaz.exchange import rounds
from ustaz.server.i18n import Words
from ustaz.server.site import Site

#: What a group meets for; the other entries are days.
MEETINGS: Final = ("workshop", "tutorial", "network_event", "other")


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """One line of the page.

    Attributes
    ----------
    entry : CalendarEntry
    title : str
        In the reader's language; a step in its writer's words.
    hours : str
        "15:00–17:00"; empty for a whole day.
    url : str
        Where to go on, in our pages; empty for a meeting.
    done : bool
        Handed in, or a step that is settled.
    over : bool
        It has passed.
    """

    entry: CalendarEntry
    title: str
    hours: str
    url: str
    done: bool
    over: bool


@dataclass(frozen=True, slots=True)
class Month:
    """The lines of one month."""

    title: str
    rows: list[CalendarRow]


def known(site: Site, person: str, *, steps: bool = True) -> list[CalendarEntry]:
    """Return a person's calendar; what was handed in is settled, and nobody is reminded of it."""
    return [
        replace(entry, settled=True)
        if entry.kind == "due" and rounds(site.course, person, entry.workbook)
        else entry
        for entry in entries(site.course, person, steps=steps)
    ]


def rows(site: Site, person: str, words: Words) -> list[CalendarRow]:
    """Return a person's whole calendar, in the order of time."""
    now = clock.now()
    return [row(site, entry, words, now, person) for entry in known(site, person)]


def row(
    site: Site, entry: CalendarEntry, words: Words, now: dt.datetime, person: str = ""
) -> CalendarRow:
    """Return the line of an entry of somebody's calendar."""
    url = site.url("workbooks", entry.workbook) if entry.workbook else ""
    if entry.tutorial:
        url = site.url("tutorials", person, entry.tutorial)
    elif entry.kind == "step":
        url += f"#uz-{entry.workbook}-{entry.table}"
    return CalendarRow(
        entry=entry,
        title=entry.title(words.lang, words.plain),
        hours=hours(entry, site.course),
        url=url,
        done=entry.settled,
        over=entry.is_over(now),
    )


def hours(entry: CalendarEntry, course: Course) -> str:
    """Return from when to when, by the clocks of the course."""
    times = [entry.start, entry.end]
    return "–".join(f"{at.astimezone(course.timezone):%H:%M}" for at in times if at is not None)


def by_month(lines: Iterable[CalendarRow], words: Words) -> list[Month]:
    """Return lines under the names of their months, in their own order."""
    grouped = groupby(lines, key=lambda line: line.entry.day.replace(day=1))
    return [Month(words.month(first), list(lines_)) for first, lines_ in grouped]


def next_meeting(lines: Iterable[CalendarRow]) -> CalendarRow | None:
    """Return the next meeting that takes place."""
    coming = (
        line
        for line in lines
        if line.entry.kind in MEETINGS and not line.over and not line.entry.slot.cancelled
    )
    return next(coming, None)
