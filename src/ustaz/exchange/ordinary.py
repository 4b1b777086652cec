"""Which assignments are workbooks, and which are ordinary ones that nbgrader handles alone.

An id alone decides nothing: staff may have had an ordinary assignment of that name before a
workbook of the same name came into the library. What staff keep in ``source/`` or ``release/``
decides; what a participant hands in never does.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from ustaz.course import Course


def is_workbook(course: Course, assignment: str) -> bool:
    """Tell whether an assignment is a workbook that people hand in."""
    return (
        assignment in course.library.ids
        and not course.library[assignment].companion
        and not is_ordinary(course, assignment)
    )


def is_ordinary(course: Course, assignment: str) -> bool:
    """Tell whether staff keep notebooks of this name, and none is that of a workbook."""
    notebooks = [
        path
        for folder in ("source", "release")
        for path in sorted((course.dir / folder / assignment).glob("*.ipynb"))
        if path.is_file()
    ]
    return bool(notebooks) and not any(names_workbook(path, assignment) for path in notebooks)


def names_workbook(notebook: Path, workbook: str) -> bool:
    """Tell whether a notebook was made from this workbook's definition."""
    try:
        status = notebook.stat()
    except OSError:
        return False
    return _workbook_of(notebook, status.st_mtime_ns, status.st_size) == workbook


@lru_cache(maxsize=256)
def _workbook_of(notebook: Path, _time: int, _size: int) -> str | None:
    try:
        node = json.loads(notebook.read_bytes())
        named = node["metadata"]["ustaz"]["workbook"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return named if isinstance(named, str) else None
