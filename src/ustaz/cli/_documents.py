"""Documents that a command reads: where they are, and their JSON, from files or a database."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from ustaz.answers import StrictError, Subject, loads_strict
from ustaz.answers.document import MAX_FILE_BYTES
from ustaz.answers.files import read_all
from ustaz.answers.filesystem import Fs
from ustaz.base.errors import UstazError
from ustaz.base.files import ALWAYS, NO_FOLLOW, READ
from ustaz.cli import _exit
from ustaz.course import Course
from ustaz.messages import N_
from ustaz.workbook import Library

FILE: Final = "answers.json"
_DISK: Final = Fs()


class Place(NamedTuple):
    """Where a document is: its person's folder, its workbook's id, its file."""

    person: str
    workbook: str
    file: str


#: Takes a document's place; gives its JSON, None where there is none.
Reader = Callable[[Place], "dict[str, Any] | None"]


def documents(path: Path, library: Library) -> Iterator[Place]:
    """Yield the documents at or below `path`, in order; rounds and copies are left out."""
    if path.is_file():
        workbook = path.resolve().parent.name
        if workbook not in library.ids:
            raise UstazError(
                "unknown_workbook",
                N_("{file}: the folder is not called like a workbook."),
                N_("Workbooks here: {workbooks}."),
                params={"file": path, "workbooks": ", ".join(library.ids)},
            )
        yield Place(str(path.parent.parent), workbook, str(path))
        return
    top = path / "people" if (path / "people").is_dir() else path
    known = frozenset(library.ids)
    for place in _below(str(top.parent), top.resolve().name, str(top)):
        if place.workbook in known:
            yield place


def _below(parent: str, name: str, folder: str) -> Iterator[Place]:
    """Yield answers at or below a folder, in order; links are not followed."""
    with os.scandir(folder) as entries:
        inside = sorted(entries, key=lambda entry: entry.name)
    for entry in inside:
        if entry.is_dir(follow_symlinks=False):
            yield from _below(folder, entry.name, entry.path)
        elif entry.name == FILE and entry.is_file(follow_symlinks=False):
            yield Place(parent, name, entry.path.removeprefix(f".{os.sep}"))


def in_database(course: Course, path: Path) -> Iterator[Place]:
    """Yield the documents that would be files at or below `path`, in order."""
    wanted = path.resolve()
    for person in sorted(course.people):
        for workbook in course.library.ids:
            file = course.people_dir / person / workbook / FILE
            if wanted not in (file, *file.parents):
                continue
            if course.store.read(Subject.person(person), workbook).revision:
                yield Place(str(file.parent.parent), workbook, str(file))


# -- reading --------------------------------------------------------------------------------------
def beside(place: Place, workbook: str) -> Place:
    """Return the place of the same person's document of another workbook."""
    return Place(place.person, workbook, f"{place.person}{os.sep}{workbook}{os.sep}{FILE}")


def reader(course: Course | None) -> Reader:
    """Return the reader of a course's documents, or of files outside of one."""
    if course is None or not course.database:
        return _read
    store = course.store

    def read(place: Place) -> dict[str, Any] | None:
        document = store.read(Subject.person(Path(place.person).name), place.workbook)
        return document.to_json() if document.revision else None

    return read


def _read(place: Place) -> dict[str, Any] | None:
    """Return a document's JSON; its answers are read by the strict reader, never trusted."""
    file = place.file
    data = _bytes(file)
    if data is None:
        return None
    try:
        value = loads_strict(data)
    except StrictError as error:
        raise UstazError(
            "damaged",
            N_("{file} is not a whole answers file ({error})."),
            N_("Nothing was changed. `ustaz doctor` looks for earlier copies."),
            exit_code=_exit.STORAGE,
            params={"file": file, "error": error.id},
        ) from None
    if not isinstance(value, dict) or not isinstance(value.get("answers"), dict):
        raise UstazError(
            "damaged",
            N_("{file} holds no answers."),
            exit_code=_exit.STORAGE,
            params={"file": file},
        )
    if value.get("workbook", place.workbook) != place.workbook:
        raise UstazError(
            "wrong_workbook",
            N_("{file} belongs to another workbook than its folder."),
            params={"file": file},
        )
    return value


def _bytes(path: str) -> bytes | None:
    """Return what is in a file, up to more than one of ours holds; None where there is no file."""
    try:
        descriptor = os.open(path, READ | ALWAYS & ~NO_FOLLOW)
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        return read_all(_DISK, descriptor, MAX_FILE_BYTES + 1)
    finally:
        os.close(descriptor)
