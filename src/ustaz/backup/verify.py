"""``ustaz verify``: what was acknowledged is there and can be proved, live or in an archive."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ustaz.backup import databases, names
from ustaz.backup.archive_reader import unpack
from ustaz.backup.courses import Counts, course_findings
from ustaz.backup.disk import Disk, disk_error
from ustaz.backup.installation import Place, find, place_of
from ustaz.backup.model import About, Finding, KeepingError
from ustaz.backup.postgres import use_files

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Verified:
    """What was looked at and what was found.

    Attributes
    ----------
    kind : str
        ``archive``, ``course`` or ``hub``.
    about : About or None
        Of an archive, what it says of itself.
    counts : dict
        How many documents, saves, rounds, ledgers and databases were read.
    findings : list of Finding
    """

    kind: str
    about: About | None = None
    counts: Counts = field(default_factory=Counts)
    findings: list[Finding] = field(default_factory=list)

    @property
    def problems(self) -> int:
        """Return how many findings are more than notes."""
        return sum(finding.level == "problem" for finding in self.findings)

    def to_json(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        return {
            "kind": self.kind,
            "about": self.about.to_json() if self.about else None,
            "ok": not self.problems,
            "counts": dict(self.counts),
            "findings": [finding.to_json() for finding in self.findings],
        }


def verify(path: Path, *, deep: bool = False, progress: Progress = lambda *_: None) -> Verified:
    """Verify an archive, or a directory while its server runs.

    Parameters
    ----------
    path : Path
    deep : bool
        Also every earlier version through today's definitions, and databases cell by cell.

    Raises
    ------
    UstazError
        When it is no archive or directory of ours, or cut off.
    """
    if path.is_dir():
        return verify_place(find(path), deep=deep)
    try:
        with tempfile.TemporaryDirectory(
            prefix=".ustaz-", suffix=".tmp", dir=_room(path)
        ) as folder:
            manifest, wrong = unpack(
                path, Path(folder), Disk(), sync=False, progress=lambda done: progress(done, 0)
            )
            unpacked = place_of(Path(folder), manifest.about)
            use_files(Path(folder), unpacked)  # the copy is looked at, not the database in use
            inner = verify_place(unpacked, deep=deep)
    except OSError as error:
        raise disk_error(error) from error
    # What the backup could not take is not there, however well the rest is.
    first = [*wrong, *manifest.findings]
    known = {finding.place for finding in first}
    rest = [finding for finding in inner.findings if finding.place not in known]
    return Verified("archive", manifest.about, inner.counts, [*first, *rest])


def _room(path: Path) -> Path | None:
    """Return where an archive is unpacked to: beside it, or where the system keeps such things."""
    return path.parent if os.access(path.parent, os.W_OK) else None


def verify_place(place: Place, *, deep: bool = False) -> Verified:
    """Verify a course's or a hub's directory."""
    verified = Verified(place.kind)
    for prefix, root in place.course_dirs().items():
        for course_finding in course_findings(root, verified.counts, deep=deep):
            verified.findings.append(
                Finding(course_finding.id, prefix + course_finding.place, course_finding.detail)
            )
    skip = {course_dir.rstrip("/") for course_dir in place.course_dirs()} - {""}
    for path, name in _files(place.root, "", place, skip):
        try:
            verified.findings.extend(_file(path, name, verified.counts, deep=deep))
        except FileNotFoundError:
            continue  # gone since it was listed
        except (OSError, KeepingError) as error:
            verified.findings.append(Finding("unreadable", name, type(error).__name__))
    if place.kind == "hub":
        for prefix, root in place.course_dirs().items():
            inner = Place(root, "course", "")
            for path, name in _files(root, "", inner, set()):
                verified.findings.extend(
                    Finding(finding.id, prefix + finding.place, finding.detail)
                    for finding in _file(path, name, verified.counts, deep=deep)
                )
    return verified


def _files(root: Path, name: str, place: Place, skip: set[str]) -> Iterator[tuple[Path, str]]:
    """Yield the ledgers and databases below a directory, as a backup would find them."""
    try:
        with os.scandir(root) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry in entries:
        inner = f"{name}/{entry.name}" if name else entry.name
        folder = entry.is_dir(follow_symlinks=False)
        path, course = Path(entry.path), place.kind == "course"
        if inner in skip or names.reason(path, inner, folder=folder, course=course):
            continue
        if folder and inner != "people":
            yield from _files(path, inner, place, skip)
        elif entry.is_file(follow_symlinks=False) and (
            names.is_ledger(inner, course=course) or names.is_our_database(inner, course=course)
        ):
            yield path, inner


def _file(path: Path, name: str, counts: Counts, *, deep: bool) -> Iterator[Finding]:
    if name.endswith(".jsonl"):
        counts["ledgers"] += 1
        yield from _ledger(path, name)
    elif path.stat().st_size:
        counts["databases"] += 1
        wrong = databases.examine(path, deep=deep)
        if wrong:
            yield Finding("database_damaged", name, wrong)


def _ledger(path: Path, name: str) -> Iterator[Finding]:
    lines = path.read_bytes().split(b"\n")
    for number, line in enumerate(lines, 1):
        if not line:
            continue
        try:
            whole = isinstance(json.loads(line), dict)
        except (ValueError, RecursionError):
            whole = False
        # The next writer closes off what a crash cut in the middle, so it may stand anywhere.
        torn = line.startswith(b"{") and not line.endswith(b"}")
        if not whole and (torn or number == len(lines)):
            yield Finding("ledger_torn", name)
        elif not whole:
            yield Finding("ledger_damaged", name, str(number))
