"""``person``: people of another workbook's table, by their rows' ids."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

from ustaz.messages import N_
from ustaz.workbook.cursor import Cursor
from ustaz.workbook.kinds.base import Json, Page, ReadColumn, Side
from ustaz.workbook.kinds.form import Form, Place, ending, press
from ustaz.workbook.kinds.row_ids import SELF, RowIds, chosen_of, option_rows
from ustaz.workbook.kinds.words import GONE, MYSELF
from ustaz.workbook.model import Field, Translate


class Person(RowIds):
    """The value is a list of row ids; ``self`` is the writer, where that is offered."""

    name = "person"
    keys = ("from", "label_column", "many", "self")
    roles = frozenset({"reference", "people"})
    unknown = "unknown_person"

    def read(self, cursor: Cursor, column: ReadColumn) -> dict[str, Any]:
        return {**super().read(cursor, column), "self": cursor.flag("self")}

    def to_json(self, field: Field, translate: Translate) -> dict[str, Any]:
        return {**super().to_json(field, translate), "self": field.self}

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
        chosen = chosen_of(value)
        options = _offered(form, json, chosen)
        none = form.t(N_("No contacts yet. The first one is written here."))
        parts = [] if options else [f'<p class="uz-none">{none}</p>']
        parts.append(option_rows(form, json, place, chosen, options, " uz-options--people"))
        if form.linked_rows(str(json["from"])) is not None:
            action = f"go:{json['from']}"
            parts.append(
                press(form.t(N_("Add a new contact")), action, "uz-button uz-button--small")
            )
        return "".join(parts) + ending(place.name)


def _offered(form: Form, json: Json, chosen: Sequence[str]) -> dict[str, str]:
    """Return the people that can be chosen, by row, their names escaped."""
    rows = form.linked_rows(str(json["from"])) or ()
    names = {str(row["id"]): str(row.get(json["label_column"]) or "").strip() for row in rows}
    own = {SELF: form.t(N_("me"))} if json.get("self") else {}
    known = {row: html.escape(name) for row, name in names.items() if name}
    gone = form.t(N_("a contact that was removed"))
    # A contact that was removed stays visible until it is taken out here.
    return {**own, **known, **{row: gone for row in chosen if row != SELF and row not in known}}
