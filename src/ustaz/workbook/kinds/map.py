"""A map over a table: each row stands where two of its ratings say, in the form of a third answer.

The numbers stay in the table; what is drawn follows from them. The page draws the same
(``form/map.tsx``): measures and forms stand in ``shared/map.json``, where each row stands is tested
on ``tests/vectors/map.json`` for both. Style: ``pictures.css``; without it the picture is black
lines on white, so that it can stand in a saved notebook.
"""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from ustaz.base.shipped import shipped
from ustaz.messages import N_
from ustaz.workbook.conditions import is_blank
from ustaz.workbook.cursor import Cursor
from ustaz.workbook.graphemes import clipped
from ustaz.workbook.model import Field, Translate

Json = Mapping[str, Any]
Words = Callable[[str], str]
Link = Callable[[str], str]

#: What has a form of its own; the first form is that of a row without such an answer.
MOST_FORMS: Final = 6
#: Steps of a rating: more would leave no room for two numbers beside each other on a phone.
MOST_STEPS: Final = 5
CORNERS: Final = 4
KEYS: Final = ("x", "y", "mark", "name", "x_name", "y_name", "corners")

WAITING: Final = N_("Not on the map yet")
EMPTY: Final = N_(
    "Write down a person below. Each one gets a number, which you then put on this map."
)
MISSING: Final = N_("Who may be missing?")


