"""``person``: people of another workbook's table, by their rows' ids."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
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
from ustaz.workbook.kinds.form import (
    Form,
    Place,
    clear_button,
    ending,
    option_row,
    press,
)
from ustaz.workbook.kinds.table import ROW_ID_PATTERN
from ustaz.workbook.kinds.words import COUNT, GONE, MYSELF
from ustaz.workbook.model import Field, Translate

TARGET: Final = re.compile(r"[a-z][a-z0-9-]{0,31}/[a-z][a-z0-9_]{0,31}\Z")
SELF: Final = "self"


class Person(Kind):
    """The value is a list of row ids; ``self`` is the writer, where that is offered."""

    name = "person"
    unordered = True
    ended = True
    keys = ("from", "label_column", "many", "self")
    several = True
    roles = frozenset({"reference", "people"})

    def read(self, cursor: Cursor, column: ReadColumn) -> dict[str, Any]:  # noqa: ARG002
        return {
            "from_": cursor.match("from", TARGET, "workbook/table"),
            "label_column": cursor.match("label_column", FIELD_ID, "a column's id"),
            "many": cursor.flag("many"),
            "self": cursor.flag("self"),
        }

    def to_json(self, field: Field, translate: Translate) -> dict[str, Any]:  # noqa: ARG002
        source = {"from": field.from_, "label_column": field.label_column}
        return {**source, "many": field.many, "self": field.self}

    def example_problem(self, field: Field, value: Any) -> str | None:  # noqa: ANN401, ARG002
        return texts_problem(value)

    def example(self, field: Field, value: Any, translate: Translate) -> Any:  # noqa: ANN401, ARG002
        # People stand by their alias, which may be a word.
        return [alias if alias == SELF else translate(alias) for alias in value]

    def check(self, field: Field, path: Path, value: Any) -> None:  # noqa: ANN401
        check_texts(path, value)
        refuse(len(set(value)) < len(value), "twice", path)
        known = all(ROW_ID.match(row) or (row == SELF and field.self) for row in value)
        refuse(not known, "unknown_option", path)
        refuse(len(value) > 1 and not field.many, "too_many", path)

    def schema(self, field: Field) -> dict[str, Any]:
        pattern = "^(self|[a-z0-9]{6,16})$" if field.self else ROW_ID_PATTERN
        items = {"type": "string", "pattern": pattern}
        most = LIST_CAP if field.many else 1
        return {"type": "array", "uniqueItems": True, "maxItems": most, "items": items}

    def limits(self, field: Field, value: Any, context: Context) -> Iterator[Limit]:  # noqa: ANN401
        workbook, _, table = str(field.from_).partition("/")
        if workbook in context.linked:
            rows = context.linked[workbook].get(table) or []
            if not set(value) <= {SELF, *(row["id"] for row in rows)}:
                yield Limit("unknown_person", "problem")

    def tidy_columns(self, field: Field) -> Iterator[TidyColumn]:
        yield count_column(field, COUNT)

    def values(self, field: Field, translate: Translate) -> str:  # noqa: ARG002
        return f"{field.from_}; {SELF}" if field.self else str(field.from_)

    def words(self, side: Side, json: Json, value: Any) -> str:  # noqa: ANN401
        rows = side.rows(str(json["from"]))
        names = {row["id"]: row.get(json.get("label_column") or "alias") for row in rows}
        return ", ".join(
            side.gettext(MYSELF) if row == SELF else str(names.get(row) or side.gettext(GONE))
            for row in value
        )

    def reading(self, page: Page, json: Json, value: Any) -> str:  # noqa: ANN401
        rows = page.linked_rows(str(json["from"]))
        names = {row["id"]: row.get(json.get("label_column") or "alias") or "" for row in rows}
        people = []
        for row in value:
            if row == SELF:
                people.append(page.label(MYSELF))
            elif names.get(row):
                people.append(page.line(str(names[row])))
            else:
                people.append(page.empty(GONE))
        return ", ".join(people)

    def control(self, form: Form, json: Json, value: Any, place: Place, describedby: str) -> str:  # noqa: ANN401, ARG002
        chosen = [str(row) for row in value] if isinstance(value, list) else []
        options = _offered(form, json, chosen)
        kind = "checkbox" if json.get("many") else "radio"
        rows = "".join(
            option_row(place, kind, row, label, checked=row in chosen)
            for row, label in options.items()
        )
        none = form.t(N_("No contacts yet. The first one is written here."))
        parts = [] if options else [f'<p class="uz-none">{none}</p>']
        parts.append(f'<div class="uz-options uz-options--people">{rows}</div>')
        if chosen and not json.get("many"):
            parts.append(clear_button(form, place))
        if form.linked_rows(str(json["from"])) is not None:
            words = form.t(N_("Add a new contact"))
            action = f"go:{json['from']}"
            parts.append(press(words, action, "uz-button uz-button--small"))
        return "".join(parts) + ending(place.name)

    def posted(self, json: Json, texts: Sequence[str], lang: str) -> Any:  # noqa: ANN401, ARG002
        return list(dict.fromkeys(text for text in texts if text)) or ABSENT


def _offered(form: Form, json: Json, chosen: Sequence[str]) -> dict[str, str]:
    """Return the people that can be chosen, by row, their names escaped."""
    rows = form.linked_rows(str(json["from"])) or ()
    names = {str(row["id"]): str(row.get(json["label_column"]) or "").strip() for row in rows}
    own = {SELF: form.t(N_("me"))} if json.get("self") else {}
    known = {row: html.escape(name) for row, name in names.items() if name}
    gone = form.t(N_("a contact that was removed"))
    # A contact that was removed stays visible until it is taken out here.
    return {**own, **known, **{row: gone for row in chosen if row != SELF and row not in known}}
