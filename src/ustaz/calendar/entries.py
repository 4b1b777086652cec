"""What stands in a person's calendar, and when: the one place that knows.

Pages, home and the file for telephones ask :func:`entries`. In it are the events of the course that
are for everybody or for one of the person's groups, as they were moved for them; the days by which
their workbooks are expected; and the steps of their own plans. Of moves the nearest counts: the
person's own, then their group's, then their school's.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final
from zoneinfo import ZoneInfo

from ustaz import tutorials
from ustaz.answers import Subject
from ustaz.base.errors import UstazError
from ustaz.calendar import moves
from ustaz.calendar.moves import Move, Moves
from ustaz.course import Course
from ustaz.course.events import Event, Slot
from ustaz.deadlines import extensions
from ustaz.deadlines.due import due, spelt
from ustaz.roster.people import Person
from ustaz.workbook import PlannedRow, has_plan, planned_rows

#: Whose calendar has the meetings of every group.
OVERSEERS: Final = ("staff", "operator")


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One entry.

    Attributes
    ----------
    id : str
        The same for as long as the entry stands in this person's calendar.
    kind : str
        That of an event, ``due`` for a workbook or ``step`` for a step of a plan.
    day : date
        By the clocks of the course.
    start, end : datetime or None
        In UTC. Without a start it lasts the whole day.
    last : datetime
        When it is over, in UTC.
    slot : Slot
        What a page shows of when and where.
    event : Event or None
    move : Move or None
        What moved it for this person.
    groups : tuple of str
        Whose meeting it is, where the person has several groups that meet apart.
    workbook, table, row, text : str
        Of a due date and a step; the text is the workbook's title or the step's own words.
    settled : bool
        Of a step, and of a due date where a page knows of the round: nothing more is expected.
    answerable : bool
        Of a step: its plan has a way to say that it is done.
    revision : int
        Grows with each change of an event.
    tutorial : str
        Of a step that was agreed in a tutorial: its id.
    """

    id: str
    kind: str
    day: dt.date
    start: dt.datetime | None
    end: dt.datetime | None
    last: dt.datetime
    slot: Slot
    event: Event | None = None
    move: Move | None = None
    groups: tuple[str, ...] = ()
    workbook: str = ""
    table: str = ""
    row: str = ""
    text: str = ""
    settled: bool = False
    answerable: bool = False
    revision: int = 0
    tutorial: str = ""

    def title(self, lang: str, say: Callable[[str], str]) -> str:
        """Return what it is called.

        Parameters
        ----------
        lang : str
        say : callable
            Translates a workbook's title.
        """
        if self.event is not None:
            return self.event.title(lang)
        return self.text if self.kind == "step" else say(self.text)

    def is_over(self, now: dt.datetime) -> bool:
        """Tell whether it has passed."""
        return self.last < now


def entries(course: Course, person: str, *, steps: bool = True) -> list[CalendarEntry]:
    """Return a person's calendar, in the order of time.

    Parameters
    ----------
    course : Course
    person : str
    steps : bool
        Whether with the steps of the own plans, which are in the person's own words.
    """
    about = course.people.get(person)
    if about is None or about.status == "withdrawn":
        return []
    known = list(_meetings(course, about))
    if "participant" in about.roles:
        known += _due_dates(course, about)
        if steps:
            known += [*_steps(course, about), *_agreed(course, about)]
    return sorted(known, key=lambda entry: (entry.day, entry.start or entry.last, entry.id))


# -- meetings -------------------------------------------------------------------------------------
@dataclass(slots=True)
class _Meeting:
    """When and where an event is, and for which of the person's groups."""

    slot: Slot
    move: Move | None
    groups: list[str] = field(default_factory=list)


def _meetings(course: Course, about: Person) -> Iterator[CalendarEntry]:
    own, shared = moves.of_person(course, about.person), moves.shared(course)
    groups = _groups(course, about)
    names = {group: spelt(course, "group", group) for group in groups}
    schools = spelt(course, "school", about.school) if about.school else []
    oversees = set(OVERSEERS).intersection(about.roles)
    for event in course.events:
        revision = event.revision + own.count(event.id) + shared.count(event.id)
        concerned = [
            group
            for group in groups
            if not event.groups or any(name in event.groups for name in names[group])
        ]
        if event.groups and not concerned and not oversees:
            continue
        asked = [(group, names[group]) for group in concerned] or [("", [])]
        places: list[_Meeting] = []
        for group, spellings in asked:
            moved = _nearest(event.id, own, shared, about.person, spellings, schools)
            slot = moved.slot if moved else event.slot
            if group and not _in_group(course, about, group, slot.day):
                continue
            same = next((place for place in places if place.slot == slot), None)
            if same is None:
                places.append(same := _Meeting(slot, moved))
            same.groups.append(group)
        for place in places:
            yield _meeting(course.timezone, course.id, event, place, revision, len(places) > 1)


