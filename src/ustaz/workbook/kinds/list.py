"""``list``: short texts, one below the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ustaz.workbook.cursor import Cursor
from ustaz.workbook.evaluation import Context
from ustaz.workbook.graphemes import graphemes, trim
from ustaz.workbook.kinds.base import (
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
    ordered,
    size_limits,
    texts_problem,
    texts_schema,
)
from ustaz.workbook.kinds.words import COUNT
from ustaz.workbook.model import Field, Translate


class List(Kind):
    """Blank entries do not count."""

    name = "list"
    keys = ("min_items", "max_items", "min", "max")
    several = True

    def read(self, cursor: Cursor, column: ReadColumn) -> dict[str, Any]:  # noqa: ARG002
        few, many = ordered(cursor, "min_items", "max_items", 0, LIST_CAP)
        low, high = ordered(cursor, "min", "max", 0, 2000)
        return {"min_items": few, "max_items": many, "min": low, "max": high}

    def to_json(self, field: Field, translate: Translate) -> dict[str, Any]:  # noqa: ARG002
        sizes = {"min_items": field.min_items, "max_items": field.max_items}
        return {**sizes, "min": field.min, "max": field.max}

    def example_problem(self, field: Field, value: Any) -> str | None:  # noqa: ANN401, ARG002
        return texts_problem(value)

    def example(self, field: Field, value: Any, translate: Translate) -> Any:  # noqa: ANN401, ARG002
        return [translate(text) for text in value]

    def check(self, field: Field, path: Path, value: Any) -> None:  # noqa: ANN401, ARG002
        check_texts(path, value)

    def schema(self, field: Field) -> dict[str, Any]:  # noqa: ARG002
        return texts_schema()

    def limits(self, field: Field, value: Any, context: Context) -> Iterator[Limit]:  # noqa: ANN401, ARG002
        counts = [graphemes(text) for text in value if trim(text)]
        if field.min is not None and any(count < field.min for count in counts):
            yield Limit("item_min", "missing", {"min": field.min})
        if field.max is not None and max(counts) > field.max:
            over = max(counts) - field.max
            yield Limit("item_max", "problem", {"max": field.max, "over": over})
        yield from size_limits(len(counts), field.min_items, field.max_items)

    def tidy_columns(self, field: Field) -> Iterator[TidyColumn]:
        yield count_column(field, COUNT)

    def words(self, side: Side, json: Json, value: Any) -> str:  # noqa: ANN401, ARG002
        return "\n".join(str(text) for text in value)

    def reading(self, page: Page, json: Json, value: Any) -> str:  # noqa: ANN401, ARG002
        return f"<ol>{''.join(f'<li>{page.text(str(text))}</li>' for text in value)}</ol>"
