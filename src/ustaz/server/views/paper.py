"""An empty form of a workbook, as boxes to be written in by hand.

What a box looks like follows from what a field has (options, columns, a bound), not from its kind,
so that a new kind of field has a form on paper at once.
"""

from __future__ import annotations

import math
from typing import Any, Final

from ustaz.forms import blocks
from ustaz.messages import N_, numbered
from ustaz.server.i18n import Words
from ustaz.workbook import Definition, Field, Library, definition_json
from ustaz.workbook.kinds import is_stored, serves
from ustaz.workbook.kinds.ratings import LABELS, parts_of

#: Characters that a person writes by hand in a line as wide as an A4 page.
LINE: Final = 60
#: Lines for a text without a bound; most lines of one box, about a page.
USUAL: Final = 3
MOST_LINES: Final = 28
#: Rows of a table on one form: a form is printed again for more.
FEWEST_ROWS: Final = 3
MOST_ROWS: Final = 6
MOST_ENTRIES: Final = 10
#: Audiences in words.
READERS: Final = {
    "self": N_("you"),
    "facilitator": N_("your facilitator"),
    "group": N_("your group"),
    "staff": N_("the course team"),
    "network": N_("teachers of the network"),
    "public": N_("everybody"),
}

Json = dict[str, Any]


def sheet(library: Library, definition: Definition, words: Words) -> Json:
    """Return an empty form: what the workbook says of itself, and its sections with their boxes."""
    localized = definition_json(definition, words.plain)
    sections = []
    for section, json in zip(definition.sections, localized["sections"], strict=True):
        fields, asked = section.fields, json["fields"]
        if section.embed:
            workbook, _, name = section.embed.partition("/")
            other = library[workbook]
            at = next(index for index, part in enumerate(other.sections) if part.id == name)
            fields = other.sections[at].fields
            asked = definition_json(other, words.plain)["sections"][at]["fields"]
        sections.append(
            {
                "title": json["title"],
                "minutes": json["minutes"],
                "guidance": blocks(json["guidance"]),
                "boxes": [
                    box(field, own, asked, library, words)
                    for field, own in zip(fields, asked, strict=True)
                ],
            }
        )
    return {
        "title": localized["title"],
        "summary": localized["summary"],
        "minutes": localized["minutes"],
        "purpose": localized["purpose"],
        "readers": [words.plain(READERS[reader]) for reader in localized["visibility"]],
        "months": localized["retention"],
        "sections": sections,
    }


def box(field: Field, json: Json, level: list[Json], library: Library, words: Words) -> Json:
    """Return one field as a box."""
    shape = _shape(field, json, library, words)
    return {
        "label": json["label"],
        "help": json["help"],
        "required": bool(json["required"]),
        "only_you": field.audiences == ("self",),
        "only_if": _only_if(json, level),
        **shape,
    }


def _shape(field: Field, json: Json, library: Library, words: Words) -> Json:
    if not is_stored(field):
        title = ""
        if field.to:
            title = words.plain(library[field.to.partition("/")[0]].title)
        return {"shape": "elsewhere", "title": title, "by": json.get("by", "")}
    if field.columns:
        rows = min(max(field.min_rows or 0, FEWEST_ROWS), field.max_rows or MOST_ROWS, MOST_ROWS)
        boxes = [
            box(column, own, json["columns"], library, words)
            for column, own in zip(field.columns, json["columns"], strict=True)
        ]
        return {
            "shape": "rows",
            "rows": [numbered(json["row_name"], at, words.plain) for at in range(1, rows + 1)],
            "boxes": boxes,
            "more": rows < (field.max_rows or MOST_ROWS + 1),
        }
    if json.get("dimensions"):
        return {
            "shape": "ratings",
            "dimensions": json["dimensions"],
            "parts": [words.plain(LABELS[part]) for part in parts_of(json)],
            "low": json["low"],
            "high": json["high"],
        }
    if json.get("criteria"):
        return {
            "shape": "levels",
            "criteria": json["criteria"],
            "levels": json["levels"],
            "lines": lines(json["max"], long=False),
        }
    if json.get("options"):
        return {"shape": "ticks", "options": json["options"]}
    if isinstance(json.get("from"), int):
        return {
            "shape": "scale",
            "steps": list(range(json["from"], json["to"] + 1)),
            "low": json["low"],
            "high": json["high"],
            "cannot_say": json["cannot_say"],
        }
    if json.get("accept"):
        return {"shape": "attached"}
    if serves(field, "date"):
        return {"shape": "date"}
    if "decimals" in json:
        return {"shape": "number", "unit": json["unit"]}
    if json.get("max_items") is not None or json.get("min_items") is not None:
        entries = min(json["max_items"] or USUAL, MOST_ENTRIES)
        return {"shape": "entries", "entries": entries, "lines": lines(json.get("max"), long=False)}
    return {
        "shape": "lines",
        "lines": lines(json.get("max"), long=bool(json.get("long"))),
        "most": json.get("max"),
    }


def lines(most: int | None, *, long: bool) -> int:
    """Return how many lines a text of at most `most` characters needs by hand."""
    if most is None:
        return USUAL if long else 1
    return min(max(math.ceil(most / LINE), 2 if long else 1), MOST_LINES)


def _only_if(json: Json, level: list[Json]) -> Json | None:
    condition = json.get("shown_when")
    if condition is None:
        return None
    asked = next(other for other in level if other["id"] == condition["field"])
    labels = [option["label"] for option in asked["options"] if option["id"] in condition["is"]]
    return {"label": asked["label"], "options": labels}
