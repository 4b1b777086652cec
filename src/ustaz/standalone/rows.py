"""Rows of a table as people write them in Python, and as they are kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ustaz.standalone.field import FieldWidget
from ustaz.standalone.plain import is_frame, plain, records
from ustaz.standalone.refusals import Refusal
from ustaz.workbook.model import Field


def rows_of(field: Field, value: object) -> list[dict[str, Any]]:
    """Return rows as they are kept: cells that hold nothing left out, an id in each.

    Parameters
    ----------
    field : Field
        A table.
    value : sequence of mapping, or DataFrame

    Raises
    ------
    Refusal
        Unless it is a list of dictionaries, or a DataFrame.
    """
    if is_frame(value):
        rows: Any = records(value)
    else:
        rows = plain(value)
    if not isinstance(rows, list):
        raise Refusal("no_list", field.id)
    for number, row in enumerate(rows, 1):
        if not isinstance(row, Mapping):
            raise Refusal("no_mapping", field.id, row=number)
    # "Cannot say" is an answer of some columns; elsewhere None holds nothing.
    with_none = {column.id for column in field.columns if column.cannot_say}
    fresh = _fresh_ids({str(row.get("id")) for row in rows})
    kept = []
    for row in rows:
        cells = {
            name: cell
            for name, cell in row.items()
            if name != "id" and (cell is not None or name in with_none)
        }
        own_id = row.get("id")
        kept.append({"id": next(fresh) if own_id is None else own_id, **cells})
    return kept


def _fresh_ids(taken: set[str]) -> Iterator[str]:
    number = 0
    while True:
        number += 1
        if (id := f"row{number:04d}") not in taken:
            yield id


class TableWidget(FieldWidget):
    """A widget whose value is a list of rows, each with an id that stays when it is moved."""

    def read(self, value: object) -> Any:  # noqa: ANN401
        """Return rows as they are kept."""
        return rows_of(self._field, value)
