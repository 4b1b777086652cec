"""``number``: a whole or a decimal number, with a unit.

A draft may hold a text where what was typed is no number yet ("about 30"): it is kept as it is, and
said to be no number, so that nothing that somebody typed is lost.
"""

from __future__ import annotations

import html
import math
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

from ustaz.messages import number_text
from ustaz.workbook.cursor import Cursor
from ustaz.workbook.evaluation import Context
from ustaz.workbook.kinds.base import (
    ABSENT,
    Json,
    Kind,
    Limit,
    Page,
    Path,
    ReadColumn,
    Side,
    TidyColumn,
    check_text,
    maybe,
    refuse,
)
from ustaz.workbook.kinds.form import Form, Place, posting
from ustaz.workbook.model import Field, Translate

LARGEST: Final = 10**12
"""Beyond it a double no longer holds cents exactly."""
TYPED_CAP: Final = 40
"""Characters of a text that is no number."""
MOST_DECIMALS: Final = 6
_NUMBER: Final = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,6})?\Z")


#: So many digits a double keeps.
_DIGITS: Final = 15
_DASH: Final = re.compile(r"\A[\u2012-\u2015\u2212] ?")
_TYPED: Final = re.compile(
    r"(?P<sign>-?)(?P<whole>[0-9]{1,12}|[0-9]{1,3}(?:\s[0-9]{3}){1,3})"
    r"(?:(?P<mark>[.,])(?P<part>[0-9]+))?\Z"
)


def parsed_number(typed: str, lang: str) -> float | None:
    """Return what somebody typed as a number, or None where it is none.

    A comma or a point is the decimal sign, a blank stands before three digits; any dash is a
    minus. Nothing is guessed: two signs ("1.234,5"), "12 30", and in English "1,234", which is a
    thousand to many, are no numbers, and neither is one of more digits than a computer keeps.
    The front end reads the same; both are tested on ``tests/vectors/numbers.json``.
    """
    match = _TYPED.match(_DASH.sub("-", typed.strip()))
    if match is None:
        return None
    part = match["part"] or ""
    if lang == "en" and match["mark"] == "," and len(part) == 3:
        return None
    whole = re.sub(r"\s", "", match["whole"])
    if len(whole.lstrip("0")) + len(part) > _DIGITS:
        return None
    value = float(f"{match['sign']}{whole}.{part or '0'}")
    return int(value) if value.is_integer() else value


