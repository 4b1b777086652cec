"""Changes: what a page sends, and what it means.

A change names a place by a path: ``[field]``, ``[table, row]`` or ``[table, row, column]``.
How it is applied is told in :mod:`ustaz.answers.applying`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from ustaz.answers.document import digest
from ustaz.answers.errors import StoreError
from ustaz.answers.shape import STATUSES, Json
from ustaz.answers.strict import MAX_INTEGER, dumps_canonical
from ustaz.base.ids import FIELD_ID, ROW_ID

MAX_CHANGES: Final = 1000
MAX_BATCH_BYTES: Final = 512 * 1024
_MAX_NESTING: Final = 2

PATH_OPS: Final = ("set", "clear", "add_row", "remove_row", "move_row")
DOCUMENT_OPS: Final = ("status", "lang")

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}\Z")
_LANG: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}\Z")


@dataclass(frozen=True, slots=True)
class Change:
    """One change.

    Attributes
    ----------
    op : str
        One of :data:`PATH_OPS` or :data:`DOCUMENT_OPS`.
    path : tuple of str
        Empty for :data:`DOCUMENT_OPS`.
    value : object
        For set, add_row (cells by column), status and lang.
    after : str or None
        For add_row and move_row: the row before it; None = first.
    """

    op: str
    path: tuple[str, ...] = ()
    value: Any = None
    after: str | None = None

    def to_json(self) -> Json:
        """Return the JSON form, with the keys that belong to the operation."""
        data: Json = {"op": self.op}
        if self.path:
            data["path"] = list(self.path)
        if self.op in ("add_row", "move_row"):
            data["after"] = self.after
        if self.op in ("set", "add_row", *DOCUMENT_OPS):
            data["value"] = self.value
        return data


@dataclass(frozen=True, slots=True)
class Batch:
    """Changes that are saved together.

    Attributes
    ----------
    batch : str
        Unique; a retry carries the same one, and then nothing happens twice.
    client : str
        One page that is open in one place.
    base_revision : int
        What the page last saw.
    changes : tuple of Change
        In order.
    lang : str or None
        Language in which the person writes.
    aside : bool
        What a person gave up for another text: kept in the history, and the answers stay.
    """

    batch: str
    client: str
    base_revision: int
    changes: tuple[Change, ...]
    lang: str | None = None
    aside: bool = False

    @classmethod
    def from_json(cls, data: object) -> Batch:
        """Return the batch that `data` describes; ``bad_change`` for anything else."""
        body = _object(
            data, "batch", "client", "base_revision", "changes", optional=("lang", "aside")
        )
        base, changes = body["base_revision"], body["changes"]
        if not isinstance(base, int) or isinstance(base, bool) or not 0 <= base <= MAX_INTEGER:
            raise StoreError("bad_change", "base_revision")
        if not isinstance(changes, list) or not len(changes) <= MAX_CHANGES:
            raise StoreError("bad_change", "changes")
        aside = body.get("aside", False)
        if not isinstance(aside, bool):
            raise StoreError("bad_change", "aside")
        lang = body.get("lang")
        if lang is not None:
            _matches(_LANG, lang, "lang")
        batch = cls(
            batch=_matches(_NAME, body["batch"], "batch"),
            client=_matches(_NAME, body["client"], "client"),
            base_revision=base,
            changes=tuple(
                parse_change(change, f"changes[{index}]") for index, change in enumerate(changes)
            ),
            lang=lang,
            aside=aside,
        )
        if aside and any(change.op not in ("set", "add_row") for change in batch.changes):
            raise StoreError("bad_change", "aside")
        if len(dumps_canonical(batch.to_json())) > MAX_BATCH_BYTES:
            raise StoreError("too_large", "batch")
        return batch

    def to_json(self) -> Json:
        """Return the JSON form."""
        data: Json = {
            "batch": self.batch,
            "client": self.client,
            "base_revision": self.base_revision,
            "changes": [change.to_json() for change in self.changes],
        }
        if self.lang is not None:
            data["lang"] = self.lang
        if self.aside:
            data["aside"] = True
        return data

    @property
    def digest(self) -> str:
        """Return what shows that a batch comes again unchanged."""
        changes = [change.to_json() for change in self.changes]
        return digest({"aside": changes} if self.aside else changes)[:16]


def parse_change(data: object, where: str = "change") -> Change:
    """Return the change that `data` describes, its texts composed (NFC).

    Raises
    ------
    StoreError
        ``bad_change``, with the place.
    """
    op = data.get("op") if isinstance(data, dict) else None
    if op in ("status", "lang"):
        value = _object(data, "op", "value", where=where)["value"]
        if op == "lang":
            _matches(_LANG, value, f"{where}.value")
        elif value not in STATUSES:
            raise StoreError("bad_change", f"{where}.value")
        return Change(op, value=value)
    if op in ("set", "clear"):
        body = _object(data, "op", "path", *(("value",) if op == "set" else ()), where=where)
        path = _path(body["path"], (1, 3), where)
        return Change(op, path, value=_composed(body.get("value"), f"{where}.value"))
    if op == "remove_row":
        return Change(op, _path(_object(data, "op", "path", where=where)["path"], (2,), where))
    if op == "move_row":
        body = _object(data, "op", "path", "after", where=where)
        return Change(op, _path(body["path"], (2,), where), after=_after(body["after"], where))
    if op == "add_row":
        body = _object(data, "op", "path", "after", "value", where=where)
        path, cells = _path(body["path"], (2,), where), body["value"]
        if not isinstance(cells, dict):
            raise StoreError("bad_change", f"{where}.value")
        for column in cells:
            _column(column, f"{where}.value")
        cells = {key: _composed(cell, f"{where}.value") for key, cell in cells.items()}
        return Change(op, path, value=cells, after=_after(body["after"], where))
    raise StoreError("bad_change", f"{where}.op")


def _object(data: object, *keys: str, optional: Sequence[str] = (), where: str = "batch") -> Json:
    if not isinstance(data, dict) or not set(keys) <= set(data) <= {*keys, *optional}:
        raise StoreError("bad_change", f"{where}: keys")
    return data


def _matches(pattern: re.Pattern[str], value: object, where: str) -> str:
    if not isinstance(value, str) or not pattern.match(value):
        raise StoreError("bad_change", where)
    return value


def _column(value: object, where: str) -> str:
    column = _matches(FIELD_ID, value, where)
    if column == "id":
        raise StoreError("bad_change", where)
    return column


def _path(value: object, lengths: Sequence[int], where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) not in lengths:
        raise StoreError("bad_change", f"{where}.path")
    field = _matches(FIELD_ID, value[0], f"{where}.path")
    if len(value) == 1:
        return (field,)
    row = _matches(ROW_ID, value[1], f"{where}.path")
    return (field, row) if len(value) == 2 else (field, row, _column(value[2], f"{where}.path"))


def _after(value: object, where: str) -> str | None:
    return None if value is None else _matches(ROW_ID, value, f"{where}.after")


def _composed(value: Any, where: str, depth: int = 0) -> Any:  # noqa: ANN401
    """Return a cell's value with its texts in NFC; refuse what no cell holds."""
    if value is None or isinstance(value, bool):
        return value
    # Of what is no number and of what has no end this is not true.
    if isinstance(value, int | float) and abs(value) <= MAX_INTEGER:
        return value
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            raise StoreError("bad_change", f"{where}: lone surrogate") from None
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list) and depth < _MAX_NESTING:
        return [_composed(cell, where, depth + 1) for cell in value]
    if isinstance(value, dict) and depth < _MAX_NESTING:
        return {
            _matches(FIELD_ID, key, where): _composed(part, where, depth + 1)
            for key, part in value.items()
        }
    raise StoreError("bad_change", where)
