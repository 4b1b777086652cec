"""``file``: pictures and documents that show what was done.

The value is a list of entries; the bytes lie elsewhere, under the hash that an entry names
(docs/decisions/0031). What an entry says of name, size and type is for readers; what a file is
served as, the store decides.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Any, Final

from ustaz.base.evidence import (
    MOST_OF_A_FILE,
    PICTURES,
    SHA256,
    SUFFIXES,
    TO_BE_BLURRED,
    VISIBLE,
)
from ustaz.messages import N_, number_text
from ustaz.workbook.cursor import Cursor
from ustaz.workbook.evaluation import Context
from ustaz.workbook.kinds.base import (
    ABSENT,
    Attachment,
    Json,
    Kind,
    Limit,
    OwnTable,
    Page,
    Path,
    ReadColumn,
    Side,
    TidyColumn,
    check_text,
    count_column,
    ordered,
    refuse,
    size_limits,
)
from ustaz.workbook.kinds.form import Form, Place
from ustaz.workbook.kinds.words import COUNT
from ustaz.workbook.model import Field, Translate

FILES_CAP: Final = 12
NAME_CAP: Final = 160
CAPTION_CAP: Final = 500
KEYS: Final = frozenset({"hash", "name", "size", "type", "caption", "visible"})
ACCEPT: Final = ("pictures", "documents")

#: What readers are told of who can be seen.
SEEN: Final = {
    "none": N_("Nobody can be recognised in it."),
    "adults_with_consent": N_("Adults can be seen in it, and they have agreed."),
    "pupils_with_consent": N_(
        "Pupils can be seen in it, and their parents have agreed in writing."
    ),
    "must_blur": N_("Somebody still has to be made unrecognisable: only the owner sees it."),
}
COLUMNS: Final = {
    "name": ("string", N_("Name of the file, as its owner calls it")),
    "type": ("string", N_("Media type of the file")),
    "size": ("Int64", N_("Bytes of the file")),
    "hash": ("string", N_("SHA-256 of the file's bytes; under this name they are kept")),
    "visible": ("string", N_("Who can be seen in it")),
    "caption": ("string", N_("What its owner wrote about it")),
}


class File(Kind):
    """An entry without a caption is an answer, too."""

    name = "file"
    posts = False
    redrawn = True
    keys = ("accept", "min_items", "max_items")
    attaches = True
    roles = frozenset()

    def read(self, cursor: Cursor, column: ReadColumn) -> dict[str, Any]:  # noqa: ARG002
        few, many = ordered(cursor, "min_items", "max_items", 0, FILES_CAP)
        accept = cursor.words("accept") if cursor.has("accept") else ACCEPT
        for word in accept:
            if word not in ACCEPT:
                cursor.complain("accept", f"{word!r} is not one of {', '.join(ACCEPT)}")
        if not accept:
            cursor.complain("accept", "expected at least 1")
        return {"min_items": few, "max_items": many, "settings": {"accept": accept}}

    def to_json(self, field: Field, translate: Translate) -> dict[str, Any]:  # noqa: ARG002
        accept = list(field.settings["accept"])
        return {"accept": accept, "min_items": field.min_items, "max_items": field.max_items}

    def example_problem(self, field: Field, value: Any) -> str | None:  # noqa: ANN401, ARG002
        return "an example has no files; describe the picture in the situation"

    # -- values -----------------------------------------------------------------------------------
    def check(self, field: Field, path: Path, value: Any) -> None:  # noqa: ANN401, ARG002
        refuse(not isinstance(value, list), "wrong_type", path)
        refuse(len(value) > FILES_CAP, "too_many", path)
        hashes = set()
        for entry in value:
            refuse(not isinstance(entry, dict), "wrong_type", path)
            refuse(entry.keys() != KEYS, "unknown_column", path)
            texts = (entry[key] for key in ("hash", "type", "visible"))
            refuse(not all(isinstance(text, str) for text in texts), "wrong_type", path)
            refuse(not SHA256.match(entry["hash"]), "wrong_type", path)
            refuse(entry["type"] not in SUFFIXES, "unknown_option", path)
            refuse(entry["visible"] not in VISIBLE, "unknown_option", path)
            size = entry["size"]
            refuse(not isinstance(size, int) or isinstance(size, bool), "wrong_type", path)
            refuse(not 0 < size <= MOST_OF_A_FILE, "out_of_range", path)
            check_text(path, entry["name"], NAME_CAP)
            check_text(path, entry["caption"], CAPTION_CAP)
            refuse(entry["hash"] in hashes, "twice", path)
            hashes.add(entry["hash"])

    def schema(self, field: Field) -> dict[str, Any]:  # noqa: ARG002
        entry = {
            "type": "object",
            "additionalProperties": False,
            "required": sorted(KEYS),
            "properties": {
                "hash": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
                "name": {"type": "string", "maxLength": NAME_CAP},
                "size": {"type": "integer", "minimum": 1, "maximum": MOST_OF_A_FILE},
                "type": {"enum": list(SUFFIXES)},
                "caption": {"type": "string", "maxLength": CAPTION_CAP},
                "visible": {"enum": list(VISIBLE)},
            },
        }
        return {"type": "array", "maxItems": FILES_CAP, "items": entry}

    def is_empty(self, field: Field, holder: Json, context: Context) -> bool:  # noqa: ARG002
        return not holder.get(field.id)

    def limits(self, field: Field, value: Any, context: Context) -> Iterator[Limit]:  # noqa: ANN401, ARG002
        accept = field.settings["accept"]
        if any(_group(entry) not in accept for entry in value):
            yield Limit("file_kind", "problem")
        if any(entry["visible"] == TO_BE_BLURRED for entry in value):
            yield Limit("file_blur", "problem")
        yield from size_limits(len(value), field.min_items, field.max_items)

    def attachments(self, field: Field, value: Any) -> Iterator[Attachment]:  # noqa: ANN401, ARG002
        for entry in value or ():
            yield Attachment(entry["hash"], entry["visible"])

    # -- tables and pages -------------------------------------------------------------------------
    def tidy_columns(self, field: Field) -> Iterator[TidyColumn]:
        yield count_column(field, COUNT)

    def own_table(self, field: Field) -> OwnTable:
        columns = [
            TidyColumn(name, type, field, label, _reads(name))
            for name, (type, label) in COLUMNS.items()
        ]

        def rows(holder: Json) -> Iterator[dict[str, Any]]:
            yield from (dict(entry) for entry in holder.get(field.id) or ())

        return OwnTable(tuple(columns), rows)

    def words(self, side: Side, json: Json, value: Any) -> str:  # noqa: ANN401, ARG002
        return "\n".join(
            f"{entry['name']}: {entry['caption']}" if entry["caption"] else str(entry["name"])
            for entry in value
        )

    def control(self, form: Form, json: Json, value: Any, place: Place, describedby: str) -> str:  # noqa: ANN401, ARG002
        files = [] if value is ABSENT else value
        names = "".join(
            f"<li><bdi>{html.escape(str(entry['caption'] or entry['name']))}</bdi></li>"
            for entry in files
        )
        kept = f'<ul class="uz-values">{names}</ul>' if names else ""
        words = form.t(
            N_("Pictures and documents are added here when the page has loaded completely.")
        )
        return f'{kept}<p class="uz-none">{words}</p>'

    def reading(self, page: Page, json: Json, value: Any) -> str:  # noqa: ANN401, ARG002
        return f'<ul class="uz-files">{"".join(_read(page, entry) for entry in value)}</ul>'


def _group(entry: Json) -> str:
    return ACCEPT[0] if entry["type"] in PICTURES else ACCEPT[1]


def _reads(name: str) -> Any:  # noqa: ANN401
    return lambda row: row[name]


def _read(page: Page, entry: Json) -> str:
    caption, name = str(entry["caption"]), str(entry["name"])
    hidden = entry["visible"] == TO_BE_BLURRED
    picture = "" if hidden else page.picture(str(entry["hash"]), caption or name)
    caption_html = f"<div>{page.text(caption)}</div>" if caption else ""
    size = number_text(-(-entry["size"] // 1024), page.lang)
    about = f"{page.line(name)} · {size}\u00a0{page.label(KILOBYTES)}"
    seen = page.remark(SEEN[entry["visible"]])
    return f"<li>{picture}{caption_html}<div>{about}</div><div><small>{seen}</small></div></li>"


KILOBYTES: Final = N_("kB")
