"""``choice`` and ``choices``: one, or several, of some options."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ustaz.workbook.cursor import Cursor
from ustaz.workbook.evaluation import Context
from ustaz.workbook.kinds.base import (
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
    refuse,
    size_limits,
    texts_problem,
)
from ustaz.workbook.kinds.options import options_json, read_options
from ustaz.workbook.kinds.words import COUNT
from ustaz.workbook.model import Field, Translate


def _labels(page: Page, json: Json, chosen: Sequence[str]) -> str:
    labels = {option["id"]: option["label"] for option in json["options"]}
    return ", ".join(page.line(str(labels.get(option, option))) for option in chosen)


def _unknown(field: Field, chosen: set[str]) -> str | None:
    unknown = chosen - set(field.option_ids)
    return f"no such option: {', '.join(sorted(unknown))}" if unknown else None


class _Options(Kind):
    """What both have in common."""

    def words(self, side: Side, json: Json, value: Any) -> str:  # noqa: ANN401, ARG002
        labels = {option["id"]: str(option["label"]) for option in json["options"]}
        chosen = value if isinstance(value, list) else [value]
        return ", ".join(labels.get(option, str(option)) for option in chosen)

    def values(self, field: Field, translate: Translate) -> str:
        return "; ".join(f"{option.id} = {translate(option.label)}" for option in field.options)


class Choice(_Options):
    """The value is an option's id."""

    name = "choice"
    keys = ("options",)
    roles = frozenset({"reference", "option", "options", "unique"})

    def read(self, cursor: Cursor, column: ReadColumn) -> dict[str, Any]:  # noqa: ARG002
        return {"options": read_options(cursor)}

    def to_json(self, field: Field, translate: Translate) -> dict[str, Any]:
        return {"options": options_json(field.options, translate)}

    def example_problem(self, field: Field, value: Any) -> str | None:  # noqa: ANN401
        return super().example_problem(field, value) or _unknown(field, {value})

    def check(self, field: Field, path: Path, value: Any) -> None:  # noqa: ANN401
        refuse(not isinstance(value, str), "wrong_type", path)
        refuse(value not in field.option_ids, "unknown_option", path)

    def schema(self, field: Field) -> dict[str, Any]:
        return {"enum": list(field.option_ids)}

    def reading(self, page: Page, json: Json, value: Any) -> str:  # noqa: ANN401
        return _labels(page, json, [value])


class Choices(_Options):
    """The value is a list of ids, each once."""

    name = "choices"
    keys = ("options", "min", "max")
    several = True
    roles = frozenset({"reference", "options"})

    def read(self, cursor: Cursor, column: ReadColumn) -> dict[str, Any]:  # noqa: ARG002
        options = read_options(cursor)
        low, high = ordered(cursor, "min", "max", 0, max(len(options), 1))
        return {"options": options, "min": low, "max": high}

    def to_json(self, field: Field, translate: Translate) -> dict[str, Any]:
        options = options_json(field.options, translate)
        return {"options": options, "min": field.min, "max": field.max}

    def example_problem(self, field: Field, value: Any) -> str | None:  # noqa: ANN401
        return texts_problem(value) or _unknown(field, set(value))

    def check(self, field: Field, path: Path, value: Any) -> None:  # noqa: ANN401
        check_texts(path, value)
        refuse(not set(value) <= set(field.option_ids), "unknown_option", path)
        refuse(len(set(value)) < len(value), "twice", path)

    def schema(self, field: Field) -> dict[str, Any]:
        return {"type": "array", "uniqueItems": True, "items": {"enum": list(field.option_ids)}}

    def limits(self, field: Field, value: Any, context: Context) -> Iterator[Limit]:  # noqa: ANN401, ARG002
        yield from size_limits(len(value), field.min, field.max)

    def tidy_columns(self, field: Field) -> Iterator[TidyColumn]:
        yield count_column(field, COUNT)

    def reading(self, page: Page, json: Json, value: Any) -> str:  # noqa: ANN401
        return _labels(page, json, value)
