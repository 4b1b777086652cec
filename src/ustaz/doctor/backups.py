"""The examination of backups: how old the last one is, and how many more fit."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from ustaz.backup.log import Note, last_backup
from ustaz.base import clock
from ustaz.doctor.model import Finding
from ustaz.messages import N_

OLD: Final = dt.timedelta(days=7)
FEW: Final = 14


def backups(directory: Path) -> Iterator[Finding]:
    """Look at the note that ``ustaz backup`` left."""
    note = last_backup(directory)
    if note is None:
        yield Finding(
            "no_backup",
            "note",
            N_("No backup was ever made of this directory."),
            N_("Make one: ustaz backup {dir} /path/on/another/disk"),
            {"dir": str(directory)},
        )
        return
    age = clock.now() - note.moment
    params = {"days": max(0, age.days), "file": note.file, "dir": str(directory)}
    if age > OLD:
        yield Finding(
            "old_backup",
            "note",
            N_("The last backup is {days} days old: {file}"),
            N_("Look whether the timer runs, or make one: ustaz backup {dir} /path"),
            params,
        )
    else:
        yield Finding("backup", "ok", N_("The last backup is {days} days old: {file}"), "", params)
    yield from _room(note)


def _room(note: Note) -> Iterator[Finding]:
    folder = Path(note.folder)
    if not note.folder or not folder.is_dir() or note.size < 1:
        return  # on a disk that is not here at the moment
    fit = shutil.disk_usage(folder).free // note.size
    params = {"count": fit, "folder": note.folder}
    if fit < FEW:
        yield Finding(
            "room_for_backups",
            "note" if fit else "problem",
            N_("{count} more backups fit into {folder}: so many days, with one a day."),
            N_("Free some space there, or keep fewer: ustaz backup … --keep 14"),
            params,
        )
    else:
        yield Finding(
            "room_for_backups",
            "ok",
            N_("{count} more backups fit into {folder}: so many days, with one a day."),
            "",
            params,
        )
