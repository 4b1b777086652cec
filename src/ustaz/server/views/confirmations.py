"""What another party confirmed about a document: recorded beside it, with name and time.

Never a tick in the owner's file. Taking one back is one more line; the history stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ustaz.base import clock
from ustaz.base.ledger import Ledger
from ustaz.course import Course
from ustaz.course.identity import Identity
from ustaz.exchange.confirmations import parties, standing
from ustaz.roster.former import name_of
from ustaz.server.access import may_confirm
from ustaz.server.http import HTTPProblem
from ustaz.workbook import Definition


def fields_of(definition: Definition) -> Iterator[tuple[str, str, str]]:
    """Yield id, party and label of the fields that somebody else confirms."""
    for field, party in parties(definition).items():
        yield field, party, definition.field(field).label


def current(
    ledger: Ledger,
    course: Course,
    person: str,
    workbook: str,
    say: Callable[[str], str] = str,
) -> list[dict[str, Any]]:
    """Return the confirmations that stand now, in the order of the workbook's fields.

    `say` translates what is said of somebody whose name is gone.
    """
    people = course.people
    return [
        {
            "field": known.field,
            "value": True,
            "by": known.by,
            "by_name": name_of(people, known.by, say),
            "role": known.role,
            "own_word": known.own_word,
            "at": clock.stamp(known.at, course.timezone),
        }
        for known in standing(course.library[workbook], ledger.entries(person)).values()
    ]


def record(
    ledger: Ledger,
    course: Course,
    who: Identity,
    *,
    about: str,
    workbook: str,
    field: str,
    value: bool,
    say: Callable[[str], str] = str,
) -> dict[str, Any]:
    """Record that `who` confirms a field of somebody's workbook, or takes it back."""
    party = parties(course.library[workbook]).get(field)
    if party is None:
        raise HTTPProblem(404, "no_field")
    if not may_confirm(course, who, about, party):
        raise HTTPProblem(403, "not_yours")
    now = standing(course.library[workbook], ledger.entries(about))
    if (field in now) is not value:
        role = "facilitator" if who.has("facilitator") else "director"
        ledger.append(
            about,
            {
                "workbook": workbook,
                "field": field,
                "value": value,
                "by": who.person,
                "role": role,
            },
        )
    return {"confirmations": current(ledger, course, about, workbook, say)}
