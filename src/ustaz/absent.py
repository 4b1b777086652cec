"""What to say of a directory that is not the course it was taken for."""

from __future__ import annotations

from pathlib import Path

from ustaz.database import HUB_FILE
from ustaz.errors import CourseError
from ustaz.messages import N_


def no_course(path: Path, settings_file: str) -> CourseError:
    """Return the error for `path`, with the step that helps: a hub has its courses inside.

    Parameters
    ----------
    path : Path
        Absolute.
    settings_file : str
        The file that a course would have.
    """
    if not path.is_dir():
        return CourseError(
            "no_course",
            N_("There is no directory {path}."),
            N_("Look at how it is written."),
            params={"path": path},
        )
    if (path / HUB_FILE).is_file():
        inside = sorted(path.glob(f"courses/*/{settings_file}"))
        return CourseError(
            "no_course",
            N_("{path} is a hub, and this command is for one course."),
            N_("Name a course in it: {courses}")
            if inside
            else N_("Create a course in it with `ustaz new {path}/courses/NAME`."),
            params={"path": path, "courses": ", ".join(str(one.parent) for one in inside)},
        )
    return CourseError(
        "no_course",
        N_("{path} is not a course directory: it has no {file}."),
        N_("Create one with `ustaz new DIR`."),
        params={"path": path, "file": settings_file},
    )
