"""A document's folder as bytes: taken whole while people write, and judged without a disk.

For backups and for ``ustaz verify``. What is taken is what one save left and the next one has not
begun to change; what is judged may come from a disk, an archive or a database alike.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ustaz.answers import journal, recovery
from ustaz.answers.document import Document, Subject
from ustaz.answers.errors import StoreError, as_store_errors
from ustaz.answers.files import read_file
from ustaz.answers.filesystem import LOCK_SECONDS, Fs, default_fs
from ustaz.answers.folders import open_chain, place_of
from ustaz.answers.recovery import JOURNAL_FILE, PREVIOUS_FILE
from ustaz.answers.shape import DocumentError

#: What the store writes into a document's folder; everything else there is somebody else's.
_OURS: Final = re.compile(r"(answers(\.[a-z0-9.-]{1,40})?\.json|journal\.jsonl)\Z")
_OLDER: Final = re.compile(r"answers\.v[0-9.]+\.json\Z")


def is_ours(name: str) -> bool:
    """Tell whether a file of a document's folder is the store's own, to be taken under its lock."""
    return bool(_OURS.match(name))


def folders(people_dir: Path) -> Iterator[tuple[Subject, str, Path]]:
    """Yield the subject, the workbook and the folder of each document, in order."""
    for first in _below(people_dir):
        for second in _below(first):
            for folder in (second, *_below(second)):
                place = place_of(*folder.relative_to(people_dir).parts)
                if place is not None:
                    yield *place, folder


def places(fs: Fs, people_dir: Path) -> Iterator[tuple[Subject, str]]:
    """Return whose documents a file system holds; one that keeps no folders lists them itself."""
    list_folders = getattr(fs, "folders", None)
    if list_folders is None:
        return iter([(subject, workbook) for subject, workbook, _ in folders(people_dir)])
    places_of_names = [place_of(*name.split("/")) for name in sorted(list_folders())]
    return iter([place for place in places_of_names if place is not None])


def _below(folder: Path) -> list[Path]:
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]
    except (FileNotFoundError, NotADirectoryError):
        return []
    return [folder / name for name in sorted(names)]


def take(
    people_dir: Path, folder: Path, *, fs: Fs | None = None, lock_seconds: float = LOCK_SECONDS
) -> dict[str, bytes]:
    """Return the store's files of one document, all of the same moment.

    Where the lock cannot be had because nothing can be written there, the files are read without.

    Raises
    ------
    StoreError
        ``busy``, ``unsafe`` (a link or a device in the place of a file) or ``io``.
    """
    disk = fs or default_fs()
    with as_store_errors(), ExitStack() as stack:
        below = folder.relative_to(people_dir).parts
        handle = stack.enter_context(open_chain(disk, people_dir, below))[-1]
        with suppress(OSError):
            stack.enter_context(disk.lock(folder, lock_seconds))
        files = {}
        for name in sorted(disk.names(handle)):
            if is_ours(name):
                data = read_file(disk, handle, name, journal.JOURNAL_READ_CAP)
                if data is not None:
                    files[name] = data
        return files


@dataclass(frozen=True, slots=True)
class Judged:
    """What a document's files are worth.

    Attributes
    ----------
    document : Document or None
        What counts; None when nothing was saved, or nothing can be read.
    problems : tuple of str
        Why something that was acknowledged cannot be proved: an id of the store's errors, or
        ``misplaced``.
    notices : tuple of str
        What the next save mends or what history lost: keys of :data:`ustaz.answers.NOTICES`,
        ``previous_damaged``, ``older_damaged``, ``save_unknown``.
    chain : tuple of Document
        Every generation that the journal can bring back.
    """

    document: Document | None
    problems: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    chain: tuple[Document, ...] = ()


def judge(files: Mapping[str, bytes], subject: Subject, workbook: str) -> Judged:
    """Judge the files of one document: each decodes, and the journal leads to what counts."""
    disk = _Bytes(files)
    try:
        state = recovery.load(disk, None, thorough=True)
    except StoreError as error:
        return Judged(None, (error.id,))
    records = recovery.read_journal(disk, None).records
    steps = list(journal.rolled(None, records))
    document, notices = state.document, list(state.notices)
    if document is None:
        return Judged(None, ("damaged",) if files.get(JOURNAL_FILE) else (), tuple(notices))
    problems = []
    if (document.subject, document.workbook) != (subject, workbook):
        problems.append("misplaced")
    notices += _earlier(files, {after.revision: after.sha256 for _, after in steps})
    notices += _saves(document, steps)
    return Judged(document, tuple(problems), tuple(notices), tuple(after for _, after in steps))


def _earlier(files: Mapping[str, bytes], known: Mapping[int, str]) -> Iterator[str]:
    """Look at the generations that are kept beside the one that counts."""
    for name, data in files.items():
        if name != PREVIOUS_FILE and not _OLDER.match(name):
            continue
        previous = name == PREVIOUS_FILE
        try:
            document = Document.decode(data)
        except DocumentError:
            yield "previous_damaged" if previous else "older_damaged"
            continue
        if previous and known.get(document.revision, document.sha256) != document.sha256:
            yield "previous_damaged"


def _saves(document: Document, steps: list[journal.Step]) -> Iterator[str]:
    """Compare the saves that were acknowledged with those that the journal tells of."""
    since = [record for record, _ in steps]
    base = 0
    for at, (record, after) in enumerate(steps):
        if record["kind"] == "base":
            since, base = [record for record, _ in steps[at + 1 :]], after.revision
    in_journal = {name for record in since for name in record["batches"]}
    in_document = {name for name, mark in document.batches.items() if mark[0] > base}
    if steps and document.revision >= base and not in_document <= in_journal:
        yield "save_unknown"


class _Bytes(Fs):
    """Files that are in memory already; the folder's handle means nothing."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files
        self._open: dict[int, tuple[bytes, int]] = {}

    def open(self, folder: Any, name: str, flags: int) -> int:  # noqa: ARG002, ANN401
        if name not in self._files:
            raise FileNotFoundError(errno.ENOENT, name)
        number = len(self._open)
        self._open[number] = (self._files[name], 0)
        return number

    def size(self, fd: int) -> int:
        return len(self._open[fd][0])

    def seek(self, fd: int, offset: int) -> None:
        self._open[fd] = (self._open[fd][0], offset)

    def read(self, fd: int, count: int) -> bytes:
        data, at = self._open[fd]
        part = data[at : at + count]
        self._open[fd] = (data, at + len(part))
        return part

    def close(self, fd: int) -> None:
        """Keep nothing open: bytes need no closing."""
