"""Every operation on files that the store needs, one method each.

Nothing else in this package calls the operating system for a document. Tests put an object in
its place that fails, dies or forgets at the n-th call.

Two implementations: :class:`Fs` works relative to an opened folder and never follows a link;
:class:`PortableFs` does with paths what systems without that (Windows) allow.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from ustaz.answers.errors import StoreError
from ustaz.base.files import FILE_MODE, FOLDER_MODE, NO_FOLLOW, Disk, Handle

LOCK_FILE: Final = ".answers.lock"
LOCK_SECONDS: Final = 10.0
_POLL_SECONDS: Final = 0.01


class Fs(Disk):
    """POSIX: names are looked up in an opened folder, links are refused."""

    def make_root(self, path: Path) -> None:
        """Make the people's folder itself, where it is not there yet."""
        path.mkdir(FOLDER_MODE, parents=True, exist_ok=True)

    def open_folder(self, name: str, parent: Handle | None = None) -> Handle:
        """Open a folder; below `parent` it must not be a link."""
        flags = os.O_RDONLY | os.O_DIRECTORY | getattr(os, "O_CLOEXEC", 0)
        if parent is not None:
            flags |= NO_FOLLOW
        return os.open(name, flags, dir_fd=parent)

    def make_folder(self, name: str, parent: Handle) -> None:
        """Make a folder that only its owner opens."""
        os.mkdir(name, FOLDER_MODE, dir_fd=parent)

    def close_folder(self, folder: Handle) -> None:
        """Close what :meth:`open_folder` opened."""
        os.close(folder)

    def size(self, fd: int) -> int:
        """Return a file's size; refuse what is not a regular file."""
        status = os.fstat(fd)
        if not stat.S_ISREG(status.st_mode):
            raise StoreError("unsafe", "not a regular file")
        return status.st_size

    def names(self, folder: Handle) -> list[str]:
        """Return the names in a folder."""
        return os.listdir(folder)  # noqa: PTH208 - of a descriptor

    def lock(self, path: Path, timeout: float = LOCK_SECONDS) -> AbstractContextManager[None]:
        """Hold the lock of the folder at `path`; ``busy`` when it does not come free in time.

        A native lock (flock, LockFileEx): a process that dies lets go of it.
        """
        return _lock(path, timeout)

    @contextmanager
    def lock_all(self, paths: Sequence[Path], timeout: float = LOCK_SECONDS) -> Iterator[None]:
        """Hold the locks of several folders, taken in the order of their names.

        A folder that is not there, or that nobody can write into, is not locked.
        """
        with ExitStack() as stack:
            # Else the lock would make the folder, open to others.
            for path in filter(Path.is_dir, sorted(paths)):
                with suppress(OSError):
                    stack.enter_context(self.lock(path, timeout))
            yield


@contextmanager
def _lock(path: Path, timeout: float) -> Iterator[None]:
    lock = FileLock(path / LOCK_FILE, timeout=timeout, mode=FILE_MODE, poll_interval=_POLL_SECONDS)
    try:
        lock.acquire()
    except Timeout:
        raise StoreError("busy", f"no lock within {timeout:g} s") from None
    try:
        yield
    finally:
        lock.release()


class PortableFs(Fs):
    """The same by paths, for systems without ``dir_fd`` (Windows).

    What is weaker there: a link is looked for before a file is opened, not while; names are not
    synced on their own (NTFS journals them); replacing a file that somebody reads is tried
    again for a second.
    """

    def __init__(self, tries: int = 50, pause: Callable[[float], None] = time.sleep) -> None:
        self._tries = tries
        self._pause = pause

    def open_folder(self, name: str, parent: Handle | None = None) -> Handle:
        """Return the folder's path after a look at what it is."""
        path = Path(name) if parent is None else Path(parent) / name
        status = path.stat() if parent is None else path.lstat()
        if not stat.S_ISDIR(status.st_mode):
            raise StoreError("unsafe", "not a folder")
        return path

    def make_folder(self, name: str, parent: Handle) -> None:
        """Make a folder."""
        (Path(parent) / name).mkdir(FOLDER_MODE)

    def close_folder(self, folder: Handle) -> None:
        """Do nothing: a path holds nothing open."""

    def sync_folder(self, folder: Handle) -> None:
        """Do nothing: a folder cannot be opened for it."""

    def open(self, folder: Handle, name: str, flags: int) -> int:
        """Open a file of `folder` that is not a link."""
        path = Path(folder) / name
        if path.is_symlink():
            raise StoreError("unsafe", "a link")
        return super().open(folder, name, flags)

    def replace(self, folder: Handle, source: str, target: str) -> None:
        """Put `source` in the place of `target`; try again while somebody holds it open."""
        for _ in range(self._tries):
            with suppress(PermissionError):
                super().replace(folder, source, target)
                return
            self._pause(0.02)
        super().replace(folder, source, target)

    def names(self, folder: Handle) -> list[str]:
        """Return the names in a folder."""
        return [entry.name for entry in Path(folder).iterdir()]


def default_fs() -> Fs:
    """Return the safest implementation that this system has."""
    able = os.open in os.supports_dir_fd and os.unlink in os.supports_dir_fd and bool(NO_FOLLOW)
    return Fs() if able else PortableFs()
