"""Check-ins: two talks a year between facilitators and director, recorded by either side.

In ``schools/check-ins.jsonl``; who wrote a line may strike it out again.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from ustaz.base.errors import KnownError
from ustaz.course import Course
from ustaz.deadlines.scoped import whole_line
from ustaz.messages import N_
from ustaz.schools.agreements import ledger

CHECK_INS: Final = "check-ins"
A_YEAR: Final = 2
MOST_TEXT: Final = 600


class CheckInError(KnownError):
    """Nothing was written, and the id says why."""

    texts: ClassVar[Mapping[str, tuple[str, str]]] = {
        "check_in_day": (
            N_("Nothing is saved yet: choose a day of this course that is not in the future."),
            N_("What you wrote stands below."),
        ),
        "check_in_text": (
            N_("Nothing is saved yet: say in one to six sentences what you agreed, with at most 600"
               " letters."),
            N_("What you wrote stands below."),
        ),
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class CheckIn:
    """One talk.

    Attributes
    ----------
    id, school, text : str
    day : date
    by, side, at : str
        Who wrote it down, ``director`` or ``facilitator``, and when.
    """

    id: str
    school: str
    text: str
    day: dt.date
    by: str
    side: str
    at: str


def read(course: Course, school: str) -> list[CheckIn]:
    """Return the check-ins of a school, the oldest first."""
    known: dict[str, CheckIn] = {}
    for line in ledger(course).entries(CHECK_INS):
        id = str(line.get("id"))
        if line.get("do") == "strike":
            known.pop(id, None)
        elif line.get("do") == "check_in" and line.get("school") == school:
            try:
                day = dt.date.fromisoformat(str(line.get("day")))
            except ValueError:
                continue
            text, by, side, at = (str(line.get(key, "")) for key in ("text", "by", "side", "at"))
            known[id] = CheckIn(id, school, text, day, by, side, at)
    return sorted(known.values(), key=lambda check_in: (check_in.day, check_in.at))


def add(course: Course, school: str, day: str, text: str, *, by: str, side: str) -> None:
    """Record a check-in; the same one sent twice stands once.

    Raises
    ------
    CheckInError
    """
    try:
        when = dt.date.fromisoformat(day)
    except ValueError:
        raise CheckInError("check_in_day") from None
    if not course.start - dt.timedelta(days=60) <= when <= course.today():
        raise CheckInError("check_in_day")
    words = whole_line(text, MOST_TEXT)
    if not words:
        raise CheckInError("check_in_text")
    if any((known.day, known.text) == (when, words) for known in read(course, school)):
        return
    line = {"do": "check_in", "id": secrets.token_hex(6), "school": school, "text": words}
    ledger(course).append(CHECK_INS, {**line, "day": when.isoformat(), "by": by, "side": side})


def strike(course: Course, school: str, id: str, *, by: str) -> None:
    """Strike out a check-in; only who wrote it down can."""
    if any((known.id, known.by) == (id, by) for known in read(course, school)):
        ledger(course).append(CHECK_INS, {"do": "strike", "id": id, "by": by})
