"""A course copied for the next cohort: its settings with every day moved, and nobody's answers."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from ustaz.admin.course_settings import set_due
from ustaz.admin.create import Plan, create_whole
from ustaz.config_files.last_good import read_bytes
from ustaz.course import Course
from ustaz.course.settings import SETTINGS_FILE
from ustaz.roster.people import Person

WEEK: Final = 7
#: Who comes along where it is asked for: they hold the same roles in the course that is copied.
LEADERS: Final = frozenset({"facilitator", "staff", "reviewer", "operator"})


def shift_of(course: Course, start: dt.date) -> dt.timedelta:
    """Return by how much days move: whole weeks, so that a Tuesday stays a Tuesday."""
    weeks = round((start - course.present.start).days / WEEK)
    return dt.timedelta(days=weeks * WEEK)


def copied_settings(course: Course, *, id: str, name: str, start: dt.date) -> str:
    """Return the text of ``ustaz.toml`` for the next cohort, comments included.

    Parameters
    ----------
    course : Course
        The one that is copied.
    id, name : str
        Of the new one.
    start : date
        Its first day. The last day, meetings and days by which something is due move along, by
        whole weeks; what was moved for a group or cancelled takes place as it was planned.
    """
    import tomlkit

    document: Any = tomlkit.parse(read_bytes(course.dir / SETTINGS_FILE, "bad_settings").decode())
    shift = shift_of(course, start)
    document["course"]["id"] = id
    document["course"]["name"] = name
    document["course"].pop("standing", None)
    document["calendar"]["start"] = start
    document["calendar"]["end"] = max(course.present.end + shift, start + dt.timedelta(days=1))
    set_due(document, {workbook: day + shift for workbook, day in course.present.due.items()})
    for event in document.get("event", []):
        event["day"] = event["day"] + shift
        event.pop("cancelled", None)
        event.pop("revision", None)
    return str(tomlkit.dumps(document))


def leaders(course: Course) -> list[Person]:
    """Return who leads a course today, with those roles alone."""
    return [
        replace(person, roles=tuple(role for role in person.roles if role in LEADERS))
        for person in course.people.values()
        if person.status != "withdrawn" and LEADERS & person.held
    ]


def copy_course(
    course: Course,
    directory: Path,
    *,
    id: str,
    name: str,
    start: dt.date,
    people: tuple[Person, ...] = (),
) -> Course:
    """Copy a course for the next cohort; nothing that anybody wrote comes along.

    Workbooks of the course's own come along where they lie in its directory.

    Raises
    ------
    UstazError
        As for :func:`ustaz.admin.create.create_whole`; nothing was made.
    """
    settings = copied_settings(course, id=id, name=name, start=start)
    plan = Plan(id=id, name=name, start=start, end=start + dt.timedelta(days=1), people=people)

    def fill(target: Path) -> None:
        for folder in _own_folders(course):
            into = target / folder.relative_to(course.dir)
            shutil.copytree(folder, into, ignore=_links, dirs_exist_ok=True)

    return create_whole(directory, plan, settings=settings, fill=fill)


def _links(folder: str, names: list[str]) -> list[str]:
    """Return what does not come along: a link could lead anywhere."""
    return [name for name in names if (Path(folder) / name).is_symlink()]


def _own_folders(course: Course) -> list[Path]:
    """Return the folders of workbooks that lie in a course's directory, and their catalogues."""
    folders = []
    for library in course.settings.library:
        folder = library.resolve()
        if not folder.is_dir() or not folder.is_relative_to(course.dir) or folder == course.dir:
            continue
        folders.append(folder)
        locale = folder.parent / "locale"
        if locale.is_dir() and locale not in folders:
            folders.append(locale)
    return folders
