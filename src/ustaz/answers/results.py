"""What the store tells whoever asked: an acknowledgement, and what can be looked back at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ustaz.answers.changes import Change
from ustaz.answers.document import Document
from ustaz.answers.journal import Step, aside_of, changes_of
from ustaz.answers.merge import Conflict
from ustaz.answers.shape import Json


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One save that can be looked at and restored.

    Attributes
    ----------
    revision : int
    at : str
        When, ISO 8601 with an offset.
    who : str
        The person's id.
    paths : tuple of str
        What changed: ``title``, ``steps/row001/action``.
    restored : int or None
        The revision that it brought back.
    aside : bool
        It holds words that were given up for others; the answers stayed as they were.
    """

    revision: int
    at: str
    who: str
    paths: tuple[str, ...]
    restored: int | None = None
    aside: bool = False

    def to_json(self) -> Json:
        """Return the JSON form."""
        return {
            "revision": self.revision,
            "at": self.at,
            "who": self.who,
            "paths": list(self.paths),
            "restored": self.restored,
            "aside": self.aside,
        }


@dataclass(frozen=True, slots=True)
class Saved:
    """The acknowledgement: what was sent and did not conflict is on the disk.

    Attributes
    ----------
    revision : int
        What the document is at now.
    saved_at : str
        ISO 8601 with an offset.
    applied : int
        How many of the batch's changes stand.
    conflicts : list of dict
        ``{"index", "change", "theirs", "theirs_at"}`` of each that was declined.
    document : Document or None
        Where the client's picture is not what stands: others saved, or a conflict.
    repeated : bool
        The batch had been saved before; nothing was done.
    notices : tuple of str
        What had to be mended before saving.
    """

    revision: int
    saved_at: str
    applied: int
    conflicts: list[Json] = field(default_factory=list)
    document: Document | None = None
    repeated: bool = False
    notices: tuple[str, ...] = ()

    def to_json(self) -> Json:
        """Return the JSON form."""
        data: Json = {
            "revision": self.revision,
            "saved_at": self.saved_at,
            "applied": self.applied,
            "conflicts": self.conflicts,
        }
        if self.document is not None:
            data["document"] = self.document.to_json()
        return data


def entries(steps: Iterable[Step]) -> list[HistoryEntry]:
    """Return what a journal's steps let one look back at, oldest first."""
    return [
        HistoryEntry(
            revision=record["revision"],
            at=record["at"],
            who=record["who"],
            paths=tuple(
                dict.fromkeys(_place(change) for change in (*changes_of(record), *aside_of(record)))
            ),
            restored=record.get("restored"),
            aside="aside" in record,
        )
        for record, _ in steps
        if record["kind"] == "save"
    ]


def _place(change: Change) -> str:
    return "/".join(change.path) or f"#{change.op}"


def conflict_told(conflict: Conflict, records: Sequence[Json], latest: str) -> Json:
    """Return a declined change as a page is told of it.

    Parameters
    ----------
    conflict : Conflict
    records : sequence of dict
        The journal's, to tell when the other's change came.
    latest : str
        When the document was last changed: for a journal that does not reach.
    """
    since = conflict.theirs_revision
    at: str | None = None
    if since is not None:
        times = (record["at"] for record in records if record.get("revision", 0) >= since)
        at = next(times, latest)
    elif conflict.row_gone:
        at = _removed_at(records, conflict.change.path[:2])
    return {
        "index": conflict.index,
        "change": conflict.change.to_json(),
        "theirs": conflict.theirs,
        "theirs_at": at,
    }


def _removed_at(records: Sequence[Json], row: tuple[str, ...]) -> str | None:
    """Return when a row was removed last; a row that is gone has no stamps left to tell it."""
    for record in reversed(records):
        if record["kind"] == "save" and any(
            change.op == "remove_row" and change.path == row for change in changes_of(record)
        ):
            return str(record["at"])
    return None
