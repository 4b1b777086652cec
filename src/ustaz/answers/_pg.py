"""The same small files in PostgreSQL: rows of one table, one transaction for each save.

What is written while the lock is held is kept in memory, goes to the server when the lock is
released, and stands when the server has answered the COMMIT; only then does a save return.
So a save is there as a whole or not at all, and there is never anything to mend.
"""

from __future__ import annotations

import errno
import itertools
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final, LiteralString
from weakref import WeakValueDictionary

import psycopg
from psycopg import sql

from ustaz import database
from ustaz.answers._fs import CREATE, EXTEND, LOCK_SECONDS, Fs, Handle
from ustaz.answers._pgfile import Stored, chunks
from ustaz.answers._pgpool import STATEMENT_MS, Connection, as_store_errors, pool_for
from ustaz.answers.errors import StoreError

TABLE: Final = "answers_file"
FORMAT: Final = "Ustaz answers, format 1"
#: As in :mod:`ustaz.answers.generations`, which builds on this.
_DOCUMENT: Final = "answers.json"
_JOURNAL: Final = "journal.jsonl"
#: So much of a journal's end comes with the first look: the last line, and the end of the one
#: before it.
_TAIL: Final = 1 << 16

TABLES: Final[tuple[LiteralString, ...]] = (
    """CREATE TABLE answers_file (
        folder text NOT NULL,
        name text NOT NULL,
        start integer NOT NULL CHECK (start >= 0),
        data bytea NOT NULL,
        PRIMARY KEY (folder, name, start)
    )""",
    f"COMMENT ON TABLE answers_file IS '{FORMAT}'",
)
_LOOK: Final = sql.SQL(
    "SELECT name, min(start), max(start + octet_length(data)),"
    " CASE WHEN name IN ({document}, {journal}) THEN string_agg(data, '' ORDER BY start) END"
    " FROM {table} WHERE folder = %(folder)s AND (name <> {journal} OR start >="
    " (SELECT max(start) - {tail} FROM {table} WHERE folder = %(folder)s AND name = {journal}))"
    " GROUP BY name"
)
_LOAD: Final = sql.SQL(
    "SELECT start, data FROM {table} WHERE folder = %s AND name = %s ORDER BY start"
)
_REMOVE: Final = sql.SQL("DELETE FROM {table} WHERE folder = %s AND name = ANY(%s)")
_INSERT: Final = sql.SQL(
    "INSERT INTO {table} (folder, name, start, data)"
    " SELECT %s, * FROM unnest(%s::text[], %s::integer[], %s::bytea[])"
)

Files = dict[str, Stored]


@dataclass(slots=True)
class _Folder:
    """An opened folder: its name below the people's folder, and what was seen in it."""

    name: str
    made: set[str] = field(default_factory=set)
    files: Files = field(default_factory=dict)


@dataclass(slots=True)
class _Held:
    """A folder whose lock this thread holds, in a transaction."""

    folder: str
    connection: Connection
    files: Files
    original: Files


@dataclass(slots=True)
class _Opened:
    file: Stored
    folder: str
    position: int = 0


#: One thread of a process at a time waits for a document on a connection; the others wait here.
_TURNS: WeakValueDictionary[tuple[str, str, str], Any] = WeakValueDictionary()
_TURNS_LOCK = threading.Lock()
#: Databases and schemas in which the table was seen.
_READY: Final[set[tuple[str, str]]] = set()
_PREPARING: Final = threading.Lock()


