"""Every operation that makes an archive or a restored directory last, one function each.

Tests put an object in its place that fails or dies at the n-th call.
"""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

from ustaz.answers.errors import FULL, READ_ONLY
from ustaz.backup.model import REFUSED, STORAGE, KeepingError
from ustaz.base import files
from ustaz.base.errors import UstazError
from ustaz.messages import N_


class Disk:
    """The operating system's own."""

    def create(self, path: Path) -> int:
        """Create a file that only its owner opens."""
        return files.DISK.open(path.parent, path.name, files.CREATE)

    def write(self, fd: int, data: bytes) -> int:
        """Write `data`, or the beginning of it; return how much."""
        return os.write(fd, data)

    def sync(self, fd: int) -> None:
        """Bring a file's bytes to the disk."""
        files.sync(fd)

    def make_folder(self, path: Path) -> None:
        """Make a folder that only its owner opens."""
        path.mkdir(0o700)

    def set_mode(self, path: Path, mode: int) -> None:
        """Set who may open something."""
        path.chmod(mode)

    def sync_folder(self, path: Path) -> None:
        """Bring a folder's names to the disk."""
        files.sync_folder(path)

    def replace(self, source: Path, target: Path) -> None:
        """Give something its final name, in one step."""
        files.move(source, target)

    def write_all(self, fd: int, data: bytes) -> None:
        """Write every byte; a full disk may take a part of them without an error."""
        files.write_all(self, fd, data)

    def remove(self, path: Path) -> None:
        """Remove a file or a folder with all that is in it."""
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def disk_error(error: OSError) -> UstazError:
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
    problem = KeepingError(
        "system",
        N_("The disk did not do what it was asked. Nothing half was left behind."),
        N_("Try again; if it happens again, look at the disk."),
        exit_code=STORAGE,
    )
    problem.detail = errno.errorcode.get(error.errno or 0, "")
    return problem
