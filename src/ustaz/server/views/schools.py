"""A school as its director, its facilitators and its teachers see it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from ustaz.calendar.entries import entries
from ustaz.course import Course
from ustaz.course.identity import Identity
from ustaz.messages import N_
from ustaz.roster.former import name_of
from ustaz.schools import Ask, asks
from ustaz.server.access import is_shown
from ustaz.server.i18n import Words
from ustaz.server.site import Site
from ustaz.server.views import confirmations
from ustaz.sessions.attendance import day_of, held
from ustaz.shares import live

#: What a teacher asks; the first is of a workbook that a school leader link agrees to.
KINDS: Final = {
    "plan": N_("Please agree to my plan."),
    "time": N_("Please protect a time."),
    "obstacle": N_("Please remove an obstacle."),
}
#: Meetings of a group; a tutorial is nobody else's business.
MEETINGS: Final = ("workshop", "network_event")
TOOK_PLACE, CANCELLED, COMING, UNKNOWN = "took_place", "cancelled", "coming", "unknown"


@dataclass(frozen=True, slots=True)
class AskView:
    """What is asked, with names.

    Attributes
    ----------
    ask : Ask
    name : str
        The teacher's.
    by_name : str
        The director's who answered.
    plan : str
        Address of the plan, where it is shown to the reader; else empty.
    """

    ask: Ask
    name: str
    by_name: str
    plan: str = ""


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting of the school's teachers: when, and what is known of it."""

    title: str
    day: dt.date
    state: str


def plan_of(course: Course) -> tuple[str, str] | None:
    """Return workbook and field that a school leader link agrees to; None where there is none."""
    for workbook in course.assignments:
        if workbook not in course.library.ids:
            continue
        for field, by, _ in confirmations.fields_of(course.library[workbook]):
            if by == "school_link":
                return workbook, field
    return None


def asked(site: Site, who: Identity, words: Words) -> list[AskView]:
    """Return what teachers of the own school ask of a director: what waits first."""
    course = site.course
    school = course.person(who.person).school
    plan = plan_of(course)
    views = []
    for person in course.taking_part():
        if person.school != school or person.person == who.person:
            continue
        wanted = asks.live(course, person.person)
        if not wanted:
            continue
        shown = [
            share
            for share in live(course, person.person, ("school_link",))
            if plan and share.workbook == plan[0] and is_shown(course, who, share)
        ]
        address = site.url("shown", person.person, shown[-1].id) if shown else ""
        views += [
            AskView(
                ask,
                person.name,
                name_of(course.people, ask.by, words.plain) if ask.by else "",
                address if ask.kind == "plan" else "",
            )
            for ask in wanted
        ]
    views.sort(key=lambda view: view.ask.at, reverse=True)
    return sorted(views, key=lambda view: bool(view.ask.answer))


def own_asks(course: Course, person: str, words: Words) -> list[AskView]:
    """Return what somebody asks of the director, for their own eyes."""
    return [
        AskView(ask, "", name_of(course.people, ask.by, words.plain) if ask.by else "")
        for ask in asks.live(course, person)
    ]


def meetings(course: Course, school: str, words: Words) -> list[Meeting]:
    """Return the meetings of a school's teachers, in the order of time.

    One took place where the facilitators of one of the groups have written its log.
    """
    teachers = [person for person in course.taking_part() if person.school == school]
    groups = {group for person in teachers for group in person.groups}
    logged = [kept for kept in held(course) if kept.group in groups]
    events = {kept.plan.event for kept in logged if kept.plan.event}
    days = {day_of(kept) for kept in logged}
    known: dict[tuple[str, dt.date], Meeting] = {}
    for person in teachers:
        for entry in entries(course, person.person, steps=False):
            if entry.event is None or entry.kind not in MEETINGS:
                continue
            if entry.slot.cancelled:
                state = CANCELLED
            elif entry.event.id in events or entry.day in days:
                state = TOOK_PLACE
            else:
                state = UNKNOWN if entry.day < course.today() else COMING
            title = entry.title(words.lang, words.plain)
            known[entry.event.id, entry.day] = Meeting(title, entry.day, state)
    return sorted(known.values(), key=lambda meeting: meeting.day)
