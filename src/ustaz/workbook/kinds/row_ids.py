"""What ``person`` and ``row`` share: rows of a workbook's table, chosen by their ids."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from ustaz.base.ids import FIELD_ID, ROW_ID
from ustaz.workbook.cursor import Cursor
from ustaz.workbook.evaluation import Context
from ustaz.workbook.kinds.base import (
    ABSENT,
    LIST_CAP,
    Json,
    Kind,
    Limit,
    Path,
    ReadColumn,
    TidyColumn,
    check_texts,
    count_column,
    refuse,
    texts_problem,
)
from ustaz.workbook.kinds.form import Form, Place, clear_button, option_row
from ustaz.workbook.kinds.table import ROW_ID_PATTERN
from ustaz.workbook.kinds.words import COUNT
from ustaz.workbook.model import Field, Translate

TARGET: Final = re.compile(r"[a-z][a-z0-9-]{0,31}/[a-z][a-z0-9_]{0,31}\Z")
#: Stands among the ids for the writer, where a kind offers that.
SELF: Final = "self"


class RowIds(Kind):
    """The value is a list of row ids; rows are written in their own workbook."""

    unordered = True
    ended = True
    several = True
    #: The problem of a row that the table does not have.
    unknown: str

    def read(self, cursor: Cursor, column: ReadColumn) -> dict[str, Any]:  # noqa: ARG002
        return {
            "from_": cursor.match("from", TARGET, "workbook/table"),
            "label_column": cursor.match("label_column", FIELD_ID, "a column's id"),
            "many": cursor.flag("many"),
        }

    def to_json(self, field: Field, translate: Translate) -> dict[str, Any]:  # noqa: ARG002
        return {"from": field.from_, "label_column": field.label_column, "many": field.many}

    def example_problem(self, field: Field, value: Any) -> str | None:  # noqa: ANN401, ARG002
        return texts_problem(value)

    def example(self, field: Field, value: Any, translate: Translate) -> Any:  # noqa: ANN401, ARG002
        # A row stands by what it says.
        return [text if text == SELF else translate(text) for text in value]

    def check(self, field: Field, path: Path, value: Any) -> None:  # noqa: ANN401
        check_texts(path, value)
        refuse(len(set(value)) < len(value), "twice", path)
        known = all(ROW_ID.match(row) or (row == SELF and field.self) for row in value)
        refuse(not known, "unknown_option", path)
        refuse(len(value) > 1 and not field.many, "too_many", path)

    def schema(self, field: Field) -> dict[str, Any]:
        pattern = f"^({SELF}|[a-z0-9]{{6,16}})$" if field.self else ROW_ID_PATTERN
        items = {"type": "string", "pattern": pattern}
        most = LIST_CAP if field.many else 1
        return {"type": "array", "uniqueItems": True, "maxItems": most, "items": items}

    def limits(self, field: Field, value: Any, context: Context) -> Iterator[Limit]:  # noqa: ANN401
        workbook, _, table = str(field.from_).partition("/")
        if workbook in context.linked:
            rows = context.linked[workbook].get(table) or []
            if not set(value) <= {SELF, *(row["id"] for row in rows)}:
                yield Limit(self.unknown, "problem")

    def tidy_columns(self, field: Field) -> Iterator[TidyColumn]:
        yield count_column(field, COUNT)

    def posted(self, json: Json, texts: Sequence[str], lang: str) -> Any:  # noqa: ANN401, ARG002
        return list(dict.fromkeys(text for text in texts if text)) or ABSENT


def chosen_of(value: Any) -> list[str]:  # noqa: ANN401
    """Return the ids that were chosen, in their order."""
    return [str(row) for row in value] if isinstance(value, list) else []


def option_rows(
    form: Form, json: Json, place: Place, chosen: Sequence[str], labels: dict[str, str], more: str
) -> str:
    """Return a box or a button a row, and what takes a single choice back.

    Parameters
    ----------
    form : Form
    json : mapping
        The field.
    place : Place
    chosen : sequence of str
    labels : dict of str
        What is offered, escaped, by id.
    more : str
        A further class of the group, with a space before it.
    """
    kind = "checkbox" if json.get("many") else "radio"
    rows = "".join(
        option_row(place, kind, row, label, checked=row in chosen) for row, label in labels.items()
    )
    clear = clear_button(form, place) if chosen and not json.get("many") else ""
    return f'<div class="uz-options{more}">{rows}</div>{clear}'
