"""The data dictionary: of every column its type, unit, meaning, values, and who may read it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from ustaz.cohort.schema import DICTIONARY, FRAMES, TEXT
from ustaz.messages import N_
from ustaz.workbook import Definition, PlainTable, dictionary_lines

#: What a row is of the tables of a workbook: its own one, and those of its fields.
OWN_ROW: Final = N_("one row a person")
ENTRY_ROW: Final = N_("one row an entry")

Line = dict[str, str]


def of_frames(names: Iterable[str], role: str, translate: Callable[[str], str]) -> list[Line]:
    """Return the lines about tables of the course, with the columns that a role reads."""
    return [
        _line(
            {
                "table": name,
                "row": translate(FRAMES[name].row),
                "column": column.name,
                "type": column.type,
                "unit": translate(column.unit) if column.unit else "",
                "label": translate(column.meaning),
                "readers": " ".join(column.readers),
            }
        )
        for name in names
        for column in FRAMES[name].for_role(role)
    ]


def of_workbook(definition: Definition, translate: Callable[[str], str]) -> list[Line]:
    """Return the lines about the tables of a workbook's answers.

    Who may read a field are its audiences; whoever answers can show more by a share.
    """
    return [
        _line(
            {
                **{key: line[key] for key in line if key in DICTIONARY},
                "row": translate(OWN_ROW if line["table"] == definition.id else ENTRY_ROW),
                "readers": line["audiences"],
            }
        )
        for line in dictionary_lines(definition, translate)
    ]


def as_table(lines: Iterable[Line], name: str = "dictionary") -> PlainTable:
    """Return the dictionary as a table among the others."""
    columns = tuple((key, TEXT) for key in DICTIONARY)
    return PlainTable(name, columns, [[line[key] for key in DICTIONARY] for line in lines])


def _line(known: Line) -> Line:
    return {key: known.get(key, "") for key in DICTIONARY}
