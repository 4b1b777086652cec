"""``entries``: a table whose rows each have a day and readers of their own, newest first.

A row is for its writer alone until its readers say otherwise. They never say more than the
audiences of the field: whoever cannot read the field reads no row of it.
"""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Final

from ustaz.messages import N_, long_date
from ustaz.workbook.cursor import Cursor
from ustaz.workbook.evaluation import Context
from ustaz.workbook.kinds.base import REGISTRY, Json, Limit, Page, ReadColumn
from ustaz.workbook.kinds.form import Form, Place, attributes, press
from ustaz.workbook.kinds.table import Table
from ustaz.workbook.model import AUDIENCES, Field, Option, Translate

DATE: Final = "date"
READERS: Final = "readers"
OWN: Final = frozenset({DATE, READERS})
DATE_LABEL: Final = N_("Day")
READERS_LABEL: Final = N_("Who may read this entry?")
READERS_HELP: Final = N_("Without a mark only you can read it.")
NO_DAY: Final = N_("Without a day")
REMOVE: Final = N_("Remove this entry")
#: How an entry's readers are called on the page of whoever chooses them.
READER_LABELS: Final = {
    "facilitator": N_("my facilitator"),
    "group": N_("the members of my group"),
    "staff": N_("the course staff"),
    "network": N_("teachers of other schools in the programme"),
    "public": N_("everybody"),
}


class Entries(Table):
    """Two columns stand in every such table: ``date`` first, ``readers`` last."""

    name = "entries"
    redrawn = True
    keys: ClassVar[tuple[str, ...]] = (
        "columns",
        "min_rows",
        "max_rows",
        "row_name",
        "date_label",
    )
    rows_cap: ClassVar[int] = 200
    document_bytes: ClassVar[int | None] = 1024 * 1024
    own_columns: ClassVar[frozenset[str]] = OWN
    row_readers: ClassVar[str | None] = READERS

    def read(self, cursor: Cursor, column: ReadColumn) -> dict[str, Any]:
        settings = super().read(cursor, column)
        for entry in settings["columns"]:
            if entry.id in OWN:
                cursor.complain("columns", f"{entry.id!r} stands in each entry already")
        return {**settings, "settings": {"date_label": cursor.optional("date_label")}}

    def completed(self, field: Field) -> Field:
        day = Field(
            DATE,
            "date",
            field.settings["date_label"] or DATE_LABEL,
            required="ready",
            audiences=AUDIENCES,
            added=True,
            line=field.line,
        )
        readers = Field(
            READERS,
            "choices",
            READERS_LABEL,
            help=READERS_HELP,
            audiences=AUDIENCES,
            added=True,
            options=tuple(
                Option(audience, label)
                for audience, label in READER_LABELS.items()
                if audience in field.audiences
            ),
            line=field.line,
        )
        last = (readers,) if readers.options else ()
        return replace(field, columns=(day, *field.columns, *last))

    def to_json(self, field: Field, translate: Translate) -> dict[str, Any]:
        return {**super().to_json(field, translate), "readers": READERS}

    def visible_rows(self, field: Field, rows: Sequence[Any], audience: str) -> list[Any]:  # noqa: ARG002
        if audience == "self":
            return list(rows)
        return [row for row in rows if audience in (row.get(READERS) or ())]

    def limits(self, field: Field, value: Any, context: Context) -> Iterator[Limit]:  # noqa: ANN401
        for limit in super().limits(field, value, context):
            # Who does not see every entry cannot say that there are too few.
            if limit.kind != "missing" or field.id not in context.withheld:
                yield limit

    def cards(
        self, form: Form, json: Json, rows: Sequence[Json], place: Place, name: str
    ) -> Iterator[str]:
        del name
        words = next((column["id"] for column in json["columns"] if _is_words(column)), "")
        for row in newest_first(rows):
            here = place.inner(str(row["id"]))
            frame = attributes(class_="uz-card uz-entry", id=here.id, data_row=row["id"])
            fields = "".join(
                form.field(column, row, here.inner(str(column["id"]))) for column in json["columns"]
            )
            day = str(row.get(DATE) or "")
            when = long_date(dt.date.fromisoformat(day), form.lang) if day else form.t(NO_DAY)
            open_ = "" if any(row.get(key) for key in row if key != "id") else " open"
            gone = press(form.t(REMOVE), f"remove:{here.name}", "uz-button uz-button--small")
            yield (
                f"<li{frame}><details{open_}><summary><strong>{html.escape(when)}</strong> "
                f'<span class="uz-entry-words"><bdi>{html.escape(str(row.get(words) or ""))}</bdi>'
                f"</span></summary>{fields}{gone}</details></li>"
            )

    def reading(self, page: Page, json: Json, value: Any) -> str:  # noqa: ANN401
        return super().reading(page, json, newest_first(value))


def _is_words(column: Json) -> bool:
    return "title" in REGISTRY[str(column["kind"])].roles


def newest_first(rows: Sequence[Json]) -> list[Json]:
    """Return rows by their day, the last one first; those without a day stand before them."""
    return sorted(rows, key=lambda row: str(row.get(DATE) or "9"), reverse=True)
