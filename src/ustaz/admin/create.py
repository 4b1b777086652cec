"""Making a course directory: settings, roster, folders, nbgrader's side.

Nothing is overwritten: a directory that holds anything already is refused.
"""

from __future__ import annotations

import datetime as dt
import os
import secrets
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from ustaz.base import files
from ustaz.base.errors import UstazError
from ustaz.base.ids import PERSON_ID
from ustaz.config_files.usable_paths import refuse_occupied, refuse_path
from ustaz.course import Course
from ustaz.course.settings import SETTINGS_FILE
from ustaz.database import HUB_FILE
from ustaz.messages import LANGUAGES, N_
from ustaz.roster.people import ROSTER_COLUMNS, ROSTER_FILE, Person, Table

#: Folders that only the account of the course may open.
PRIVATE: Final = ("people", "exchange", "submitted", "autograded", "feedback")
SHARED: Final = ("source", "release")
TIMEZONE: Final = "Asia/Almaty"
#: A course that is being made lies beside the others under such a name, which no listing takes.
BEING_MADE: Final = ".new-"


#: The workbooks of a year that are handed in, and those that are offered beside them (decision 34).
HANDED_IN: Final = ("focus", "action-plan", "half-way-review", "vignette", "portfolio")
COMPANIONS: Final = (
    "starting-point",
    "culture",
    "people-map",
    "consultations",
    "participation",
    "evidence",
    "network-notes",
    "project-review",
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a new course is like.

    Attributes
    ----------
    id, name : str
    start, end : date
        The programme's window.
    due : dict of str to date
        Expected day of each workbook.
    assignments : tuple of str
        Workbooks that are handed in, in the order of the year.
    companions : tuple of str
        Workbooks that home offers beside them.
    people : tuple of Person
    demo : bool
        Everybody in it is invented; the home page lets one act as any of them.
    languages : tuple of str
    """

    id: str
    name: str
    start: dt.date
    end: dt.date
    due: dict[str, dt.date] = field(default_factory=dict)
    assignments: tuple[str, ...] = ("focus", "action-plan")
    companions: tuple[str, ...] = ()
    people: tuple[Person, ...] = ()
    demo: bool = False
    languages: tuple[str, ...] = LANGUAGES
    timezone: str = TIMEZONE


def school_year(today: dt.date) -> tuple[dt.date, dt.date]:
    """Return the school year around `today`; from June on, the coming one."""
    first = today.year if today.month >= 6 else today.year - 1
    return dt.date(first, 9, 1), dt.date(first + 1, 5, 31)


def create_whole(
    directory: Path,
    plan: Plan,
    *,
    settings: str | None = None,
    fill: Callable[[Path], None] | None = None,
) -> Course:
    """Create a course that is there whole or not at all, whenever it is stopped.

    It is made beside its place under a hidden name and then renamed. What a stopped one left is
    removed by the next.

    Parameters
    ----------
    directory : Path
        In the folder of a hub's courses.
    plan : Plan
    settings : str, optional
        The text of ``ustaz.toml``, where it does not follow from the plan.
    fill : callable, optional
        Puts what else belongs to the course into its directory.

    Raises
    ------
    UstazError
        As for :func:`create_course`, and ``busy`` while another one is being made.
    """
    refuse_path(directory)
    _refuse_taken(directory, plan.id)
    refuse_occupied(directory, follow=False)
    try:
        with FileLock(directory.parent / ".new.lock", timeout=0, mode=0o600):
            for left in directory.parent.glob(f"{BEING_MADE}*"):
                shutil.rmtree(left, ignore_errors=True)
            staged = directory.with_name(f"{BEING_MADE}{secrets.token_hex(4)}")
            try:
                if fill is not None:
                    staged.mkdir()
                    fill(staged)
                create_course(staged, plan, settings=settings, fresh=fill is None)
                files.rename(staged, directory)
            except BaseException:
                shutil.rmtree(staged, ignore_errors=True)
                raise
            files.sync_folder(directory.parent)
    except Timeout:
        raise UstazError(
            "busy",
            N_("Another course is being made at this moment; nothing was made."),
            N_("Try again in a minute."),
            exit_code=11,
        ) from None
    return Course.open(directory)


def create_course(
    directory: Path, plan: Plan, *, settings: str | None = None, fresh: bool = True
) -> Course:
    """Create a course directory and open it.

    Parameters
    ----------
    directory : Path
    plan : Plan
    settings : str, optional
        The text of ``ustaz.toml``, where it does not follow from the plan.
    fresh : bool
        Whether there must be nothing in it before.

    Raises
    ------
    UstazError
        ``not_empty``: something is there already; nothing was changed.
    """
    if not PERSON_ID.match(plan.id):
        raise UstazError(
            "bad_id",
            N_("“{id}” cannot be the id of a course."),
            N_("Use small letters, digits and hyphens, 32 at most; name it with --id."),
            exit_code=2,
            params={"id": plan.id},
        )
    refuse_path(directory)
    _refuse_taken(directory, plan.id)
    if fresh:
        refuse_occupied(directory, follow=False)
    directory.mkdir(parents=True, exist_ok=True)
    for name in PRIVATE:
        (directory / name).mkdir()
        (directory / name).chmod(0o700)
    for name in SHARED:
        (directory / name).mkdir()
    _write(directory / ROSTER_FILE, roster_text(plan.people), 0o600)
    _write(directory / "README.txt", README.format(name=plan.name), 0o644)
    # The settings come last: only with them is it a course directory.
    _write(directory / SETTINGS_FILE, settings or settings_text(plan), 0o644)
    course = Course.open(directory)
    prepare_grading(course)
    return course


def _refuse_taken(directory: Path, id: str) -> None:
    """Refuse an id that another course of the same hub has: nobody would see the new one."""
    from ustaz.course.listing import Listing

    hub = directory.resolve().parent.parent
    if directory.resolve().parent.name != "courses" or not (hub / HUB_FILE).is_file():
        return
    taken = Listing(hub, keeping=False).look().get(id)
    if taken is not None and taken.dir != directory.resolve():
        raise UstazError(
            "id_taken",
            N_("The course in {path} has the id “{id}” already; nothing was made."),
            N_("Give the new one another id with --id."),
            exit_code=12,
            params={"path": taken.dir, "id": id},
        )


def prepare_grading(course: Course) -> None:
    """Write ``nbgrader_config.py`` and release the notebooks of the course's workbooks."""
    from ustaz.grading import release_assignments, write_config

    write_config(course)
    release_assignments(course)
    gradebook = course.dir / "gradebook.db"
    if gradebook.exists():  # nbgrader makes its database readable for everybody
        gradebook.chmod(0o600)


def _write(path: Path, text: str, mode: int) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
    os.chmod(path, mode)  # noqa: PTH101 - follows no link: the file is ours


def roster_text(people: Iterable[Person]) -> str:
    """Return ``people.csv``."""
    return Table(ROSTER_COLUMNS, {}, {}).text(people)


def settings_text(plan: Plan) -> str:
    """Return ``ustaz.toml``, with a sentence for every setting."""
    due = "\n".join(f"{workbook} = {day}" for workbook, day in plan.due.items())
    return SETTINGS.format(
        id=plan.id,
        name=_toml(plan.name),
        demo="true" if plan.demo else "false",
        languages=", ".join(_toml(language) for language in plan.languages),
        start=plan.start,
        end=plan.end,
        timezone=plan.timezone,
        due=due or "# focus = 2026-10-15",
        assignments=", ".join(_toml(assignment) for assignment in plan.assignments),
        companions=", ".join(_toml(companion) for companion in plan.companions),
    )


def _toml(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    printable = "".join(char for char in escaped if char.isprintable())
    return f'"{printable}"'


SETTINGS: Final = """\
# Settings of this course. Dates are written as 2026-09-01, without quotation marks.

[course]
id = "{id}"          # also the course's name for nbgrader; keep it
name = {name}
# true: everybody in people.csv is invented, and the home page lets one act as any of them.
demo = {demo}
# What people may choose from; the first one is used when nothing else is known.
languages = [{languages}]

[calendar]
# First and last day of the programme. Dates in a plan lie between them.
start = {start}
end = {end}
timezone = "{timezone}"

[calendar.due]
# By when a workbook is expected. People read it on their home page; nothing is locked after it.
{due}

[workbooks]
# What is handed in, in the order of the year.
assignments = [{assignments}]
# What home offers beside them: filled in by who wants to, never handed in by itself.
companions = [{companions}]
# Folders with workbooks of your own, relative to this file.
library = []

# Meetings, in the calendar of everybody whom they concern. The page "Meetings" writes here, too.
# [[event]]
# id = "workshop-1"
# kind = "workshop"          # workshop, tutorial, network_event, deadline or other
# title = "First workshop"
# day = 2026-09-15
# start = "15:00"
# end = "17:00"
# place = "Room 12"
# groups = ["almaly"]        # without this line: for everybody
"""

README: Final = """\
{name}

This is a course directory. These parts are for you:

  ustaz.toml    settings: calendar, languages, workbooks
  people.csv    who takes part, in which role and group

These are kept by the programs; please do not change them by hand:

  people/       everybody's answers, with their history
  exchange/     what was handed in, with receipts
  source/ release/ submitted/ autograded/ feedback/ gradebook.db   nbgrader's side

`ustaz serve .` opens the course, `ustaz doctor .` looks whether all is well.
`ustaz backup . /path` makes a complete backup, also while people write.
"""
