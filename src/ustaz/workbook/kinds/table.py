"""``table``: rows with ids, each with the same columns."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, Final

from ustaz.base.ids import ROW_ID
from ustaz.messages import N_, numbered
from ustaz.workbook.cursor import Cursor
from ustaz.workbook.evaluation import Context
from ustaz.workbook.kinds.base import (
    Attachment,
    Json,
    Kind,
    Limit,
    Page,
    Path,
    ReadColumn,
    TidyColumn,
    count_column,
    is_empty,
    kind_of,
    maybe,
    ordered,
    refuse,
    size_limits,
)
from ustaz.workbook.kinds.form import Form, Place, attributes, group, most_line, press, tool
from ustaz.workbook.kinds.map import line_html, map_html, map_json, prompts_html, read_map
from ustaz.workbook.kinds.words import COUNT
from ustaz.workbook.model import Field, Translate
from ustaz.workbook.problems import ValueProblem

COMPONENTS: Final = ("form", "plan")
WIDE: Final = 5  # a table of more columns is shown as cards
ROW_ID_PATTERN: Final = "^[a-z0-9]{6,16}$"


def row_filled(table: Field, row: Json, context: Context) -> bool:
    """Tell whether a row holds an answer; one whose cells were kept back may."""
    withheld = context.withheld
    if withheld and any(f"{table.id}.{column.id}" in withheld for column in table.columns):
        return True
    added = kind_of(table).own_columns
    for column in table.columns:
        if column.id not in added and not is_empty(column, row, context):
            return True
    return False


class Table(Kind):
    """Rows keep their id when they are moved; a row in which nothing stands does not count."""

    name = "table"
    keys: ClassVar[tuple[str, ...]] = (
        "columns", "min_rows", "max_rows", "row_name", "component", "map",
    )  # fmt: skip
    column = False
    roles = frozenset()

    def read(self, cursor: Cursor, column: ReadColumn) -> dict[str, Any]:
        few, many = ordered(cursor, "min_rows", "max_rows", 0, self.rows_cap)
        columns = tuple(column(entry) for entry in cursor.items("columns", least=1))
        drawn = read_map(cursor.child("map"), columns)
        return {
            "columns": columns,
            "min_rows": few,
            "max_rows": many,
            "row_name": cursor.text("row_name"),
            "component": cursor.one_of("component", COMPONENTS, "form"),
            **({"settings": {"map": drawn}} if drawn else {}),
        }

    def to_json(self, field: Field, translate: Translate) -> dict[str, Any]:
        return {
            "min_rows": field.min_rows,
            "max_rows": field.max_rows,
            "row_name": maybe(field.row_name, translate),
            "component": field.component,
            # Few tables have one.
            **({"map": map_json(settings, translate)} if (settings := _map_of(field)) else {}),
        }

    def example_problem(self, field: Field, value: Any) -> str | None:  # noqa: ANN401
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            return "expected a list of rows"
        for row in value:
            for key, inner in row.items():
                column = field.column(key)
                if column is None:
                    return f"no such column: {key}"
                if why := kind_of(column).example_problem(column, inner):
                    return f"{key}: {why}"
        return None

    def example(self, field: Field, value: Any, translate: Translate) -> Any:  # noqa: ANN401
        columns = {column.id: column for column in field.columns}
        return [
            {
                key: kind_of(columns[key]).example(columns[key], inner, translate)
                for key, inner in row.items()
            }
            for row in value
        ]

    def check(self, field: Field, path: Path, value: Any) -> None:  # noqa: ANN401
        refuse(not isinstance(value, list), "wrong_type", path)
        refuse(len(value) > self.rows_cap, "too_many", path)
        seen: set[str] = set()
        for row in value:
            row_id = row.get("id") if isinstance(row, dict) else None
            refuse(not isinstance(row_id, str) or not ROW_ID.match(row_id), "bad_row", path)
            refuse(row_id in seen, "twice", path)
            seen.add(str(row_id))
            for key, inner in row.items():
                if key != "id":
                    column = field.column(key)
                    if column is None:
                        raise ValueProblem("unknown_column", [*path, str(row_id), str(key)])
                    kind_of(column).check(column, [*path, str(row_id), key], inner)

    def schema(self, field: Field) -> dict[str, Any]:
        row = {
            "type": "object",
            "additionalProperties": False,
            "required": ["id"],
            "properties": {
                "id": {"type": "string", "pattern": ROW_ID_PATTERN},
                **{column.id: described(column) for column in field.columns},
            },
        }
        return {"type": "array", "maxItems": self.rows_cap, "items": row}

    def is_empty(self, field: Field, holder: Json, context: Context) -> bool:
        return not any(row_filled(field, row, context) for row in holder.get(field.id) or ())

    def limits(self, field: Field, value: Any, context: Context) -> Iterator[Limit]:  # noqa: ANN401
        if field.max_rows is not None and len(value) > field.max_rows:
            yield Limit("max_items", "problem", {"max": field.max_rows})
        if field.min_rows:
            filled = sum(row_filled(field, row, context) for row in value)
            yield from size_limits(filled, field.min_rows, None)

    def attachments(self, field: Field, value: Any) -> Iterator[Attachment]:  # noqa: ANN401
        for row in value or ():
            for column in field.columns:
                yield from kind_of(column).attachments(column, row.get(column.id))

    def tidy_columns(self, field: Field) -> Iterator[TidyColumn]:
        yield count_column(field, COUNT)

    def reading(self, page: Page, json: Json, value: Any) -> str:  # noqa: ANN401
        columns = page.columns(json, value)
        picture = ""
        if _shows_map(json, columns):
            seen = {"id", *(column["id"] for column in columns)}
            shown = [{key: cell for key, cell in row.items() if key in seen} for row in value]
            picture = map_html(json, shown, page.label)
        most = page.most_rows
        # One more is no reason to fold it away.
        if most is None or len(value) <= most + 1:
            return picture + _rows_html(page, json, columns, value)
        rest = page.remark(N_("Show the rest: {count}"), count=len(value) - most)
        return (
            f"{picture}{_rows_html(page, json, columns, value[:most])}"
            f'<details class="uz-rest"><summary>{rest}</summary>'
            f"{_rows_html(page, json, columns, value[most:], most + 1)}</details>"
        )

    def whole(self, form: Form, json: Json, holder: Json, place: Place) -> str:
        rows = holder.get(json["id"]) or []
        name = str(json["row_name"])
        cards = "".join(self.cards(form, json, rows, place, name))
        none = "" if rows else f'<p class="uz-none">{form.t(N_("Nothing here yet."))}</p>'
        more = (
            press(form.t(N_("Add: {row}"), row=name), f"add:{place.name}")
            if len(rows) < self.rows_cap
            else most_line(form, self.rows_cap)
        )
        return group(
            json,
            place,
            "uz-field--table",
            f" {form.need(json, holder)}",
            f'{_picture(form, json, rows, place)}<div>{none}<ol class="uz-cards">{cards}</ol>{more}'
            f"</div>{form.advice(place)}",
            label="h3",
            redrawn=self.redrawn,
        )

    def cards(
        self, form: Form, json: Json, rows: Sequence[Json], place: Place, name: str
    ) -> Iterator[str]:
        """Yield each row as an element of the list of rows."""
        for at, row in enumerate(rows, 1):
            yield _card(form, json, row, place, numbered(name, at, form.t), at, len(rows))


def _map_of(field: Field) -> Json | None:
    settings: Json | None = field.settings.get("map")
    return settings


def _shows_map(json: Json, columns: Sequence[Json]) -> bool:
    """Tell whether a reader of these columns sees the map of a table."""
    drawn = json.get("map")
    if not drawn:
        return False
    return {drawn["x"], drawn["y"]} <= {column["id"] for column in columns}


def _rows_html(
    page: Page, json: Json, columns: Sequence[Json], rows: Sequence[Json], first: int = 1
) -> str:
    """Return rows as a table to read; `first` is the number of the first of them."""
    name = str(json["id"])
    wide = ' class="uz-wide"' if len(columns) > WIDE else ""
    head = "".join(f'<th scope="col">{html.escape(column["label"])}</th>' for column in columns)
    body = "".join(
        "<tr>"
        f'<th scope="row">{number}</th>'
        + "".join(
            f'<td data-label="{html.escape(column["label"])}">{page.cell(column, row, name)}</td>'
            for column in columns
        )
        + "</tr>"
        for number, row in enumerate(rows, first)
    )
    return (
        f'<div class="uz-scroll"><table{wide}><thead><tr><th scope="col">№</th>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _picture(form: Form, json: Json, rows: Sequence[Json], place: Place) -> str:
    """Return the map over the rows, and who may be missing on it; the script draws it anew."""
    columns = [
        column for column in json["columns"] if not form.closed(place.inner("", column["id"]))
    ]
    if not _shows_map(json, columns):
        return ""
    picture = map_html(
        json,
        rows,
        form.t,
        lambda row: html.escape(f"#{place.inner(row).id}"),
        empty=True,
    )
    missing = prompts_html(form.prompts(place), form.t)
    return f'<div class="uz-picture" id="{place.id}-picture" data-kept>{picture}{missing}</div>'


def _card(form: Form, json: Json, row: Json, place: Place, title: str, at: int, of: int) -> str:
    here = place.inner(str(row["id"]))
    frame = attributes(
        class_="uz-card",
        id=here.id,
        data_row=row["id"],
        aria_labelledby=f"{here.id}-title",
    )
    up = tool(form.t(N_("Move {row} up"), row=title), "↑", f"up:{here.name}", off=at == 1)
    down = tool(form.t(N_("Move {row} down"), row=title), "↓", f"down:{here.name}", off=at == of)
    out = tool(form.t(N_("Remove {row}"), row=title), "×", f"remove:{here.name}")
    fields = "".join(
        form.field(column, row, here.inner(str(column["id"]))) for column in json["columns"]
    )
    return (
        f'<li{frame}><div class="uz-card-head"><h4 class="uz-card-title" id="{here.id}-title">'
        f'{html.escape(title)}</h4><div class="uz-tools">'
        f'<span data-tool="up">{up}</span><span data-tool="down">{down}</span>{out}</div></div>'
        f"{_fold(form, json, row, place)}{fields}</li>"
    )


def _fold(form: Form, json: Json, row: Json, place: Place) -> str:
    """Return the line to which the card of a row on a map is closed; a new one stands open."""
    if not json.get("map"):
        return ""
    line = line_html(
        json, row, form.t, lambda column: not form.closed(place.inner(str(row["id"]), column))
    )
    return (
        f'<details class="uz-fold"{"" if len(row) > 1 else " open"}>'
        f'<summary aria-label="{line}"></summary></details>'
    )


def described(field: Field) -> dict[str, Any]:
    """Return the JSON Schema of a field's value with its label and help."""
    schema: dict[str, Any] = {"title": field.label}
    if field.help:
        schema["description"] = field.help
    return {**schema, **kind_of(field).schema(field)}
