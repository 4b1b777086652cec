"""Where a document lies below the people's folder; how its folders are opened and locked."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from ustaz.answers import recovery
from ustaz.answers.document import Subject
from ustaz.answers.errors import StoreError
from ustaz.answers.filesystem import Fs
from ustaz.answers.recovery import State
from ustaz.answers.shape import SUBJECT_KINDS, valid_id, valid_workbook
from ustaz.base.files import Handle


def parts_of(subject: Subject, workbook: str) -> tuple[str, ...]:
    """Return the names below the people's folder; refuse whatever could lead elsewhere.

    Raises
    ------
    StoreError
        ``bad_name``.
    """
    if subject.kind not in SUBJECT_KINDS or not valid_id(subject.id):
        raise StoreError("bad_name", "subject")
    if not valid_workbook(workbook):
        raise StoreError("bad_name", "workbook")
    if subject.is_person:
        return (subject.id, workbook)
    # A person's id never begins so.
    return (f"_{subject.kind}", subject.id, workbook)


def place_of(*parts: str) -> tuple[Subject, str] | None:
    """Return whose document lies in a folder below ``people/``, by its path; None elsewhere."""
    kind, rest = "person", parts
    if parts and parts[0][:1] == "_":
        kind, rest = parts[0][1:], parts[1:]
    if kind not in SUBJECT_KINDS or len(rest) != 2:
        return None
    owner, workbook = rest
    if not (valid_id(owner) and valid_workbook(workbook)):
        return None
    return Subject(kind, owner), workbook


@contextmanager
def open_chain(
    fs: Fs, people_dir: Path, parts: Iterable[str], *, make: bool = False
) -> Iterator[list[Handle]]:
    """Open the folders from the people's down to the last of `parts`.

    Parameters
    ----------
    fs : Fs
    people_dir : Path
    parts : iterable of str
        Names of folders, each in the one before.
    make : bool
        Make those that are not there; else ``FileNotFoundError``.
    """
    with ExitStack() as stack:
        if make:
            fs.make_root(people_dir)
        chain: list[Handle] = []
        for name in (os.fspath(people_dir), *parts):
            parent = chain[-1] if chain else None
            if make and chain:
                with suppress(FileExistsError):
                    fs.make_folder(name, parent)
            handle = fs.open_folder(name, parent)
            stack.callback(_close, fs, handle)
            chain.append(handle)
        yield chain


def _close(fs: Fs, folder: Handle) -> None:
    # Nothing was written through it: what was done stands, whatever closing says.
    with suppress(OSError):
        fs.close_folder(folder)


@dataclass(frozen=True, slots=True)
class Folders:
    """The documents' folders of one course.

    Attributes
    ----------
    fs : Fs
    dir : Path
        The people's folder.
    lock_seconds : float
        How long to wait for somebody else's save.
    """

    fs: Fs
    dir: Path
    lock_seconds: float

    def path(self, subject: Subject, workbook: str) -> Path:
        """Return the folder of one document; it may not exist yet."""
        return self.dir.joinpath(*parts_of(subject, workbook))

    @contextmanager
    def opened(self, subject: Subject, workbook: str) -> Iterator[list[Handle]]:
        """Open the folders from the people's down to the document's."""
        with open_chain(self.fs, self.dir, parts_of(subject, workbook)) as chain:
            yield chain

    @contextmanager
    def writing(self, subject: Subject, workbook: str) -> Iterator[tuple[list[Handle], State]]:
        """Open the folders, made where they are not there, under the lock; give what they hold."""
        parts = parts_of(subject, workbook)
        with (
            open_chain(self.fs, self.dir, parts, make=True) as chain,
            self.fs.lock(self.path(subject, workbook), self.lock_seconds),
        ):
            yield chain, recovery.load(self.fs, chain[-1])

    @contextmanager
    def locked_if_possible(self, subject: Subject, workbook: str) -> Iterator[bool]:
        """Hold the lock; where nothing can be written (a read-only disk), go without."""
        with ExitStack() as stack:
            held = True
            try:
                stack.enter_context(self.fs.lock(self.path(subject, workbook), self.lock_seconds))
            except OSError:
                held = False
            yield held
