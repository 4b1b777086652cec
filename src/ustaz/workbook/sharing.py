"""What of a workbook its writer may show to others, as places in its answers.

A place is ``field``, ``table/row`` or ``table/row/column``. A share keeps the places that it was
given for: a question that a later version adds is not shown by it. What a portfolio gathers from
other workbooks are places with their workbook before them (``workbook:table/row``).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from ustaz.workbook.evaluation import Answers
from ustaz.workbook.kinds import kind_of
from ustaz.workbook.model import Definition, Field, Shareable

#: Stands between a workbook and a place of it, where a portfolio gathers it.
GATHERED: Final = ":"
#: A portfolio holds what staff read (``ustaz.portfolio``), whoever is shown it.
PORTFOLIO_READER: Final = "staff"


def is_private(field: Field) -> bool:
    """Tell whether nobody but the writer may ever read a field or a column."""
    return field.audiences == ("self",)


def places_of(definition: Definition, shareable: Shareable, row: str = "") -> tuple[str, ...]:
    """Return the places that are shown with something shareable.

    Rows with readers of their own are shown one by one and never with the whole.

    Parameters
    ----------
    row : str
        Which row, of what is shown row by row.

    Raises
    ------
    KeyError
        When the definition does not have it.
    """
    name = shareable.name
    if shareable.scope == "row":
        table = definition.field(name)
        return (f"{name}/{row}",) if table.columns and not is_private(table) else ()
    if shareable.scope == "cell":
        table_id, _, column_id = name.partition(".")
        table, column = definition.field(table_id), definition.field(name)
        if not column_id or is_private(table) or is_private(column):
            return ()
        needed = _needed(column, table.columns)
        return tuple(f"{table_id}/{row}/{id_}" for id_ in (column_id, *needed))
    if shareable.scope == "field":
        fields = [definition.field(name)]
    elif shareable.scope == "section":
        fields = [field for part in definition.sections if part.id == name for field in part.fields]
    else:
        fields = [field for field in definition.fields if field.id not in shareable.without]
    open_fields = [
        field for field in fields if not is_private(field) and not kind_of(field).row_readers
    ]
    needed = [id_ for field in open_fields for id_ in _needed(field, tuple(definition.fields))]
    return tuple(dict.fromkeys([*(field.id for field in open_fields), *needed]))


def _needed(field: Field, level: Collection[Field]) -> list[str]:
    """Return the choice without which a field is not shown; it says no more than the field does."""
    condition = field.shown_when
    return [
        other.id
        for other in level
        if condition is not None and other.id == condition.field and not is_private(other)
    ]


def gathered_places(definition: Definition, answers: Answers) -> tuple[str, ...]:
    """Return the places of a workbook that its owner's portfolio shows.

    Of rows with readers of their own these are the rows that staff read now, one by one.
    """
    places: list[str] = []
    for field in definition.fields:
        if PORTFOLIO_READER not in field.audiences:
            continue
        if kind_of(field).row_readers:
            rows = kind_of(field).visible_rows(field, answers.get(field.id) or [], PORTFOLIO_READER)
            places.extend(f"{field.id}/{row['id']}" for row in rows)
        else:
            places.append(field.id)
    return tuple(f"{definition.id}{GATHERED}{place}" for place in places)


def open_places(
    definition: Definition, answers: Answers, gathered: Collection[str]
) -> frozenset[str]:
    """Return the places of a workbook that are gathered, and that staff still read.

    Parameters
    ----------
    gathered : collection of str
        Places with their workbook before them, of any workbook.
    """
    return frozenset(
        place.partition(GATHERED)[2]
        for place in set(gathered).intersection(gathered_places(definition, answers))
    )


@dataclass(frozen=True, slots=True)
class SharedPart:
    """What is shown of one field.

    Attributes
    ----------
    whole : bool
    rows : frozenset of str
        Rows of a table that are shown, each with all that is not private.
    cells : mapping
        Columns that are shown alone, by row.
    """

    whole: bool
    rows: frozenset[str]
    cells: dict[str, frozenset[str]]

    @classmethod
    def of(cls, field: Field, places: Collection[str]) -> SharedPart:
        """Return what `places` show of a field; nothing of one that is private."""
        rows: set[str] = set()
        cells: dict[str, set[str]] = {}
        if is_private(field):
            return cls(False, frozenset(), {})
        for place in places:
            name, _, rest = place.partition("/")
            row, _, column = rest.partition("/")
            if name != field.id or not row:
                continue
            if column:
                cells.setdefault(row, set()).add(column)
            else:
                rows.add(row)
        whole = field.id in places and not kind_of(field).row_readers
        return cls(whole, frozenset(rows), {row: frozenset(names) for row, names in cells.items()})

    def __bool__(self) -> bool:
        return self.whole or bool(self.rows) or bool(self.cells)

    def columns(self, field: Field, row: str) -> frozenset[str]:
        """Return the columns of a row that are shown; who else reads the row is never said."""
        open_columns = frozenset(
            column.id
            for column in field.columns
            if not is_private(column) and column.id != kind_of(field).row_readers
        )
        if self.whole or row in self.rows:
            return open_columns
        return self.cells.get(row, frozenset()) & open_columns


def linked_parts(
    definition: Definition, places: Collection[str], linked: dict[str, Answers]
) -> dict[str, dict[str, Any]]:
    """Return what other workbooks lend to the places that are shown: named answers and people.

    A field that refers to an answer shows that answer; people that are named bring their short
    form, and nothing of where they stand.
    """
    lent: dict[str, dict[str, Any]] = {}
    for field in definition.fields:
        if not SharedPart.of(field, places):
            continue
        for part in (field, *field.columns):
            if is_private(part):
                continue
            target = part.to or part.from_
            workbook, _, name = str(target or "").partition("/")
            value = linked.get(workbook, {}).get(name)
            if not target or value is None:
                continue
            if part.from_:
                keep = ("id", part.label_column)
                value = [{key: row[key] for key in keep if key in row} for row in value]
            lent.setdefault(workbook, {})[name] = value
    return lent
