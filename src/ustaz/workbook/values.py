"""What may be kept as a draft: types, known ids, hard caps. Nothing here judges completeness."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ustaz.base.ids import ROW_ID
from ustaz.workbook.kinds import kind_of
from ustaz.workbook.model import Definition
from ustaz.workbook.problems import ValueProblem


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
    if len(path) == 1:
        kind_of(field).check(field, path, value)
        return
    if not kind_of(field).stored:
        raise ValueProblem("not_the_place", path)
    column = field.column(path[2])
    if column is None:
        raise ValueProblem("unknown_column", path)
    if not ROW_ID.match(path[1]):
        raise ValueProblem("bad_row", path)
    kind_of(column).check(column, path, value)
