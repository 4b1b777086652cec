"""``ustaz restore``: an archive becomes a directory, whole or not at all."""

from __future__ import annotations

import datetime as dt
import os
import secrets
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ustaz.backup.archive_reader import unpack
from ustaz.backup.disk import Disk, disk_error
from ustaz.backup.installation import place_of
from ustaz.backup.model import About, Finding, KeepingError, damaged
from ustaz.backup.postgres import load, use_files
from ustaz.backup.verify import Verified, verify_place
from ustaz.base import clock
from ustaz.messages import N_
from ustaz.schools.outcomes import end_public
from ustaz.shares.record import end_outside
from ustaz.surveys import FOLDER as SURVEYS
from ustaz.surveys.restored import note as note_restored


@dataclass(frozen=True, slots=True)
class Restored:
    """What was brought back.

    Attributes
    ----------
    directory : Path
    about : About
        What the archive says of itself.
    files : int
    verified : Verified
        What the directory is worth now; what the backup could not take is missing in it.
    warnings : list of Finding
        What the backup could not take, alone.
    switched : bool
        The settings named a database, and name none now.
    """

    directory: Path
    about: About
    files: int
    verified: Verified
    warnings: list[Finding] = field(default_factory=list)
    switched: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        return {
            **self.verified.to_json(),
            "directory": str(self.directory),
            "about": self.about.to_json(),
            "files": self.files,
            "switched_to_files": self.switched,
            "warnings": [warning.to_json() for warning in self.warnings],
        }


def restore(
    source: Path,
    directory: Path,
    *,
    database: str = "",
    progress: Callable[[int, int], None] = lambda *_: None,
    disk: Disk | None = None,
) -> Restored:
    """Bring an archive back into `directory`, which must be absent or empty.

    Everything is written beside it, compared with the archive's list and brought to the disk;
    then it gets its name in one step.

    Parameters
    ----------
    database : str
        An empty PostgreSQL for answers, accounts and gradebooks; else they are files, and settings
        that named a database are changed: it may be the one that is in use.

    Raises
    ------
    UstazError
        Nothing lies under the directory's name that was not there before.
    """
    target = Path(os.path.abspath(directory))  # noqa: PTH100 - a link is refused, not followed
    disk = disk or Disk()
    _must_be_free(target)
    beside = target.with_name(f".{target.name[:100]}.{secrets.token_hex(4)}.restoring.tmp")
    try:
        # Read once before anything is written: a damaged archive costs no space.
        manifest, wrong = unpack(source, None, disk)
        if wrong:
            raise damaged(f"{wrong[0].id} {wrong[0].place}")
        of = len(manifest.files)
        _room(target.parent, sum(file.size for file in manifest.files))
        disk.make_folder(beside)
        try:
            _, wrong = unpack(source, beside, disk, progress=lambda done: progress(done, of))
            if wrong:  # another file under the same name since the first look
                raise damaged(wrong[0].id)
            place = place_of(beside, manifest.about)
            switched = use_files(beside, place)
            backed_up = dt.datetime.fromisoformat(manifest.about.created)
            for prefix in place.course_dirs():
                end_outside(beside / prefix)
                end_public(beside / prefix)
                note_restored(beside / prefix / SURVEYS, backed_up, clock.now())
            if database:
                load(beside, place, database)
            disk.sync_folder(beside)
            _must_be_free(target)
            disk.replace(beside, target)
            disk.sync_folder(target.parent)
        except BaseException:
            with suppress(OSError):
                disk.remove(beside)
            raise
    except OSError as error:
        raise disk_error(error) from error
    verified = verify_place(place_of(target, manifest.about))
    verified.findings[:0] = manifest.findings
    return Restored(
        target,
        manifest.about,
        of,
        verified,
        manifest.findings,
        switched and not database,
    )


def _must_be_free(target: Path) -> None:
    if target.is_symlink() or (target.exists() and (not target.is_dir() or any(target.iterdir()))):
        raise KeepingError(
            "not_empty",
            N_("The directory holds something already; nothing was changed."),
            N_("Name a new or an empty directory."),
        )
    if not target.parent.is_dir():
        raise KeepingError(
            "no_target",
            N_("The directory above it is not there."),
            N_("Make it first."),
        )


def _room(folder: Path, size: int) -> None:
    if shutil.disk_usage(folder).free < size:
        raise KeepingError(
            "full",
            N_("There is no space left on the disk. Nothing half was left behind."),
            N_("Free some space, or name a directory on another disk."),
            exit_code=14,
        )
