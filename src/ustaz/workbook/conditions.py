"""When a field is shown and when it is required, and what counts as no answer.

The one place in Python; ``model/conditions`` is its twin in TypeScript, and both are tested on
``tests/vectors/rules/``.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Any

from ustaz.workbook.graphemes import BLANKS
from ustaz.workbook.model import Field


def holds(field: str, values: Container[str], holder: Mapping[str, Any]) -> bool:
    """Tell whether a field holds one of `values` in a workbook's answers or in a table's row.

    Where several options can be chosen, one of them is enough.
    """
    value = holder.get(field)
    chosen = value if isinstance(value, list) else [value]
    return any(isinstance(option, str) and option in values for option in chosen)


def visible(field: Field, holder: Mapping[str, Any]) -> bool:
    """Tell whether a field is shown."""
    condition = field.shown_when
    return condition is None or holds(condition.field, condition.values, holder)


def visible_json(field: Mapping[str, Any], holder: Mapping[str, Any]) -> bool:
    """Tell whether a field is shown, from its definition as JSON."""
    condition = field.get("shown_when")
    return not condition or holds(condition["field"], condition["is"], holder)


def required_at(field: Field, holder: Mapping[str, Any]) -> str | None:
    """Return from which level a field is required here, or None.

    What another party confirms is never required of the writer.
    """
    if field.by is not None or not visible(field, holder):
        return None
    condition = field.required_when
    if condition is not None and holds(condition.field, condition.values, holder):
        return condition.at
    return field.required


def required_json(field: Mapping[str, Any], holder: Mapping[str, Any]) -> str | None:
    """Return from which level a field is required here, from its definition as JSON."""
    if field.get("by") or not visible_json(field, holder):
        return None
    condition = field.get("required_when")
    if condition and holds(condition["field"], condition["is"], holder):
        return str(condition["at"])
    level: str | None = field.get("required")
    return level


def is_blank(value: Any) -> bool:  # noqa: ANN401 - any JSON value
    """Tell whether a value holds nothing that a person wrote or chose.

    Blanks say nothing, and neither do lists of blanks, null, or rows whose cells say nothing; a
    row's id is no answer.
    """
    if isinstance(value, str):
        return not value.strip(BLANKS)
    if value is None:
        return True
    if isinstance(value, list):
        return all(is_blank(entry) for entry in value)
    if isinstance(value, Mapping):
        return all(is_blank(inner) for key, inner in value.items() if key != "id")
    return False
