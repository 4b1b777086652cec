"""What staff's side knows of a person's rounds: which one is graded, and the marks of each.

``exchange/marks/<person>/<workbook>.json`` is ours: nbgrader keeps one score for a cell and
forgets it when a new round comes. A snapshot of the marks stays with the round they were given for.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from filelock import FileLock

from ustaz.answers import dumps_canonical, loads_strict
from ustaz.base import files
from ustaz.course import Course
from ustaz.exchange.model import FORMAT

Marks = dict[str, Any]


def path_of(course: Course, person: str, workbook: str) -> Path:
    """Return where the marks of a person's rounds of one workbook are kept."""
    return course.exchange_dir / "marks" / person / f"{workbook}.json"


def load(course: Course, person: str, workbook: str) -> Marks:
    """Return the marks' file; empty where nothing was graded."""
    try:
        data = path_of(course, person, workbook).read_bytes()
    except FileNotFoundError:
        return {"format": FORMAT, "graded": None, "rounds": {}}
    loaded: Marks = loads_strict(data, max_bytes=1 << 24)
    return loaded


@contextlib.contextmanager
def change(course: Course, person: str, workbook: str) -> Iterator[Marks]:
    """Give the marks to change; written, whole, when the block ends without an error."""
    path = path_of(course, person, workbook)
    files.make_folder(path.parent)
    with FileLock(path.with_suffix(".lock"), timeout=30):
        marks = load(course, person, workbook)
        before = dumps_canonical(marks)
        yield marks
        after = dumps_canonical(marks)
        if after != before:
            files.replace(path, after)
