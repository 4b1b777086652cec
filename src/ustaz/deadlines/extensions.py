"""Extensions: a workbook is expected later from one person, a group or a school, for a reason.

Lines that are only ever added: who, until when, why, granted by whom. For a person they lie in
``shifts/<person>.jsonl``, for groups and schools in ``shifts/shared/``. The latest line about the
same one decides, and a line that takes another back names its number. What counts of them for
somebody is worked out in :mod:`ustaz.deadlines.due`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from ustaz.base.errors import UstazError
from ustaz.base.ids import PERSON_ID
from ustaz.base.ledger import Ledger
from ustaz.config_files.last_good import stat_key
from ustaz.course import Course
from ustaz.messages import N_

FOLDER: Final = "shifts"
SHARED: Final = "shared"
ALL: Final = "groups-and-schools"
SCOPES: Final = ("person", "group", "school")
MOST_REASON: Final = 300
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


class ShiftError(UstazError):
    """Nothing was changed, and the id says why."""

    exit_code = 12

    def __init__(self, id: str) -> None:
        message, hint = TEXTS[id]
        super().__init__(id, message, hint, exit_code=13 if id == "nobody" else 12)


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
        """Return what names it among all: ``aigul-s.3`` or ``.3`` for a group or school."""
        return f"{self.target if self.scope == 'person' else ''}.{self.number}"

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


def ledger(directory: Path, person: str = "") -> tuple[Ledger, str]:
    """Return the ledger and the name of the file with a person's lines, or the shared ones."""
    if person:
        return Ledger(directory / FOLDER), person
    return Ledger(directory / FOLDER / SHARED), ALL


# -- reading --------------------------------------------------------------------------------------
def of_person(course: Course, person: str) -> tuple[Shift, ...]:
    """Return the lines about one person, oldest first; no group's or school's."""
    return _read(course.dir, person) if PERSON_ID.match(person) else ()


def shared(course: Course) -> tuple[Shift, ...]:
    """Return the lines about groups and schools, oldest first."""
    return _read(course.dir, "")


def every(course: Course) -> list[Shift]:
    """Return all lines, the newest first."""
    files = sorted((course.dir / FOLDER).glob("*.jsonl"))
    personal = [shift for path in files for shift in of_person(course, path.stem)]
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


def _read(directory: Path, person: str) -> tuple[Shift, ...]:
    book, about = ledger(directory, person)
    try:
        key = stat_key(book.path(about))
    except PermissionError:  # a person's own account: only the course's may read it
        return ()
    return () if key is None else _parsed(directory, person, key)


@lru_cache(maxsize=1024)
def _parsed(directory: Path, person: str, _key: tuple[int, int, int]) -> tuple[Shift, ...]:
    book, about = ledger(directory, person)
    lines = list(book.entries(about))
    undone = {line["undo"]: line for line in lines if isinstance(line.get("undo"), int)}
    return tuple(_shifts(lines, undone, person))


def _shifts(
    lines: list[dict[str, Any]], undone: dict[int, dict[str, Any]], person: str
) -> Iterator[Shift]:
    for number, line in enumerate(lines, 1):
        scope, target = line.get("scope"), line.get("target")
        if scope not in SCOPES or not isinstance(target, str) or "undo" in line:
            continue
        if (scope == "person") != bool(person) or (person and target != person):
            continue
        try:
            until = dt.date.fromisoformat(str(line.get("until")))
        except ValueError:
            continue
        back = undone.get(number, {})
        yield Shift(
            number=number,
            scope=scope,
            target=target,
            workbook=str(line.get("workbook", "")),
            until=until,
            reason=str(line.get("reason", "")),
            by=str(line.get("by", "")),
            how=str(line.get("how", "")),
            at=str(line.get("at", "")),
            undone=bool(back),
            undone_by=str(back.get("by", "")),
            undone_at=str(back.get("at", "")),
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
    words = " ".join("".join(letter if letter.isprintable() else " " for letter in reason).split())
    if not words:
        raise ShiftError("no_reason")
    book, about = ledger(course.dir, target if scope == "person" else "")
    line = {
        "scope": scope,
        "target": target,
        "workbook": workbook,
        "until": until.isoformat(),
        "reason": words[:MOST_REASON],
        "by": by,
        "how": how,
    }
    book.append(about, line)


def undo(course: Course, key: str, *, by: str, how: str) -> Shift:
    """Take an extension back by one more line; return what was taken back."""
    person, _, text = key.rpartition(".")
    lines = of_person(course, person) if person else shared(course)
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
    shift = next((line for line in lines if line.number == number and not line.undone), None)
    if shift is None:
        raise ShiftError("no_shift")
    book, about = ledger(course.dir, person)
    book.append(about, {"undo": number, "by": by, "how": how})
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
            line = {"scope": scope, "target": into, "workbook": workbook, "reason": shift.reason}
            book, about = ledger(course.dir)
            book.append(about, {**line, "until": shift.until.isoformat(), "by": by, "how": how})
