"""From the short form of the demo's files to the changes that a page would have sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ustaz.demo._events import YEAR
from ustaz.workbook import Definition, Field
from ustaz.workbook.kinds import serves

Change = dict[str, Any]
SELF: Final = "self"
#: A cell of a plan's step that is no column: the day on which it was changed or dropped.
ON: Final = "on"
#: Cells of a step that came later than the plan.
STATE: Final = ("status", "done_on", "what_happened")


def row_id(prefix: str, number: int) -> str:
    """Return a row's id, the same in every demo course."""
    return f"{prefix}{number:05d}"


def aliases(people: Iterable[Any]) -> dict[str, str]:
    """Return the row of each short form of a people map."""
    return {
        (cells[0] if isinstance(cells, list) else cells["alias"]): row_id("p", number)
        for number, cells in enumerate(people)
    }


@dataclass(slots=True)
class Translator:
    """Turns one teacher's short forms into changes.

    Parameters
    ----------
    start : date
        First day of the programme, from which days are counted.
    people : dict
        Short form -> row of the people map.
    keep : callable, optional
        Keeps a picture that an entry of a file field describes, and returns the whole entry.
    """

    start: dt.date
    people: Mapping[str, str]
    keep: Callable[[Mapping[str, Any]], dict[str, Any]] | None = None
    rows: dict[tuple[str, str], int] = field(default_factory=dict)

    def changes(self, definition: Definition, answers: Mapping[str, Any]) -> list[Change]:
        """Return the changes that write `answers`; rows come after those written before."""
        result: list[Change] = []
        for field_id, value in answers.items():
            inner = definition.field(field_id)
            if inner.columns:
                result += self._rows(definition.id, inner, value)
            else:
                result.append(_set([field_id], self._value(inner, value)))
        return result

    def _rows(self, workbook: str, table: Field, rows: Iterable[Any]) -> Iterator[Change]:
        names = [column.id for column in table.columns]
        columns = {column.id: column for column in table.columns}
        first = self.rows.get((workbook, table.id), 0)
        after = row_id(table.id[0], first - 1) if first else None
        for number, cells in enumerate(rows, first):
            row = row_id(table.id[0], number)
            entry = dict(zip(names, cells, strict=False)) if isinstance(cells, list) else cells
            value = {
                name: self._value(columns[name], cell) if name in columns else cell
                for name, cell in entry.items()
            }
            yield {"op": "add_row", "path": [table.id, row], "after": after, "value": value}
            after = row
            self.rows[workbook, table.id] = number + 1

    def _value(self, inner: Field, value: Any) -> Any:  # noqa: ANN401
        if inner.from_ and not serves(inner, "people"):
            return [row_id("s", number - 1) for number in value]
        if inner.from_:
            return [alias if alias == SELF else self.people[alias] for alias in value]
        if "accept" in inner.settings and self.keep is not None:
            return [self.keep(entry) for entry in value]
        if serves(inner, "date"):
            return self.day(value)
        return value

    def day(self, value: int | str) -> str:
        """Return a day of the programme, or of a meeting by its id, as a date."""
        if isinstance(value, str):
            meeting = next(planned for planned in YEAR if planned.id == value)
            return meeting.event(self.start).slot.day.isoformat()
        return (self.start + dt.timedelta(days=value)).isoformat()


# -- a plan lives ---------------------------------------------------------------------------------
def planned(steps: Iterable[Mapping[str, Any]], until: int) -> list[dict[str, Any]]:
    """Return the steps as they stood on a day: what came later is not known yet."""
    return [dict(step) if _moved(step) <= until else _before(step) for step in steps]


def moves(
    steps: Iterable[Mapping[str, Any]], since: int, until: int
) -> dict[int, list[tuple[int, Mapping[str, Any]]]]:
    """Return the days on which steps moved on after `since`, with number and step of each."""
    days: dict[int, list[tuple[int, Mapping[str, Any]]]] = {}
    for number, step in enumerate(steps):
        day = _moved(step)
        if since < day <= until:
            days.setdefault(day, []).append((number, step))
    return dict(sorted(days.items()))


def moved(
    translator: Translator, steps: Iterable[tuple[int, Mapping[str, Any]]]
) -> Iterator[Change]:
    """Yield the changes that bring steps of a plan to where they stand."""
    for number, step in steps:
        for name in STATE:
            if name in step:
                value = translator.day(step[name]) if name == "done_on" else step[name]
                yield _set(["steps", row_id("s", number), name], value)


def without_day(step: Mapping[str, Any]) -> dict[str, Any]:
    """Return a step's own cells."""
    return {name: cell for name, cell in step.items() if name != ON}


def _moved(step: Mapping[str, Any]) -> int:
    if "done_on" in step:
        return int(step["done_on"])
    if ON in step:
        return int(step[ON])
    return int(step.get("start", 0)) if step.get("status") == "doing" else 0


def _before(step: Mapping[str, Any]) -> dict[str, Any]:
    cells = {name: cell for name, cell in step.items() if name not in STATE}
    return {**cells, "status": "not_started"}


def _set(path: list[str], value: object) -> Change:
    return {"op": "set", "path": path, "value": value}
