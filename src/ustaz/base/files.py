"""Durable files: replaced in one step, created once, appended to; synced to the disk.

The only place of the product that syncs or renames (``tests/test_repository.py`` looks). The
steps stand over a small set of operations, :class:`Disk`, so that tests can put one in its place
that fails, dies or forgets at the n-th call; the functions at the end take a path.
"""

from __future__ import annotations

import errno
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

#: An opened folder: a descriptor, or a path where there are none.
Handle = Any

TEMP_SUFFIX: Final = ".tmp"  # nbgrader is configured to leave these alone
FILE_MODE: Final = 0o600
FOLDER_MODE: Final = 0o700

# Absent on Windows: 0 changes nothing there.
NO_FOLLOW: Final = getattr(os, "O_NOFOLLOW", 0)
ALWAYS: Final = (
    NO_FOLLOW
    | getattr(os, "O_NONBLOCK", 0)  # a FIFO must not block
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_BINARY", 0)
)
READ: Final = os.O_RDONLY
CREATE: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL
EXTEND: Final = os.O_RDWR | os.O_CREAT


def _at(folder: Handle, name: str) -> tuple[str | Path, int | None]:
    return (name, folder) if isinstance(folder, int) else (Path(folder) / name, None)


class Disk:
    """The operations on files of a folder, a path or an open descriptor; no link is followed."""

    def open(self, folder: Handle, name: str, flags: int) -> int:
        """Open a file of `folder`."""
        path, dir_fd = _at(folder, name)
        return os.open(path, flags | ALWAYS, FILE_MODE, dir_fd=dir_fd)

    def size(self, fd: int) -> int:
        """Return a file's size."""
        return os.fstat(fd).st_size

    def seek(self, fd: int, offset: int) -> None:
        """Go to `offset` for the next read or write."""
        os.lseek(fd, offset, os.SEEK_SET)

    def read(self, fd: int, count: int) -> bytes:
        """Read at most `count` bytes."""
        return os.read(fd, count)

    def write(self, fd: int, data: bytes) -> int:
        """Write `data`, or the beginning of it; return how much."""
        return os.write(fd, data)

    def truncate(self, fd: int, size: int) -> None:
        """Cut a file."""
        os.ftruncate(fd, size)

    def set_mode(self, fd: int, mode: int) -> None:
        """Set a file's mode, whatever the umask is."""
        if hasattr(os, "fchmod"):
            os.fchmod(fd, mode)

    def sync(self, fd: int) -> None:
        """Flush a file's bytes to the disk."""
        if sys.platform == "darwin":  # pragma: no cover - there fsync stops at the drive's cache
            import fcntl

            fcntl.fcntl(fd, fcntl.F_FULLFSYNC)
        else:
            os.fsync(fd)

    def close(self, fd: int) -> None:
        """Close a file."""
        os.close(fd)

    def replace(self, folder: Handle, source: str, target: str) -> None:
        """Rename `source` to `target` within a folder, over what is there."""
        (old, dir_fd), (new, _) = _at(folder, source), _at(folder, target)
        os.replace(old, new, src_dir_fd=dir_fd, dst_dir_fd=dir_fd)

    def remove(self, folder: Handle, name: str) -> None:
        """Remove a file's name."""
        path, dir_fd = _at(folder, name)
        os.unlink(path, dir_fd=dir_fd)

    def sync_folder(self, folder: Handle) -> None:
        """Flush a folder's names to the disk."""
        sync_folder(folder)


# -- the steps ------------------------------------------------------------------------------------
@contextmanager
def opened(disk: Disk, folder: Handle, name: str, flags: int) -> Iterator[int]:
    """Open a file and close it, whatever happens between."""
    fd = disk.open(folder, name, flags)
    try:
        yield fd
    except BaseException:
        # The first failure is the one to report.
        with suppress(OSError):
            disk.close(fd)
        raise
    disk.close(fd)


class Writing(Protocol):
    """What takes bytes, or a part of them."""

    def write(self, fd: int, data: bytes) -> int:
        """Write `data`, or the beginning of it; return how much."""


def write_all(disk: Writing, fd: int, data: bytes) -> None:
    """Write every byte; a full disk may take a part of them without an error."""
    view = memoryview(data)
    while view:
        count = disk.write(fd, bytes(view))
        if count <= 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        view = view[count:]


@dataclass(slots=True)
class Draft:
    """A complete file under a temporary name.

    Attributes
    ----------
    in_place : bool
        Whether it has got its name. A draft that never does is removed.
    """

    disk: Disk
    folder: Handle
    name: str
    temporary: str
    in_place: bool = False

    @property
    def path(self) -> Path:
        """Return where the draft is, of a folder that is a path."""
        return Path(self.folder) / self.temporary

    def put_in_place(self) -> None:
        """Give the draft its name, in one step; the name is not synced here."""
        self.disk.replace(self.folder, self.temporary, self.name)
        self.in_place = True


@contextmanager
def draft(
    disk: Disk,
    folder: Handle,
    name: str,
    data: bytes,
    *,
    temporary: str = "",
    mode: int | None = None,
    durable: bool = True,
) -> Iterator[Draft]:
    """Write `data` beside the file `name`, for the block to put it in place or not.

    Parameters
    ----------
    disk : Disk
    folder : path or descriptor
        Whatever `disk` takes.
    name : str
        The final name.
    data : bytes
    temporary : str
        A fixed temporary name, for callers that hold a lock: what a crash left there is removed.
        Without it the name is random.
    mode : int, optional
        Exactly this mode; else 0600.
    durable : bool
        Sync the bytes. False only for what can be made again.
    """
    if temporary:
        # Never written through: it might be a hard link to another file.
        with suppress(FileNotFoundError):
            disk.remove(folder, temporary)
    else:
        temporary = f".{name}.{secrets.token_hex(4)}{TEMP_SUFFIX}"
    fresh = Draft(disk, folder, name, temporary)
    try:
        _fill(disk, folder, temporary, data, mode, durable=durable)
        yield fresh
    finally:
        if not fresh.in_place:
            with suppress(OSError):
                disk.remove(folder, temporary)


