"""What the store tells whoever asked: an acknowledgement, and what can be looked back at."""

from __future__ import annotations

from dataclasses import dataclass, field

from ustaz.answers.document import Document
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
    """

    revision: int
    at: str
    who: str
    paths: tuple[str, ...]
    restored: int | None = None

    def to_json(self) -> Json:
        """Return the JSON form."""
        return {
            "revision": self.revision,
            "at": self.at,
            "who": self.who,
            "paths": list(self.paths),
            "restored": self.restored,
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
