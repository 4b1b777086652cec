"""What another party confirmed about a document: recorded beside it, with name and time.

Never a tick in the owner's file. Taking one back is one more line; the history stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ustaz.base.ledger import Ledger
from ustaz.course import Course
from ustaz.course.identity import Identity
from ustaz.roster.former import name_of
from ustaz.server.access import may_confirm
from ustaz.server.http import HTTPProblem
from ustaz.server.i18n import zoned
from ustaz.workbook import Definition, definition_json


def fields_of(definition: Definition) -> Iterator[tuple[str, str, str]]:
    """Yield id, party and label of the fields that somebody else confirms."""
    for section in definition_json(definition)["sections"]:
        for field in section.get("fields") or ():
            if field.get("by"):
                yield field["id"], field["by"], field["label"]


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
    latest: dict[str, dict[str, Any]] = {}
    for line in ledger.entries(person):
        if line.get("workbook") == workbook and isinstance(line.get("field"), str):
            latest[line["field"]] = line
    people = course.people
    found = []
    for field, _, _ in fields_of(course.library[workbook]):
        line = latest.get(field, {})
        if line.get("value") is True:
            by = str(line.get("by", ""))
            found.append(
                {
                    "field": field,
                    "value": True,
                    "by": by,
                    "by_name": name_of(people, by, say),
                    "role": line.get("role"),
                    "at": zoned(str(line.get("at", "")), course.timezone),
                }
            )
    return found


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
    now = {one["field"]: one for one in current(ledger, course, about, workbook)}
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
