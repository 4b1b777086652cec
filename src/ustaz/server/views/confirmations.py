"""What another party confirmed about a document: recorded beside it, with name and time.

Never a tick in the owner's file. Taking one back is one more line; the history stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ustaz.base.ledger import Ledger
from ustaz.course import Course
from ustaz.course.identity import Identity
from ustaz.exchange.confirmations import standing
from ustaz.roster.former import name_of
from ustaz.server.access import may_confirm
from ustaz.server.http import HTTPProblem
from ustaz.workbook import Definition, definition_json


def fields_of(definition: Definition) -> Iterator[tuple[str, str, str]]:
    """Yield id, party and label of the fields that somebody else confirms."""
    for section in definition_json(definition)["sections"]:
        for field in section.get("fields") or ():
            if field.get("by"):
                yield field["id"], field["by"], field["label"]


def current(
    course: Course, person: str, workbook: str, say: Callable[[str], str] = str
) -> list[dict[str, Any]]:
    """Serialize the confirmations that stand now, in the order of the workbook's fields.

    `say` translates what stands for somebody whose name is gone.
    """
    return [
        {
            "field": confirmation.field,
            "value": True,
            "by": confirmation.by,
            "by_name": name_of(course.people, confirmation.by, say),
            "role": confirmation.role,
            "at": confirmation.at.isoformat(timespec="seconds"),
        }
        for confirmation in standing(course, course.library[workbook], person).values()
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
    party = {one: by for one, by, _ in fields_of(course.library[workbook])}.get(field)
    if party is None:
        raise HTTPProblem(404, "no_field")
    if not may_confirm(course, who, about, party):
        raise HTTPProblem(403, "not_yours")
    if (field in standing(course, course.library[workbook], about)) is not value:
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
    return {"confirmations": current(course, about, workbook, say)}
