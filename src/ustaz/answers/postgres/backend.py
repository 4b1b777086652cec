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
from typing import Any, TypeVar
from weakref import WeakValueDictionary

import psycopg

from ustaz.answers.errors import StoreError
from ustaz.answers.filesystem import LOCK_SECONDS, Fs
from ustaz.answers.postgres.files import Stored
from ustaz.answers.postgres.pool import Connection, as_store_errors, pool_for
from ustaz.answers.postgres.tables import DOCUMENT, Files, Table
from ustaz.base.files import CREATE, EXTEND, Handle

T = TypeVar("T")


@dataclass(slots=True)
class _Folder:
    """An opened folder: its name below the people's folder, and what was seen in it."""

    name: str
    new: set[str] = field(default_factory=set)
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
        self._table = Table(url, schema)
        self._root = Path(root)
        self._moving = moving
        self._numbers = itertools.count(1)
        self._opened: dict[int, _Opened] = {}
        self._thread = threading.local()

    # -- folders -------------------------------------------------------------------------------
    def make_root(self, path: Path) -> None:
        """Do nothing: a folder is there when something is in it."""

    def open_folder(self, name: str, parent: Handle | None = None) -> _Folder:
        """Open a folder; that of a document is looked at in one statement."""
        if parent is None:
            return _Folder("")
        folder = _Folder(f"{parent.name}/{name}".lstrip("/"))
        if name in parent.new or not _is_document(folder.name):
            return folder  # what is to be written is looked at under the lock
        held = self._held(folder.name)
        folder.files = held.files if held else self._asked(partial(self._look, folder.name))
        if not folder.files:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        return folder

    def make_folder(self, name: str, parent: Handle) -> None:
        """Remember that a folder is to be written into."""
        parent.new.add(name)

    def close_folder(self, folder: Handle) -> None:
        """Do nothing: nothing is held open."""

    def sync_folder(self, folder: Handle) -> None:
        """Do nothing: COMMIT brings everything to the disk."""

    def folders(self) -> list[str]:
        """Return the name of every folder that holds something."""
        return self._asked(self._table.folders)

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
        opened = self._opened[fd]
        if not opened.file.covers(opened.position):
            opened.file.fill(self._loaded(opened))
        data = opened.file.read(opened.position, count)
        opened.position += len(data)
        return data

    def write(self, fd: int, data: bytes) -> int:
        """Write at the end of a file."""
        opened = self._opened[fd]
        if opened.position != opened.file.size:
            raise OSError(errno.ESPIPE, os.strerror(errno.ESPIPE))
        opened.file.added += data
        opened.position += len(data)
        return len(data)

    def truncate(self, fd: int, size: int) -> None:
        """Cut a file; it is then written as a whole."""
        opened = self._opened[fd]
        opened.file.own(lambda: self._loaded(opened))
        del opened.file.added[size:]

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
            self._table.prepare()
            left = until - time.monotonic()
            pool = pool_for(self._table.url)
            connection, files = pool.first(partial(self._begin, folder, until), left)
            try:
                original = dict(files)
                held = _Held(folder, connection, files, original)
                self._thread.held = {folder: held}
                try:
                    yield
                finally:
                    self._thread.held = {}
                self._commit(held)
            except BaseException:
                with suppress(psycopg.Error):
                    connection.execute("ROLLBACK")
                raise
            finally:
                pool.give_back(connection)

    @contextmanager
    def lock_all(self, paths: Sequence[Path], timeout: float = LOCK_SECONDS) -> Iterator[None]:
        """Hold the locks of several documents in one transaction; nothing is written in it."""
        folders = sorted(path.relative_to(self._root).as_posix() for path in paths)
        until = time.monotonic() + timeout
        with as_store_errors():
            self._table.prepare()
            pool = pool_for(self._table.url)
            step = partial(self._begin_all, folders, until)
            connection, files = pool.first(step, until - time.monotonic())
            try:
                self._thread.held = {
                    folder: _Held(folder, connection, seen, dict(seen))
                    for folder, seen in files.items()
                }
                yield
            finally:
                self._thread.held = {}
                with suppress(psycopg.Error):
                    connection.execute("ROLLBACK")
                pool.give_back(connection)

    def _begin_all(
        self, folders: Sequence[str], until: float, connection: Connection
    ) -> dict[str, Files]:
        self._table.begin_all(connection, folders, until - time.monotonic())
        return {folder: self._look(folder, connection) for folder in folders}

    @contextmanager
    def _turn(self, folder: str, timeout: float) -> Iterator[None]:
        key = (self._table.url, self._table.schema, folder)
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
        if not self._table.begin(connection, folder, until - time.monotonic()):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        return self._look(folder, connection)

    def _commit(self, held: _Held) -> None:
        self._table.commit(held.connection, held.folder, held.original, held.files)

    # -- what is there -------------------------------------------------------------------------
    def _asked(self, step: Callable[[Connection], T]) -> T:
        """Return what one statement says, outside of any transaction."""
        with as_store_errors():
            self._table.prepare()
            pool = pool_for(self._table.url)
            connection, result = pool.first(step, LOCK_SECONDS)
            pool.give_back(connection)
            return result

    def _look(self, folder: str, connection: Connection) -> Files:
        files = self._table.look(connection, folder)
        if not files and not self._moving and (self._root / folder / DOCUMENT).exists():
            # The answers are in files still: an empty page would be taken for a loss.
            raise StoreError("unsafe", "not moved to the database: ustaz storage move")
        return files

    def _loaded(self, opened: _Opened) -> bytes:
        """Return all that the server keeps of a file."""
        held = self._held(opened.folder)

        def step(connection: Connection) -> bytes:
            return self._table.load(connection, opened.folder, opened.file.name)

        with as_store_errors():
            return step(held.connection) if held else self._asked(step)

    def _held(self, folder: str) -> _Held | None:
        held: dict[str, _Held] = getattr(self._thread, "held", {})
        return held.get(folder)

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