@cache
def measures() -> dict[str, Any]:
    """Return the measures and forms that both halves draw with."""
    text = shipped("shared/map.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


# -- the definition -------------------------------------------------------------------------------
def read_map(cursor: Cursor | None, columns: Sequence[Field]) -> dict[str, Any] | None:
    """Return the key ``map`` of a table; complaints go to the cursor's list."""
    if cursor is None or not cursor.is_mapping():
        return None
    cursor.only(*KEYS)
    known = {column.id: column for column in columns}

    def column(key: str, what: str, fits: Callable[[Field], bool]) -> str:
        name = cursor.optional(key) or ""
        if name and (name not in known or not fits(known[name])):
            cursor.complain(key, f"expected a column that is {what}")
        return name

    corners = cursor.words("corners", required=False)
    if corners and len(corners) != CORNERS:
        cursor.complain("corners", f"expected {CORNERS}: above left, right, below left, right")
    for key in ("x", "y", "name"):
        cursor.text(key)
    rating = f"a scale of at most {MOST_STEPS} steps"
    return {
        "x": column("x", rating, _is_short_rating),
        "y": column("y", rating, _is_short_rating),
        "mark": column("mark", f"a choice of at most {MOST_FORMS}", _has_forms),
        "name": column("name", "there", lambda _: True),
        "x_name": cursor.text("x_name"),
        "y_name": cursor.text("y_name"),
        "corners": corners,
    }


def _has_forms(field: Field) -> bool:
    return 0 < len(field.options) <= MOST_FORMS


def _is_short_rating(field: Field) -> bool:
    if field.low_value is None or field.high_value is None:
        return False
    return field.high_value - field.low_value < MOST_STEPS


def map_json(settings: Json | None, translate: Translate) -> dict[str, Any] | None:
    """Return the key ``map`` as JSON for a front end."""
    if settings is None:
        return None
    return {
        **settings,
        "x_name": translate(settings["x_name"]),
        "y_name": translate(settings["y_name"]),
        "corners": [translate(text) for text in settings["corners"]],
    }


# -- where everything stands ----------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Band:
    """The cells of one step of the upright rating, from above."""

    value: int
    top: float
    height: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A row as a mark: its id and number, where it stands, its form and its short name."""

    row: str
    number: int
    x: float
    y: float
    form: int
    name: str
    placed: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything stands; the height of the picture, and of its grid."""

    columns: tuple[int, ...]
    cell: float
    bands: tuple[Band, ...]
    marks: tuple[Mark, ...]
    bottom: float
    height: float


def layout(table: Json, rows: Sequence[Json]) -> Layout:
    """Return where the rows of a table stand.

    Rows of one cell stand side by side, two in a line, and the band grows with them: none hides
    another. Rows without two numbers wait below.
    """
    size, spec = measures(), table["map"]
    fields = {column["id"]: column for column in table["columns"]}
    columns = tuple(range(fields[spec["x"]]["from"], fields[spec["x"]]["to"] + 1))
    values = tuple(range(fields[spec["y"]]["to"], fields[spec["y"]]["from"] - 1, -1))
    cells: dict[tuple[Any, Any], list[int]] = {}
    for at, row in enumerate(rows):
        place = row.get(spec["x"]), row.get(spec["y"])
        known = place[0] in columns and place[1] in values
        cells.setdefault(place if known else _WAIT, []).append(at)
    waiting = cells.pop(_WAIT, [])
    cell = size["cell"] * MOST_STEPS / len(columns)
    places: dict[int, tuple[float, float, int]] = {}
    bands, top = [], float(size["top"])
    for value in values:
        strip = size["strip"] if value in (values[0], values[-1]) else 0
        within = [cells.get((x, value), []) for x in columns]
        room = max(size["row"], max(map(_lines, within)) * size["slot"])
        for across, here in enumerate(within):
            left = size["left"] + cell * across
            start = top + strip + (room - _lines(here) * size["slot"]) / 2
            places |= {row: _slot(at, here, left, start, cell) for at, row in enumerate(here)}
        bands.append(Band(value, top, room + strip))
        top += room + strip
    height = top + size["foot"]
    half, most = size["cell"] / 2, 2 * MOST_STEPS
    for at, row_at in enumerate(waiting):
        x = size["left"] + half * (at % most + 0.5)
        y = height + size["wait"] + at // most * size["slot"] + size["centre"]
        places[row_at] = (x, y, size["name"])
    if waiting:
        height += size["wait"] + -(-len(waiting) // most) * size["slot"]
    marks = tuple(
        _row_mark(at, row, places[at], fields, spec, placed=at not in waiting)
        for at, row in enumerate(rows)
    )
    return Layout(columns, cell, tuple(bands), marks, top, height)


_WAIT: Final = (None, None)


def _lines(here: Sequence[int]) -> int:
    return max(1, -(-len(here) // 2))


def _slot(
    at: int, here: Sequence[int], left: float, top: float, cell: float
) -> tuple[float, float, int]:
    """Return where one of the rows of a cell stands, and how long its name may be."""
    size = measures()
    alone = at % 2 == 0 and at == len(here) - 1
    quarters = 2 if alone else 1 + at % 2 * 2
    y = top + at // 2 * size["slot"] + size["centre"]
    return left + cell * quarters / 4, y, size["one_name"] if alone else size["name"]


def _row_mark(
    at: int,
    row: Json,
    place: tuple[float, float, int],
    fields: Json,
    spec: Json,
    *,
    placed: bool,
) -> Mark:
    options = [option["id"] for option in fields[spec["mark"]]["options"]] if spec["mark"] else []
    chosen = row.get(spec["mark"])
    form = options.index(chosen) + 1 if chosen in options else 0
    x, y, room = place
    name = clipped(str(row.get(spec["name"]) or ""), room)
    return Mark(str(row.get("id") or at + 1), at + 1, x, y, form, name, placed)


# -- the picture ----------------------------------------------------------------------------------
def map_html(
    table: Json,
    rows: Sequence[Json],
    words: Words,
    link: Link | None = None,
    *,
    empty: bool = False,
) -> str:
    """Return the map as HTML.

    Parameters
    ----------
    table : mapping
        The table's definition as JSON.
    rows : sequence of mapping
        Cells that the reader may not see are not in them.
    words : callable
        Gives one of our own texts, escaped.
    link : callable, optional
        Gives the address of a row, escaped. Without it the names stand in the table beside it, and
        all of the map is hidden from screen readers.
    empty : bool
        Whether a map on which nobody stands is drawn as well.
    """
    plan = layout(table, rows)
    if not empty and not any(mark.placed for mark in plan.marks):
        return ""
    hidden = "" if link else ' aria-hidden="true"'
    first = f'<p class="uz-help">{words(EMPTY)}</p>' if not rows else ""
    return (
        f'<figure class="uz-map"{hidden}>{first}{_svg(table, plan, words)}'
        f"{_legend(table, plan)}{_names(table, rows, plan, link)}</figure>"
    )


def line_html(table: Json, row: Json, words: Words, seen: Callable[[str], bool]) -> str:
    """Return a row in words, escaped: who it is, where they stand, how they stand to it.

    Parameters
    ----------
    seen : callable
        Tells whether the reader may see a column.
    """
    spec = table["map"]
    x, y = row.get(spec["x"]), row.get(spec["y"])
    placed = isinstance(x, int) and isinstance(y, int)
    where = f"{spec['y_name'].lower()} {y}, {spec['x_name'].lower()} {x}"
    options = next((col["options"] for col in table["columns"] if col["id"] == spec["mark"]), ())
    stance = next((opt["label"] for opt in options if opt["id"] == row.get(spec["mark"])), "")
    known = [
        (html.escape(where) if placed else words(WAITING))
        if seen(spec["x"]) and seen(spec["y"])
        else "",
        html.escape(stance) if seen(spec["mark"]) else "",
    ]
    written = row.get(spec["name"])
    name = "…" if is_blank(written) else html.escape(str(written))
    return ": ".join(filter(None, [name, ", ".join(filter(None, known))]))


def _svg(table: Json, plan: Layout, words: Words) -> str:
    size, spec = measures(), table["map"]
    right = size["left"] + plan.cell * len(plan.columns)
    parts = []
    for band in plan.bands:
        parts += [
            f'<rect class="uz-map-cell" x="{size["left"] + plan.cell * at:g}" y="{band.top:g}"'
            f' width="{plan.cell:g}" height="{band.height:g}"/>'
            for at in range(len(plan.columns))
        ]
        parts.append(
            _text(
                "uz-map-step", size["left"] - 6, band.top + band.height / 2 + 4, band.value, "end"
            )
        )
    for at, value in enumerate(plan.columns):
        x = size["left"] + plan.cell * (at + 0.5)
        parts.append(_text("uz-map-step", x, plan.bottom + 13, value))
    parts += [
        _text(
            "uz-map-corner",
            right - 4 if at % 2 else size["left"] + 4,
            plan.bands[-1 if at > 1 else 0].top + 12,
            html.escape(corner),
            "end" if at % 2 else "start",
        )
        for at, corner in enumerate(spec["corners"])
    ]
    middle = (size["top"] + plan.bottom) / 2
    parts += [
        _text(
            "uz-map-axis",
            (size["left"] + right) / 2,
            plan.bottom + 27,
            f"{html.escape(spec['x_name'])} →",
        ),
        f'<g transform="translate(7 {middle:g})rotate(-90)">'
        + _text("uz-map-axis", 0, 4, f"{html.escape(spec['y_name'])} →")
        + "</g>",
    ]
    if any(not mark.placed for mark in plan.marks):
        y = plan.bottom + size["foot"] + 11
        parts.append(_text("uz-map-wait", size["left"], y, words(WAITING), "start"))
    return (
        f'<svg class="uz-map-picture" viewBox="0 0 {size["width"]} {plan.height:g}" width="520"'
        ' fill="none" stroke="currentColor" font-size="11" aria-hidden="true" focusable="false">'
        f"<g>{''.join(parts)}</g>{''.join(map(_mark, plan.marks))}</svg>"
    )


def _text(class_: str, x: float, y: float, inside: object, anchor: str = "middle") -> str:
    return (
        f'<text class="{class_}" x="{x:g}" y="{y:g}" text-anchor="{anchor}"'
        f' fill="currentColor" stroke="none">{inside}</text>'
    )


def _form(form: int) -> str:
    return f'<path class="uz-map-form uz-map-form--{form}" d="{measures()["forms"][form]}"/>'


def _mark(mark: Mark) -> str:
    number = _text(
        f"uz-map-number uz-map-number--{mark.form}",
        0,
        measures()["numbers"][mark.form],
        mark.number,
    )
    name = _text("uz-map-name", 0, 21, html.escape(mark.name)) if mark.name else ""
    return (
        f'<g class="uz-map-mark" transform="translate({mark.x:g} {mark.y:g})">'
        f"{_form(mark.form)}{number}{name}</g>"
    )


def _legend(table: Json, plan: Layout) -> str:
    """Return which form means what, of the forms that are there."""
    mark = table["map"]["mark"]
    used = {mark.form for mark in plan.marks}
    options = next((col["options"] for col in table["columns"] if col["id"] == mark), ())
    entries = "".join(
        '<li><svg viewBox="-14 -14 28 28" width="20" fill="none" stroke="currentColor"'
        f' aria-hidden="true" focusable="false">{_form(at)}</svg>'
        f"{html.escape(option['label'])}</li>"
        for at, option in enumerate(options, 1)
        if at in used
    )
    return f'<ul class="uz-map-legend">{entries}</ul>' if entries else ""


def _names(table: Json, rows: Sequence[Json], plan: Layout, link: Link | None) -> str:
    """Return whom the numbers mean, in the order of the table."""
    entries = []
    for mark, row in zip(plan.marks, rows, strict=True):
        name = html.escape(str(row.get(table["map"]["name"]) or "…"))
        words = f"<b>{mark.number}</b> <bdi>{name}</bdi>"
        entries.append(
            f'<li><a href="{link(mark.row)}">{words}</a></li>' if link else f"<li>{words}</li>"
        )
    return f'<ol class="uz-map-people">{"".join(entries)}</ol>' if entries else ""


def prompts_html(sentences: Sequence[str], words: Words) -> str:
    """Return thoughts about who is missing; `sentences` are escaped already."""
    if not sentences:
        return ""
    items = "".join(f"<li>{sentence}</li>" for sentence in sentences)
    title = f'<p class="uz-label">{words(MISSING)}</p>'
    return f'<div class="uz-map-missing">{title}<ul>{items}</ul></div>'
