"""``reference`` and ``confirmation``: what is shown here and written elsewhere."""

from __future__ import annotations

import html
from typing import Any, Final

from ustaz.messages import N_
from ustaz.workbook.conditions import is_blank
from ustaz.workbook.cursor import Cursor
from ustaz.workbook.evaluation import Context
from ustaz.workbook.kinds.base import Json, Kind, Page, Path, ReadColumn, Side, refuse
from ustaz.workbook.kinds.form import Form, Place, group
from ustaz.workbook.kinds.row_ids import TARGET
from ustaz.workbook.model import Field, Translate

PARTIES: Final = ("facilitator", "school_link")


class _Elsewhere(Kind):
    """A participant writes nothing here."""

    stored = False
    column = False
    roles = frozenset()

    def example_problem(self, field: Field, value: Any) -> str | None:  # noqa: ANN401, ARG002
        return "nobody writes this; leave it out of the example"

    def check(self, field: Field, path: Path, value: Any) -> None:  # noqa: ANN401, ARG002
        refuse(True, "not_the_place", path)

    def schema(self, field: Field) -> dict[str, Any]:  # noqa: ARG002
        return {"not": {}}


class Reference(_Elsewhere):
    """An answer of another workbook."""

    name = "reference"
    keys = ("to",)
    missing = "reference_empty"

    def read(self, cursor: Cursor, column: ReadColumn) -> dict[str, Any]:  # noqa: ARG002
        return {"to": cursor.match("to", TARGET, "workbook/field")}

    def to_json(self, field: Field, translate: Translate) -> dict[str, Any]:  # noqa: ARG002
        return {"to": field.to}

    def is_empty(self, field: Field, holder: Json, context: Context) -> bool:  # noqa: ARG002
        workbook, _, name = str(field.to).partition("/")
        return is_blank(context.linked.get(workbook, {}).get(name))

    def in_words(self, side: Side, json: Json, holder: Json) -> str:  # noqa: ARG002
        workbook, _, name = str(json["to"]).partition("/")
        value = side.linked.get(workbook, {}).get(name)
        if isinstance(value, list):
            return "; ".join(str(entry) for entry in value)
        return "" if value is None else str(value)

    def shown(self, page: Page, json: Json, holder: Json) -> str:  # noqa: ARG002
        return page.linked_field(str(json["to"]))

    def whole(self, form: Form, json: Json, holder: Json, place: Place) -> str:
        target = str(json["to"])
        value = form.reading(target)
        nothing = f'<span class="uz-none">{form.t(N_("Not written yet"))}</span>'
        address, title = form.way(target)
        words = (
            form.t(N_("Change it in: {workbook}"), workbook=title)
            if value
            else form.t(N_("Write it in: {workbook}"), workbook=title)
        )
        return group(
            json,
            place,
            "uz-field--reference",
            f" {form.need(json, holder)}",
            f'<blockquote class="uz-value">{value or nothing}</blockquote>'
            f'<p><a class="uz-link" href="{html.escape(address)}">{words}</a></p>'
            f"{form.advice(place)}",
        )


class Confirmation(_Elsewhere):
    """The word of another party; it is recorded beside the answers, never in them."""

    name = "confirmation"
    keys = ("by",)

    def read(self, cursor: Cursor, column: ReadColumn) -> dict[str, Any]:  # noqa: ARG002
        return {"by": cursor.one_of("by", PARTIES)}

    def to_json(self, field: Field, translate: Translate) -> dict[str, Any]:  # noqa: ARG002
        return {"by": field.by}

    def shown(self, page: Page, json: Json, holder: Json) -> str:  # noqa: ARG002
        return page.confirmation(json)

    def whole(self, form: Form, json: Json, holder: Json, place: Place) -> str:  # noqa: ARG002
        standing = form.confirmed(json)
        if standing:
            line = f'<p class="uz-value"><span aria-hidden="true">✓ </span>{standing}</p>'
        else:
            waiting = (
                N_("Not yet. Your facilitator records it here when you have talked about it.")
                if json["by"] == "facilitator"
                else N_(
                    "Not yet. Your school leader link records it here when you have talked "
                    "about it."
                )
            )
            line = f'<p class="uz-value uz-none">{form.t(waiting)}</p>'
        return group(json, place, "uz-field--confirmation", "", line)
