"""Read one field, or one column: which keys its kind has, and what they hold."""

from __future__ import annotations

import re
from typing import Any, Final

from ustaz.base.ids import FIELD_ID
from ustaz.workbook.cursor import Cursor
from ustaz.workbook.model import (
    AUDIENCES,
    COLUMN_KINDS,
    DEFAULT_AUDIENCES,
    KINDS,
    LEVELS,
    Condition,
    Field,
    Option,
)

SECTION_ID: Final = re.compile(r"[a-z][a-z0-9_-]{0,31}\Z")
TARGET: Final = re.compile(r"[a-z][a-z0-9-]{0,31}/[a-z][a-z0-9_]{0,31}\Z")
# `id` is the row's own id; the others would be mistaken for something else.
RESERVED: Final = frozenset({"id", "self", "programme"})
COMPONENTS: Final = ("form", "plan")
PARTIES: Final = ("facilitator", "school_link")

COMMON: Final = (
    "id", "kind", "label", "help", "placeholder", "required", "required_when", "shown_when",
    "audiences",
)  # fmt: skip
OF_KIND: Final[dict[str, tuple[str, ...]]] = {
    "text": ("long", "min", "max"),
    "choice": ("options",),
    "choices": ("options", "min", "max"),
    "scale": ("from", "to", "low", "high", "cannot_say"),
    "date": (),
    "list": ("min_items", "max_items", "min", "max"),
    "table": ("columns", "min_rows", "max_rows", "row_name", "component"),
    "reference": ("to",),
    "person": ("from", "label_column", "many", "self"),
    "confirmation": ("by",),
}


def read_field(cursor: Cursor, *, column: bool = False) -> Field:
    """Return a field (or a column of a table); complaints go to the cursor's list."""
    if not cursor.is_mapping():
        return Field("", "text", "", line=cursor.line)
    allowed = COLUMN_KINDS if column else KINDS
    kind = cursor.one_of("kind", allowed)
    cursor.only(*COMMON, *OF_KIND[kind])
    field_id = cursor.match("id", FIELD_ID, "small letters, digits and _, 32 at most")
    if field_id in RESERVED:
        cursor.complain("id", f"{field_id!r} has a meaning of its own; choose another word")
    common: dict[str, Any] = {
        "id": field_id,
        "kind": kind,
        "label": cursor.text("label"),
        "help": cursor.optional("help"),
        "placeholder": cursor.optional("placeholder"),
        "required": cursor.one_of("required", LEVELS) if cursor.has("required") else None,
        "required_when": _condition(cursor.child("required_when"), level=True),
        "shown_when": _condition(cursor.child("shown_when"), level=False),
        "audiences": _audiences(cursor),
        "line": cursor.line,
    }
    if common["required"] and common["required_when"]:
        cursor.complain("required_when", "the field is required anyway")
    return Field(**common, **_of_kind(cursor, kind))


def _condition(cursor: Cursor | None, *, level: bool) -> Condition | None:
    if cursor is None or not cursor.is_mapping():
        return None
    cursor.only("field", "is", *(("at",) if level else ()))
    values = cursor.words("is")
    if not values:
        cursor.complain("is", "expected at least 1")
    at = cursor.one_of("at", LEVELS, "submitted") if level else "submitted"
    return Condition(cursor.text("field"), values, at)


def _audiences(cursor: Cursor) -> tuple[str, ...]:
    if not cursor.has("audiences"):
        return DEFAULT_AUDIENCES
    found = cursor.words("audiences")
    for one in found:
        if one not in AUDIENCES:
            cursor.complain("audiences", f"{one!r} is not one of {', '.join(AUDIENCES)}")
    if "self" not in found:
        cursor.complain("audiences", "the owner (self) always reads the own answer")
    return tuple(one for one in AUDIENCES if one in found)


