"""Bringing a page's changes together with what others saved since that page last looked.

Every place carries a stamp: the revision and the client of its last change. A change conflicts
when another client changed its place after the page's base revision and the two values differ.
Then it is declined and both values are handed back; nothing is ever overwritten unseen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from ustaz.answers.applying import apply_changes, equal, index_of
from ustaz.answers.changes import Batch, Change
from ustaz.answers.document import REMEMBERED_BATCHES, Document
from ustaz.answers.shape import Json

Stamps = dict[str, list[Any]]

STATUS_STAMP: Final = "#status"
_ABSENT: Final = object()


@dataclass(frozen=True, slots=True)
class Conflict:
    """A change that was declined.

    Attributes
    ----------
    index : int
        Its place in the batch.
    change : Change
    theirs : object
        What stands there: a value, a row, the order of the rows, or None when it is gone.
    theirs_revision : int or None
        Since when; None when that is not known any more.
    """

    index: int
    change: Change
    theirs: Any
    theirs_revision: int | None

    @property
    def row_gone(self) -> bool:
        """Tell whether it is about a row that somebody removed."""
        return self.theirs_revision is None and len(self.change.path) > 1 and self.theirs is None


@dataclass(frozen=True, slots=True)
class Merged:
    """What a batch comes to.

    Attributes
    ----------
    effective : tuple of Change
        Those that change something, in order.
    conflicts : tuple of Conflict
    """

    effective: tuple[Change, ...] = ()
    conflicts: tuple[Conflict, ...] = ()


def merge(document: Document, batch: Batch) -> Merged:
    """Sort a batch's changes into those that apply, those that say nothing new, and conflicts."""
    # A base that is ahead of us is of a generation that never came to be: trust nothing of it.
    base = batch.base_revision if batch.base_revision <= document.revision else 0
    answers, stamps = document.answers, document.stamps
    state = {"status": document.status, "lang": document.lang}
    effective: list[Change] = []
    conflicts: list[Conflict] = []
    for index, change in enumerate(batch.changes):
        looking = _Looking(answers, stamps, base, batch.client)
        if change.op in state:
            new = change.value != state[change.op]
            if new and change.op == "status" and looking.newer(STATUS_STAMP):
                conflicts.append(looking.conflict(index, change, state["status"], STATUS_STAMP))
                continue
            if new:
                effective.append(change)
                state[change.op] = change.value
            continue
        after = apply_changes(answers, [change])
        conflict = looking.at(index, change, after)
        if conflict is not None:
            conflicts.append(conflict)
        elif not _same(answers.get(change.path[0], _ABSENT), after.get(change.path[0], _ABSENT)):
            effective.append(change)
            stamps = updated_stamps(stamps, answers, change, document.revision + 1, batch.client)
            answers = after
    return Merged(tuple(effective), tuple(conflicts))


def declined_again(document: Document, batch: Batch, declined: Sequence[int]) -> Merged:
    """Say once more what was declined of a batch whose answer may never have arrived.

    Also where nothing stands in its way any more: it was never made, and whoever sent it would
    take it for saved.
    """
    now = {conflict.index: conflict for conflict in merge(document, batch).conflicts}
    conflicts = []
    for index in declined:
        change = batch.changes[index]
        if index in now:
            conflicts.append(now[index])
        elif merge(document, replace(batch, changes=(change,))).effective:
            conflicts.append(Conflict(index, change, _standing(document, change), None))
    return Merged((), tuple(conflicts))


def _standing(document: Document, change: Change) -> object:
    """Return what stands at the place of a change, None when nothing does."""
    if not change.path:
        return document.status
    name, *rest = change.path
    value = document.answers.get(name)
    if not rest:
        return value
    rows: list[Json] = value or []
    if change.op == "move_row":
        return [row["id"] for row in rows]
    at = index_of(rows, rest[0])
    row = None if at is None else rows[at]
    return row.get(rest[1]) if row is not None and len(rest) == 2 else row


