"""From what people have in a notebook (rows, frames, days) to plain data as JSON has it."""

from __future__ import annotations

import datetime as dt
import math
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, Final

#: Rows of cells, and parts of answers: nothing that is kept lies deeper.
DEEPEST: Final = 4
_MISSING: Final = frozenset({"NAType", "NaTType"})


def is_frame(data: object) -> bool:
    """Tell whether `data` is a DataFrame, without importing pandas for it."""
    return hasattr(data, "columns") and hasattr(data, "to_dict")


def is_missing(cell: object) -> bool:
    """Tell whether a cell of a DataFrame holds nothing: None, NaN, NaT, NA."""
    if cell is None or type(cell).__name__ in _MISSING:
        return True
    return isinstance(cell, float) and math.isnan(cell)


def records(frame: Any, index: str | None = None) -> list[dict[str, Any]]:  # noqa: ANN401
    """Return the rows of a DataFrame as dictionaries, without the cells that hold nothing.

    Parameters
    ----------
    frame : DataFrame
    index : str, optional
        Under which name the index is taken along, where no column has that name.
    """
    if index is not None and index not in frame.columns:
        frame = frame.rename_axis(index).reset_index()
    return [
        {str(name): plain(cell) for name, cell in row.items() if not is_missing(cell)}
        for row in frame.to_dict("records")
    ]


def plain(value: Any, depth: int = DEEPEST) -> Any:  # noqa: ANN401
    """Return `value` as JSON would have it: days as ``2026-11-30``, numpy's numbers as numbers.

    What has no such form stays as it is; whoever checks the value refuses it. Nothing is a float
    that is a whole number, since a column of a DataFrame with a gap makes floats of them.
    """
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, dt.datetime):  # Timestamp too
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if hasattr(value, "item") and getattr(value, "ndim", None) == 0:  # a number of numpy's
        value = value.item()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if depth and isinstance(value, Mapping):
        return {str(name): plain(inner, depth - 1) for name, inner in value.items()}
    if depth and isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [plain(inner, depth - 1) for inner in value]
    return value
