"""A closed list of things with an id, a label and a help: options, dimensions, criteria."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ustaz.base.ids import FIELD_ID
from ustaz.workbook.cursor import Cursor
from ustaz.workbook.kinds.base import maybe
from ustaz.workbook.model import Option, Translate
from ustaz.workbook.problems import DefinitionErrors
from ustaz.workbook.rubrics import Rubric, rubric


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


def read_rubric(cursor: Cursor) -> Rubric | None:
    """Return the rubric that the key ``rubric`` names; None, and a complaint, where it fails."""
    name = cursor.text("rubric")
    if not name:
        return None
    try:
        return rubric(name, cursor.library)
    except KeyError:
        cursor.complain("rubric", f"there is no rubric {name!r}")
    except DefinitionErrors as errors:
        cursor.complain("rubric", str(errors.problems[0]))
    return None


def criteria(rubric: Rubric | None) -> tuple[Option, ...]:
    """Return the criteria of a rubric as options."""
    if rubric is None:
        return ()
    return tuple(Option(criterion.id, criterion.label) for criterion in rubric.criteria)


def options_json(options: Iterable[Option], translate: Translate) -> list[dict[str, Any]]:
    """Return such a list as JSON for a front end."""
    return [
        {"id": option.id, "label": translate(option.label), "help": maybe(option.help, translate)}
        for option in options
    ]
