"""``ustaz backup``: one archive of everything that cannot be made again, while people write."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from ustaz.backup import archives, log
from ustaz.backup.archive_reader import unpack
from ustaz.backup.archive_writer import Writer
from ustaz.backup.disk import Disk, disk_error
from ustaz.backup.installation import STATE, Place, find
from ustaz.backup.model import SETTINGS, About, Finding, KeepingError
from ustaz.backup.names import shown
from ustaz.backup.source import ArchiveFile, CombinedSource, Directory, Source, SourceReport
from ustaz.base import clock
from ustaz.messages import N_

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Backup:
    """What was made.

    Attributes
    ----------
    path : Path
        The archive.
    files, size : int
        How many files are in it; its own bytes.
    left_out : dict
        Reason -> paths that were left out on purpose.
    findings : list of Finding
        What could not be read; the rest was kept.
    removed : list of str
        Older archives that ``--keep`` removed.
    """

    path: Path
    about: About
    files: int
    size: int
    left_out: dict[str, list[str]]
    findings: list[Finding] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Tell whether nothing is missing that should be in it."""
        return not any(finding.level == "problem" for finding in self.findings)

    def to_json(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        return {
            "archive": str(self.path),
            "about": self.about.to_json(),
            "files": self.files,
            "size": self.size,
            "whole": self.whole,
            "left_out": {why: len(places) for why, places in self.left_out.items()},
            "left_out_places": {
                why: [shown(place) for place in places] for why, places in self.left_out.items()
            },
            "findings": [finding.to_json() for finding in self.findings],
            "removed": self.removed,
        }


def make_backup(
    directory: Path,
    target: Path,
    *,
    keep: int | None = None,
    progress: Progress = lambda *_: None,
    disk: Disk | None = None,
) -> Backup:
    """Make an archive of a course or a hub in the folder `target`, and verify it.

    Parameters
    ----------
    keep : int, optional
        Of this installation's archives in `target`, keep so many; only after the new one was
        verified. One in which something is missing takes the place of no whole one.

    Raises
    ------
    UstazError
        Nothing was changed, and nothing half lies under an archive's name.
    """
    place = find(directory)
    folder = _target(place.root, target)
    disk = disk or Disk()
    try:
        with _alone(place):
            archives.sweep(folder)
            backup = _write_archive(place, folder, disk, progress)
            if keep is not None:
                older = {note.file for note in log.newest_first(place.root) if not note.whole}
                removed = archives.pruned(
                    backup.path, backup.about, folder, keep, whole=backup.whole, incomplete=older
                )
                backup.removed.extend(removed)
    except OSError as error:
        raise disk_error(error) from error
    with suppress(OSError):  # the archive is made; a full disk of the course does not undo it
        about = backup.about
        note = log.Note(about.created, backup.path.name, backup.size, str(folder), backup.whole)
        log.write(place.root, note)
    return backup


def _target(root: Path, target: Path) -> Path:
    folder = target.resolve()
    if not folder.is_dir():
        raise KeepingError(
            "no_target",
            N_("The directory for the archive is not there."),
            N_("Make it first, on another disk where possible."),
        )
    if folder == root or root in folder.parents:
        raise KeepingError(
            "target_inside",
            N_("An archive inside the directory that it is a copy of would be lost with it."),
            N_("Name a directory elsewhere, on another disk where possible."),
        )
    return folder


@contextmanager
def _alone(place: Place) -> Iterator[None]:
    """Let one backup of a directory run at a time; on a read-only disk, go without the lock."""
    lock = FileLock(place.state / "backup.lock", timeout=0, mode=0o600)
    held = False
    try:
        place.state.mkdir(0o700, exist_ok=True)
        lock.acquire()
        held = True
    except Timeout:
        raise KeepingError(
            "busy",
            N_("Another backup of this directory is being made at this moment."),
            N_("Wait until it is done."),
            exit_code=11,
        ) from None
    except OSError:
        pass
    try:
        yield
    finally:
        if held:
            lock.release()


def source_of(place: Place) -> Source:
    """Return where a backup of `place` comes from."""
    from ustaz.backup.postgres import Answers, Databases, courses_in_databases

    moved, unknown = courses_in_databases(place)
    parts: list[Source] = [_Unknown(unknown)]
    if place.kind == "hub":
        folders = ("courses", *(f"courses/{course}" for course in place.courses), STATE)
        parts.append(_Folders(*folders))
    if moved or (place.kind == "hub" and place.database):
        parts.append(Databases(place, moved))
    for prefix, root in place.course_dirs().items():
        inside = prefix not in moved
        without = frozenset() if inside else frozenset({"gradebook.db"})
        parts.append(Directory(root, prefix, course=True, without=without, documents=inside))
    parts += [Answers(prefix, course) for prefix, course in moved.items()]
    if place.kind == "hub":
        database = ["state/hub.sqlite"] if place.database else []
        without = frozenset(
            {*(course_dir.rstrip("/") for course_dir in place.course_dirs()), *database}
        )
        parts.append(Directory(place.root, course=False, without=without))
    return CombinedSource(*parts)


class _Unknown:
    """Courses whose settings cannot be read: their files are kept, and it is said."""

    def __init__(self, prefixes: list[str]) -> None:
        self._prefixes = prefixes

    def count(self) -> int:
        return 0

    def items(self, report: SourceReport, near: Path) -> Iterator[ArchiveFile]:  # noqa: ARG002
        for prefix in self._prefixes:
            report.add("settings_damaged", f"{prefix}{SETTINGS['course']}", "bad_settings")
        return iter(())


class _Folders:
    """Folders that must be there before what lies in them."""

    def __init__(self, *names: str) -> None:
        self._names = names

    def count(self) -> int:
        return len(self._names)

    def items(self, report: SourceReport, near: Path) -> Iterator[ArchiveFile]:  # noqa: ARG002
        for name in self._names:
            yield ArchiveFile(name, 0o700, int(clock.now().timestamp()))


def _write_archive(place: Place, folder: Path, disk: Disk, progress: Progress) -> Backup:
    about, report = place.about(), SourceReport()
    source = source_of(place)
    of = source.count()
    temporary = folder / f".ustaz-{secrets.token_hex(8)}.tmp"
    fd = disk.create(temporary)
    try:
        try:
            with suppress(OSError):  # a disk without locks
                archives.hold(fd)
            writer = Writer(disk, fd, about)
            for file in source.items(report, folder):
                writer.add(file)
                progress(min(len(writer.manifest.files), of), of)
            writer.manifest.left_out = dict(sorted(report.left_out.items()))
            writer.manifest.findings = report.findings
            writer.finish()
            disk.sync(fd)
        finally:
            os.close(fd)
        # Read back before it gets its name: a disk that keeps something else is found now.
        _, wrong = unpack(temporary, None, disk)
        if wrong:
            raise KeepingError(
                "not_stored",
                N_("What was written cannot be read back."),
                N_("Look at the disk, or name a directory on another one."),
                exit_code=14,
            )
        final = archives.free_name(folder, about)
        disk.replace(temporary, final)
        disk.sync_folder(folder)
    except BaseException:
        with suppress(OSError):
            disk.remove(temporary)
        raise
    return Backup(
        path=final,
        about=about,
        files=len(writer.manifest.files),
        size=writer.size,
        left_out=writer.manifest.left_out,
        findings=report.findings,
    )