def _fill(
    disk: Disk, folder: Handle, name: str, data: bytes, mode: int | None, *, durable: bool = True
) -> None:
    with opened(disk, folder, name, CREATE) as fd:
        write_all(disk, fd, data)
        if mode is not None:
            disk.set_mode(fd, mode)
        if durable:
            disk.sync(fd)


def write_file(disk: Disk, folder: Handle, name: str, data: bytes) -> None:
    """Replace a file in one step, under the caller's lock; its name is not synced here.

    A reader gets the old bytes or the new ones, never a part. After a failure the old ones
    stand and the temporary file is gone as far as the system allows.
    """
    with draft(disk, folder, name, data, temporary=name + TEMP_SUFFIX) as fresh:
        fresh.put_in_place()


def extend_file(disk: Disk, folder: Handle, name: str, at: int, data: bytes) -> None:
    """Write `data` at offset `at`, cutting what stood behind it, and sync.

    After a failure the file is cut at `at` again as far as the system allows.

    Parameters
    ----------
    disk : Disk
    folder : path or descriptor
    name : str
    at : int
        Where the file ends as far as it counts.
    data : bytes
    """
    with opened(disk, folder, name, EXTEND) as fd:
        size = disk.size(fd)
        if size != at:
            disk.truncate(fd, at)
        disk.seek(fd, at)
        _extend(disk, fd, at, data)


def _extend(disk: Disk, fd: int, at: int, data: bytes) -> None:
    try:
        write_all(disk, fd, data)
        disk.sync(fd)
    except OSError:
        with suppress(OSError):
            disk.truncate(fd, at)
        raise


def cut_file(disk: Disk, folder: Handle, name: str, at: int) -> None:
    """Cut a file at offset `at`, and sync; this needs no room on the disk."""
    with opened(disk, folder, name, EXTEND) as fd:
        disk.truncate(fd, at)
        disk.sync(fd)


# -- by path --------------------------------------------------------------------------------------
DISK: Final = Disk()


def write_new(path: Path, data: bytes, mode: int = FILE_MODE) -> None:
    """Create a file with `data`, all of it, synced; ``FileExistsError`` where there is a file."""
    _fill(DISK, path.parent, path.name, data, mode)


def write_once(path: Path, data: bytes, mode: int = FILE_MODE) -> None:
    """Create a file whole where there is none; an earlier or quicker writer's file stays."""
    with (
        draft(DISK, path.parent, path.name, data, mode=mode) as fresh,
        suppress(FileExistsError),
    ):
        path.hardlink_to(fresh.path)


def replace(
    path: Path,
    data: bytes,
    mode: int = FILE_MODE,
    *,
    temporary: str = "",
    durable: bool = True,
) -> None:
    """Replace a file: a reader and a crash find the old content or the new, never a part.

    `temporary` and `durable` are those of :func:`draft`.
    """
    with draft(
        DISK, path.parent, path.name, data, temporary=temporary, mode=mode, durable=durable
    ) as fresh:
        fresh.put_in_place()
    if durable:
        sync_folder(path.parent)


def append(path: Path, data: bytes) -> None:
    """Append whole lines, synced, all of them or none; close off a line that a crash tore.

    The caller holds a lock where several may append.
    """
    with opened(DISK, path.parent, path.name, EXTEND | os.O_APPEND) as fd:
        size = DISK.size(fd)
        if size:
            DISK.seek(fd, size - 1)
            if DISK.read(fd, 1) != b"\n":
                data = b"\n" + data
        _extend(DISK, fd, size, data)
    if not size:
        sync_folder(path.parent)


def rename(source: Path, target: Path) -> None:
    """Give a file or folder another name; neither name is synced here."""
    source.rename(target)


def move(source: Path, target: Path) -> None:
    """Rename a file over what is there; neither name is synced here."""
    source.replace(target)


def sync(fd: int) -> None:
    """Flush an open file's bytes to the disk."""
    DISK.sync(fd)


def sync_folder(folder: Path | int) -> None:
    """Flush a folder's names to the disk, where the system can."""
    if isinstance(folder, int):
        _sync_names(folder)
        return
    if not hasattr(os, "O_DIRECTORY"):  # pragma: no cover - Windows: NTFS journals names
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | getattr(os, "O_CLOEXEC", 0))
    try:
        _sync_names(descriptor)
    finally:
        os.close(descriptor)


def _sync_names(descriptor: int) -> None:
    try:
        os.fsync(descriptor)
    except OSError as error:
        # Some file systems (CIFS, a few FUSE ones) do not know this and say so.
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise


def state_of(path: Path) -> tuple[int, int, int]:
    """Return what is another one whenever a file was written: two times and its size.

    An editor or an archive may give a file its old time back, and a word may be as long as the one
    before it; the time of its entry is the system's own.
    """
    status = path.stat()
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size


def make_folder(path: Path, mode: int = FOLDER_MODE) -> None:
    """Create a folder and what is missing above it, each with `mode`, whatever the umask is."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    for folder in reversed(missing):
        with suppress(FileExistsError):  # somebody else was as quick
            folder.mkdir(mode)
            folder.chmod(mode)
