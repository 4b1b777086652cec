"""Whole files in a folder: read with a cap, replaced in one step, extended at the end."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from ustaz.answers.filesystem import CREATE, EXTEND, READ, Fs, Handle

TEMPORARY: str = ".tmp"  # nbgrader is told to leave these alone


@contextmanager
def opened(fs: Fs, folder: Handle, name: str, flags: int) -> Iterator[int]:
    """Open a file and close it, whatever happens between."""
    fd = fs.open(folder, name, flags)
    try:
        yield fd
    except BaseException:
        # The first failure is the one to tell about.
        with suppress(OSError):
            fs.close(fd)
        raise
    fs.close(fd)


def read_all(fs: Fs, fd: int, cap: int) -> bytes:
    """Return the rest of an opened file, at most `cap` bytes of it."""
    parts: list[bytes] = []
    left = cap
    while left and (part := fs.read(fd, min(left, 1 << 16))):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def read_file(fs: Fs, folder: Handle, name: str, cap: int) -> bytes | None:
    """Return a regular file's bytes, None where there is no such name.

    At most ``cap + 1`` bytes are read, so that a caller sees that there are more.
    """
    try:
        with opened(fs, folder, name, READ) as fd:
            fs.size(fd)  # refuses what is not a regular file
            return read_all(fs, fd, cap + 1)
    except FileNotFoundError:
        return None


def read_tail(fs: Fs, folder: Handle, name: str, count: int) -> tuple[bytes, int] | None:
    """Return the last `count` bytes and the size, None where there is no such name."""
    try:
        with opened(fs, folder, name, READ) as fd:
            size = fs.size(fd)
            if size > count:
                fs.seek(fd, size - count)
            return read_all(fs, fd, min(size, count)), size
    except FileNotFoundError:
        return None


def write_all(fs: Fs, fd: int, data: bytes) -> None:
    """Write every byte; a full disk may take a part of them without an error."""
    view = memoryview(data)
    while view:
        count = fs.write(fd, bytes(view))
        if count <= 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        view = view[count:]


def write_file(fs: Fs, folder: Handle, name: str, data: bytes) -> None:
    """Put `data` in the place of a file, in one step; its name is not synced here.

    A reader finds the old bytes or the new ones, never a part. After a failure the old ones
    stand and the temporary file is gone as far as the system allows.
    """
    temporary = name + TEMPORARY
    # One that a crash left behind; never written through, it might be somebody's hard link.
    with suppress(FileNotFoundError):
        fs.remove(folder, temporary)
    try:
        with opened(fs, folder, temporary, CREATE) as fd:
            write_all(fs, fd, data)
            fs.sync(fd)
        fs.replace(folder, temporary, name)
    except OSError:
        with suppress(OSError):
            fs.remove(folder, temporary)
        raise


def extend_file(fs: Fs, folder: Handle, name: str, at: int, data: bytes) -> None:
    """Write `data` at offset `at`, cutting what stood behind it, and sync.

    After a failure the file is cut at `at` again as far as the system allows.

    Parameters
    ----------
    fs : Fs
    folder : Handle
        An open folder.
    name : str
    at : int
        Where the file ends as far as it counts.
    data : bytes
    """
    with opened(fs, folder, name, EXTEND) as fd:
        size = fs.size(fd)
        if size != at:
            fs.truncate(fd, at)
        fs.seek(fd, at)
        try:
            write_all(fs, fd, data)
            fs.sync(fd)
        except OSError:
            with suppress(OSError):
                fs.truncate(fd, at)
            raise


def cut_file(fs: Fs, folder: Handle, name: str, at: int) -> None:
    """Cut a file at offset `at`, and sync; it needs no room on the disk."""
    with opened(fs, folder, name, EXTEND) as fd:
        fs.truncate(fd, at)
        fs.sync(fd)
