"""``row``: rows of another workbook's table, such as the steps of a plan, by their ids."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from ustaz.base.ids import FIELD_ID, ROW_ID
from ustaz.messages import N_
from ustaz.workbook.cursor import Cursor
from ustaz.workbook.evaluation import Context
from ustaz.workbook.kinds.base import (
    ABSENT,
    LIST_CAP,
    Json,
    Kind,
    Limit,
    Page,
    Path,
    ReadColumn,
    Side,
    TidyColumn,
    check_texts,
    count_column,
    refuse,
    texts_problem,
)
from ustaz.workbook.kinds.form import Form, Place, clear_button, ending, option_row
from ustaz.workbook.kinds.person import TARGET
from ustaz.workbook.kinds.table import ROW_ID_PATTERN
from ustaz.workbook.kinds.words import COUNT
from ustaz.workbook.model import Field, Translate

REMOVED: Final = N_("removed meanwhile")
NOTHING_YET: Final = N_("There is nothing to choose from yet.")


class Row(Kind):
    """The value is a list of row ids; rows are written in their own workbook only."""

    name = "row"
    unordered = True
    ended = True
    keys = ("from", "label_column", "many")
    several = True
    roles = frozenset({"reference"})

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
        return [translate(text) for text in value]

    def check(self, field: Field, path: Path, value: Any) -> None:  # noqa: ANN401
        check_texts(path, value)
        refuse(len(set(value)) < len(value), "twice", path)
        refuse(not all(ROW_ID.match(row) for row in value), "unknown_option", path)
        refuse(len(value) > 1 and not field.many, "too_many", path)

    def schema(self, field: Field) -> dict[str, Any]:
        items = {"type": "string", "pattern": ROW_ID_PATTERN}
        most = LIST_CAP if field.many else 1
        return {"type": "array", "uniqueItems": True, "maxItems": most, "items": items}

    def limits(self, field: Field, value: Any, context: Context) -> Iterator[Limit]:  # noqa: ANN401
        workbook, _, table = str(field.from_).partition("/")
        if workbook in context.linked:
            rows = context.linked[workbook].get(table) or []
            if not set(value) <= {row["id"] for row in rows}:
                yield Limit("unknown_row", "problem")

    def tidy_columns(self, field: Field) -> Iterator[TidyColumn]:
        yield count_column(field, COUNT)

    def values(self, field: Field, translate: Translate) -> str:  # noqa: ARG002
        return str(field.from_)

    def words(self, side: Side, json: Json, value: Any) -> str:  # noqa: ANN401
        labels = _labels(json, side.rows(str(json["from"])))
        return "; ".join(labels.get(row) or side.gettext(REMOVED) for row in value)

    def reading(self, page: Page, json: Json, value: Any) -> str:  # noqa: ANN401
        labels = _labels(json, page.linked_rows(str(json["from"])))
        texts = [page.line(labels[row]) if row in labels else page.empty(REMOVED) for row in value]
        return "; ".join(texts)

    def control(self, form: Form, json: Json, value: Any, place: Place, describedby: str) -> str:  # noqa: ANN401, ARG002
        chosen = [str(row) for row in value] if isinstance(value, list) else []
        known = _labels(json, form.linked_rows(str(json["from"])) or ())
        labels = {row: html.escape(label) for row, label in known.items()}
        # A row that was removed stays visible until it is taken out here.
        gone = {row: form.t(REMOVED) for row in chosen if row not in labels}
        kind = "checkbox" if json.get("many") else "radio"
        rows = "".join(
            option_row(place, kind, row, label, checked=row in chosen)
            for row, label in {**labels, **gone}.items()
        )
        none = "" if rows else f'<p class="uz-none">{form.t(NOTHING_YET)}</p>'
        clear = clear_button(form, place) if chosen and not json.get("many") else ""
        return f'{none}<div class="uz-options">{rows}</div>{clear}{ending(place.name)}'

    def posted(self, json: Json, texts: Sequence[str], lang: str) -> Any:  # noqa: ANN401, ARG002
        return list(dict.fromkeys(text for text in texts if text)) or ABSENT


def _labels(json: Json, rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return what rows are called, by id; a row without words is not offered."""
    column = json["label_column"]
    labels = {str(row["id"]): str(row.get(column) or "").strip() for row in rows}
    return {row: label for row, label in labels.items() if label}