@dataclass(frozen=True, slots=True)
class _Looking:
    """A document as a client that knows revision `base` looks at it."""

    answers: Mapping[str, Any]
    stamps: Stamps
    base: int
    client: str

    def newer(self, path: str) -> bool:
        """Tell whether another client changed `path` after the base."""
        revision, client = self.stamps.get(path, (0, ""))
        return bool(revision > self.base and client != self.client)

    def conflict(self, index: int, change: Change, theirs: object, *paths: str) -> Conflict:
        since = [self.stamps[path][0] for path in paths if self.newer(path)]
        return Conflict(index, change, theirs, max(since, default=None))

    def at(self, index: int, change: Change, after: Mapping[str, Any]) -> Conflict | None:
        """Return the conflict of a change that would lead to `after`, if it has one."""
        name, *rest = change.path
        if not rest:
            theirs = self.answers.get(name, _ABSENT)
            if self.newer(name) and not _same(theirs, after.get(name, _ABSENT)):
                return self.conflict(index, change, _json_value(theirs), name)
            return None
        rows: list[Json] = self.answers.get(name, [])
        at = index_of(rows, rest[0])
        row_path = f"{name}/{rest[0]}"
        if at is None:
            # Somebody removed the row. Text for it has nowhere to go; the rest loses nothing.
            return self.conflict(index, change, None) if change.op == "set" else None
        row = rows[at]
        if change.op == "move_row":
            order = f"{name}#order"
            ids = [row["id"] for row in rows]
            if self.newer(order) and ids != [row["id"] for row in after[name]]:
                return self.conflict(index, change, ids, order)
            return None
        if change.op == "remove_row":
            paths = [path for path in self.stamps if within(path, row_path)]
            return self.conflict(index, change, row, *paths) if self._any(paths) else None
        columns = [rest[1]] if len(rest) == 2 else list(change.value)
        after_row = after[name][index_of(after[name], rest[0]) or 0]
        for column in columns:
            paths = [row_path, f"{row_path}/{column}"]
            theirs = row.get(column, _ABSENT)
            if self._any(paths) and not _same(theirs, after_row.get(column, _ABSENT)):
                whole = change.op == "add_row"
                return self.conflict(index, change, row if whole else _json_value(theirs), *paths)
        return None

    def _any(self, paths: list[str]) -> bool:
        return any(self.newer(path) for path in paths)


def _same(left: object, right: object) -> bool:
    if left is _ABSENT or right is _ABSENT:
        return left is right
    return equal(left, right)


def _json_value(value: object) -> object:
    return None if value is _ABSENT else value


def within(path: str, row_path: str) -> bool:
    """Tell whether a stamp's path is a row's own or one of its cells'."""
    return path == row_path or path.startswith(row_path + "/")


def updated_stamps(
    stamps: Stamps, answers: Mapping[str, Any], change: Change, revision: int, client: str
) -> Stamps:
    """Return the stamps after `change` to `answers`.

    A row's own stamp stands for all cells that have none; a row that is gone has no stamps.

    Parameters
    ----------
    stamps : dict
        Path -> [revision, client] of the last change there.
    answers : mapping
        Before the change.
    change : Change
    revision : int
        Which one the change makes.
    client : str
        Whose change it is.
    """
    mark = [revision, client]
    if change.op == "lang":
        return stamps
    if change.op == "status":
        return {**stamps, STATUS_STAMP: mark}
    name, *rest = change.path
    if change.op == "move_row":
        return {**stamps, f"{name}#order": mark}
    path = "/".join(change.path)
    if change.op in ("set", "clear"):
        return {**stamps, path: mark}
    if change.op == "add_row" and index_of(answers.get(name, []), rest[0]) is not None:
        return {**stamps, **{f"{path}/{column}": mark for column in change.value}}
    kept = {key: value for key, value in stamps.items() if not within(key, path)}
    return {**kept, path: mark} if change.op == "add_row" else kept


def apply_record(document: Document, record: Json, changes: tuple[Change, ...]) -> Document:
    """Return the next generation: `document` after one record of the journal.

    The same function makes a save and replays it, so that both come to the same bytes.
    """
    revision, client = record["revision"], record["client"]
    answers, stamps = document.answers, document.stamps
    status, lang = document.status, record.get("lang") or document.lang
    for change in changes:
        if change.op == "status":
            status = change.value
        elif change.op == "lang":
            lang = change.value
        stamps = updated_stamps(stamps, answers, change, revision, client)
        answers = apply_changes(answers, [change])
    batches = {**document.batches, **record["batches"]}
    newest = sorted(batches.items(), key=lambda entry: (entry[1][0], entry[0]))[
        -REMEMBERED_BATCHES:
    ]
    return document.with_(
        revision=revision,
        lang=lang,
        status=status,
        updated_at=record["at"],
        answers=answers,
        stamps=stamps,
        batches=dict(newest),
        notices=(),
    )
