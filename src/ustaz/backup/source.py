"""Where a backup comes from: a directory while people write in it.

Each kind of file is copied so that the copy is of one moment: a document under the store's lock,
a ledger up to its last whole line, a database by SQLite itself, anything else when it stood still.
What refers to something is copied before what it refers to, so that a copy never speaks of a round
or a person that is not in it.
"""

from __future__ import annotations

import os
import sqlite3
import stat
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Final, Protocol

from ustaz.answers import StoreError, is_ours, place_of, take
from ustaz.backup import databases, names
from ustaz.backup.model import Finding
from ustaz.base.desk import BOOK, FILE
from ustaz.base.ids import FILES_FOLDER

IN_MEMORY: Final = 4 << 20
TRIES: Final = 5

#: Copied in this order; what has no number comes between the exchange and the answers.
_RANKS: Final = {
    FILE: 0,
    BOOK: 0,
    "feedback": 1,
    "autograded": 2,
    "submitted": 3,
    "exchange": 4,
    "people": 6,
    "people.csv": 7,
    "ustaz.toml": 8,
}


@dataclass(slots=True)
class ArchiveFile:
    """One file or folder of a copy; a folder has no data."""

    name: str
    mode: int
    mtime: int
    data: BinaryIO | None = None
    size: int = 0


@dataclass(slots=True)
class SourceReport:
    """What a source says besides its items."""

    left_out: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    findings: list[Finding] = field(default_factory=list)

    def add(self, id: str, place: str, detail: str = "") -> None:
        """Note a finding."""
        self.findings.append(Finding(id, place, detail))


class Source(Protocol):
    """Something that can be copied; its names are those of the directory it becomes."""

    def items(self, report: SourceReport, near: Path) -> Iterator[ArchiveFile]:
        """Yield what is copied, each of one moment.

        Parameters
        ----------
        told : SourceReport
            Takes what was left out or could not be read.
        near : Path
            A folder with room for what does not fit into memory.
        """

    def count(self) -> int:
        """Return about how many items there will be."""


class Directory:
    """A course's or a hub's directory.

    Parameters
    ----------
    root : Path
    prefix : str
        Before every name: ``courses/leadership/`` for a course of a hub.
    course : bool
        Whether it is a course.
    without : set of str
        Names that another source brings.
    documents : bool
        Whether the answers are files here; in a database, what lies here is older.
    """

    def __init__(
        self,
        root: Path,
        prefix: str = "",
        *,
        course: bool,
        without: frozenset[str] = frozenset(),
        documents: bool = True,
    ) -> None:
        self._root = root
        self._prefix = prefix
        self._course = course
        self._without = without
        self._documents = documents

    def count(self) -> int:
        """Return about how many items there will be."""
        number = 0
        for top, folders, files in os.walk(self._root):
            inside = Path(top).relative_to(self._root)
            folders[:] = [folder for folder in folders if str(inside / folder) not in self._without]
            number += len(files)
        return number

    def items(self, report: SourceReport, near: Path) -> Iterator[ArchiveFile]:
        """Yield the files and folders that are kept."""
        yield from self._folder(self._root, "", report, near)

    def _folder(
        self, folder: Path, name: str, report: SourceReport, near: Path
    ) -> Iterator[ArchiveFile]:
        place = place_of(*name.split("/")[1:]) if name.startswith("people/") else None
        try:
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda entry: (_rank(name, entry.name), entry.name))
        except FileNotFoundError:
            return  # removed since it was listed
        except OSError as error:
            report.add("unreadable", self._prefix + name, type(error).__name__)
            return
        if self._course and self._documents and place is not None:
            yield from self._document(folder, name, report)
        for entry in entries:
            inner = f"{name}/{entry.name}" if name else entry.name
            if inner in self._without or (place is not None and is_ours(entry.name)):
                continue
            is_folder = entry.is_dir(follow_symlinks=False)
            if self._course and inner == BOOK and is_folder:
                # An archive has the gradebook where every version looks for it.
                yield from self._gradebook(report, near)
                continue
            why = names.reason(Path(entry.path), inner, folder=is_folder, course=self._course)
            if why:
                report.left_out[why].append(self._prefix + inner)
            elif not names.safe(self._prefix + inner):
                report.add("bad_name", self._prefix + inner)
            elif is_folder:
                status = entry.stat(follow_symlinks=False)
                yield self._file_of(inner, status)
                yield from self._folder(Path(entry.path), inner, report, near)
            elif entry.is_file(follow_symlinks=False):
                yield from self._file(Path(entry.path), inner, report, near)
            else:
                report.add("not_a_file", self._prefix + inner)

    def _gradebook(self, report: SourceReport, near: Path) -> Iterator[ArchiveFile]:
        path = self._root / BOOK / FILE
        if FILE in self._without or path.is_symlink() or not path.is_file():
            return
        for file in self._file(path, FILE, report, near):
            file.mode = 0o600
            yield file

    def _file_of(self, name: str, status: os.stat_result) -> ArchiveFile:
        return ArchiveFile(
            self._prefix + name, stat.S_IMODE(status.st_mode) & 0o777, int(status.st_mtime)
        )

    def _document(self, folder: Path, name: str, report: SourceReport) -> Iterator[ArchiveFile]:
        try:
            taken = take(self._root / "people", folder)
            times = {part: (folder / part).stat() for part in taken}
        except FileNotFoundError:
            return
        except (StoreError, OSError) as error:
            report.add("unreadable", self._prefix + name, getattr(error, "id", "io"))
            return
        for part, data in taken.items():
            file = self._file_of(f"{name}/{part}", times[part])
            file.data, file.size = BytesIO(data), len(data)
            yield file

    def _file(
        self, path: Path, name: str, report: SourceReport, near: Path
    ) -> Iterator[ArchiveFile]:
        try:
            status = path.stat()
            file = self._file_of(name, status)
            if not (databases.is_sqlite(path) and self._copied(file, path, name, near)):
                ledger = names.is_ledger(name, course=self._course)
                file.data, file.size, settled = _settled(path, near, grows=ledger)
                if not settled:
                    report.add("changing", file.name)
                if ledger:
                    _whole_lines(file)
        except FileNotFoundError:
            return  # removed since it was listed
        except (OSError, sqlite3.DatabaseError) as error:
            report.add("unreadable", self._prefix + name, type(error).__name__)
            return
        yield file

    def _copied(self, file: ArchiveFile, path: Path, name: str, near: Path) -> bool:
        """Copy a database by SQLite; tell whether it could be.

        Somebody's damaged database among the sources is kept as it is; one of ours is reported.
        """
        try:
            file.data, file.size = databases.copied(
                lambda target: databases.copy_sqlite(path, target), near
            )
        except sqlite3.DatabaseError:
            if names.is_our_database(name, course=self._course):
                raise
            return False
        return True