class PgFs(Fs):
    """Folders and files of one course as rows of its schema.

    Parameters
    ----------
    url : str
        The setting ``database``.
    schema : str
        The course's schema; made at the first use.
    root : Path
        The people's folder; names of folders are relative to it.
    moving : bool
        A document that is still in a file only is no reason to refuse.
    """

    def __init__(self, url: str, schema: str, root: Path, *, moving: bool = False) -> None:
        self._url = url
        self._schema = schema
        self._root = Path(root)
        self._moving = moving
        self._numbers = itertools.count(1)
        self._opened: dict[int, _Opened] = {}
        self._thread = threading.local()
        table = sql.Identifier(schema, TABLE)
        names = {"document": sql.Literal(_DOCUMENT), "journal": sql.Literal(_JOURNAL)}
        self._look_at = _LOOK.format(table=table, tail=sql.Literal(_TAIL), **names)
        self._load_all = _LOAD.format(table=table)
        self._remove = _REMOVE.format(table=table)
        self._insert = _INSERT.format(table=table)
        self._every = sql.SQL("SELECT DISTINCT folder FROM {} ORDER BY folder").format(table)

    # -- folders -------------------------------------------------------------------------------
    def make_root(self, path: Path) -> None:
        """Do nothing: a folder is there when something is in it."""

    def open_folder(self, name: str, parent: Handle | None = None) -> _Folder:
        """Open a folder; that of a document is looked at in one statement."""
        if parent is None:
            return _Folder("")
        folder = _Folder(f"{parent.name}/{name}".lstrip("/"))
        if name in parent.made or not _is_document(folder.name):
            return folder  # what is to be written is looked at under the lock
        folder.files = self._asked(partial(self._look, folder.name))
        if not folder.files:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        return folder

    def make_folder(self, name: str, parent: Handle) -> None:
        """Remember that a folder is to be written into."""
        parent.made.add(name)

    def close_folder(self, folder: Handle) -> None:
        """Do nothing: nothing is held open."""

    def sync_folder(self, folder: Handle) -> None:
        """Do nothing: COMMIT brings everything to the disk."""

    def folders(self) -> list[str]:
        """Return the name of every folder that holds something."""
        rows = self._asked(lambda connection: connection.execute(self._every).fetchall())
        return [row[0] for row in rows]

    # -- files ---------------------------------------------------------------------------------
    def open(self, folder: Handle, name: str, flags: int) -> int:
        """Open a file of `folder`; writing needs the folder's lock."""
        files = self._files(folder)
        file = files.get(name)
        if flags in (CREATE, EXTEND):
            self._own(folder)
            if file is not None and flags == CREATE:
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
            if file is None:
                file = files[name] = Stored.new()
        if file is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        number = next(self._numbers)
        self._opened[number] = _Opened(file, folder.name)
        return number

    def size(self, fd: int) -> int:
        """Return a file's size."""
        return self._opened[fd].file.size

    def seek(self, fd: int, offset: int) -> None:
        """Go to `offset` for the next read or write."""
        self._opened[fd].position = offset

    def read(self, fd: int, count: int) -> bytes:
        """Read at most `count` bytes; more than was seen of the file is asked for once."""
        one = self._opened[fd]
        if not one.file.covers(one.position):
            one.file.fill(self._loaded(one))
        data = one.file.read(one.position, count)
        one.position += len(data)
        return data

    def write(self, fd: int, data: bytes) -> int:
        """Write at the end of a file."""
        one = self._opened[fd]
        if one.position != one.file.size:
            raise OSError(errno.ESPIPE, os.strerror(errno.ESPIPE))
        one.file.added += data
        one.position += len(data)
        return len(data)

    def truncate(self, fd: int, size: int) -> None:
        """Cut a file; it is then written as a whole."""
        one = self._opened[fd]
        one.file.own(lambda: self._loaded(one))
        del one.file.added[size:]

    def sync(self, fd: int) -> None:
        """Do nothing: COMMIT brings everything to the disk."""

    def close(self, fd: int) -> None:
        """Close a file."""
        del self._opened[fd]

    def replace(self, folder: Handle, source: str, target: str) -> None:
        """Put `source` in the place of `target`."""
        files = self._own(folder)
        file = self._there(files, source)
        file.own(lambda: self._loaded(_Opened(file, folder.name)))
        files[target] = files.pop(source)

    def remove(self, folder: Handle, name: str) -> None:
        """Remove a file."""
        files = self._own(folder)
        self._there(files, name)
        del files[name]

    def names(self, folder: Handle) -> list[str]:
        """Return the names in a folder."""
        return sorted(self._files(folder))

    # -- one save ------------------------------------------------------------------------------
    def lock(self, path: Path, timeout: float = LOCK_SECONDS) -> AbstractContextManager[None]:
        """Hold a document's lock in a transaction, which is committed at the end."""
        return self._locked(path.relative_to(self._root).as_posix(), timeout)

    @contextmanager
    def _locked(self, folder: str, timeout: float) -> Iterator[None]:
        until = time.monotonic() + timeout
        with self._turn(folder, timeout), as_store_errors():
            self._prepare()
            left = until - time.monotonic()
            pool = pool_for(self._url)
            connection, files = pool.first(partial(self._begin, folder, until), left)
            try:
                original = dict(files)
                held = _Held(folder, connection, files, original)
                self._thread.held = held
                try:
                    yield
                finally:
                    self._thread.held = None
                self._commit(held)
            except BaseException:
                with suppress(psycopg.Error):
                    connection.execute("ROLLBACK")
                raise
            finally:
                pool.give_back(connection)

    @contextmanager
    def _turn(self, folder: str, timeout: float) -> Iterator[None]:
        key = (self._url, self._schema, folder)
        with _TURNS_LOCK:
            turn = _TURNS.get(key)
            if turn is None:
                turn = _TURNS[key] = threading.Lock()
        if not turn.acquire(timeout=max(timeout, 0)):
            raise StoreError("busy", f"no lock within {timeout:g} s")
        try:
            yield
        finally:
            turn.release()

    def _begin(self, folder: str, until: float, connection: Connection) -> Files:
        """Begin, wait for the lock, look; a second statement sees what the wait was for."""
        key = database.lock_key(self._schema, folder)
        # Zero would be "as long as it takes".
        wait = max(1, int((until - time.monotonic()) * 1000))
        cursor = connection.execute(
            # Whatever the server's default: each statement sees what is committed by then.
            f"BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL lock_timeout = {wait};"
            f" SET LOCAL statement_timeout = {wait + STATEMENT_MS};"
            f" SELECT pg_advisory_xact_lock({key}),"
            " current_setting('transaction_read_only')".encode()
        )
        while cursor.nextset():
            pass
        row = cursor.fetchone()
        if row is None or row[1] != "off":
            connection.execute("ROLLBACK")
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        return self._look(folder, connection)

    def _commit(self, held: _Held) -> None:
        """Bring what was changed to the server, and have it confirmed."""
        gone = [
            name
            for name, file in held.original.items()
            if held.files.get(name) is not file or file.replaces
        ]
        rows = [
            (name, start, data) for name, file in held.files.items() for start, data in chunks(file)
        ]
        if not gone and not rows:
            held.connection.execute("ROLLBACK")
            return
        if gone:
            held.connection.execute(self._remove, [held.folder, gone])
        if rows:
            columns: Sequence[Any] = [list(column) for column in zip(*rows, strict=True)]
            held.connection.execute(self._insert, [held.folder, *columns])
        said = held.connection.execute("COMMIT").statusmessage
        if said != "COMMIT":  # a transaction that had failed is rolled back without an error
            raise StoreError("io", f"COMMIT: {said}")

    # -- what is there -------------------------------------------------------------------------
    def _prepare(self) -> None:
        key = (self._url, self._schema)
        if key in _READY:
            return
        if not _PREPARING.acquire(timeout=LOCK_SECONDS):
            raise StoreError("busy", "the database is being prepared")
        try:
            if key not in _READY:
                found = database.prepare(self._url, self._schema, TABLE, TABLES)
                if found not in (FORMAT, ""):
                    raise StoreError("newer", "format of the table")
                _READY.add(key)
        finally:
            _PREPARING.release()

    def _asked(self, step: Callable[[Connection], Any]) -> Any:  # noqa: ANN401
        """Return what one statement says, outside of any transaction."""
        with as_store_errors():
            self._prepare()
            pool = pool_for(self._url)
            connection, result = pool.first(step, LOCK_SECONDS)
            pool.give_back(connection)
            return result

    def _look(self, folder: str, connection: Connection) -> Files:
        rows = connection.execute(self._look_at, {"folder": folder}, binary=True).fetchall()
        files = {name: Stored.seen_as(name, start, end, data) for name, start, end, data in rows}
        if not files and not self._moving and (self._root / folder / _DOCUMENT).exists():
            # The answers are in files still: an empty page would be taken for a loss.
            raise StoreError("unsafe", "not moved to the database: ustaz storage move")
        return files

    def _loaded(self, one: _Opened) -> bytes:
        """Return all that the server keeps of a file."""
        held = self._held(one.folder)
        wanted = [one.folder, one.file.name]

        def step(connection: Connection) -> list[tuple[int, bytes]]:
            return connection.execute(self._load_all, wanted, binary=True).fetchall()

        with as_store_errors():
            rows = step(held.connection) if held else self._asked(step)
        data = bytearray()
        for start, part in rows:
            # What is missing between shows as a damaged line; nothing moves to another place.
            data += bytes(max(0, start - len(data)))
            data += part
        return bytes(data)

    def _held(self, folder: str) -> _Held | None:
        held: _Held | None = getattr(self._thread, "held", None)
        return held if held is not None and held.folder == folder else None

    def _files(self, folder: _Folder) -> Files:
        held = self._held(folder.name)
        return held.files if held else folder.files

    def _own(self, folder: _Folder) -> Files:
        held = self._held(folder.name)
        if held is None:
            raise OSError(errno.EROFS, "written without the lock")
        return held.files

    @staticmethod
    def _there(files: Files, name: str) -> Stored:
        if name not in files:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        return files[name]


def _is_document(folder: str) -> bool:
    """Tell a document's folder from those above it."""
    return folder.count("/") == (2 if folder.startswith("_") else 1)
