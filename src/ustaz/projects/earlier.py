"""What is kept of earlier projects: the documents as they were, and where the present one begins.

``projects/<number>/<person>/<workbook>/`` holds the files of a document, journal included, copied
once and never written again: it is a folder of answers like any other, read by the same store. The
lines of ``projects/<person>.jsonl`` say what each project was called, when it was closed, and at
which revision and round each workbook began anew.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from ustaz.answers import Store
from ustaz.base.ledger import Ledger
from ustaz.config_files.last_good import stat_key
from ustaz.course import Course

FOLDER: Final = "projects"


@dataclass(frozen=True, slots=True)
class Part:
    """One workbook of an earlier project.

    Attributes
    ----------
    revision : int
        Of the document as it is kept.
    round : int
        The last one that belongs to the project; 0 for none.
    kept : bool
        It was taken along into the next project, and goes on.
    """

    revision: int
    round: int
    kept: bool


@dataclass(frozen=True, slots=True)
class Project:
    """An earlier project.

    Attributes
    ----------
    number : int
        From 1 on, never used twice.
    title : str
        What its owner called it.
    closed_at : datetime
    parts : mapping of str to Part
        By workbook.
    emptied : mapping of str to int
        The revision at which each workbook that was not taken along began anew; None in place of
        it where the project was closed and the workbooks are not emptied yet.
    """

    number: int
    title: str
    closed_at: dt.datetime
    parts: Mapping[str, Part]
    emptied: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Floor:
    """Where the present project begins in one workbook: what is above belongs to it."""

    revision: int = 0
    round: int = 0


NOWHERE: Final = Floor()


@dataclass(slots=True)
class _Known:
    projects: dict[int, Project] = field(default_factory=dict)
    numbers: int = 0


def ledger(course_dir: Path) -> Ledger:
    """Return the lines about projects."""
    return Ledger(course_dir / FOLDER)


def store_of(course: Course, number: int) -> Store:
    """Return the store that reads the documents of one earlier project; nothing writes there."""
    return Store(course.dir / FOLDER / str(number), course.library)


def numbered(course_dir: Path) -> list[Path]:
    """Return the folders of answers of all earlier projects, one for each number."""
    folders = (course_dir / FOLDER).glob("*")
    return sorted(folder for folder in folders if folder.name.isdecimal() and folder.is_dir())


def earlier(course: Course, person: str) -> list[Project]:
    """Return the earlier projects of a person, oldest first, without one that was taken back."""
    return list(_known(course, person).projects.values())


def present(course: Course, person: str) -> int:
    """Return which project a person is in: the number of the last closed one, 0 in the first."""
    return max(_known(course, person).projects, default=0)


def next_number(course: Course, person: str) -> int:
    """Return a number that no project of a person had, taken back ones included."""
    return _known(course, person).numbers + 1


def floors(course: Course, person: str) -> dict[str, Floor]:
    """Return where the present project begins, by workbook; others were never emptied."""
    result: dict[str, Floor] = {}
    for project in earlier(course, person):
        for workbook, revision in (project.emptied or {}).items():
            result[workbook] = Floor(revision, project.parts[workbook].round)
    return result


def _known(course: Course, person: str) -> _Known:
    key = stat_key(ledger(course.dir).path(person))
    return _Known() if key is None else _read(course.dir, person, key)


@lru_cache(maxsize=4096)
def _read(course_dir: Path, person: str, _key: tuple[int, int, int, int]) -> _Known:
    known = _Known()
    for line in ledger(course_dir).entries(person):
        number = line.get("number")
        if not isinstance(number, int):
            continue
        known.numbers = max(known.numbers, number)
        if line.get("do") == "close":
            known.projects[number] = _project(number, line)
        elif line.get("do") == "undo":
            known.projects.pop(number, None)
        elif line.get("do") == "emptied" and number in known.projects:
            closed = known.projects[number]
            known.projects[number] = Project(
                number, closed.title, closed.closed_at, closed.parts, dict(line["revisions"])
            )
    return known


def _project(number: int, line: Mapping[str, Any]) -> Project:
    parts = {
        workbook: Part(int(part["revision"]), int(part["round"]), bool(part["kept"]))
        for workbook, part in line["parts"].items()
    }
    closed_at = dt.datetime.fromisoformat(line["at"])
    return Project(number, str(line.get("title", "")), closed_at, parts)
