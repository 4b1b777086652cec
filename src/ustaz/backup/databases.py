"""Databases as files: SQLite copied while others write, and looked at."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import BinaryIO, Final

MAGIC: Final = b"SQLite format 3\0"
WAIT_SECONDS: Final = 60.0


def is_sqlite(path: Path) -> bool:
    """Tell whether a file is an SQLite database, by its first bytes."""
    if path.suffix not in {".db", ".sqlite", ".sqlite3"}:
        return False
    with path.open("rb") as handle:
        return handle.read(len(MAGIC)) == MAGIC


def copied(fill: Callable[[Path], None], near: Path) -> tuple[BinaryIO, int]:
    """Let `fill` write a database to a path of its own; return its bytes as an opened file.

    Parameters
    ----------
    near : Path
        A folder with room; the file has no name any more when this returns.
    """
    with tempfile.TemporaryDirectory(prefix=".ustaz-", suffix=".tmp", dir=near) as folder:
        path = Path(folder) / "copy.db"
        path.touch(0o600)
        fill(path)
        kept = tempfile.TemporaryFile(dir=near)  # noqa: SIM115 - the caller closes it
        with path.open("rb") as source:
            size = 0
            while part := source.read(1 << 20):
                size += len(part)
                kept.write(part)
    kept.seek(0)
    return kept, size


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a database with SQLite's own backup, in one step: others wait, nobody is cut off."""
    address = source.resolve().as_uri()
    with (
        closing(_opened(address)) as old,
        closing(sqlite3.connect(target, timeout=WAIT_SECONDS)) as new,
    ):
        old.backup(new)
        # A copy stands alone: no second file beside it, whatever the source's mode was.
        new.execute("pragma journal_mode=delete")


def shrink(path: Path) -> None:
    """Make a database anew without what was deleted in it: no free page keeps a word."""
    with closing(sqlite3.connect(path, timeout=WAIT_SECONDS)) as connection:
        connection.execute("pragma secure_delete=on")
        connection.execute("vacuum")
        connection.execute("pragma wal_checkpoint(truncate)")


def _opened(address: str) -> sqlite3.Connection:
    # Writing is allowed for one reason: after a crash SQLite must roll back before it can read.
    connection = sqlite3.connect(f"{address}?mode=rw", uri=True, timeout=WAIT_SECONDS)
    try:
        connection.execute("select 1 from sqlite_master").fetchone()
    except sqlite3.OperationalError:
        connection.close()
        connection = sqlite3.connect(f"{address}?mode=ro", uri=True, timeout=WAIT_SECONDS)
    return connection


def examine(path: Path, *, deep: bool = False) -> str:
    """Return what is wrong with a database, in a word; empty when nothing is."""
    check = "integrity_check(1)" if deep else "quick_check(1)"
    try:
        with closing(_opened(path.resolve().as_uri())) as connection:
            verdict = str(connection.execute(f"pragma {check}").fetchone()[0])
            if verdict != "ok":
                return "integrity"
            if deep and connection.execute("pragma foreign_key_check").fetchone():
                return "foreign_key"
    except sqlite3.DatabaseError as error:
        return type(error).__name__
    return ""
