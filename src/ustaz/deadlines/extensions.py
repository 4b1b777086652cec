"""Extensions: a workbook is expected later from one person, a group or a school, for a reason.

Lines that are only ever added (:mod:`ustaz.deadlines.scoped`): who, until when, why, granted by
whom. The latest line about the same one decides. What counts of them for somebody is worked out in
:mod:`ustaz.deadlines.due`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from ustaz.course import Course
from ustaz.deadlines import scoped
from ustaz.deadlines.scoped import SCOPES, ScopedError, ScopedLine, one_line
from ustaz.messages import N_

#: An extension may outlive the course: somebody repeats a part in the year after.
AFTER_THE_END: Final = dt.timedelta(days=731)

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "no_due_date": (
        N_("The calendar names no day for this workbook, so there is nothing to extend."),
        N_("Enter the day in ustaz.toml, under [calendar.due]."),
    ),
    "unknown_workbook": (
        N_("There is no such workbook in this course."),
        N_("Choose one of those that are handed in."),
    ),
    "bad_scope": (
        N_("An extension is for one person, one group or one school."),
        N_("Nothing was changed. Choose one of them."),
    ),
    "nobody": (
        N_("There is no such person, group or school in this course."),
        N_("Nothing was changed. Choose one from the list of people."),
    ),
    "bad_day": (
        N_("This is not a day on which the workbook can be expected."),
        N_("Write it as 2026-11-23; not later than two years after the end of the course."),
    ),
    "not_later": (
        N_("This day is not later than the day in the calendar."),
        N_("An extension gives time and never takes it. Nothing was changed."),
    ),
    "no_reason": (
        N_("An extension needs a reason."),
        N_("One short sentence is enough. Only course staff and the person read it."),
    ),
    "no_shift": (
        N_("There is no such extension, or it was taken back already."),
        N_("Load the list again."),
    ),
}


class ShiftError(ScopedError):
    """Nothing was changed, and the id says why."""

    texts = TEXTS


@dataclass(frozen=True, slots=True)
class Shift:
    """One extension.

    Attributes
    ----------
    number : int
        Its line in the file, from 1; never changes.
    scope : str
        One of :data:`SCOPES`.
    target : str
        A person's id, or the name of a group or school as the roster has it.
    workbook : str
    until : date
        The last day, the whole of it, where the course is.
    reason : str
        For course staff and the person.
    by : str
        Who granted it: a person id; empty for the command line of an unknown account.
    how : str
        ``page`` or ``command``.
    at : str
        ISO 8601.
    undone : bool
        Taken back by a later line.
    undone_by, undone_at : str
        By whom, and when.
    """

    number: int
    scope: str
    target: str
    workbook: str
    until: dt.date
    reason: str
    by: str
    how: str
    at: str
    undone: bool = False
    undone_by: str = ""
    undone_at: str = ""

    @property
    def key(self) -> str:
        """Return what names it among all."""
        return scoped.key_of(self.scope, self.target, self.number)

    def to_json(self) -> dict[str, Any]:
        """Return it for programs."""
        return {
            "id": self.key,
            "scope": self.scope,
            "target": self.target,
            "workbook": self.workbook,
            "until": self.until.isoformat(),
            "reason": self.reason,
            "by": self.by,
            "how": self.how,
            "at": self.at,
            "undone": self.undone,
        }


# -- reading --------------------------------------------------------------------------------------
def of_person(course: Course, person: str) -> tuple[Shift, ...]:
    """Return the lines about one person, oldest first; no group's or school's."""
    return scoped.read(course, person, _shifts) if person else ()


def shared(course: Course) -> tuple[Shift, ...]:
    """Return the lines about groups and schools, oldest first."""
    return scoped.read(course, "", _shifts)


def every(course: Course) -> list[Shift]:
    """Return all lines, the newest first."""
    people = scoped.people_with_lines(course)
    personal = [shift for person in people for shift in of_person(course, person)]
    return sorted(
        [*personal, *shared(course)], key=lambda shift: (shift.at, shift.number), reverse=True
    )


def changes(course: Course, workbook: str, person: str) -> int:
    """Return how often time was given or taken back that may concern a person; it only grows."""
    lines = (*of_person(course, person), *shared(course))
    return sum(1 + line.undone for line in lines if line.workbook == workbook)


def standing(lines: Iterable[Shift]) -> dict[tuple[str, str, str], Shift]:
    """Return what stands of them: the latest line for each scope, target and workbook."""
    latest: dict[tuple[str, str, str], Shift] = {}
    for line in sorted(lines, key=lambda line: line.number):
        if not line.undone:
            latest[line.scope, line.target, line.workbook] = line
    return latest


def _shifts(lines: tuple[ScopedLine, ...]) -> tuple[Shift, ...]:
    return tuple(shift for line in lines if (shift := _shift(line)) is not None)


def _shift(line: ScopedLine) -> Shift | None:
    try:
        until = dt.date.fromisoformat(line.text("until"))
    except ValueError:
        return None  # of a meeting that was moved
    return Shift(
        number=line.number,
        scope=line.scope,
        target=line.target,
        workbook=line.text("workbook"),
        until=until,
        reason=line.text("reason"),
        by=line.text("by"),
        how=line.text("how"),
        at=line.text("at"),
        undone=bool(line.back),
        undone_by=str(line.back.get("by", "")),
        undone_at=str(line.back.get("at", "")),
    )


# -- writing --------------------------------------------------------------------------------------
def extend(
    course: Course,
    workbook: str,
    scope: str,
    target: str,
    until: dt.date,
    reason: str,
    *,
    by: str,
    how: str,
) -> None:
    """Append an extension.

    Raises
    ------
    ShiftError
        Nothing was changed.
    """
    if workbook not in course.assignments or workbook not in course.library.ids:
        raise ShiftError("unknown_workbook")
    named = course.settings.due.get(workbook)
    if named is None:
        raise ShiftError("no_due_date")
    if scope not in SCOPES:
        raise ShiftError("bad_scope")
    if target not in targets(course)[scope]:
        raise ShiftError("nobody")
    if not dt.date.min < until <= course.end + AFTER_THE_END:
        raise ShiftError("bad_day")
    if until <= (named.date() if isinstance(named, dt.datetime) else named):
        raise ShiftError("not_later")
    words = one_line(reason)
    if not words:
        raise ShiftError("no_reason")
    scoped.append(
        course,
        scope,
        target,
        workbook=workbook,
        until=until.isoformat(),
        reason=words,
        by=by,
        how=how,
    )


def undo(course: Course, key: str, *, by: str, how: str) -> Shift:
    """Take an extension back by one more line; return what was taken back."""
    person, number = scoped.place_of(key)
    lines = of_person(course, person) if person else shared(course)
    shift = next((line for line in lines if line.number == number and not line.undone), None)
    if shift is None:
        raise ShiftError("no_shift")
    scoped.take_back(course, key, by=by, how=how)
    return shift


def targets(course: Course) -> dict[str, list[str]]:
    """Return the people, groups and schools to whom time can be given, by scope."""
    people = course.taking_part()
    return {
        "person": [person.person for person in people],
        "group": sorted({group for person in people for group in person.groups}),
        "school": sorted({person.school for person in people if person.school}),
    }


def carry(
    course: Course, scope: str, names: Iterable[str], into: str, *, by: str, how: str
) -> None:
    """Let what was granted to spellings of one group or school hold for the one that stays."""
    held = standing(shared(course))
    latest: dict[str, Shift] = {}
    for shift in sorted(held.values(), key=lambda shift: (shift.until, shift.target == into)):
        if shift.scope == scope and shift.target in {*names, into}:
            latest[shift.workbook] = shift
    for workbook, shift in latest.items():
        if shift.target != into:
            scoped.append(
                course,
                scope,
                into,
                workbook=workbook,
                reason=shift.reason,
                until=shift.until.isoformat(),
                by=by,
                how=how,
            )
