"""Moved meetings: for one person, a group or a school an event has another time, for a reason.

Lines that are only ever added, in the files of extensions (:mod:`ustaz.deadlines.extensions`) and
under the same numbers. A line says the whole of when and where; the latest one about the same
person, group or school decides, and a line that takes another back names its number.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from ustaz.base.errors import UstazError
from ustaz.base.ids import PERSON_ID
from ustaz.config_files.last_good import stat_key
from ustaz.course import Course
from ustaz.course.events import Event, Slot, clock_time, is_meeting_link
from ustaz.deadlines.extensions import MOST_REASON, SCOPES, ledger, targets
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


class MoveError(UstazError):
    """Nothing was changed, and the id says why."""

    exit_code = 12

    def __init__(self, id: str) -> None:
        message, hint = TEXTS[id]
        super().__init__(id, message, hint, exit_code=13 if id == "nobody" else 12)


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
        return f"{self.target if self.scope == 'person' else ''}.{self.number}"


@dataclass(frozen=True, slots=True)
class Moves:
    """The lines of one file: of a person, or of groups and schools.

    Attributes
    ----------
    lines : tuple of Move
        Oldest first.
    latest : dict
        Scope, target, event -> the line that counts.
    changes : dict
        Event -> how many lines were ever written about it, taking back included.
    """

    lines: tuple[Move, ...] = ()
    latest: dict[tuple[str, str, str], Move] | None = None
    changes: dict[str, int] | None = None

    def for_(self, scope: str, target: str, event: str) -> Move | None:
        """Return the line that counts."""
        return (self.latest or {}).get((scope, target, event))

    def count(self, event: str) -> int:
        """Return how often an event was moved, or moved back."""
        return (self.changes or {}).get(event, 0)


def of_person(course: Course, person: str) -> Moves:
    """Return the lines about one person."""
    return _read(course.dir, person) if PERSON_ID.match(person) else Moves()


def shared(course: Course) -> Moves:
    """Return the lines about groups and schools."""
    return _read(course.dir, "")


def every(course: Course) -> list[Move]:
    """Return all lines that stand, the newest first."""
    files = sorted((course.dir / "shifts").glob("*.jsonl"))
    personal = [move for path in files for move in of_person(course, path.stem).lines]
    lines = [move for move in (*personal, *shared(course).lines) if not move.undone]
    return sorted(lines, key=lambda move: (move.at, move.number), reverse=True)


def _read(directory: Path, person: str) -> Moves:
    book, about = ledger(directory, person)
    try:
        key = stat_key(book.path(about))
    except PermissionError:  # a person's own account: only the course's may read it
        return Moves()
    return Moves() if key is None else _parsed(directory, person, key)


@lru_cache(maxsize=1024)
def _parsed(directory: Path, person: str, _key: tuple[int, int, int, int]) -> Moves:
    book, about = ledger(directory, person)
    lines = list(book.entries(about))
    undone = {line["undo"] for line in lines if isinstance(line.get("undo"), int)}
    moves = tuple(_moves(lines, undone, person))
    changes: dict[str, int] = {}
    for move in moves:
        changes[move.event] = changes.get(move.event, 0) + (2 if move.undone else 1)
    latest = {(move.scope, move.target, move.event): move for move in moves if not move.undone}
    return Moves(moves, latest, changes)


def _moves(lines: list[dict[str, Any]], undone: set[int], person: str) -> Iterator[Move]:
    for number, line in enumerate(lines, 1):
        scope, target, event = line.get("scope"), line.get("target"), line.get("event")
        if scope not in SCOPES or not isinstance(target, str) or not isinstance(event, str):
            continue
        if (scope == "person") != bool(person) or (person and target != person):
            continue
        slot = _slot(line)
        if slot is not None:
            yield Move(
                number=number,
                scope=scope,
                target=target,
                event=event,
                slot=slot,
                reason=str(line.get("reason", "")),
                by=str(line.get("by", "")),
                at=str(line.get("at", "")),
                undone=number in undone,
            )


def _slot(line: dict[str, Any]) -> Slot | None:
    try:
        day = dt.date.fromisoformat(str(line.get("day")))
    except ValueError:
        return None
    start, end = (clock_time(str(line.get(key, ""))) for key in ("start", "end"))
    place, link = (str(line.get(key, "")) for key in ("place", "link"))
    return Slot(day, start, end, place, link, line.get("cancelled") is True)


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
    book, about = ledger(course.dir, target if scope == "person" else "")
    line = {"scope": scope, "target": target, "event": event.id, "reason": words, "by": by}
    book.append(about, line | slot.to_json())


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
    person, move_ = standing_move(course, key)
    book, about = ledger(course.dir, person)
    book.append(about, {"undo": move_.number, "by": by})


def standing_move(course: Course, key: str) -> tuple[str, Move]:
    """Return whose file a move is in (empty for groups and schools), and the move."""
    person, _, text = key.rpartition(".")
    moves = of_person(course, person) if person else shared(course)
    lines = (move for move in moves.lines if str(move.number) == text and not move.undone)
    move_ = next(lines, None)
    if move_ is None:
        raise MoveError("no_move")
    return person, move_


def check_slot(slot: Slot) -> None:
    """Refuse a time or an address that no calendar can hold."""
    if slot.end is not None and (slot.start is None or slot.end <= slot.start):
        raise MoveError("bad_time")
    if slot.link and not is_meeting_link(slot.link):
        raise MoveError("bad_link")


def one_line(text: str, most: int = MOST_REASON) -> str:
    """Return a text of one line, without what cannot be printed."""
    words = "".join(letter if letter.isprintable() else " " for letter in text).split()
    return " ".join(words)[:most]
