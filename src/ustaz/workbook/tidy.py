"""Answers as tidy tables, with a dictionary of what each column means.

One row an observation: the workbook's own table has one row a person; a table, a list, several
choices and several people each have a table of their own with one row an entry, and a column
``<field>_count`` where they would otherwise stand. Nothing is joined into one cell, so nothing has
to be taken apart again. pandas is loaded when called.

The answers are taken as they are: project them to the audience of the table first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ustaz.messages import N_
from ustaz.workbook.kinds import TidyColumn, is_stored, kind_of
from ustaz.workbook.model import Definition, Field, Translate

if TYPE_CHECKING:
    import pandas as pd

#: Seconds reach from year 1 to 9999, as a date does; nanoseconds do not.
_DTYPES: Final = {"date": "datetime64[s]"}
_HEAD: Final = {
    "person": N_("Id of the person in the course's roster; often it is a name"),
    "row": N_("Id of the table's row; stays with it when rows are moved"),
    "position": N_("Place in the list, from 1"),
}


@dataclass(frozen=True, slots=True)
class _Table:
    """One frame: its name, its columns, and how to get its rows from one person's answers."""

    name: str
    columns: tuple[TidyColumn, ...]
    rows: Callable[[Mapping[str, Any]], Iterator[dict[str, Any]]]


def tidy(
    definition: Definition, documents: Iterable[tuple[str, Mapping[str, Any]]]
) -> dict[str, pd.DataFrame]:
    """Return all frames of a workbook by name.

    Parameters
    ----------
    definition : Definition
    documents : iterable of (person, answers)

    Returns
    -------
    dict of str to DataFrame
        ``<workbook>``: one row a person. ``<workbook>.<field>``: one row an entry of a table
        (``person``, ``row``, ``position`` and its columns) or of several values (``person``,
        ``position``, ``value``), or the table that a kind has of its own (one row a dimension that
        was rated). ``<workbook>.<table>.<column>``: the same for several values in a cell, with
        ``row``. A scale's "cannot say" is no number and stands in
        ``<field>_cannot_say``. Dates are ``datetime64[s]``, whole numbers ``Int64``,
        what was typed as a number ``Float64``, texts ``string``.
    """
    return {table.name: frame_of(table) for table in plain_tables(definition, documents)}


@dataclass(frozen=True, slots=True)
class PlainTable:
    """A frame before it is one: what can be sent as JSON, without pandas.

    Attributes
    ----------
    name : str
    columns : tuple of (name, type)
        The type is pandas' (``string``, ``Int64``, …); days are ISO 8601 until they are read.
    rows : list of list
        One value a column; None where there is none.
    """

    name: str
    columns: tuple[tuple[str, str], ...]
    rows: list[list[Any]]


def plain_tables(
    definition: Definition, documents: Iterable[tuple[str, Mapping[str, Any]]]
) -> Iterator[PlainTable]:
    """Return what :func:`tidy` makes frames of, table by table."""
    known = list(documents)
    for table in _tables(definition):
        rows = (
            {"person": person, **row} for person, answers in known for row in table.rows(answers)
        )
        yield PlainTable(
            table.name,
            tuple((column.name, _DTYPES.get(column.type, column.type)) for column in table.columns),
            [[column.read(row) for column in table.columns] for row in rows],
        )


def frame_of(table: PlainTable) -> pd.DataFrame:
    """Return a table as a frame, each column of its type where there are no rows too."""
    import pandas as pd

    return pd.DataFrame(
        {
            name: pd.Series([row[at] for row in table.rows], dtype="object").astype(dtype)
            for at, (name, dtype) in enumerate(table.columns)
        }
    )