def _ordered(cursor: Cursor, low: str, high: str, least: int, most: int) -> tuple[Any, Any]:
    first = cursor.number(low, least=least, most=most)
    second = cursor.number(high, least=least, most=most)
    if first is not None and second is not None and first > second:
        cursor.complain(high, f"is smaller than `{low}`")
    return first, second


def _options(cursor: Cursor) -> tuple[Option, ...]:
    found: list[Option] = []
    for one in cursor.items("options", least=2):
        if not one.is_mapping():
            continue
        one.only("id", "label", "help")
        option = Option(
            one.match("id", FIELD_ID, "small letters, digits and _, 32 at most"),
            one.text("label"),
            one.optional("help"),
        )
        if option.id in {other.id for other in found}:
            one.complain("id", f"another option is called {option.id!r} too")
        found.append(option)
    return tuple(found)


def _of_kind(cursor: Cursor, kind: str) -> dict[str, Any]:
    if kind == "text":
        low, high = _ordered(cursor, "min", "max", 0, 20_000)
        return {"long": cursor.flag("long"), "min": low, "max": high}
    if kind in {"choice", "choices"}:
        options = _options(cursor)
        if kind == "choice":
            return {"options": options}
        low, high = _ordered(cursor, "min", "max", 0, max(len(options), 1))
        return {"options": options, "min": low, "max": high}
    if kind == "scale":
        low, high = cursor.integer("from", least=0, most=10), cursor.integer("to", least=1, most=10)
        if high <= low:
            cursor.complain("to", "must be more than `from`")
        return {
            "low_value": low,
            "high_value": high,
            "low": cursor.optional("low"),
            "high": cursor.optional("high"),
            "cannot_say": cursor.flag("cannot_say"),
        }
    if kind == "list":
        few, many = _ordered(cursor, "min_items", "max_items", 0, 50)
        low, high = _ordered(cursor, "min", "max", 0, 2000)
        return {"min_items": few, "max_items": many, "min": low, "max": high}
    if kind == "table":
        few, many = _ordered(cursor, "min_rows", "max_rows", 0, 100)
        return {
            "columns": tuple(
                read_field(one, column=True) for one in cursor.items("columns", least=1)
            ),
            "min_rows": few,
            "max_rows": many,
            "row_name": cursor.text("row_name"),
            "component": cursor.one_of("component", COMPONENTS, "form"),
        }
    if kind == "reference":
        return {"to": cursor.match("to", TARGET, "workbook/field")}
    if kind == "person":
        return {
            "from_": cursor.match("from", TARGET, "workbook/table"),
            "label_column": cursor.match("label_column", FIELD_ID, "a column's id"),
            "many": cursor.flag("many"),
            "self": cursor.flag("self"),
        }
    if kind == "confirmation":
        return {"by": cursor.one_of("by", PARTIES)}
    return {}


def example_problem(field: Field, value: Any) -> str | None:  # noqa: ANN401
    """Return why a worked example does not fit its field, or None."""
    if field.kind in {"reference", "confirmation"}:
        return "nobody writes this; leave it out of the example"
    if field.kind == "table":
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            return "expected a list of rows"
        for row in value:
            for key, inner in row.items():
                column = field.column(key)
                if column is None:
                    return f"no such column: {key}"
                if why := example_problem(column, inner):
                    return f"{key}: {why}"
        return None
    if field.kind in {"list", "choices", "person"}:
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            return "expected a list of texts"
        if field.kind == "choices" and (unknown := set(value) - set(field.option_ids)):
            return f"no such option: {', '.join(sorted(unknown))}"
        return None
    if not isinstance(value, str):
        return "expected a text"
    if field.kind == "choice" and value not in field.option_ids:
        return f"no such option: {value}"
    if field.kind == "date" and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return "expected a date, as 2026-10-15"
    if field.kind == "scale" and (
        not value.isdigit() or not (field.low_value or 0) <= int(value) <= (field.high_value or 0)
    ):
        return f"expected a whole number from {field.low_value} to {field.high_value}"
    return None
