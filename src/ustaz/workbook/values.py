"""What may be kept as a draft: types, known ids, hard caps. Nothing here judges completeness."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from typing import Any, Final

from ustaz.base.ids import ROW_ID
from ustaz.workbook.model import STORED_KINDS, Definition, Field
from ustaz.workbook.problems import ValueProblem

TEXT_CAP: Final = 20_000
LIST_CAP: Final = 50
ROWS_CAP: Final = 100
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


def check_value(definition: Definition, path: Sequence[str], value: Any) -> None:  # noqa: ANN401
    """Raise unless `value` may be kept at `path`.

    Parameters
    ----------
    definition : Definition
    path : sequence of str
        ``[field]``, ``[table, row, column]``.
    value
        JSON.

    Raises
    ------
    ValueProblem
        Ids: ``unknown_field``, ``unknown_column``, ``not_the_place``, ``bad_row``, ``wrong_type``,
        ``unknown_option``, ``twice``, ``out_of_range``, ``bad_date``, ``too_long``, ``too_many``,
        ``bad_text``.
    """
    try:
        field = definition.field(path[0]) if len(path) in {1, 3} and "." not in path[0] else None
    except KeyError:
        field = None
    if field is None:
        raise ValueProblem("unknown_field", path)
    if field.kind not in STORED_KINDS:
        raise ValueProblem("not_the_place", path)
    if len(path) == 1:
        _check(field, path, value)
        return
    column = field.column(path[2])
    if column is None:
        raise ValueProblem("unknown_column", path)
    if not ROW_ID.match(path[1]):
        raise ValueProblem("bad_row", path)
    _check(column, path, value)


def _refuse(wrong: bool, id: str, path: Sequence[str]) -> None:
    if wrong:
        raise ValueProblem(id, path)


def _check_text(path: Sequence[str], value: Any) -> None:  # noqa: ANN401
    _refuse(not isinstance(value, str), "wrong_type", path)
    _refuse(len(value) > TEXT_CAP, "too_long", path)
    # A lone surrogate cannot be written to disk, NUL cannot be shown anywhere.
    _refuse(any("\ud800" <= one <= "\udfff" or one == "\0" for one in value), "bad_text", path)
    _refuse(not unicodedata.is_normalized("NFC", value), "bad_text", path)


def _check_words(path: Sequence[str], value: Any) -> None:  # noqa: ANN401
    _refuse(not isinstance(value, list), "wrong_type", path)
    _refuse(len(value) > LIST_CAP, "too_many", path)
    for one in value:
        _check_text(path, one)


def _check(field: Field, path: Sequence[str], value: Any) -> None:  # noqa: ANN401
    kind = field.kind
    if kind == "text":
        _check_text(path, value)
    elif kind == "list":
        _check_words(path, value)
    elif kind == "choice":
        _refuse(not isinstance(value, str), "wrong_type", path)
        _refuse(value not in field.option_ids, "unknown_option", path)
    elif kind == "choices":
        _check_words(path, value)
        _refuse(not set(value) <= set(field.option_ids), "unknown_option", path)
        _refuse(len(set(value)) < len(value), "twice", path)
    elif kind == "scale":
        _refuse(value is None and not field.cannot_say, "wrong_type", path)
        _refuse(value is not None and type(value) is not int, "wrong_type", path)
        low, high = field.low_value or 0, field.high_value or 0
        _refuse(value is not None and not low <= value <= high, "out_of_range", path)
    elif kind == "date":
        _refuse(not isinstance(value, str), "wrong_type", path)
        _refuse(not is_date(value), "bad_date", path)
    elif kind == "person":
        _check_words(path, value)
        _refuse(len(set(value)) < len(value), "twice", path)
        known = all(ROW_ID.match(one) or (one == "self" and field.self) for one in value)
        _refuse(not known, "unknown_option", path)
        _refuse(len(value) > 1 and not field.many, "too_many", path)
    else:
        _check_rows(field, path, value)


def _check_rows(table: Field, path: Sequence[str], value: Any) -> None:  # noqa: ANN401
    _refuse(not isinstance(value, list), "wrong_type", path)
    _refuse(len(value) > ROWS_CAP, "too_many", path)
    seen: set[str] = set()
    for row in value:
        row_id = row.get("id") if isinstance(row, dict) else None
        _refuse(not isinstance(row_id, str) or not ROW_ID.match(row_id), "bad_row", path)
        _refuse(row_id in seen, "twice", path)
        seen.add(str(row_id))
        for key, inner in row.items():
            if key != "id":
                column = table.column(key)
                if column is None:
                    raise ValueProblem("unknown_column", [*path, str(row_id), str(key)])
                _check(column, [*path, str(row_id), key], inner)


def is_date(text: str) -> bool:
    """Tell whether `text` is a day that exists, as ``2026-10-15``."""
    if not _DATE.match(text):
        return False
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True
