"""``row``: rows of another workbook's table, such as the steps of a plan, by their ids."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Any, Final

from ustaz.messages import N_
from ustaz.workbook.kinds.base import Json, Page, Side
from ustaz.workbook.kinds.form import Form, Place, ending
from ustaz.workbook.kinds.row_ids import RowIds, chosen_of, option_rows
from ustaz.workbook.model import Field, Translate

REMOVED: Final = N_("removed meanwhile")
NOTHING_YET: Final = N_("There is nothing to choose from yet.")


class Row(RowIds):
    """The value is a list of row ids; rows are written in their own workbook only."""

    name = "row"
    keys = ("from", "label_column", "many")
    roles = frozenset({"reference"})
    unknown = "unknown_row"

    def values(self, field: Field, translate: Translate) -> str:  # noqa: ARG002
        return str(field.from_)

    def words(self, side: Side, json: Json, value: Any) -> str:  # noqa: ANN401
        labels = _labels(json, side.rows(str(json["from"])))
        return "; ".join(labels.get(row) or side.gettext(REMOVED) for row in value)

    def reading(self, page: Page, json: Json, value: Any) -> str:  # noqa: ANN401
        labels = _labels(json, page.linked_rows(str(json["from"])))
        texts = [page.line(labels[row]) if row in labels else page.empty(REMOVED) for row in value]
        return "; ".join(texts)

    def control(self, form: Form, json: Json, value: Any, place: Place, describedby: str) -> str:  # noqa: ANN401, ARG002
        chosen = chosen_of(value)
        known = _labels(json, form.linked_rows(str(json["from"])) or ())
        labels = {row: html.escape(label) for row, label in known.items()}
        # A row that was removed stays visible until it is taken out here.
        labels |= {row: form.t(REMOVED) for row in chosen if row not in labels}
        none = "" if labels else f'<p class="uz-none">{form.t(NOTHING_YET)}</p>'
        return none + option_rows(form, json, place, chosen, labels, "") + ending(place.name)


def _labels(json: Json, rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return what rows are called, by id; a row without words is not offered."""
    column = json["label_column"]
    labels = {str(row["id"]): str(row.get(column) or "").strip() for row in rows}
    return {row: label for row, label in labels.items() if label}
