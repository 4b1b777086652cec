"""A desk: the JupyterLab of a course's staff, which sees nbgrader's side of the course and no more.

A desk has the folders in which nbgrader works. Answers, rosters and what was handed in stay with
the service, which does in the name of the desk's owner whatever needs them. Here stands what both
sides must know: which folders those are, where the gradebook lies, and to whom files belong where
each desk has an account of its own.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from typing import Final

from ustaz.base import files
from ustaz.base.errors import UstazError

DESK_ENV: Final = "USTAZ_DESK"
"""The course directory in which this process has a desk."""

GRADEBOOK_ENV: Final = "USTAZ_DESK_GRADEBOOK"
"""Where the gradebook is, for a desk whose course keeps it in PostgreSQL."""

#: nbgrader's folders, the gradebook's, and one for whatever else staff keep.
NBGRADER: Final = ("source", "release", "submitted", "autograded", "feedback")
OWN: Final = "desk"
BOOK: Final = "gradebook"
FOLDERS: Final = (*NBGRADER, BOOK, OWN)
EXCHANGE: Final = "exchange/nbgrader"
FILE: Final = "gradebook.db"

#: Accounts of desks have numbers and no names. No system or container tool gives these out.
FIRST_ID: Final = 1_900_000_000
LAST_ID: Final = FIRST_ID + 999_999
_WAIT: Final = 60.0


def at(directory: str | os.PathLike[str]) -> bool:
    """Tell whether this process works at a desk in a course directory."""
    desk = os.environ.get(DESK_ENV, "")
    return bool(desk) and Path(desk).resolve() == Path(directory).resolve()


def refuse(directory: str | os.PathLike[str]) -> None:
    """Refuse at a desk what needs the answers, the rounds or the roster of its course.

    Raises
    ------
    UstazError
        ``at_desk``.
    """
    if at(directory):
        raise UstazError(
            "at_desk",
            "Answers, rounds and the list of people are not in this JupyterLab.",
            "Use the pages of the course, or nbgrader's own commands and formgrader.",
            exit_code=12,
        )


def is_desk(number: int) -> bool:
    """Tell whether an account or a group is one of desks."""
    return FIRST_ID <= number <= LAST_ID


def gradebook_file(directory: Path) -> Path:
    """Return where nbgrader's SQLite file is: in a folder of its own once a desk was opened.

    SQLite keeps its journal beside the file, so a desk needs the whole folder.
    """
    inside = directory / BOOK / FILE
    if inside.is_symlink():
        raise _link(f"{BOOK}/{FILE}")
    return inside if at(directory) or inside.exists() else directory / FILE


def enclose(directory: Path) -> None:
    """Put the gradebook into a folder of its own; whoever uses it is waited for."""
    folder = directory / BOOK
    folder.mkdir(mode=0o700, exist_ok=True)
    old, new = directory / FILE, folder / FILE
    if new.exists() or not old.is_file():
        return
    with closing(sqlite3.connect(old, timeout=_WAIT, isolation_level=None)) as connection:
        connection.execute("pragma journal_mode=delete")
        connection.execute("begin exclusive")
        files.rename(old, new)
        connection.execute("rollback")


# -- whose files are whose ------------------------------------------------------------------------
def share(directory: Path, group: int) -> None:
    """Let a group work in nbgrader's folders of a course; whoever else could not still cannot."""
    for name in (*FOLDERS, EXCHANGE):
        folder = directory / name
        if folder.is_symlink() or not folder.is_dir():
            continue
        for _, folders, names, here in os.fwalk(folder, follow_symlinks=False):
            _share(".", here, group, os.O_DIRECTORY)
            folders[:] = [folder for folder in folders if not _is_link(folder, here)]
            for entry in names:
                _share(entry, here, group)


def reshare(directory: Path) -> None:
    """Give what was made in nbgrader's folders to the desks' group, where there is one."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return
    try:
        group = (directory / BOOK).lstat().st_gid
    except OSError:
        return
    if is_desk(group):
        share(directory, group)


def _is_link(name: str, folder: int) -> bool:
    return stat.S_ISLNK(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)


def _share(name: str, folder: int, group: int, kind: int = 0) -> None:
    try:
        opened = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | kind, dir_fd=folder)
    except OSError:
        return  # a link, or gone
    try:
        status = os.fstat(opened)
        mode = stat.S_IMODE(status.st_mode)
        if stat.S_ISDIR(status.st_mode):
            wanted = mode | 0o2770
        elif stat.S_ISREG(status.st_mode) and status.st_nlink == 1:
            wanted = mode | (mode & 0o600) >> 3
        else:
            return
        if status.st_gid != group:
            os.fchown(opened, -1, group)
        if wanted != mode or status.st_gid != group:
            os.fchmod(opened, wanted)
    finally:
        os.close(opened)


def refuse_links(directory: Path, assignment: str) -> None:
    """Refuse links in the folders of an assignment: the service would follow them with its rights.

    Raises
    ------
    UstazError
        ``link``, with the place.
    """
    for name in ("submitted", "autograded", "feedback"):
        top = directory / name
        if not top.is_dir():
            continue
        for person in top.iterdir():
            for path in (person, person / assignment):
                if path.is_symlink():
                    raise _link(path.relative_to(directory).as_posix())
            for place, folders, names in os.walk(person / assignment, followlinks=False):
                for folder in (*folders, *names):
                    if (path := Path(place) / folder).is_symlink():
                        raise _link(path.relative_to(directory).as_posix())


def _link(place: str) -> UstazError:
    return UstazError(
        "link",
        f"{place} is a link; nothing was changed.",
        "Links in nbgrader's folders are never followed: look at it and remove it.",
    )
