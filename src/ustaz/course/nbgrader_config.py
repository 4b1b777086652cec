"""A course's ``nbgrader_config.py``: run as Jupyter would, with its last good state."""

from __future__ import annotations

import copy
import os
from typing import Final
from weakref import WeakKeyDictionary

from traitlets.config import Config

from ustaz import database
from ustaz.base import desk
from ustaz.config_files.last_good import Watched
from ustaz.config_files.python_file import PythonFile
from ustaz.course.course import Course

CONFIG_FILE: Final = "nbgrader_config.py"
_WATCHED: Final[WeakKeyDictionary[Course, Watched[Config]]] = WeakKeyDictionary()


def nbgrader_config(course: Course) -> Config:
    """Return what ``nbgrader_config.py`` of a course says, or said before a mistake came into it.

    Raises
    ------
    FileFault
        ``bad_nbgrader_config``, with file and line, where it cannot be used, unless the state
        before goes on.
    """
    file = watched_config(course)
    config: Config = Config() if file.absent else copy.deepcopy(file.get())
    return config


def watched_config(course: Course) -> Watched[Config]:
    """Return the file ``nbgrader_config.py`` of a course with its last good state."""
    known = _WATCHED.get(course)
    if known is None:
        known = _WATCHED[course] = PythonFile(
            course.dir,
            CONFIG_FILE,
            kind="nbgrader",
            id="bad_nbgrader_config",
            going_on=course.going_on,
            keeping=course.keeping,
        )
    return known


def db_url(course: Course, config: Config) -> str:
    """Return where the gradebook is: what nbgrader is told, else the setting, else a file."""
    configured = str(config.CourseDirectory.get("db_url", ""))
    if configured == f"sqlite:///{course.dir / desk.FILE}":
        configured = ""  # where it was when the configuration was read; it may have moved since
    at_desk = os.environ.get(desk.GRADEBOOK_ENV, "") if desk.at(course.dir) else ""
    here = at_desk or database.course_url(course)
    return configured or here or f"sqlite:///{desk.gradebook_file(course.dir)}"
