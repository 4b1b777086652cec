"""Every operation that makes an archive or a restored directory last, one function each.

Tests put an object in its place that fails or dies at the n-th call.
"""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path
from typing import Final

from ustaz.answers.errors import FULL, READ_ONLY
from ustaz.answers.files import write_all as _write_all
from ustaz.backup.model import REFUSED, STORAGE, KeepingError
from ustaz.base.errors import UstazError
from ustaz.messages import N_

_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)


class Disk:
    """The operating system's own."""

    def create(self, path: Path) -> int:
        """Create a file that only its owner opens."""
        return os.open(path, _NEW | getattr(os, "O_CLOEXEC", 0), 0o600)

    def write(self, fd: int, data: bytes) -> int:
        """Write `data`, or the beginning of it; return how much."""
        return os.write(fd, data)

    def sync(self, fd: int) -> None:
        """Bring a file's bytes to the disk."""
        os.fsync(fd)

    def make_folder(self, path: Path) -> None:
        """Make a folder that only its owner opens."""
        path.mkdir(0o700)

    def set_mode(self, path: Path, mode: int) -> None:
        """Set who may open something."""
        path.chmod(mode)

    def sync_folder(self, path: Path) -> None:
        """Bring a folder's names to the disk."""
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
        try:
            os.fsync(descriptor)
        except OSError as error:
            if error.errno not in (errno.EINVAL, errno.ENOTSUP):
                raise
        finally:
            os.close(descriptor)

    def replace(self, source: Path, target: Path) -> None:
        """Give something its final name, in one step."""
        source.replace(target)

    def write_all(self, fd: int, data: bytes) -> None:
        """Write every byte; a full disk may take a part of them without an error."""
        _write_all(self, fd, data)  # type: ignore[arg-type]  # only `write` is asked of it

    def remove(self, path: Path) -> None:
        """Remove a file or a folder with all that is in it."""
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def said(error: OSError) -> UstazError:
    """Return an error of the operating system as one that a technician can act on."""
    if error.errno in FULL:
        return KeepingError(
            "full",
            N_("There is no space left on the disk. Nothing half was left behind."),
            N_("Free some space, or name a directory on another disk."),
            exit_code=STORAGE,
        )
    if error.errno in READ_ONLY:
        return KeepingError(
            "not_allowed",
            N_("This account may not write there."),
            N_("Run the command as the account of the course, or name another directory."),
            exit_code=REFUSED,
        )
    found = KeepingError(
        "system",
        N_("The disk did not do what it was asked. Nothing half was left behind."),
        N_("Try again; if it happens again, look at the disk."),
        exit_code=STORAGE,
    )
    found.detail = errno.errorcode.get(error.errno or 0, "")
    return found
