"""Documents copied from files into PostgreSQL or back, each with its journal.

Nothing is switched and nothing is removed at the origin. What stands at the destination is
replaced only by what came after it: a document that went on at both places is refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ustaz.answers import journal, recovery
from ustaz.answers.backend import operations
from ustaz.answers.document import Document
from ustaz.answers.errors import StoreError, as_store_errors
from ustaz.answers.files import read_file
from ustaz.answers.filesystem import Fs
from ustaz.answers.folders import open_chain, place_of
from ustaz.answers.shape import DocumentError
from ustaz.base.files import TEMP_SUFFIX, Handle, write_file

#: What lies in a document's folder and belongs to the document.
_OWN = ("answers.", recovery.JOURNAL_FILE)

Content = dict[str, bytes]


@dataclass(slots=True)
class Moved:
    """What was copied, by the documents' folders.

    Attributes
    ----------
    copied, equal : list of str
        Copied now; there already, byte for byte.
    differing : list of str
        Went on at the destination. Where there is one, nothing is copied.
    extra : list of str
        Only at the destination, as if somebody had removed them here. The same.
    failed : list of tuple
        Folder and the store's error: not copied.
    """

    copied: list[str] = field(default_factory=list)
    equal: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)

    @property
    def refused(self) -> bool:
        """Tell whether nothing was copied, because both places went on."""
        return bool(self.differing or self.extra)


class Place:
    """The documents of one course, in files or in a database.

    Parameters
    ----------
    people_dir : Path
    course_id : str
    url : str
        The database; empty for files.
    """

    def __init__(self, people_dir: Path, course_id: str, url: str = "") -> None:
        self.dir = people_dir
        self.fs: Fs = operations(url, course_id, people_dir, moving=True)
        self.in_database = bool(url)

    def folders(self) -> list[str]:
        """Return the folders of all documents."""
        if self.in_database:
            from ustaz.answers.postgres.backend import PgFs

            assert isinstance(self.fs, PgFs)  # noqa: S101
            with as_store_errors():
                return self.fs.folders()
        paths = self.dir.glob("**/*") if self.dir.is_dir() else ()
        names = {
            path.parent.relative_to(self.dir).as_posix()
            for path in paths
            if path.name in (recovery.DOCUMENT_FILE, recovery.JOURNAL_FILE)
        }
        return sorted(name for name in names if place_of(*name.split("/")))

    @contextmanager
    def held(self, folder: str) -> Iterator[Handle]:
        """Open a document's folder, made where it is not there, and hold its lock."""
        with (
            open_chain(self.fs, self.dir, folder.split("/"), make=True) as chain,
            self.fs.lock(self.dir / folder),
        ):
            yield chain[-1]
            for handle in chain:
                self.fs.sync_folder(handle)

    def peek(self, folder: str) -> Content:
        """Return the files of a document without holding or making anything."""
        try:
            with open_chain(self.fs, self.dir, folder.split("/")) as chain:
                return self.content(chain[-1])
        except FileNotFoundError:
            return {}

    def content(self, handle: Handle) -> Content:
        """Return the files of a document."""
        files = {}
        for name in sorted(self.fs.names(handle)):
            if name.startswith(_OWN) and not name.endswith(TEMP_SUFFIX):
                data = read_file(self.fs, handle, name, journal.JOURNAL_READ_CAP)
                files[name] = data or b""
        return files


def move(origin: Place, destination: Place) -> Moved:
    """Copy every document, and look at each copy once more.

    Documents are copied one after another, each under the locks of both places. Whoever writes
    meanwhile writes at the origin: stop the service first.
    """
    done = Moved()
    folders = origin.folders()
    done.extra = sorted(set(destination.folders()) - set(folders))
    for folder in folders:
        with _failures_noted(done, folder):
            there = destination.peek(folder)
            if there and not _comes_after(origin.peek(folder), there):
                done.differing.append(folder)
    if done.refused:
        return done
    failed = {folder for folder, _ in done.failed}
    for folder in folders:
        if folder not in failed:
            with _failures_noted(done, folder):
                copied = _copy(folder, origin, destination)
                (done.copied if copied else done.equal).append(folder)
    return done


@contextmanager
def _failures_noted(done: Moved, folder: str) -> Iterator[None]:
    try:
        with as_store_errors():
            yield
    except StoreError as error:
        done.failed.append((folder, error.id))


def _copy(folder: str, origin: Place, destination: Place) -> bool:
    """Copy a document; False when it was there already."""
    with origin.held(folder) as source:
        wanted = origin.content(source)
        with destination.held(folder) as target:
            there = destination.content(target)
            if digest(there) == digest(wanted):
                return False
            if not _comes_after(wanted, there):
                raise StoreError("busy", "somebody writes at the destination")
            for name in there.keys() - wanted.keys():
                destination.fs.remove(target, name)
            for name in sorted(wanted, key=_turn):
                write_file(destination.fs, target, name, wanted[name])
        with destination.held(folder) as target:
            if digest(destination.content(target)) != digest(wanted):
                raise StoreError("io", "the copy is not what was copied")
    return True


def _turn(name: str) -> int:
    """Give the journal first and the document last: what is half there can be told from another."""
    return {recovery.JOURNAL_FILE: 0, recovery.DOCUMENT_FILE: 2}.get(name, 1)


def digest(content: Content) -> str:
    """Return what tells one state of a document's files from another."""
    whole = hashlib.sha256()
    for name, data in sorted(content.items()):
        whole.update(f"{name}\0{len(data)}\0".encode() + data)
    return whole.hexdigest()


def _comes_after(wanted: Content, there: Content) -> bool:
    """Tell whether `there` is nothing, or a state that `wanted` went through."""
    if not there:
        return True
    before = there.get(recovery.JOURNAL_FILE, b"")
    if before and wanted.get(recovery.JOURNAL_FILE, b"").startswith(before):
        return True
    try:
        last = Document.decode(there.get(recovery.DOCUMENT_FILE, b""))
    except DocumentError:
        return False
    records = journal.parse(wanted.get(recovery.JOURNAL_FILE, b"")).records
    return any(
        (document.record_id, document.sha256) == (last.record_id, last.sha256)
        for _, document in journal.rolled(None, records)
    )
