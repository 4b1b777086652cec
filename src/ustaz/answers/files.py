"""Reading files of a folder: whole with a cap, or the end."""

from __future__ import annotations

from ustaz.answers.filesystem import Fs
from ustaz.base.files import READ, Handle, opened


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