def _tables(definition: Definition) -> Iterator[_Table]:
    fields = [field for field in definition.fields if is_stored(field)]
    yield _Table(
        definition.id, (_head("person"), *_columns(fields)), lambda answers: iter([dict(answers)])
    )
    for field in fields:
        name = f"{definition.id}.{field.id}"
        if field.columns:
            head = tuple(_head(name) for name in ("person", "row", "position"))
            yield _Table(name, (*head, *_columns(field.columns)), _rows_of(field))
            for column in field.columns:
                if kind_of(column).several:
                    yield _entries(f"{name}.{column.id}", column, _rows_of(field), "row")
        elif kind_of(field).several:
            yield _entries(name, field, lambda answers: iter([dict(answers)]))
        elif own := kind_of(field).own_table(field):
            yield _Table(name, (_head("person"), *own.columns), own.rows)


def _rows_of(table: Field) -> Callable[[Mapping[str, Any]], Iterator[dict[str, Any]]]:
    def rows(answers: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        for position, row in enumerate(answers.get(table.id) or [], start=1):
            yield {**row, "row": row["id"], "position": position}

    return rows


def _entries(
    name: str,
    field: Field,
    holders: Callable[[Mapping[str, Any]], Iterator[dict[str, Any]]],
    *more: str,
) -> _Table:
    def rows(answers: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        for holder in holders(answers):
            for position, value in enumerate(holder.get(field.id) or [], start=1):
                yield {"row": holder.get("row"), "position": position, "value": value}

    head = tuple(_head(name) for name in ("person", *more, "position"))
    value = TidyColumn("value", "string", field, field.label, lambda row: row["value"])
    return _Table(name, (*head, value), rows)


def _head(name: str) -> TidyColumn:
    kind = "Int64" if name == "position" else "string"
    return TidyColumn(name, kind, None, _HEAD[name], lambda row: row[name])


def _columns(fields: Iterable[Field]) -> Iterator[TidyColumn]:
    for field in fields:
        yield from kind_of(field).tidy_columns(field)


#: By table, column and id of an option, in the options' own order.
OptionLabels = Mapping[str, Mapping[str, Mapping[str, str]]]


def data_dictionary(
    definition: Definition, translate: Translate = lambda text: text
) -> pd.DataFrame:
    """Return what each column of each frame of :func:`tidy` means, one line a column.

    Parameters
    ----------
    definition : Definition
    translate : callable
        Gives a text in the reader's language.

    Returns
    -------
    DataFrame
        ``table, column, type, kind, label, help, values, bounds, required, audiences``.
    """
    import pandas as pd

    return pd.DataFrame(dictionary_lines(definition, translate), dtype="string")


def dictionary_lines(
    definition: Definition, translate: Translate = lambda text: text
) -> list[dict[str, str]]:
    """Return what :func:`data_dictionary` makes a frame of, without pandas."""
    return [
        {
            "table": table.name,
            "column": column.name,
            "type": column.type,
            "label": translate(column.label),
            **_meaning(column, translate),
        }
        for table in _tables(definition)
        for column in table.columns
    ]


def option_labels(definition: Definition, translate: Translate = lambda text: text) -> OptionLabels:
    """Return what the values of columns of options are called, by table, column and id."""
    labels: dict[str, dict[str, dict[str, str]]] = {}
    for table in _tables(definition):
        for column in table.columns:
            field = column.field
            if field is not None and kind_of(field).holds_options(field, column.name):
                names = {option.id: translate(option.label) for option in field.options}
                labels.setdefault(table.name, {})[column.name] = names
    return labels


def _meaning(column: TidyColumn, translate: Translate) -> dict[str, str]:
    field = column.field
    if field is None:
        keys = ("kind", "help", "values", "bounds", "required", "audiences")
        return dict.fromkeys(keys, "")
    bounds = kind_of(field).bounds(field)
    return {
        "kind": field.kind,
        "help": translate(field.help) if field.help else "",
        "values": kind_of(field).values(field, translate),
        "bounds": "; ".join(f"{key} {bound}" for key, bound in bounds.items() if bound is not None),
        "required": field.required or (field.required_when.at if field.required_when else ""),
        "audiences": " ".join(field.audiences),
    }