def _groups(course: Course, about: Person) -> list[str]:
    """Return the groups whose meetings may concern a person; lent ones too."""
    if set(OVERSEERS).intersection(about.roles):
        everybody = course.taking_part()
        return sorted({group for person in everybody for group in person.groups})
    lent = [line.group for line in course.past.substitutions if line.person == about.person]
    return list(dict.fromkeys((*about.groups, *lent)))


def _in_group(course: Course, about: Person, group: str, day: dt.date) -> bool:
    """Tell whether a group is the person's on a day: who substitutes has it for a time."""
    if set(OVERSEERS).intersection(about.roles):
        return True
    return group in course.groups_of(about.person, day)


def _nearest(
    event: str, own: Moves, shared: Moves, person: str, groups: list[str], schools: list[str]
) -> Move | None:
    known = own.for_("person", person, event)
    for scope, names in (("group", groups), ("school", schools)):
        for name in names:
            known = known or shared.for_(scope, name, event)
    return known


def _meeting(
    zone: ZoneInfo, course: str, event: Event, place: _Meeting, revision: int, apart: bool
) -> CalendarEntry:
    slot = place.slot
    start, end, last = span(slot, zone)
    groups = tuple(group for group in place.groups if group) if apart else ()
    # One group's meeting is known by the group where the person has several that meet apart.
    name = ".".join((event.id, *(groups if place.move else ())))
    return CalendarEntry(
        id=f"event.{name}.{course}",
        kind=event.kind,
        day=slot.day,
        start=start,
        end=end,
        last=last,
        slot=slot,
        event=event,
        move=place.move,
        groups=groups,
        revision=revision,
    )


def span(slot: Slot, zone: ZoneInfo) -> tuple[dt.datetime | None, dt.datetime | None, dt.datetime]:
    """Return start, end and the moment when it is over, in UTC.

    A day without times lasts until its end where the course is.
    """
    if slot.start is None:
        midnight = dt.datetime.combine(slot.day + dt.timedelta(days=1), dt.time(), zone)
        return None, None, midnight.astimezone(dt.UTC) - dt.timedelta(seconds=1)
    start = dt.datetime.combine(slot.day, slot.start, zone).astimezone(dt.UTC)
    if slot.end is None:
        return start, None, start
    end = dt.datetime.combine(slot.day, slot.end, zone).astimezone(dt.UTC)
    return start, end, end


# -- what is expected of a participant ------------------------------------------------------------
def _due_dates(course: Course, about: Person) -> Iterator[CalendarEntry]:
    for workbook in course.assignments:
        expected = due(course, workbook, about.person)
        if expected is None or workbook not in course.library.ids:
            continue
        local = expected.moment.astimezone(course.timezone)
        whole = local.time() == dt.time(23, 59, 59)
        yield CalendarEntry(
            id=f"due.{workbook}.{course.id}",
            kind="due",
            day=expected.day,
            start=None if whole else expected.moment,
            end=None,
            last=expected.moment,
            slot=Slot(expected.day, None if whole else local.time()),
            workbook=workbook,
            text=course.library[workbook].title,
            revision=extensions.changes(course, workbook, about.person),
        )


def _steps(course: Course, about: Person) -> Iterator[CalendarEntry]:
    for workbook in course.library.ids:
        definition = course.library[workbook]
        if not has_plan(definition) or definition.subject != "person":
            continue
        try:
            document = course.store.read(Subject.person(about.person), workbook)
        except UstazError:  # what is wrong with it is said where it is opened
            continue
        for planned in planned_rows(definition, document.answers):
            yield _step(course, workbook, planned, document.revision)


def _agreed(course: Course, about: Person) -> Iterator[CalendarEntry]:
    """Yield the next steps that were agreed in tutorials."""
    try:
        for agreed in tutorials.agreed_steps(course, about.person):
            yield _step(
                course, tutorials.WORKBOOK, agreed.step, agreed.revision, agreed.tutorial.id
            )
    except UstazError:  # as with a plan
        return


def _step(
    course: Course, workbook: str, planned: PlannedRow, revision: int, tutorial: str = ""
) -> CalendarEntry:
    slot = Slot(planned.due)
    return CalendarEntry(
        id=f"step.{tutorial or workbook}.{planned.table}.{planned.row}.{course.id}",
        kind="step",
        day=planned.due,
        start=None,
        end=None,
        last=span(slot, course.timezone)[2],
        slot=slot,
        workbook=workbook,
        table=planned.table,
        row=planned.row,
        text=planned.text,
        settled=planned.settled,
        answerable=bool(planned.status_column),
        revision=revision,
        tutorial=tutorial,
    )
