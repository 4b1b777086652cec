"""``text``: one line, or several where it is ``long``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ustaz.workbook.cursor import Cursor
from ustaz.workbook.evaluation import Context
from ustaz.workbook.graphemes import graphemes
from ustaz.workbook.kinds.base import (
    ABSENT,
    TEXT_CAP,
    Json,
    Kind,
    Limit,
    Page,
    Path,
    ReadColumn,
    check_text,
    ordered,
)
from ustaz.workbook.kinds.form import Form, Place, count_line, grows, text_control
from ustaz.workbook.model import Field, Translate


class Text(Kind):
    """Bounds are in characters as a person sees them."""

    name = "text"
    keys = ("long", "min", "max")
    single = True
    roles = frozenset({"reference", "unique", "title"})

    def read(self, cursor: Cursor, column: ReadColumn) -> dict[str, Any]:  # noqa: ARG002
        low, high = ordered(cursor, "min", "max", 0, TEXT_CAP)
        return {"long": cursor.flag("long"), "min": low, "max": high}

    def to_json(self, field: Field, translate: Translate) -> dict[str, Any]:  # noqa: ARG002
        return {"long": field.long, "min": field.min, "max": field.max}

    def example(self, field: Field, value: Any, translate: Translate) -> Any:  # noqa: ANN401, ARG002
        return translate(value)

    def check(self, field: Field, path: Path, value: Any) -> None:  # noqa: ANN401, ARG002
        check_text(path, value)

    def schema(self, field: Field) -> dict[str, Any]:  # noqa: ARG002
        return {"type": "string", "maxLength": TEXT_CAP}

    def limits(self, field: Field, value: Any, context: Context) -> Iterator[Limit]:  # noqa: ANN401, ARG002
        if field.min is None and field.max is None:
            return
        count = graphemes(value)
        if field.min is not None and count < field.min:
            yield Limit("min", "missing", {"min": field.min})
        if field.max is not None and count > field.max:
            yield Limit("max", "problem", {"max": field.max, "over": count - field.max})

    def reading(self, page: Page, json: Json, value: Any) -> str:  # noqa: ANN401, ARG002
        return page.text(str(value))

    def counted(self, json: Json) -> bool:
        return bool(json.get("min") or json.get("max"))

    def control(self, form: Form, json: Json, value: Any, place: Place, describedby: str) -> str:  # noqa: ANN401
        text = value if isinstance(value, str) else ""
        return text_control(
            form,
            place.name,
            text,
            id=place.id,
            long=bool(json.get("long")),
            grows=grows(json),
            rows=5 if (json.get("max") or 0) > 250 else 3,
            describedby=describedby,
            placeholder=json.get("placeholder"),
        ) + count_line(form, f"{place.id}-count", json, text)

    def posted(self, json: Json, texts: Sequence[str], lang: str) -> Any:  # noqa: ANN401, ARG002
        text = texts[-1] if texts else ""
        if not json.get("long"):
            text = text.replace("\n", " ")
        return text or ABSENT
