"""From the short form of ``cast.yml`` to the changes that a page would have sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

Change = dict[str, Any]
Date = Callable[[int], str]

#: What a contact's cells are; where somebody stands may be left out.
CONTACT: Final = ("alias", "relation", "interest", "influence", "stance", "next_step")
RISK: Final = ("risk", "response")
VALUE: Final = ("value", "what_it_looks_like")
DATES: Final = ("start", "due", "done_on")


def row_id(prefix: str, number: int) -> str:
    """Return a row's id, the same in every demo course."""
    return f"{prefix}{number:05d}"


def day_of(start: dt.date) -> Date:
    """Return the function that turns a number of days into a date."""
    return lambda days: (start + dt.timedelta(days=days)).isoformat()


def contacts(people: Iterable[Iterable[Any]]) -> tuple[list[Change], dict[str, str]]:
    """Return the changes that write a people map, and the row of each short form."""
    rows = {alias: row_id("p", number) for number, (alias, *_) in enumerate(people)}
    changes = _rows(
        "people",
        (dict(zip(CONTACT, cells, strict=False)) for cells in people),
        "p",
    )
    return changes, rows


def focus(answers: Mapping[str, Any], *, until: str | None = None) -> list[Change]:
    """Return the changes that write a focus; `until` names the last field that is there yet."""
    changes: list[Change] = []
    for field, value in answers.items():
        if field == "values":
            changes += _rows(field, (dict(zip(VALUE, cells, strict=True)) for cells in value), "v")
        else:
            changes.append(_set(field, value))
        if field == until:
            break
    return changes


def plan(answers: Mapping[str, Any], rows: Mapping[str, str], day: Date) -> list[Change]:
    """Return the changes that write an action plan."""
    changes: list[Change] = []
    for field, value in answers.items():
        if field == "steps":
            changes += _rows(field, (_step(step, rows, day) for step in value), "s")
        elif field == "risks":
            changes += _rows(field, (dict(zip(RISK, cells, strict=True)) for cells in value), "r")
        elif field in {"start", "end"}:
            changes.append(_set(field, day(value)))
        elif field == "negotiated_with":
            changes.append(_set(field, [rows[alias] for alias in value]))
        else:
            changes.append(_set(field, value))
    return changes


def _step(step: Mapping[str, Any], rows: Mapping[str, str], day: Date) -> dict[str, Any]:
    cells = dict(step)
    for column in DATES:
        if column in cells:
            cells[column] = day(cells[column])
    cells["who"] = ["self" if alias == "self" else rows[alias] for alias in step["who"]]
    return cells


def _set(field: str, value: object) -> Change:
    return {"op": "set", "path": [field], "value": value}


def _rows(table: str, cells: Iterable[dict[str, Any]], prefix: str) -> list[Change]:
    changes: list[Change] = []
    after: str | None = None
    for number, value in enumerate(cells):
        row = row_id(prefix, number)
        changes.append({"op": "add_row", "path": [table, row], "after": after, "value": value})
        after = row
    return changes
