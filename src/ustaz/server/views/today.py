"""What home says of today: steps, the next meeting, where one was; and of the whole year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ustaz.answers import Document
from ustaz.answers.typist import writer_of
from ustaz.course import Course
from ustaz.deadlines.due import due
from ustaz.projects import earlier
from ustaz.roster import reaching
from ustaz.roster.people import Person
from ustaz.roster.reaching import Reach
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
#: So many workbooks are named to them; the year has more.
WAY_IN: Final = 3


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
class Coming:
    """The next workbook that is handed in, whose time has not come yet."""

    title: str
    day: dt.date


@dataclass(frozen=True, slots=True)
class WayIn:
    """One workbook on the way of whoever begins late.

    Attributes
    ----------
    day : date or None
        When it is handed in; None for a companion.
    passed : bool
        That day is over: another one has to be arranged.
    """

    title: str
    url: str
    minutes: int
    day: dt.date | None
    passed: bool


@dataclass(frozen=True, slots=True)
class Today:
    """The parts of home that depend on the day.

    Attributes
    ----------
    steps : list of CalendarRow
        Steps of the own plans that are past their day, or due within a week.
    meeting : CalendarRow or None
    last : LastPlace or None
    coming : Coming or None
    facilitators : list of (Person, Reach)
        Who is asked today, substitutes included, and how they are reached.
    months : list of YearMonth
    way_in : list of WayIn
        Of whoever begins late, until they have handed something in: what to begin with. Empty for
        everybody else.
    earlier : int
        How many projects came before this one.
    missed : list of CalendarRow
        Of the same: meetings that have passed.
    """

    steps: list[CalendarRow]
    meeting: CalendarRow | None
    last: LastPlace | None
    coming: Coming | None
    facilitators: list[tuple[Person, Reach]]
    months: list[YearMonth]
    way_in: list[WayIn]
    earlier: int
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
    way = way_in(site, own, words)
    return Today(
        steps=[] if course.person(person).status != "active" else open_steps(course, lines),
        meeting=calendars.next_meeting(lines),
        last=last_place(site, own, words),
        coming=coming(own, words),
        facilitators=[
            (helper, reaching.read(course.dir, helper.person))
            for helper in facilitators_of(course, person)
        ],
        months=months(course, lines, words),
        way_in=way,
        earlier=len(earlier(course, person)),
        missed=_missed(lines) if way else [],
    )


def open_steps(course: Course, lines: Sequence[CalendarRow]) -> list[CalendarRow]:
    """Return the steps to look at today, the oldest day first."""
    until = course.today() + SOON
    return [
        line
        for line in lines
        if line.entry.answerable and not line.done and line.entry.day <= until
    ][:MOST_STEPS]


def coming(own: Sequence[Record], words: Words) -> Coming | None:
    """Return the next workbook to be handed in that nobody has begun."""
    days = [
        (named.day, words.plain(about.definition.title))
        for about in own
        if not about.definition.companion
        and not about.started
        and not about.every_round
        and (named := due(about.course, about.workbook, about.person)) is not None
        and named.day >= about.course.today()
    ]
    return Coming(min(days)[1], min(days)[0]) if days else None


def last_place(site: Site, own: Sequence[Record], words: Words) -> LastPlace | None:
    """Return where a person saved last, by their own hand.

    The stamps of a document say it: reading a year's journal for it would be most of
    what home costs.
    """
    places = [
        (about, place) for about in own if about.started and (place := _last_stamp(about.document))
    ]
    if not places:
        return None
    # What somebody else typed in later gives the document a later time that is not its owner's.
    about, place = max(places, key=lambda known: (known[1].newest, known[0].document.updated_at))
    url = site.url("workbooks", about.workbook)
    if place.field:
        url += f"#uz-{about.workbook}-{place.field}"
    title = words.plain(about.definition.title)
    return LastPlace(about.workbook, title, url, about.document.updated_at)


@dataclass(frozen=True, slots=True)
class _Stamp:
    """The owner's last change that still stands in a document.

    Attributes
    ----------
    field : str
        Empty for a change that is of no question: the mark "ready".
    newest : bool
        Whether nobody has changed the document since.
    """

    field: str
    newest: bool


def _last_stamp(document: Document) -> _Stamp | None:
    own = [
        (int(stamp[0]), place.partition("/")[0].partition("#")[0])
        for place, stamp in document.stamps.items()
        if writer_of(str(stamp[1])) is None
    ]
    if not own:
        return None
    revision, field = max(own, key=lambda stamp: (stamp[0], bool(stamp[1])))
    return _Stamp(field, revision == document.revision)


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


def way_in(site: Site, own: Sequence[Record], words: Words) -> list[WayIn]:
    """Return what to begin with, for whoever begins when others are on their way.

    Shown until they have handed something in: one word in one workbook is no arrival.
    """
    course = site.course
    late = course.start + LATE_START
    begun = [about.document.created_at for about in own if about.document.revision]
    first = dt.datetime.fromisoformat(min(begun)).date() if begun else course.today()
    if course.today() < late or first < late or any(about.every_round for about in own):
        return []
    way = []
    for place, about in enumerate(own):
        if about.definition.companion and place:
            continue  # the first one opens the year; the others are opened when they are of use
        named = due(course, about.workbook, about.person)
        day = named.day if named and not about.definition.companion else None
        way.append(
            WayIn(
                title=words.plain(about.definition.title),
                url=site.url("workbooks", about.workbook),
                minutes=about.definition.minutes,
                day=day,
                passed=day is not None and day < course.today(),
            )
        )
    return way[:WAY_IN]


def _missed(lines: Sequence[CalendarRow]) -> list[CalendarRow]:
    return [
        line
        for line in lines
        if line.over and line.entry.kind in calendars.MEETINGS and not line.entry.slot.cancelled
    ]
