"""What happened when in a project, out of its workbooks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ustaz.workbook import Definition, planned_rows
from ustaz.workbook.kinds import serves
from ustaz.workbook.kinds.date import is_date
from ustaz.workbook.late import YEARS
from ustaz.workbook.model import Field

Json = Mapping[str, Any]
#: Every kind of event, in the order of the picture's lanes; of one day, in the order of the list.
KINDS: Final = (
    "concern",
    "meeting",
    "event",
    "consultation",
    "step",
    "entry",
    "evidence",
    "review",
    "round",
)
#: How a step stands.
STATES: Final = ("open", "begun", "late", "done", "changed", "dropped")


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened, or is planned, on a day.

    Attributes
    ----------
    kind : str
        One of :data:`KINDS`.
    day : date
        Of a step: the day by which it was planned.
    text : str
        In the writer's own words; may be empty.
    title : str
        Our own words, translated already: a workbook's title, what a meeting is called.
    start : date or None
        Of a step: when it begins.
    state : str
        Of a step, one of :data:`STATES`; else empty.
    done : date or None
        Of a step: when it was done.
    note : str
        Of a step: what its writer says has happened.
    number : int
        Of a step: its place in the plan. Of a round: which one.
    workbook, field, row : str
        Where it stands; empty for meetings.
    """

    kind: str
    day: dt.date
    text: str = ""
    title: str = ""
    start: dt.date | None = None
    state: str = ""
    done: dt.date | None = None
    note: str = ""
    number: int = 0
    workbook: str = ""
    field: str = ""
    row: str = ""


def in_order(events: Iterable[Event]) -> list[Event]:
    """Return events by day; of one day, in the order of their kinds."""
    return sorted(events, key=lambda event: (event.day, KINDS.index(event.kind), event.number))


def undated_fields(definition: Definition) -> list[str]:
    """Return the fields of the story that name no day: theirs is when they were first written."""
    return [field.id for field in definition.fields if field.story and not field.columns]


def first_written(
    saves: Iterable[tuple[str, Iterable[str]]], fields: Iterable[str], zone: dt.tzinfo
) -> dict[str, dt.date]:
    """Return the day on which each of `fields` was first written.

    Parameters
    ----------
    saves : iterable of (str, iterable of str)
        A document's history, oldest first: when, ISO 8601, and the paths that were changed.
    """
    wanted, days = frozenset(fields), dict[str, dt.date]()
    for at, paths in saves:
        day = dt.datetime.fromisoformat(at).astimezone(zone).date()
        for path in paths:
            field = path.partition("/")[0].partition("#")[0]
            if field in wanted:
                days.setdefault(field, day)
    return days


def of_workbook(
    definition: Definition,
    answers: Json,
    *,
    title: str,
    written: Mapping[str, dt.date],
    today: dt.date,
    late: bool = True,
) -> Iterator[Event]:
    """Yield the events of one workbook.

    Parameters
    ----------
    definition : Definition
    answers : mapping
        Projected to the reader.
    title : str
        The workbook's title in the reader's language.
    written : mapping
        By field: the day on which it was first written (:func:`undated_fields`).
    today : date
        A step that is open after its day is late.
    late : bool
        Whether that is said. It reminds the owner and whoever accompanies them; a reader whom the
        owner shows the project sees what was planned and done, and no reproach.
    """
    for field in definition.fields:
        value = answers.get(field.id)
        if not field.story or not value:
            continue
        if field.columns:
            yield from _rows(definition.id, field, value, title)
        elif field.id in written:
            text = value if isinstance(value, str) else ""
            yield Event(
                field.story,
                written[field.id],
                text=text.strip(),
                title=title,
                workbook=definition.id,
                field=field.id,
            )
    yield from _steps(definition, answers, today, late=late)


def _rows(workbook: str, field: Field, rows: Iterable[Json], title: str) -> Iterator[Event]:
    days = [column.id for column in field.columns if serves(column, "date")]
    texts = [column.id for column in field.columns if serves(column, "title")]
    for row in rows:
        day = next((row[name] for name in days if _is_day(row.get(name))), None)
        answers = (row.get(name) for name in texts)
        text = next(
            (text.strip() for text in answers if isinstance(text, str) and text.strip()), ""
        )
        filled = any(row.get(column.id) for column in field.columns if not column.added)
        if day is not None and filled:
            yield Event(
                str(field.story),
                dt.date.fromisoformat(day),
                text=text,
                title=title,
                workbook=workbook,
                field=field.id,
                row=str(row.get("id", "")),
            )


def _words(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _is_day(value: object) -> bool:
    return isinstance(value, str) and is_date(value) and YEARS[0] <= value <= YEARS[1]


def _steps(definition: Definition, answers: Json, today: dt.date, *, late: bool) -> Iterator[Event]:
    numbers: dict[tuple[str, str], int] = {}
    for field in definition.fields:
        for at, row in enumerate(answers.get(field.id) or (), 1) if field.columns else ():
            numbers[field.id, str(row.get("id", ""))] = at
    for step in planned_rows(definition, answers):
        if step.settled:
            state = step.status
        else:
            begun = step.start is not None and step.start <= today
            state = "begun" if begun else "open"
            # Without a way to say "done", "late" would be a reproach that cannot be answered.
            if late and step.due < today and step.status_column:
                state = "late"
        yield Event(
            "step",
            step.due,
            text=step.text.strip(),
            start=step.start,
            state=state,
            done=step.done,
            note=step.note.strip(),
            number=numbers.get((step.table, step.row), 0),
            workbook=definition.id,
            field=step.table,
            row=step.row,
        )
