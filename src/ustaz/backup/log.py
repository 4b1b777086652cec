"""What a directory remembers of its backups: one line each in ``state/backups.jsonl``."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from ustaz.base import files

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
    files.append(path, json.dumps(asdict(note), sort_keys=True).encode() + b"\n")


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
