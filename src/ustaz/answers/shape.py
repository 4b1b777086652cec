"""How the JSON form of a document is built: its ids, its keys, and what each may hold."""

from __future__ import annotations

import re
from typing import Any, Final

from ustaz.base.errors import UstazError
from ustaz.base.ids import FIELD_ID, FILES_FOLDER, WORKBOOK_ID

FORMAT: Final = 1
STATUSES: Final = ("draft", "ready")
SUBJECT_KINDS: Final = ("person", "group", "school", "tutorial")
_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,31}\Z")
_VERSION: Final = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6}){0,3}\Z")
#: Names that Windows takes for devices, whatever follows them.
_DEVICES: Final = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])\Z")

Json = dict[str, Any]


class DocumentError(UstazError):
    """Something that is not a document of ours, with the key that shows it.

    Attributes
    ----------
    id : str
        ``not_an_object``, ``missing_key``, ``unknown_key``, ``bad_value``, ``newer_format``,
        ``digest`` or an id of :data:`ustaz.answers.strict.STRICT_ERRORS`.
    where : str
        Key or place; never content.
    """

    def __init__(self, id: str, where: str = "") -> None:
        super().__init__(id, f"Not a document of answers: {id}{f' ({where})' if where else ''}.")
        self.where = where

    def __reduce__(self) -> tuple[object, ...]:
        """Survive a process border with the place."""
        return (type(self), (self.id, self.where))


def valid_id(text: str) -> bool:
    """Tell whether `text` may be a subject's id and so a folder's name on any system."""
    return bool(_ID.match(text)) and not _DEVICES.match(text)


def valid_workbook(text: str) -> bool:
    """Tell whether `text` may be a workbook's id and so a folder's name on any system."""
    known = bool(WORKBOOK_ID.match(text)) and not _DEVICES.match(text)
    return known and text != FILES_FOLDER


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _text(value: object) -> bool:
    return isinstance(value, str)


def _subject(value: object) -> bool:
    return (
        isinstance(value, dict)
        and set(value) == {"kind", "id"}
        and value["kind"] in SUBJECT_KINDS
        and _text(value["id"])
        and valid_id(value["id"])
    )


def _answers(value: object) -> bool:
    if not isinstance(value, dict):
        return False
    for answer in value.values():
        if isinstance(answer, list) and any(isinstance(row, dict) for row in answer):
            rows = [row.get("id") if isinstance(row, dict) else None for row in answer]
            if all(isinstance(row, dict) and "hash" in row for row in answer):
                continue  # files have no ids; their field's kind checks them
            if not all(_text(row) for row in rows) or len(set(rows)) != len(rows):
                return False
    return True


def _stamps(value: object) -> bool:
    return isinstance(value, dict) and all(
        isinstance(inner, list) and len(inner) == 2 and _whole(inner[0]) and _text(inner[1])
        for inner in value.values()
    )


def valid_batches(value: object) -> bool:
    """Tell whether `value` may be a document's ``batches``."""
    return isinstance(value, dict) and all(
        isinstance(inner, list)
        and len(inner) >= 2
        and _whole(inner[0])
        and _text(inner[1])
        and all(_whole(index) for index in inner[2:])
        for inner in value.values()
    )


_CHECKS: Final = {
    "format": lambda value: _whole(value) and value == FORMAT,
    "workbook": lambda value: _text(value) and valid_workbook(value),
    "definition": lambda value: _text(value) and bool(_VERSION.match(value)),
    "subject": _subject,
    "record_id": _text,
    "lang": _text,
    "status": lambda value: value in STATUSES,
    "revision": lambda value: _whole(value) and value >= 0,
    "created_at": _text,
    "updated_at": _text,
    "answers": _answers,
    "stamps": _stamps,
    "batches": valid_batches,
}


def checked(data: object) -> Json:
    """Return `data` when it is built as a document, with or without its digest.

    Raises
    ------
    DocumentError
        For anything unknown, missing or of another type; ``newer_format`` first of all.
    """
    if not isinstance(data, dict):
        raise DocumentError("not_an_object")
    if _whole(data.get("format")) and data["format"] > FORMAT:
        raise DocumentError("newer_format", "format")
    for key in data:
        if key not in _CHECKS and key != "sha256":
            # What looks like no key might be somebody's words.
            raise DocumentError("unknown_key", key if FIELD_ID.match(key) else "")
    for key, check in _CHECKS.items():
        if key not in data:
            raise DocumentError("missing_key", key)
        if not check(data[key]):
            raise DocumentError("bad_value", key)
    return data
