"""``list``: short texts, one below the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ustaz.messages import N_
from ustaz.workbook.conditions import is_blank
from ustaz.workbook.cursor import Cursor
from ustaz.workbook.evaluation import Context
from ustaz.workbook.graphemes import graphemes
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
    ordered,
    size_limits,
    texts_problem,
    texts_schema,
)
from ustaz.workbook.kinds.form import (
    Form,
    Place,
    count_line,
    ending,
    grows,
    most_line,
    press,
    text_control,
    tool,
)
from ustaz.workbook.kinds.words import COUNT
from ustaz.workbook.model import Field, Translate


class List(Kind):
    """Blank entries do not count."""

    name = "list"
    ended = True
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
        counts = [graphemes(text) for text in value if not is_blank(text)]
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

    def control(self, form: Form, json: Json, value: Any, place: Place, describedby: str) -> str:  # noqa: ANN401, ARG002
        texts = [str(text) for text in value] if isinstance(value, list) else []
        items = texts + [""] * max(form.spare(place), 0 if texts else 1)
        rows = "".join(
            _entry(form, json, text, place, at, len(items)) for at, text in enumerate(items, 1)
        )
        keys = form.t(N_("Enter adds another one below. Alt with an arrow key moves this one."))
        more = (
            press(form.t(N_("Add another")), f"more:{place.name}")
            if len(items) < LIST_CAP
            else most_line(form, LIST_CAP)
        )
        end = ending(place.name)
        return (
            f'<ul class="uz-list">{rows}</ul>'
            f'<p class="uz-hidden" id="{place.id}-keys">{keys}</p>{more}{end}'
        )

    def posted(self, json: Json, texts: Sequence[str], lang: str) -> Any:  # noqa: ANN401, ARG002
        return [text.replace("\n", " ") for text in texts if not is_blank(text)] or ABSENT


def _entry(form: Form, json: Json, text: str, place: Place, at: int, of: int) -> str:
    id = f"{place.id}-item-{at}"
    count = count_line(form, f"{place.id}-count-{at}", json, text) if json.get("max") else ""
    described = f"{place.id}-keys" + (f" {place.id}-count-{at}" if json.get("max") else "")
    label = form.t(N_("{field}, {place} of {of}"), field=str(json["label"]), place=at, of=of)
    control = text_control(
        form,
        place.name,
        text,
        id=id,
        grows=grows(json),
        describedby=described,
        label=label,
        placeholder=json.get("placeholder"),
    )
    tools = ""
    if of > 1:
        name = f"{place.name}:{at}"
        tools = (
            '<div class="uz-tools">'
            + tool(
                form.t(N_("Move up, {place} of {of}"), place=at, of=of),
                "↑",
                f"item-up:{name}",
                off=at == 1,
            )
            + tool(
                form.t(N_("Move down, {place} of {of}"), place=at, of=of),
                "↓",
                f"item-down:{name}",
                off=at == of,
            )
            + tool(form.t(N_("Remove, {place} of {of}"), place=at, of=of), "×", f"item-out:{name}")
            + "</div>"
        )
    return f'<li data-key="{at}"><div class="uz-list-row">{control}{tools}</div>{count}</li>'
