"""``scale``: a rating between two ends."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from typing import Any

from ustaz.workbook.cursor import Cursor
from ustaz.workbook.evaluation import Context
from ustaz.workbook.kinds.base import (
    ABSENT,
    Json,
    Kind,
    Page,
    Path,
    ReadColumn,
    Side,
    TidyColumn,
    maybe,
    refuse,
)
from ustaz.workbook.kinds.form import Form, Place, clear_button, ending, posting
from ustaz.workbook.kinds.words import CANNOT_SAY, CANNOT_SAY_COLUMN, ON_A_SCALE
from ustaz.workbook.model import Field, Translate

#: What the choice "cannot say" posts.
NONE = "none"


class Scale(Kind):
    """The value is a whole number, or null for "cannot say" where that is offered."""

    name = "scale"
    ended = True
    keys = ("from", "to", "low", "high", "cannot_say")
    roles = frozenset({"reference", "rating"})

    def read(self, cursor: Cursor, column: ReadColumn) -> dict[str, Any]:  # noqa: ARG002
        low, high = cursor.integer("from", least=0, most=10), cursor.integer("to", least=1, most=10)
        if high <= low:
            cursor.complain("to", "must be more than `from`")
        return {
            "low_value": low,
            "high_value": high,
            "low": cursor.optional("low"),
            "high": cursor.optional("high"),
            "cannot_say": cursor.flag("cannot_say"),
        }

    def to_json(self, field: Field, translate: Translate) -> dict[str, Any]:
        return {
            "from": field.low_value,
            "to": field.high_value,
            "low": maybe(field.low, translate),
            "high": maybe(field.high, translate),
            "cannot_say": field.cannot_say,
        }

    def example_problem(self, field: Field, value: Any) -> str | None:  # noqa: ANN401
        low, high = field.low_value or 0, field.high_value or 0
        problem = super().example_problem(field, value)
        if problem is None and (not value.isdigit() or not low <= int(value) <= high):
            return f"expected a whole number from {field.low_value} to {field.high_value}"
        return problem

    def example(self, field: Field, value: Any, translate: Translate) -> Any:  # noqa: ANN401, ARG002
        return int(value)

    def check(self, field: Field, path: Path, value: Any) -> None:  # noqa: ANN401
        refuse(value is None and not field.cannot_say, "wrong_type", path)
        refuse(value is not None and type(value) is not int, "wrong_type", path)
        low, high = field.low_value or 0, field.high_value or 0
        refuse(value is not None and not low <= value <= high, "out_of_range", path)

    def schema(self, field: Field) -> dict[str, Any]:
        bounds = {"type": "integer", "minimum": field.low_value, "maximum": field.high_value}
        return {"anyOf": [bounds, {"type": "null"}]} if field.cannot_say else bounds

    def is_empty(self, field: Field, holder: Json, context: Context) -> bool:  # noqa: ARG002
        return field.id not in holder or (holder[field.id] is None and not field.cannot_say)

    def tidy_columns(self, field: Field) -> Iterator[TidyColumn]:
        yield from super().tidy_columns(field)
        if field.cannot_say:
            name = field.id
            yield TidyColumn(
                f"{name}_cannot_say",
                "boolean",
                field,
                CANNOT_SAY_COLUMN,
                lambda row: row[name] is None if name in row else None,
            )

    def tidy_type(self, field: Field) -> str:  # noqa: ARG002
        return "Int64"

    def values(self, field: Field, translate: Translate) -> str:
        ends = ((field.low_value, field.low), (field.high_value, field.high))
        return "; ".join(
            f"{number} = {translate(label)}" if label else str(number) for number, label in ends
        )

    def shown(self, page: Page, json: Json, holder: Json) -> str:
        if json["id"] not in holder:
            return page.empty()
        value = holder[json["id"]]
        return page.empty(CANNOT_SAY) if value is None else self.reading(page, json, value)

    def in_words(self, side: Side, json: Json, holder: Json) -> str:
        if json["id"] in holder and holder[json["id"]] is None:
            return side.gettext(CANNOT_SAY)
        return super().in_words(side, json, holder)

    def reading(self, page: Page, json: Json, value: Any) -> str:  # noqa: ANN401
        ends = (json.get("low"), json.get("high"))
        words = f" ({html.escape(str(ends[0]))} … {html.escape(str(ends[1]))})" if all(ends) else ""
        return page.remark(ON_A_SCALE, value=value, low=json["from"], high=json["to"]) + words

    def control(self, form: Form, json: Json, value: Any, place: Place, describedby: str) -> str:  # noqa: ANN401, ARG002
        ends = {json["from"]: json.get("low"), json["to"]: json.get("high")}
        steps = [
            _step(place, str(step), str(step), ends.get(step), checked=value == step)
            for step in range(json["from"], json["to"] + 1)
        ]
        if json.get("cannot_say"):
            words = form.t(CANNOT_SAY)
            steps.append(_step(place, NONE, words, None, checked=value is None, wide=True))
        clear = "" if value is ABSENT else clear_button(form, place)
        return f'<div class="uz-scale">{"".join(steps)}</div>{clear}{ending(place.name)}'

    def texts(self, json: Json, value: Any, lang: str) -> list[str]:  # noqa: ANN401
        return [NONE] if value is None else super().texts(json, value, lang)

    def posted(self, json: Json, texts: Sequence[str], lang: str) -> Any:  # noqa: ANN401, ARG002
        text = texts[-1] if texts else ""
        if text == NONE:
            return None
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 3 else ABSENT


def _step(
    place: Place, value: str, words: str, end: str | None, *, checked: bool, wide: bool = False
) -> str:
    id = f"{place.id}-{value}"
    note = f'<span class="uz-step-words">{html.escape(end)}</span>' if end else ""
    radio = posting(place.name, id=id, value=value, checked=checked)
    return (
        f'<div class="uz-step{" uz-step--wide" if wide else ""}"><input type="radio"{radio}>'
        f'<label for="{id}">{words}{note}</label></div>'
    )
