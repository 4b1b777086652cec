"""A calendar as an .ics file (RFC 5545), for telephones and mail programs.

Written by the library icalendar: folding, escaping and the table of the time zone are its. Meetings
stand in the zone of the course, days as days; each has a reminder one day before.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

from ustaz.calendar.entries import CalendarEntry
from ustaz.course import Course
from ustaz.messages import N_
from ustaz.messages import format as fill_in

if TYPE_CHECKING:
    import icalendar

DOMAIN: Final = "ustaz"
PRODUCT: Final = "-//Ustaz//Calendar of a course//EN"
#: How often a telephone may look again.
REFRESH: Final = dt.timedelta(hours=6)
DAY_BEFORE: Final = dt.timedelta(days=-1)
#: Of a whole day: at nine in the morning of the day before, not at midnight.
MORNING_BEFORE: Final = dt.timedelta(hours=-15)
#: A meeting of which nobody wrote when it ends.
USUAL_LENGTH: Final = dt.timedelta(hours=1)

DUE: Final = N_("Due: {title}")
STEP: Final = N_("My step: {title}")
FOR_GROUPS: Final = N_("Group: {groups}")


def calendar_file(
    course: Course,
    known: Iterable[CalendarEntry],
    *,
    lang: str,
    say: Callable[[str], str],
    stamp: dt.datetime,
) -> bytes:
    """Return the file.

    Parameters
    ----------
    course : Course
    known : iterable of CalendarEntry
    lang : str
    say : callable
        Translates into `lang`.
    stamp : datetime
        When it was made.
    """
    from icalendar import Calendar, Timezone

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", course.name)
    calendar.add("x-wr-calname", course.name)
    calendar.add("x-wr-timezone", course.timezone.key)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    events = list(known)
    timed = [entry.start.date() for entry in events if entry.start is not None]
    if timed:
        margin = dt.timedelta(days=370)
        zone = Timezone.from_tzinfo(
            course.timezone, course.timezone.key, min(timed) - margin, max(timed) + margin
        )
        zone.pop("comment", None)
        calendar.add_component(zone)
    for entry in events:
        calendar.add_component(_event(course, entry, lang, say, stamp))
    data: bytes = calendar.to_ical()
    return data


def _event(
    course: Course, entry: CalendarEntry, lang: str, say: Callable[[str], str], stamp: dt.datetime
) -> icalendar.Event:
    from icalendar import Event

    event = Event()
    event.add("uid", f"{entry.id}@{DOMAIN}")
    event.add("dtstamp", stamp)
    event.add("sequence", entry.revision)
    title = summary(entry, lang, say)
    event.add("summary", title)
    if entry.start is None:
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + dt.timedelta(days=1))
        event.add("transp", "TRANSPARENT")
    else:
        start = entry.start.astimezone(course.timezone)
        length = USUAL_LENGTH if entry.event is not None else dt.timedelta()
        end = entry.end.astimezone(course.timezone) if entry.end else start + length
        event.add("dtstart", start)
        event.add("dtend", end)
    slot = entry.slot
    if slot.place or slot.link:
        event.add("location", slot.place or slot.link)
    if slot.link:
        event.add("url", slot.link)
    description = _description(entry, say)
    if description:
        event.add("description", description)
    event.add("status", "CANCELLED" if slot.cancelled else "CONFIRMED")
    if not slot.cancelled and not entry.settled:
        event.add_component(_alarm(entry, title))
    return event


def _alarm(entry: CalendarEntry, text: str) -> icalendar.Alarm:
    from icalendar import Alarm

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", text)
    alarm.add("trigger", DAY_BEFORE if entry.start is not None else MORNING_BEFORE)
    return alarm


def summary(entry: CalendarEntry, lang: str, say: Callable[[str], str]) -> str:
    """Return the title as it stands among the entries of other calendars."""
    title = entry.title(lang, say)
    pattern = {"due": DUE, "step": STEP}.get(entry.kind)
    return fill_in(say(pattern), title=title) if pattern else title


def _description(entry: CalendarEntry, say: Callable[[str], str]) -> str:
    lines = [entry.slot.link if entry.slot.place else ""]
    if entry.groups:
        lines.append(fill_in(say(FOR_GROUPS), groups=", ".join(entry.groups)))
    if entry.move is not None:
        lines.append(entry.move.reason)
    return "\n".join(line for line in lines if line)
