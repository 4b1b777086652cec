"""Which rows of a plan are past their date.

``widgets/ustaz_widgets/plan`` says the same on the page; both are tested on
``tests/vectors/plan_late.json``. A plan is a table with ``component: plan``; which column plays
which part follows from the columns, as its README says.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from ustaz.workbook.evaluation import Answers
from ustaz.workbook.kinds import serves
from ustaz.workbook.kinds.date import is_date
from ustaz.workbook.model import Definition, Field

COMPONENT: Final = "plan"
#: Nothing more is expected of such a row.
SETTLED: Final = frozenset({"done", "changed", "dropped"})
#: A date beyond them is a slip of the keyboard.
YEARS: Final = ("1990-01-01", "2199-12-31")


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """One row of a plan that has a date.

    Attributes
    ----------
    table, row : str
        Ids.
    text : str
        Its title, in its writer's words; may be empty.
    start : date or None
        Where it has one, and that is not after `due`.
    due : date
    settled : bool
        Done, changed or dropped.
    status : str
        Id of its status; empty where none was chosen.
    status_column, done_column : str
        Where the status stands, and the day on which it was done; empty where there is no such
        column.
    done : date or None
        The day on which it was done.
    note : str
        What its writer says has happened.
    """

    table: str
    row: str
    text: str
    start: dt.date | None
    due: dt.date
    settled: bool
    status: str
    status_column: str
    done_column: str
    done: dt.date | None
    note: str


def has_plan(definition: Definition) -> bool:
    """Tell whether a workbook has a plan."""
    return any(table.component == COMPONENT for table in definition.fields)


def planned_rows(definition: Definition, answers: Answers) -> list[PlannedRow]:
    """Return the rows of a workbook's plans that have a date, in their order."""
    return [
        planned
        for table in definition.fields
        if table.component == COMPONENT
        for planned in rows_of(table, answers.get(table.id) or [])
    ]


def rows_of(table: Field, rows: list[dict[str, Any]]) -> Iterator[PlannedRow]:
    """Yield the rows of a table of steps that have a date, in their order."""
    due, status = _due(table), _status(table)
    if due is None:
        return
    title = next(iter(_plain(table, "title")), table.columns[0])
    column = status.id if status is not None else ""
    first, done_column = _plain(table, "date")[0], _done_column(table, column)
    note = _note(table, column)
    for row in rows:
        day = _day(row, due.id)
        if day is None:
            continue
        text, chosen = row.get(title.id), row.get(column)
        begins = _day(row, first.id) if first is not due else None
        happened = row.get(note)
        yield PlannedRow(
            table=table.id,
            row=str(row["id"]),
            text=text if isinstance(text, str) else "",
            start=begins if begins is not None and begins <= day else None,
            due=day,
            settled=chosen in SETTLED,
            status=chosen if isinstance(chosen, str) else "",
            status_column=column,
            done_column=done_column,
            done=_day(row, done_column) if chosen == "done" else None,
            note=happened if isinstance(happened, str) else "",
        )


def _day(row: dict[str, Any], column: str) -> dt.date | None:
    """Return a day that is no slip of the keyboard."""
    day = row.get(column)
    if not isinstance(day, str) or not is_date(day) or not YEARS[0] <= day <= YEARS[1]:
        return None
    return dt.date.fromisoformat(day)


def _note(table: Field, status: str) -> str:
    """Return the text that is asked for where the status says that something went otherwise."""
    notes = (
        column.id
        for column in table.columns
        if serves(column, "title")
        and column.required_when is not None
        and column.required_when.field == status
    )
    return next(notes, "") if status else ""


def _done_column(table: Field, status: str) -> str:
    """Return the date that is asked for where the status is ``done``."""
    dates = (column for column in table.columns if serves(column, "date"))
    asked = (
        column.id
        for column in dates
        if column.shown_when is not None
        and column.shown_when.field == status
        and "done" in column.shown_when.values
    )
    return next(asked, "") if status else ""


def late_rows(definition: Definition, answers: Answers, today: dt.date) -> list[tuple[str, str]]:
    """Return table and row id of every row of a plan that is past its date and not settled."""
    return [
        (table.id, row["id"])
        for table in definition.fields
        if table.component == COMPONENT
        for row in _late(table, answers.get(table.id) or [], today.isoformat())
    ]


def _late(table: Field, rows: list[dict[str, Any]], today: str) -> Iterator[dict[str, Any]]:
    due, status = _due(table), _status(table)
    # Without a way to say "done", "late" would be a reproach that cannot be answered.
    if due is None or status is None:
        return
    for row in rows:
        day = row.get(due.id)
        if not isinstance(day, str) or not is_date(day) or row.get(status.id) in SETTLED:
            continue
        if YEARS[0] <= day <= YEARS[1] and day < today:
            yield row


def _plain(table: Field, role: str) -> list[Field]:
    return [
        column for column in table.columns if serves(column, role) and column.shown_when is None
    ]


def _due(table: Field) -> Field | None:
    """Return the second date that is always shown, or the only one."""
    dates = _plain(table, "date")
    return dates[1] if len(dates) > 1 else next(iter(dates), None)


def _status(table: Field) -> Field | None:
    """Return the choice named ``status``, or the first one that offers ``done``."""
    title = next(iter(_plain(table, "title")), table.columns[0])
    choices = [column for column in _plain(table, "option") if column is not title]
    named = next((choice for choice in choices if choice.id == "status"), None)
    return named or next((choice for choice in choices if "done" in choice.option_ids), None)
