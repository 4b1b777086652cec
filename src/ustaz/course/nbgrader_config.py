"""A course's ``nbgrader_config.py``: run as Jupyter would, with its last good state."""

from __future__ import annotations

import copy
import os
import traceback
from pathlib import Path
from typing import Final
from weakref import WeakKeyDictionary

from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from ustaz import database
from ustaz.base import desk
from ustaz.base.errors import FileFault
from ustaz.config_files.last_good import Watched
from ustaz.course.course import Course
from ustaz.messages import N_

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
        known = _WATCHED[course] = Watched(
            course.dir,
            CONFIG_FILE,
            run_config,
            kind="nbgrader",
            id="bad_nbgrader_config",
            going_on=course.going_on,
            keeping=course.keeping,
        )
    return known


def run_config(data: bytes, path: Path) -> Config:
    """Run a configuration file of Jupyter's kind, as Jupyter itself would."""
    loader = PyFileConfigLoader(path.name, path=os.fspath(path.parent))
    loader.clear()
    names = {
        "c": loader.config,
        "get_config": lambda: loader.config,
        "load_subconfig": lambda name, folder=None: loader.config.merge(
            PyFileConfigLoader(name, path=folder or os.fspath(path.parent)).load_config()
        ),
        "__file__": os.fspath(path),
    }
    try:
        exec(compile(data, os.fspath(path), "exec"), names)  # noqa: S102 - the staff's own file
    except SyntaxError as error:
        why, line = error.msg, error.lineno or 0
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever the file does
        frames = traceback.extract_tb(error.__traceback__)
        own = [frame.lineno or 0 for frame in frames if frame.filename == os.fspath(path)]
        why, line = f"{type(error).__name__}: {error}", own[-1] if own else 0
    else:
        config: Config = loader.config
        return config
    raise FileFault(
        "bad_nbgrader_config",
        path,
        line,
        "",
        N_("Python cannot run it ({error})"),
        N_("Correct the line, or put the file of a backup back."),
        params={"error": " ".join(why.split())[:200]},
    )


def db_url(course: Course, config: Config) -> str:
    """Return where the gradebook is: what nbgrader is told, else the setting, else a file."""
    configured = str(config.CourseDirectory.get("db_url", ""))
    if configured == f"sqlite:///{course.dir / desk.FILE}":
        configured = ""  # where it was when the configuration was read; it may have moved since
    at_desk = os.environ.get(desk.GRADEBOOK_ENV, "") if desk.at(course.dir) else ""
    here = at_desk or database.course_url(course)
    return configured or here or f"sqlite:///{desk.gradebook_file(course.dir)}"
