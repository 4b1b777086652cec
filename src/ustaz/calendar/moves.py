"""Moved meetings: for one person, a group or a school an event has another time, for a reason.

Lines that are only ever added, in the files of extensions and under the same numbers
(:mod:`ustaz.deadlines.scoped`). A line says the whole of when and where; the latest one about the
same person, group or school decides.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from ustaz.course import Course
from ustaz.course.events import Event, Slot, clock_time, is_meeting_link
from ustaz.deadlines import scoped
from ustaz.deadlines.extensions import targets
from ustaz.deadlines.scoped import SCOPES, ScopedError, ScopedLine, one_line
from ustaz.messages import N_

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "no_event": (
        N_("There is no such meeting in the calendar."),
        N_("Nothing was changed. Load the page again."),
    ),
    "bad_scope": (
        N_("A meeting is moved for one person, one group or one school."),
        N_("Nothing was changed. Choose one of them."),
    ),
    "nobody": (
        N_("There is no such person, group or school in this course."),
        N_("Nothing was changed. Choose one from the list of people."),
    ),
    "bad_time": (
        N_("This is not a day and a time as the calendar has them."),
        N_("Nothing was changed. Write times as 14:30; the end comes after the start."),
    ),
    "bad_link": (
        N_("This is not an address of a meeting."),
        N_("Nothing was changed. It begins with https://."),
    ),
    "no_reason": (
        N_("Whoever finds the new time wants to know why."),
        N_("Nothing was changed. One short sentence is enough; everybody concerned reads it."),
    ),
    "no_move": (
        N_("There is no such change, or it was taken back already."),
        N_("Load the list again."),
    ),
}


class MoveError(ScopedError):
    """Nothing was changed, and the id says why."""

    texts = TEXTS


@dataclass(frozen=True, slots=True)
class Move:
    """One line.

    Attributes
    ----------
    number : int
        Its line in the file, from 1; never changes.
    scope : str
        ``person``, ``group`` or ``school``.
    target : str
        A person's id, or the name of a group or school as the roster had it.
    event : str
    slot : Slot
        The whole of when and where it is then.
    reason : str
        For everybody whom it concerns.
    by, at : str
        Who moved it, and when (ISO 8601).
    undone : bool
    """

    number: int
    scope: str
    target: str
    event: str
    slot: Slot
    reason: str
    by: str
    at: str
    undone: bool = False

    @property
    def key(self) -> str:
        """Return what names it among all, as for an extension."""
        return scoped.key_of(self.scope, self.target, self.number)


@dataclass(frozen=True, slots=True)
class Moves:
    """The lines of one file: of a person, or of groups and schools.

    Attributes
    ----------
    lines : tuple of Move
        Oldest first.
    latest : mapping
        Scope, target, event -> the line that counts.
    changes : mapping
        Event -> how many lines were ever written about it, taking back included.
    """

    lines: tuple[Move, ...] = ()
    latest: Mapping[tuple[str, str, str], Move] = field(default_factory=dict)
    changes: Mapping[str, int] = field(default_factory=dict)

    def for_(self, scope: str, target: str, event: str) -> Move | None:
        """Return the line that counts."""
        return self.latest.get((scope, target, event))

    def count(self, event: str) -> int:
        """Return how often an event was moved, or moved back."""
        return self.changes.get(event, 0)


def of_person(course: Course, person: str) -> Moves:
    """Return the lines about one person."""
    return scoped.read(course, person, _moves) if person else Moves()


def shared(course: Course) -> Moves:
    """Return the lines about groups and schools."""
    return scoped.read(course, "", _moves)


def every(course: Course) -> list[Move]:
    """Return all lines that stand, the newest first."""
    people = scoped.people_with_lines(course)
    personal = [move for person in people for move in of_person(course, person).lines]
    lines = [move for move in (*personal, *shared(course).lines) if not move.undone]
    return sorted(lines, key=lambda move: (move.at, move.number), reverse=True)


def _moves(lines: tuple[ScopedLine, ...]) -> Moves:
    moves = tuple(move for line in lines if (move := _move(line)) is not None)
    changes: dict[str, int] = {}
    for move in moves:
        changes[move.event] = changes.get(move.event, 0) + (2 if move.undone else 1)
    latest = {(move.scope, move.target, move.event): move for move in moves if not move.undone}
    return Moves(moves, latest, changes)


def _move(line: ScopedLine) -> Move | None:
    event, slot = line.values.get("event"), _slot(line)
    if not isinstance(event, str) or slot is None:
        return None  # of an extension
    return Move(
        number=line.number,
        scope=line.scope,
        target=line.target,
        event=event,
        slot=slot,
        reason=line.text("reason"),
        by=line.text("by"),
        at=line.text("at"),
        undone=bool(line.back),
    )


def _slot(line: ScopedLine) -> Slot | None:
    try:
        day = dt.date.fromisoformat(line.text("day"))
    except ValueError:
        return None
    start, end = (clock_time(line.text(key)) for key in ("start", "end"))
    cancelled = line.values.get("cancelled") is True
    return Slot(day, start, end, line.text("place"), line.text("link"), cancelled)


# -- writing --------------------------------------------------------------------------------------
def move(
    course: Course, event: Event, scope: str, target: str, slot: Slot, reason: str, *, by: str
) -> None:
    """Append a line: for these people the event is then and there.

    Raises
    ------
    MoveError
        Nothing was changed.
    """
    if scope not in SCOPES:
        raise MoveError("bad_scope")
    if target not in targets(course)[scope] and not _leads(course, scope, target):
        raise MoveError("nobody")
    words = one_line(reason)
    if not words:
        raise MoveError("no_reason")
    check_slot(slot)
    scoped.append(course, scope, target, event=event.id, reason=words, by=by, **slot.to_json())


def _leads(course: Course, scope: str, target: str) -> bool:
    return scope == "person" and target in {
        person.person for person in course.taking_part("facilitator")
    }


def take_back(course: Course, key: str, *, by: str) -> None:
    """Take a move back by one more line.

    Raises
    ------
    MoveError
        ``no_move``: there is no such line, or it was taken back.
    """
    standing_move(course, key)
    scoped.take_back(course, key, by=by)


def standing_move(course: Course, key: str) -> Move:
    """Return a move that stands."""
    person, number = scoped.place_of(key)
    moves = of_person(course, person) if person else shared(course)
    lines = (move for move in moves.lines if move.number == number and not move.undone)
    standing = next(lines, None)
    if standing is None:
        raise MoveError("no_move")
    return standing


def check_slot(slot: Slot) -> None:
    """Refuse a time or an address that no calendar can hold."""
    if slot.end is not None and (slot.start is None or slot.end <= slot.start):
        raise MoveError("bad_time")
    if slot.link and not is_meeting_link(slot.link):
        raise MoveError("bad_link")