def _rank(folder: str, name: str) -> int:
    if folder == "exchange":
        return 0 if name == "marks" else 1
    if folder.startswith("people/") and name == FILES_FOLDER:
        return 6  # after the documents that name them
    return 5 if folder else _RANKS.get(name, 5)


def _settled(path: Path, near: Path, *, grows: bool) -> tuple[BinaryIO, int, bool]:
    """Read a file that nobody wrote meanwhile; after some tries, as it is."""
    for attempt in range(TRIES):
        with path.open("rb") as handle:
            before = os.fstat(handle.fileno())
            copy: BinaryIO = BytesIO()
            if before.st_size > IN_MEMORY:
                copy = tempfile.TemporaryFile(dir=near)  # noqa: SIM115 - the caller closes it
            size = 0
            while part := handle.read(1 << 20):
                size += len(part)
                copy.write(part)
            after = os.fstat(handle.fileno())
        same = (before.st_size, before.st_mtime_ns) == (size, after.st_mtime_ns)
        # A ledger only grows: what was read is its beginning, and the rest comes another time.
        if same or grows or attempt == TRIES - 1:
            copy.seek(0)
            return copy, size, same or grows
        copy.close()
    raise AssertionError("unreachable")


def _whole_lines(file: ArchiveFile) -> None:
    """Cut a line that somebody was writing, or that a crash cut off."""
    if file.data is None or not file.size:
        return
    at = file.size
    while at > 0:
        start = max(0, at - (1 << 16))
        file.data.seek(start)
        end = file.data.read(at - start).rfind(b"\n")
        if end >= 0:
            file.size = start + end + 1
            break
        at = start
    else:
        file.size = 0
    file.data.seek(0)


class CombinedSource:
    """Several sources, one after another; a name that came already is not taken again."""

    def __init__(self, *sources: Source) -> None:
        self._sources = sources

    def count(self) -> int:
        """Return about how many items there will be."""
        return sum(source.count() for source in self._sources)

    def items(self, report: SourceReport, near: Path) -> Iterator[ArchiveFile]:
        """Yield everything."""
        seen: set[str] = set()
        for source in self._sources:
            for file in source.items(report, near):
                if file.name not in seen:
                    seen.add(file.name)
                    yield file
                elif file.data is not None:
                    file.data.close()
