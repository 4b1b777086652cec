"""Kinds of fields, one module a kind: settings, checks, schema, tables, and how each is read.

Nothing outside asks for a kind by its name. A new kind is a module here, entered in the list below,
and a component of the same name in the front end.
"""

from collections.abc import Iterator
from typing import Final

from ustaz.workbook.kinds.base import (
    ABSENT,
    LIST_CAP,
    REGISTRY,
    ROWS_CAP,
    TEXT_CAP,
    Attachment,
    Json,
    Kind,
    Limit,
    OwnTable,
    Page,
    Side,
    TidyColumn,
    is_empty,
    kind_of,
)
from ustaz.workbook.kinds.choice import Choice, Choices
from ustaz.workbook.kinds.date import Date
from ustaz.workbook.kinds.elsewhere import Confirmation, Reference
from ustaz.workbook.kinds.entries import Entries
from ustaz.workbook.kinds.file import File
from ustaz.workbook.kinds.levels import Levels
from ustaz.workbook.kinds.list import List
from ustaz.workbook.kinds.number import Number
from ustaz.workbook.kinds.person import Person
from ustaz.workbook.kinds.ratings import Ratings
from ustaz.workbook.kinds.row import Row
from ustaz.workbook.kinds.scale import Scale
from ustaz.workbook.kinds.table import Table, described, row_filled
from ustaz.workbook.kinds.text import Text
from ustaz.workbook.model import Definition, Field

_ALL: Final[tuple[Kind, ...]] = (
    Text(),
    Choice(),
    Choices(),
    Scale(),
    Ratings(),
    Levels(),
    Number(),
    Date(),
    List(),
    File(),
    Table(),
    Entries(),
    Reference(),
    Person(),
    Row(),
    Confirmation(),
)
REGISTRY.update({kind.name: kind for kind in _ALL})

KINDS: Final = tuple(REGISTRY)
COLUMN_KINDS: Final = tuple(name for name, kind in REGISTRY.items() if kind.column)
STORED_KINDS: Final = frozenset(name for name, kind in REGISTRY.items() if kind.stored)


def serving(role: str) -> tuple[str, ...]:
    """Return the kinds that rules and conditions may use in a role."""
    return tuple(name for name, kind in REGISTRY.items() if role in kind.roles)


def serves(field: Field, role: str) -> bool:
    """Tell whether a field can be used in a role."""
    return role in kind_of(field).roles


def attachments(definition: Definition, answers: Json) -> Iterator[Attachment]:
    """Yield the files that answers show; project them first to what their reader may see."""
    for field in definition.fields:
        yield from kind_of(field).attachments(field, answers.get(field.id))


def attaches(definition: Definition) -> bool:
    """Tell whether a workbook has a field, or a column, for files."""
    return any(kind_of(field).attaches for _, field, _ in definition.places())


def is_stored(field: Field) -> bool:
    """Tell whether participants write this field."""
    return kind_of(field).stored


__all__ = [
    "ABSENT",
    "COLUMN_KINDS",
    "KINDS",
    "LIST_CAP",
    "REGISTRY",
    "ROWS_CAP",
    "STORED_KINDS",
    "TEXT_CAP",
    "Attachment",
    "Json",
    "Kind",
    "Limit",
    "OwnTable",
    "Page",
    "Side",
    "TidyColumn",
    "attaches",
    "attachments",
    "described",
    "is_empty",
    "is_stored",
    "kind_of",
    "row_filled",
    "serves",
    "serving",
]
