"""The course around a folder, opened once for many questions."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from ustaz.base.errors import UstazError
from ustaz.course import Course, find_course
from ustaz.course.settings import SETTINGS_FILE


def course_around(folder: str | os.PathLike[str]) -> Course | None:
    """Return the course that `folder` lies in, or None where it lies in none.

    nbgrader makes its converters, preprocessors and lists anew for every submission; the course
    is opened again only when its ``ustaz.toml`` has changed.
    """
    here = Path(folder).resolve()
    for candidate in (here, *here.parents):
        if (candidate / SETTINGS_FILE).is_file():
            try:
                return _opened(candidate, _stamp(candidate / SETTINGS_FILE))
            except UstazError:
                return None
    return None


def _stamp(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_mtime_ns, status.st_size


@lru_cache(maxsize=8)
def _opened(folder: Path, _stamp: tuple[int, int]) -> Course:
    return find_course(folder, going_on=True)
