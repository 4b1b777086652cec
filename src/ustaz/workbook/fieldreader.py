"""Read one field, or one column: which keys its kind has, and what they hold."""

from __future__ import annotations

import re
from typing import Any, Final

from ustaz.base.ids import FIELD_ID
from ustaz.workbook.cursor import Cursor
from ustaz.workbook.kinds import COLUMN_KINDS, KINDS, REGISTRY
from ustaz.workbook.model import (
    AUDIENCES,
    BY_SHARE_ALONE,
    LEVELS,
    STORY_KINDS,
    Condition,
    Field,
)

SECTION_ID: Final = re.compile(r"[a-z][a-z0-9_-]{0,31}\Z")
# `id` is the row's own id; the others would be mistaken for something else.
RESERVED: Final = frozenset({"id", "self", "programme"})

COMMON: Final = (
    "id", "kind", "label", "help", "placeholder", "required", "required_when", "shown_when",
    "audiences",
)  # fmt: skip
#: What a column cannot have.
OF_FIELDS: Final = ("story",)


def read_field(cursor: Cursor, visibility: tuple[str, ...], *, column: bool = False) -> Field:
    """Return a field (or a column of a table); complaints go to the cursor's list.

    `visibility` is the workbook's: who reads a field that names no audiences.
    """
    if not cursor.is_mapping():
        return Field("", "text", "", line=cursor.line)
    allowed = COLUMN_KINDS if column else KINDS
    kind = cursor.one_of("kind", allowed)
    cursor.only(*COMMON, *(() if column else OF_FIELDS), *REGISTRY[kind].keys)
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
        "audiences": read_audiences(cursor, "audiences", visibility),
        "story": cursor.one_of("story", STORY_KINDS) if cursor.has("story") else None,
        "line": cursor.line,
    }
    if common["required"] and common["required_when"]:
        cursor.complain("required_when", "the field is required anyway")
    settings = REGISTRY[kind].read(cursor, lambda entry: read_field(entry, visibility, column=True))
    return REGISTRY[kind].completed(Field(**common, **settings))


def _condition(cursor: Cursor | None, *, level: bool) -> Condition | None:
    if cursor is None or not cursor.is_mapping():
        return None
    cursor.only("field", "is", *(("at",) if level else ()))
    values = cursor.words("is")
    if not values:
        cursor.complain("is", "expected at least 1")
    at = cursor.one_of("at", LEVELS, "submitted") if level else "submitted"
    return Condition(cursor.text("field"), values, at)


def read_audiences(cursor: Cursor, key: str, default: tuple[str, ...]) -> tuple[str, ...]:
    """Return the audiences under `key`, in the order of the list; `default` where it is absent."""
    if not cursor.has(key):
        return default
    audiences = cursor.words(key)
    for audience in audiences:
        if audience not in AUDIENCES:
            cursor.complain(key, f"{audience!r} is not one of {', '.join(AUDIENCES)}")
        elif audience in BY_SHARE_ALONE:
            cursor.complain(key, f"{audience!r} reads what its writer shows, and nothing else")
    if "self" not in audiences:
        cursor.complain(key, "the owner (self) always reads the own answer")
    return tuple(audience for audience in AUDIENCES if audience in audiences)
