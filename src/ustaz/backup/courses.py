"""Verifying one course: settings, roster, documents, rounds, marks, evidence."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from ustaz.answers import StoreError, judge
from ustaz.answers.validate import upgraded
from ustaz.backup.model import Finding
from ustaz.base.errors import UstazError
from ustaz.course import Course

Counts = Counter[str]


def course_findings(root: Path, counts: Counts, *, deep: bool = False) -> Iterator[Finding]:
    """Yield what is wrong with the course in a directory; places are relative to it."""
    try:
        course = Course.open(root)
    except (UstazError, OSError) as error:
        yield Finding("settings_damaged", "ustaz.toml", getattr(error, "id", "io"))
        return
    counts["courses"] += 1
    try:
        counts["people"] += len(course.people)
    except (UstazError, OSError, ValueError) as error:
        yield Finding("roster_damaged", "people.csv", getattr(error, "id", type(error).__name__))
        return  # rounds are judged by it
    yield from _documents(course, counts, deep=deep)
    yield from _rounds(course, counts)
    yield from _marks(course, counts)


def _documents(course: Course, counts: Counts, *, deep: bool) -> Iterator[Finding]:
    for subject, workbook in course.store.places():
        folder = course.store.folder(subject, workbook)
        place = folder.relative_to(course.dir).as_posix()
        try:
            files = course.store.files(subject, workbook)
        except StoreError as error:
            yield Finding("document_damaged", place, error.id)
            continue
        yield from _evidence(folder / "evidence", course.dir)
        if not files:
            continue
        judged = judge(files, subject, workbook)
        counts["documents"] += judged.document is not None
        counts["saves"] += judged.document.revision if judged.document else 0
        yield from (Finding("document_damaged", place, problem) for problem in judged.problems)
        if judged.notices:
            yield Finding("document_mended", place, ", ".join(judged.notices))
        if workbook not in course.library.ids:
            yield Finding("unknown_workbook", place)
        elif judged.document is not None and not judged.problems:
            # Through the steps from older definitions, as a page reads it.
            try:
                for part in (judged.document, *(judged.chain if deep else ())):
                    upgraded(course.library[workbook], part)
            except UstazError as error:
                yield Finding("document_damaged", place, error.id)


def _evidence(folder: Path, root: Path) -> Iterator[Finding]:
    try:
        with os.scandir(folder) as entries:
            files = sorted(entry.name for entry in entries if entry.is_file(follow_symlinks=False))
    except (FileNotFoundError, NotADirectoryError):
        return
    for name in files:
        if len(name) == 64 and hashlib.sha256((folder / name).read_bytes()).hexdigest() != name:
            yield Finding("evidence_damaged", (folder / name).relative_to(root).as_posix())


def _rounds(course: Course, counts: Counts) -> Iterator[Finding]:
    from ustaz.exchange import dropbox
    from ustaz.exchange.receipts import receipt_of
    from ustaz.exchange.validate import read_collected, read_round

    for person, workbook, folder in _two_deep(dropbox.inbound(course)):
        place = folder.relative_to(course.dir).as_posix()
        if workbook not in course.library.ids:
            yield Finding("unknown_workbook", place)
            continue
        for number in dropbox.numbers(folder):
            try:
                receipt_of(course, read_round(course, person, workbook, number))
                counts["rounds"] += 1
            except UstazError as error:
                yield Finding("round_damaged", f"{place}/{number:04d}", error.id)
    for person, workbook, folder in _two_deep(course.dir / "submitted"):
        if workbook in course.library.ids and (folder / "round.json").exists():
            try:
                read_collected(course, person, workbook)
            except UstazError as error:
                place = folder.relative_to(course.dir).as_posix()
                yield Finding("collected_damaged", place, error.id)


def _marks(course: Course, counts: Counts) -> Iterator[Finding]:
    from ustaz.exchange import marks

    root = course.exchange_dir / "marks"
    for path in sorted(root.glob("*/*.json")):
        try:
            known = marks.load(course, path.parent.name, path.stem)
            rounds = known["rounds"]
            if not isinstance(rounds, dict):
                raise TypeError
            counts["marks"] += len(rounds)
        except (UstazError, OSError, KeyError, TypeError) as error:
            place = path.relative_to(course.dir).as_posix()
            yield Finding("marks_damaged", place, getattr(error, "id", type(error).__name__))


def _two_deep(root: Path) -> Iterator[tuple[str, str, Path]]:
    for path in sorted(root.glob("*/*")):
        names = (path.parent.name, path.name)
        if path.is_dir() and not path.is_symlink() and not any(name[:1] == "." for name in names):
            yield path.parent.name, path.name, path
