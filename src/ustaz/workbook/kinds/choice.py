"""``choice`` and ``choices``: one, or several, of some options."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from typing import Any, Final

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
    check_texts,
    count_column,
    ordered,
    refuse,
    size_limits,
    texts_problem,
)
from ustaz.workbook.kinds.form import (
    Form,
    Place,
    attributes,
    clear_button,
    ending,
    option_row,
    posting,
    select_options,
)
from ustaz.workbook.kinds.options import criteria, options_json, read_options, read_rubric
from ustaz.workbook.kinds.words import COUNT
from ustaz.workbook.model import Field, Translate

#: More options than this go into a list that opens: a column of them would fill a phone.
MANY: Final = 7


def _labels(page: Page, json: Json, chosen: Sequence[str]) -> str:
    labels = {option["id"]: option["label"] for option in json["options"]}
    return ", ".join(page.line(str(labels.get(option, option))) for option in chosen)


def _unknown(field: Field, chosen: set[str]) -> str | None:
    unknown = chosen - set(field.option_ids)
    return f"no such option: {', '.join(sorted(unknown))}" if unknown else None


def _group(place: Place, kind: str, options: Sequence[Json], chosen: Sequence[object]) -> str:
    rows = "".join(
        option_row(
            place,
            kind,
            str(option["id"]),
            html.escape(str(option["label"])),
            checked=option["id"] in chosen,
            help=option["help"],
        )
        for option in options
    )
    return f'<div class="uz-options">{rows}</div>'


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
    ended = True
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

    def control(self, form: Form, json: Json, value: Any, place: Place, describedby: str) -> str:  # noqa: ANN401
        options = json["options"]
        if len(options) > MANY and not any(option["help"] for option in options):
            labels = attributes(
                class_="uz-input", aria_labelledby=f"{place.id}-label", aria_describedby=describedby
            )
            inside = select_options(form, json, value)
            return f"<select{posting(place.name)}{labels}>{inside}</select>{ending(place.name)}"
        clear = "" if value is ABSENT else clear_button(form, place)
        return _group(place, "radio", options, [value]) + clear + ending(place.name)


class Choices(_Options):
    """The value is a list of ids, each once."""

    name = "choices"
    unordered = True
    ended = True
    keys = ("options", "rubric", "min", "max")
    several = True
    roles = frozenset({"reference", "options"})

    def read(self, cursor: Cursor, column: ReadColumn) -> dict[str, Any]:  # noqa: ARG002
        if cursor.has("rubric"):
            options = criteria(read_rubric(cursor))
            if cursor.has("options"):
                cursor.complain("options", "the criteria of the rubric are the options")
        else:
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

    def control(self, form: Form, json: Json, value: Any, place: Place, describedby: str) -> str:  # noqa: ANN401, ARG002
        chosen = value if isinstance(value, list) else []
        return _group(place, "checkbox", json["options"], chosen) + ending(place.name)

    def posted(self, json: Json, texts: Sequence[str], lang: str) -> Any:  # noqa: ANN401, ARG002
        # In the order of the definition, so that equal choices are equal answers.
        known = [str(option["id"]) for option in json["options"]]
        chosen = [option for option in known if option in texts]
        return chosen + [text for text in texts if text and text not in known] or ABSENT