def is_number(value: object) -> bool:
    """Tell whether a value is a number, and not a truth value or a text."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def decimals_of(value: float) -> int:
    """Return how many digits a number has after the decimal sign."""
    exponent = Decimal(repr(value)).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _bound(cursor: Cursor, key: str) -> float | None:
    text = cursor.optional(key)
    if text is None:
        return None
    if not _NUMBER.match(text):
        cursor.complain(key, "expected a number, as 12 or 0.5")
        return None
    return float(text) if "." in text else int(text)


class Number(Kind):
    """Bounds and decimals bind later, as the bounds of a text do; a draft may pass them."""

    name = "number"
    keys = ("unit", "decimals", "min", "max")
    single = True
    roles = frozenset({"reference", "unique"})

    def read(self, cursor: Cursor, column: ReadColumn) -> dict[str, Any]:  # noqa: ARG002
        low, high = _bound(cursor, "min"), _bound(cursor, "max")
        if low is not None and high is not None and low > high:
            cursor.complain("max", "is smaller than `min`")
        settings = {
            "unit": cursor.optional("unit"),
            "decimals": cursor.number("decimals", most=MOST_DECIMALS) or 0,
            "min": low,
            "max": high,
        }
        return {"settings": settings}

    def to_json(self, field: Field, translate: Translate) -> dict[str, Any]:
        return {**field.settings, "unit": maybe(field.settings["unit"], translate)}

    def example_problem(self, field: Field, value: Any) -> str | None:  # noqa: ANN401
        problem = super().example_problem(field, value)
        return problem or (None if _NUMBER.match(value) else "expected a number, as 12 or 0.5")

    def example(self, field: Field, value: Any, translate: Translate) -> Any:  # noqa: ANN401, ARG002
        return float(value) if "." in value else int(value)

    def check(self, field: Field, path: Path, value: Any) -> None:  # noqa: ANN401, ARG002
        if isinstance(value, str):
            check_text(path, value, TYPED_CAP)
            return
        refuse(not is_number(value), "wrong_type", path)
        refuse(not math.isfinite(value) or abs(value) > LARGEST, "out_of_range", path)

    def schema(self, field: Field) -> dict[str, Any]:  # noqa: ARG002
        number = {"type": "number", "minimum": -LARGEST, "maximum": LARGEST}
        return {"anyOf": [number, {"type": "string", "maxLength": TYPED_CAP}]}

    def limits(self, field: Field, value: Any, context: Context) -> Iterator[Limit]:  # noqa: ANN401, ARG002
        if not is_number(value):
            yield Limit("not_a_number", "problem")
            return
        low, high, decimals = (field.settings[key] for key in ("min", "max", "decimals"))
        if low is not None and value < low:
            yield Limit("number_min", "problem", {"min": low})
        if high is not None and value > high:
            yield Limit("number_max", "problem", {"max": high})
        if decimals_of(value) > decimals:
            rule = "decimals" if decimals else "whole_number"
            yield Limit(rule, "problem", {"max": decimals} if decimals else {})

    def tidy_columns(self, field: Field) -> Iterator[TidyColumn]:
        def read(row: Json) -> Any:  # noqa: ANN401
            value = row.get(field.id)
            return value if is_number(value) else None

        yield TidyColumn(field.id, self.tidy_type(field), field, field.label, read)

    def tidy_type(self, field: Field) -> str:  # noqa: ARG002
        # Also of whole numbers: a draft may hold a decimal one, which a whole type would refuse.
        return "Float64"

    def values(self, field: Field, translate: Translate) -> str:
        unit = field.settings["unit"]
        return translate(unit) if unit else ""

    def bounds(self, field: Field) -> dict[str, float | None]:
        return {key: field.settings[key] for key in ("min", "max", "decimals")}

    def words(self, side: Side, json: Json, value: Any) -> str:  # noqa: ANN401
        return _with_unit(number_text(value, side.reader), json) if is_number(value) else str(value)

    def reading(self, page: Page, json: Json, value: Any) -> str:  # noqa: ANN401
        if not is_number(value):
            return page.line(str(value))
        return html.escape(_with_unit(number_text(value, page.lang), json))

    def control(self, form: Form, json: Json, value: Any, place: Place, describedby: str) -> str:  # noqa: ANN401
        text = "".join(self.texts(json, value, form.lang))
        unit = json.get("unit")
        low, decimals = json.get("min"), json.get("decimals") or 0
        # The keys that a phone shows. Those of numbers have no minus on some phones.
        keys = "text" if low is not None and low < 0 else "decimal" if decimals else "numeric"
        control = posting(
            place.name,
            id=place.id,
            class_="uz-input uz-input--short",
            inputmode=keys,
            autocomplete="off",
            maxlength=TYPED_CAP,
            aria_describedby=f"{place.id}-unit {describedby}" if unit else describedby,
            placeholder=json.get("placeholder"),
            value=text,
        )
        note = f'<span id="{place.id}-unit">{html.escape(unit)}</span>' if unit else ""
        return f'<span><input type="text"{control}> {note}</span>'

    def texts(self, json: Json, value: Any, lang: str) -> list[str]:  # noqa: ANN401
        if is_number(value):
            return [in_control(value, lang)]
        return super().texts(json, value, lang)

    def posted(self, json: Json, texts: Sequence[str], lang: str) -> Any:  # noqa: ANN401, ARG002
        text = texts[-1].strip() if texts else ""
        value = parsed_number(text, lang)
        return (text or ABSENT) if value is None else value


def in_control(value: float, lang: str) -> str:
    """Return a number as it stands in a control: without its spaces, so that it is typed over."""
    return number_text(value, lang).replace("\u00a0", "").replace("\u2212", "-")


def _with_unit(number: str, json: Json) -> str:
    return f"{number}\u00a0{json['unit']}" if json.get("unit") else number
