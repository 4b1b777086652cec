"""Reading files that may be hostile.

Reading goes through directory descriptors: a name is looked at, opened without following links,
looked at again through the open descriptor, and read once, up to a cap. Whatever happens to the
name afterwards does not matter, because everything later uses the bytes that were read.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Collection, Iterator
from typing import Final

from ustaz.exchange.model import Refused

_CLOEXEC: Final = getattr(os, "O_CLOEXEC", 0)
_NOFOLLOW: Final = getattr(os, "O_NOFOLLOW", 0)
_NONBLOCK: Final = getattr(os, "O_NONBLOCK", 0)
_DIRECTORY: Final = getattr(os, "O_DIRECTORY", 0)
_READ: Final = os.O_RDONLY | _NOFOLLOW | _NONBLOCK | _CLOEXEC

_KINDS: Final = (
    (stat.S_ISLNK, "link"),
    (stat.S_ISDIR, "directory"),
    (stat.S_ISFIFO, "fifo"),
    (stat.S_ISSOCK, "socket"),
    (stat.S_ISCHR, "device"),
    (stat.S_ISBLK, "device"),
)


def kind_of(mode: int) -> str:
    """Return in one word what a node is."""
    return next((word for test, word in _KINDS if test(mode)), "file")


def refuse(id: str, message: str, detail: str = "") -> Refused:
    """Return the refusal of something found in the drop box."""
    return Refused(
        id, message, "The round was left as it is; ask its owner to send it again.", detail=detail
    )


@contextlib.contextmanager
def open_folder(name: str, parent: int | None = None) -> Iterator[int]:
    """Give a descriptor of a real folder (never through a link)."""
    try:
        descriptor = os.open(name, os.O_RDONLY | _DIRECTORY | _NOFOLLOW | _CLOEXEC, dir_fd=parent)
    except FileNotFoundError:
        raise refuse("missing_file", "A folder of the round is missing.") from None
    except OSError as error:
        if error.errno in {errno.ENOTDIR, errno.ELOOP}:
            raise refuse("not_a_folder", "A folder of the round is something else.") from None
        raise refuse(
            "unreadable",
            "A folder of the round cannot be read.",
            errno.errorcode.get(error.errno or 0, ""),
        ) from None
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def names_in(folder: int, most: int) -> list[str]:
    """Return the sorted names in an open folder; refuse more than `most` without reading them."""
    names: list[str] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if len(names) == most:
                raise refuse("too_many_files", "The folder holds more files than a round has.")
            names.append(entry.name)
    return sorted(names)


def check_node(status: os.stat_result, cap: int, owners: Collection[int] | None) -> None:
    """Refuse whatever is not one plain file of an expected owner and size."""
    if not stat.S_ISREG(status.st_mode):
        raise refuse(
            "not_a_file", "Something in the round is not a plain file.", kind_of(status.st_mode)
        )
    if status.st_nlink != 1:
        raise refuse("linked_file", "A file of the round has a second name.", str(status.st_nlink))
    if owners is not None and status.st_uid not in owners:
        raise refuse(
            "wrong_owner", "A file of the round belongs to somebody else.", str(status.st_uid)
        )
    if status.st_size > cap:
        raise refuse("too_large", "A file of the round is too large.", str(status.st_size))


def read_file(
    folder: int, name: str, cap: int, owners: Collection[int] | None = None
) -> tuple[bytes, os.stat_result]:
    """Read one plain file of an open folder: once, through one descriptor, `cap` bytes at most.

    Raises
    ------
    Refused
        ``missing_file``, ``not_a_file``, ``linked_file``, ``wrong_owner``, ``too_large``,
        ``sparse``, ``changed_while_reading`` or ``unreadable``.
    """
    try:
        # Looked at before it is opened: opening some devices already does something.
        check_node(os.stat(name, dir_fd=folder, follow_symlinks=False), cap, owners)
        descriptor = os.open(name, _READ, dir_fd=folder)
    except FileNotFoundError:
        raise refuse("missing_file", "A file of the round is missing.") from None
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise refuse(
                "not_a_file", "Something in the round is not a plain file.", "link"
            ) from None
        raise refuse(
            "unreadable",
            "A file of the round cannot be read.",
            errno.errorcode.get(error.errno or 0, ""),
        ) from None
    try:
        before = os.fstat(descriptor)
        check_node(before, cap, owners)
        if has_hole(descriptor, before.st_size):
            raise refuse("sparse", "A file of the round is mostly a hole.")
        data = _read_all(descriptor, cap)
        after = os.fstat(descriptor)
        if (len(data), before.st_mtime_ns) != (before.st_size, after.st_mtime_ns):
            raise refuse("changed_while_reading", "A file changed while it was read.")
        return data, after
    finally:
        os.close(descriptor)


def has_hole(descriptor: int, size: int) -> bool:
    """Tell whether a file claims bytes that nobody wrote."""
    if not size or not hasattr(os, "SEEK_HOLE"):
        return False
    try:
        hole = os.lseek(descriptor, 0, os.SEEK_HOLE)
    except OSError:
        return False  # a file system without the notion
    os.lseek(descriptor, 0, os.SEEK_SET)
    return hole < size


def _read_all(descriptor: int, cap: int) -> bytes:
    parts: list[bytes] = []
    left = cap + 1
    while left > 0:
        part = os.read(descriptor, min(left, 1 << 16))
        if not part:
            break
        parts.append(part)
        left -= len(part)
    data = b"".join(parts)
    if len(data) > cap:
        raise refuse("too_large", "A file of the round is too large.", str(cap))
    return data
