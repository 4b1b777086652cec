"""Changes applied to answers, and the changes that lead from some answers to others.

Applying is pure and needs no definition; the same cases (``tests/vectors/changes.json``) hold
for the TypeScript side, which shows a change before the server has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ustaz.answers.changes import PATH_OPS, Change
from ustaz.answers.shape import Json
from ustaz.answers.strict import dumps_canonical


def apply_changes(answers: Mapping[str, Any], changes: Iterable[Change]) -> Json:
    """Return `answers` after `changes`; `answers` themselves stay as they are.

    A change to a row that is not there does nothing; a row that is put after one that is not
    there goes to the end. Whether a change may be made at all is for
    :func:`ustaz.answers.validate.check_change`.
    """
    result = dict(answers)
    for change in changes:
        if change.op not in PATH_OPS:
            continue
        name, *rest = change.path
        if rest:
            rows = _changed_rows(result.get(name, []), change, *rest)
            if rows is not None:
                result[name] = rows
        elif change.op == "set":
            result[name] = change.value
        else:
            result.pop(name, None)
    return result


def _changed_rows(
    rows: list[Json], change: Change, row_id: str, column: str = ""
) -> list[Json] | None:
    """Return the table's rows after `change`, None when nothing changes."""
    at = index_of(rows, row_id)
    if change.op == "add_row":
        if at is None:
            return _placed(rows, {"id": row_id, **change.value}, change.after)
        return [*rows[:at], {**rows[at], **change.value}, *rows[at + 1 :]]
    if at is None or (change.op == "move_row" and change.after == row_id):
        return None
    others = [*rows[:at], *rows[at + 1 :]]
    if change.op == "remove_row":
        return others
    if change.op == "move_row":
        return _placed(others, rows[at], change.after)
    row = {key: value for key, value in rows[at].items() if key != column}
    if change.op == "set":
        row = {**rows[at], column: change.value}
    return [*rows[:at], row, *rows[at + 1 :]]


def _placed(rows: list[Json], row: Json, after: str | None) -> list[Json]:
    if after is None:
        return [row, *rows]
    at = index_of(rows, after)
    end = len(rows) if at is None else at + 1
    return [*rows[:end], row, *rows[end:]]


def index_of(rows: list[Json], row_id: str) -> int | None:
    """Return where a row stands, None where it does not."""
    return next((index for index, row in enumerate(rows) if row["id"] == row_id), None)


def difference(
    before: Mapping[str, Any], after: Mapping[str, Any], tables: Iterable[str]
) -> tuple[Change, ...]:
    """Return changes that lead from `before` to `after`.

    Parameters
    ----------
    tables : iterable of str
        The fields that hold rows.
    """
    rows = set(tables)
    changes: list[Change] = []
    for name in [*before, *(key for key in after if key not in before)]:
        if name in rows:
            changes += _row_changes(name, before.get(name, []), after.get(name, []))
        elif name not in after:
            changes.append(Change("clear", (name,)))
        elif name not in before or not equal(before[name], after[name]):
            changes.append(Change("set", (name,), value=after[name]))
    return tuple(changes)


def _row_changes(table: str, before: list[Json], after: list[Json]) -> list[Change]:
    wanted = {row["id"]: row for row in after}
    changes = [
        Change("remove_row", (table, row["id"])) for row in before if row["id"] not in wanted
    ]
    rows = [row for row in before if row["id"] in wanted]
    previous: str | None = None
    for place, row in enumerate(after):
        at, path = index_of(rows, row["id"]), (table, row["id"])
        if at is None:
            cells = {key: value for key, value in row.items() if key != "id"}
            changes.append(Change("add_row", path, value=cells, after=previous))
            rows.insert(place, row)
        else:
            old = rows[at]
            for column in [*old, *(key for key in row if key not in old)]:
                if column not in row:
                    changes.append(Change("clear", (*path, column)))
                elif column not in old or not equal(old[column], row[column]):
                    changes.append(Change("set", (*path, column), value=row[column]))
            if at != place:
                changes.append(Change("move_row", path, after=previous))
                rows.insert(place, rows.pop(at))
        previous = row["id"]
    return changes


def equal(left: object, right: object) -> bool:
    """Tell whether two JSON values are the same; true is not 1 here."""
    return dumps_canonical(left) == dumps_canonical(right)
