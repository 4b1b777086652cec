"""The workbooks of the year, as the cast wrote them: from ``year.yml`` to changes of a page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from ustaz.demo._answers import Change, row_id
from ustaz.demo._events import YEAR
from ustaz.workbook import Definition, Field
from ustaz.workbook.kinds import serves

SOURCE: Final = Path(__file__).parent / "year.yml"
#: Days of the programme by which the workbooks are expected that come after the plan.
DUE: Final = {"half-way-review": 150, "vignette": 235, "portfolio": 252}


@dataclass(frozen=True, slots=True)
class Writing:
    """One workbook as somebody has written it.

    Attributes
    ----------
    workbook : str
    day : int
        Of the programme, when it was written.
    ready : bool
        Marked as ready.
    sent : int or None
        The day on which it was handed in.
    answers : dict
        In the short form of ``year.yml``.
    """

    workbook: str
    day: int
    answers: Mapping[str, Any]
    ready: bool = False
    sent: int | None = None


@cache
def _source() -> dict[str, dict[str, dict[str, Any]]]:
    people: dict[str, dict[str, dict[str, Any]]] = yaml.safe_load(
        SOURCE.read_text(encoding="utf-8")
    )
    return people


def writings(person: str) -> Iterator[Writing]:
    """Yield what somebody has written in the year's workbooks, in the order of the days."""
    own = [Writing(workbook, **entry) for workbook, entry in _source().get(person, {}).items()]
    yield from sorted(own, key=lambda writing: writing.day)


def changes(
    definition: Definition, answers: Mapping[str, Any], rows: Mapping[str, str], start: dt.date
) -> list[Change]:
    """Return the changes that write `answers`.

    Parameters
    ----------
    definition : Definition
    answers : mapping
        People stand by their short form, dates as days of the programme or as a meeting's id.
    rows : mapping
        Short form -> row of the people map.
    start : date
        First day of the programme.
    """
    result: list[Change] = []
    for field_id, value in answers.items():
        field = definition.field(field_id)
        if field.columns:
            result += _rows(field, value, lambda inner, cell: _value(inner, cell, rows, start))
        else:
            path = [field_id]
            result.append({"op": "set", "path": path, "value": _value(field, value, rows, start)})
    return result


def _rows(
    table: Field, cells: list[Mapping[str, Any]], read: Callable[[Field, Any], Any]
) -> Iterator[Change]:
    columns = {column.id: column for column in table.columns}
    after: str | None = None
    for number, entry in enumerate(cells):
        row = row_id(table.id[0], number)
        value = {name: read(columns[name], cell) for name, cell in entry.items()}
        yield {"op": "add_row", "path": [table.id, row], "after": after, "value": value}
        after = row


def _value(field: Field, value: Any, rows: Mapping[str, str], start: dt.date) -> Any:  # noqa: ANN401
    if field.from_:
        return [rows[alias] for alias in value]
    if serves(field, "date"):
        return _day(value, start)
    return value


def _day(value: int | str, start: dt.date) -> str:
    if isinstance(value, str):
        meeting = next(planned for planned in YEAR if planned.id == value)
        return meeting.event(start).slot.day.isoformat()
    return (start + dt.timedelta(days=value)).isoformat()
