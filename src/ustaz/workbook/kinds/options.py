"""A closed list of things with an id, a label and a help: options, dimensions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ustaz.base.ids import FIELD_ID
from ustaz.workbook.cursor import Cursor
from ustaz.workbook.kinds.base import maybe
from ustaz.workbook.model import Option, Translate


def read_options(cursor: Cursor, key: str = "options", *, least: int = 2) -> tuple[Option, ...]:
    """Return the list under `key`; complain where an id stands in it twice."""
    options: list[Option] = []
    for entry in cursor.items(key, least=least):
        if not entry.is_mapping():
            continue
        entry.only("id", "label", "help")
        option = Option(
            entry.match("id", FIELD_ID, "small letters, digits and _, 32 at most"),
            entry.text("label"),
            entry.optional("help"),
        )
        if option.id in {other.id for other in options}:
            entry.complain("id", f"another {key[:-1]} is called {option.id!r} too")
        options.append(option)
    return tuple(options)


def options_json(options: Iterable[Option], translate: Translate) -> list[dict[str, Any]]:
    """Return such a list as JSON for a front end."""
    return [
        {"id": option.id, "label": translate(option.label), "help": maybe(option.help, translate)}
        for option in options
    ]
