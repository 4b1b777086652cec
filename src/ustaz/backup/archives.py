"""The folder in which archives lie: their names, what a killed backup left, which ones go."""

from __future__ import annotations

import datetime as dt
import re
import sys
from collections.abc import Container, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from ustaz.backup.archive_reader import about as about_of
from ustaz.backup.model import REFUSED, About, KeepingError
from ustaz.messages import N_

if sys.platform != "win32":
    import fcntl

ARCHIVE: Final = re.compile(
    r"ustaz-[a-z0-9][a-z0-9-]{0,31}-[0-9]{8}T[0-9]{6}Z(-[0-9]+)?\.tar\.gz\Z"
)
TEMPORARY: Final = re.compile(r"\.ustaz-[0-9a-f]{16}\.tmp\Z")


def free_name(folder: Path, about: About) -> Path:
    """Return a name that is not taken."""
    moment = dt.datetime.fromisoformat(about.created).astimezone(dt.UTC)
    stem = f"ustaz-{about.id}-{moment:%Y%m%dT%H%M%SZ}"
    path, number = folder / f"{stem}.tar.gz", 1
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}.tar.gz"
    return path


def hold(fd: int) -> None:
    """Mark a temporary file as being written; the system lets go when the process dies.

    Raises
    ------
    BlockingIOError
        Another process writes it. (Windows removes no opened file in the first place.)
    """
    if sys.platform != "win32":
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)


def sweep(folder: Path) -> None:
    """Remove what backups that were killed left in `folder`; never one that is being written."""
    for path in folder.iterdir():
        if TEMPORARY.match(path.name) and path.is_file() and not path.is_symlink():
            with suppress(OSError), path.open("rb") as handle:
                hold(handle.fileno())
                path.unlink()


def pruned(
    archive: Path, about: About, folder: Path, keep: int, *, whole: bool, incomplete: Container[str]
) -> Iterator[str]:
    """Remove this installation's older archives, and yield their names.

    Archives in which something is missing never take the place of whole ones: of each sort the
    newest `keep` stay, so that a file which cannot be read for months fills no disk either.

    Parameters
    ----------
    whole : bool
        Whether nothing is missing in the new one; else only incomplete ones are removed.
    incomplete : container of str
        Names of archives in which something is missing.
    """
    if keep < 1:
        raise KeepingError("bad_keep", N_("At least one archive must be kept."), exit_code=REFUSED)
    if not about.installation:
        return
    same: list[tuple[str, str, Path]] = []
    other: list[tuple[str, str, Path]] = []
    for path in folder.iterdir():
        if ARCHIVE.match(path.name) and path.is_file() and not path.is_symlink():
            with suppress(KeepingError, OSError):
                older = about_of(path)
                if older.installation == about.installation and path != archive:
                    sort = same if (path.name not in incomplete) is whole else other
                    sort.append((older.created, path.name, path))
    gone = sorted(same, reverse=True)[keep - 1 :]
    if whole:
        gone += sorted(other, reverse=True)[keep:]
    for _, name, path in gone:
        path.unlink()
        yield name
