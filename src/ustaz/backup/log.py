"""What a directory remembers of its backups: one line each in ``state/backups.jsonl``."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

NOTES: Final = "state/backups.jsonl"


@dataclass(frozen=True, slots=True)
class Note:
    """One backup that was made and verified.

    Attributes
    ----------
    at : str
        When it began, ISO 8601.
    file : str
        The archive's name, without its folder.
    size : int
        Bytes.
    folder : str
        Where it was put.
    whole : bool
        Whether nothing was missing in it.
    """

    at: str
    file: str
    size: int
    folder: str = ""
    whole: bool = True

    @property
    def moment(self) -> dt.datetime:
        """Return the time."""
        return dt.datetime.fromisoformat(self.at)


def write(root: Path, note: Note) -> None:
    """Append a note, whole."""
    path = root / NOTES
    path.parent.mkdir(0o700, exist_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    descriptor = os.open(path, flags, 0o600)
    try:
        os.write(descriptor, json.dumps(asdict(note), sort_keys=True).encode() + b"\n")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def last_backup(root: Path) -> Note | None:
    """Return the newest note that can be read, None when there is none."""
    return next(newest_first(root), None)


def newest_first(root: Path) -> Iterator[Note]:
    """Yield the notes that can be read, the newest first."""
    try:
        lines = (root / NOTES).read_bytes().splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return
    for line in reversed(lines):
        try:
            value = json.loads(line)
            note = Note(
                str(value["at"]),
                str(value["file"]),
                int(value["size"]),
                str(value.get("folder", "")),
                value.get("whole", True) is True,
            )
            known = note.moment.tzinfo is not None
        except (ValueError, KeyError, TypeError):
            continue
        if known:
            yield note
