"""A course directory: settings, roster, calendar, and where everything lives.

A course directory is an nbgrader course with ``ustaz.toml``, ``people.csv``, ``people/`` and
``exchange/`` beside. This module reads; :mod:`ustaz.demo` and ``ustaz new`` create.
"""

from __future__ import annotations

import datetime as dt
import os
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from ustaz.answers import Store
from ustaz.answers.backend import operations
from ustaz.answers.filesystem import Fs
from ustaz.base import clock
from ustaz.base.account import account_key
from ustaz.base.errors import CourseError
from ustaz.base.shipped import shipped
from ustaz.config_files.last_good import Fault, Key, Watched, stat_key
from ustaz.course.events import Event
from ustaz.course.own_workbooks import OwnWorkbooks
from ustaz.course.settings import SETTINGS_FILE, Settings, watched_settings
from ustaz.database import HUB_FILE
from ustaz.messages import N_
from ustaz.roster.history import Past, ledger_file, read_past
from ustaz.roster.people import (
    ROSTER_FILE,
    Person,
    owners,
    watched_roster,
)
from ustaz.workbook import Context, Library

COURSE_ENV: Final = "USTAZ_COURSE"


def shipped_workbooks() -> Path:
    """Return the folder of the workbooks that come with Ustaz."""
    return shipped("workbooks")


class Course:
    """An opened course directory.

    Parameters
    ----------
    directory : Path
        Holds ``ustaz.toml``.
    settings : Settings

    Notes
    -----
    The roster is read again when its file changes, so that staff can edit it while the course
    runs.
    """

    def __init__(
        self, directory: Path, settings: Settings, file: Watched[Settings] | None = None
    ) -> None:
        self.dir = directory
        self.settings = settings
        self.settings_file = file
        self.going_on = file is not None and file.going_on
        self.keeping = file is None or file.keeping
        self._roster = watched_roster(directory, going_on=self.going_on, keeping=self.keeping)
        self._past: tuple[Key, Past] | None = None
        self._store: tuple[Library, Store] | None = None
        self._owners: tuple[dict[str, Person], dict[str, Person | None]] | None = None

    @classmethod
    def open(
        cls, directory: str | os.PathLike[str], *, going_on: bool = False, keeping: bool = True
    ) -> Course:
        """Open a course.

        Parameters
        ----------
        directory : path
        going_on : bool
            For what serves people: a file that cannot be used as it stands is what it was when it
            was last good (:mod:`ustaz.admin.edited_files` names it). Otherwise it is refused.
        keeping : bool
            Whether what is good is kept for that; who only looks on writes nothing.

        Raises
        ------
        CourseError
            With the file, the line and the field.
        """
        path = Path(directory).resolve()
        file = path / SETTINGS_FILE
        if not os.path.lexists(file):
            raise _no_course(path, SETTINGS_FILE)
        settings = watched_settings(path, going_on=going_on, keeping=keeping)
        return cls(path, settings.get(), settings)

    # -- settings, spelled short -------------------------------------------------------------
    @property
    def id(self) -> str:
        """Return the course's id (also nbgrader's course id)."""
        return self.settings.id

    @property
    def name(self) -> str:
        """Return the course's name as people read it."""
        return self.settings.name

    @property
    def demo(self) -> bool:
        """Tell whether this course holds invented people only."""
        return self.settings.demo

    @property
    def languages(self) -> tuple[str, ...]:
        """Return the languages that the course offers."""
        return self.settings.languages

    @property
    def start(self) -> dt.date:
        """Return the first day of the programme."""
        return self.settings.start

    @property
    def end(self) -> dt.date:
        """Return the last day of the programme."""
        return self.settings.end

    @property
    def timezone(self) -> ZoneInfo:
        """Return the time zone in which people read times."""
        return self.settings.timezone

    @property
    def assignments(self) -> tuple[str, ...]:
        """Return the workbooks that are handed in, in the order of the year."""
        return self.settings.assignments

    @property
    def present(self) -> Settings:
        """Return the settings; while people work, as the file has them now."""
        file = self.settings_file
        return file.get() if file is not None and self.going_on else self.settings

    @property
    def events(self) -> tuple[Event, ...]:
        """Return the events of the calendar; while people work, as the file has them now."""
        return self.present.events

    @property
    def standing(self) -> str:
        """Return whether the course is open, closed or archived, as the file has it now."""
        return self.present.standing

    @property
    def companions(self) -> tuple[str, ...]:
        """Return the workbooks that home offers beside the assignments."""
        return self.settings.companions

    @property
    def database(self) -> str:
        """Return the address of the course's database; empty when it is kept in files."""
        return self.settings.database

    def today(self) -> dt.date:
        """Return today's date where the course is."""
        return clock.today(self.timezone)

    # -- where things live -------------------------------------------------------------------
    @property
    def people_dir(self) -> Path:
        """Return the folder of the people's documents."""
        return self.dir / "people"

    @property
    def exchange_dir(self) -> Path:
        """Return the folder of the rounds that were handed in."""
        return self.dir / "exchange"

    @cached_property
    def own_workbooks(self) -> OwnWorkbooks:
        """Return the workbooks as they can be used while people work."""
        return OwnWorkbooks(
            self.dir, shipped_workbooks(), self.settings.library, keeping=self.keeping
        )

    @cached_property
    def _strict_library(self) -> Library:
        return Library.from_dirs([shipped_workbooks(), *self.settings.library])

    @property
    def library(self) -> Library:
        """Return the workbooks of this course: the shipped ones and its own."""
        return self.own_workbooks.library if self.going_on else self._strict_library

    @cached_property
    def _operations(self) -> Fs:
        return operations(self.database, self.id, self.people_dir)

    @property
    def store(self) -> Store:
        """Return the store of the people's answers."""
        library = self.library
        if self._store is None or self._store[0] is not library:
            self._store = (library, Store(self.people_dir, library, fs=self._operations))
        return self._store[1]

    # -- people ------------------------------------------------------------------------------
    @property
    def people(self) -> dict[str, Person]:
        """Return the roster by person id, read anew when the file changed."""
        return {} if self._roster.absent else self._roster.get()

    @property
    def roster_fault(self) -> Fault | None:
        """Return why the roster as it stands is not used, where it is not."""
        with suppress(CourseError):
            len(self.people)
        return self._roster.fault

    def owner(self, account: str) -> Person | None:
        """Return who signs in with an account; None for a stranger's, and where two would."""
        people = self.people
        if self._owners is None or self._owners[0] is not people:
            self._owners = (people, owners(people.values()))
        return self._owners[1].get(account_key(account))

    @property
    def past(self) -> Past:
        """Return the history of the roster, read anew when something was added."""
        try:
            key = stat_key(ledger_file(self.dir))
            if key is None:
                return Past()
            if self._past is None or self._past[0] != key:
                self._past = (key, read_past(self.dir))
        except OSError:
            # A file of another account, after somebody's look into it: what was known goes on.
            return self._past[1] if self._past else Past()
        return self._past[1]

    def person(self, person: str) -> Person:
        """Return one line of the roster; raise :class:`CourseError` for a stranger."""
        try:
            return self.people[person]
        except KeyError:
            raise CourseError(
                "unknown_person",
                N_("“{person}” is not in this course's roster."),
                N_("People are listed in {file}."),
                exit_code=13,
                params={"person": person, "file": ROSTER_FILE},
            ) from None

    def with_role(self, role: str) -> list[Person]:
        """Return everybody who has `role`, in the order of the roster."""
        return [person for person in self.people.values() if role in person.roles]

    def taking_part(self, role: str = "participant") -> list[Person]:
        """Return everybody who has `role` and has not withdrawn, in the order of the roster."""
        return [person for person in self.with_role(role) if person.status != "withdrawn"]

    def groups_of(self, person: str, day: dt.date | None = None) -> tuple[str, ...]:
        """Return a person's own groups and those in which they substitute on a day (today)."""
        when = day or self.today()
        own = self.person(person).groups
        lent = [
            substitution.group
            for substitution in self.past.substitutions
            if substitution.person == person and substitution.on(when)
        ]
        return tuple(dict.fromkeys((*own, *lent)))

    def substitutes(self, group: str, day: dt.date | None = None) -> list[Person]:
        """Return who stands in for a group's facilitator on a day (today)."""
        when = day or self.today()
        ids = [
            substitution.person
            for substitution in self.past.substitutions
            if substitution.group == group and substitution.on(when)
        ]
        return [self.people[fromkey] for fromkey in dict.fromkeys(ids) if fromkey in self.people]

    def group_of(self, facilitator: str) -> list[Person]:
        """Return the participants of a facilitator's groups today, in the order of the roster.

        Who has withdrawn is in nobody's group; who is on leave still is.
        """
        if self.person(facilitator).status == "withdrawn":
            return []
        groups = set(self.groups_of(facilitator))
        return [person for person in self.taking_part() if groups.intersection(person.groups)]

    def context(self, linked: dict[str, dict[str, Any]] | None = None) -> Context:
        """Return what the rules need to know besides the answers."""
        return Context(
            today=self.today(),
            programme_start=self.start,
            programme_end=self.end,
            linked=linked or {},
        )


def _no_course(path: Path, settings_file: str) -> CourseError:
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
            params={"path": path, "courses": ", ".join(str(folder.parent) for folder in inside)},
        )
    return CourseError(
        "no_course",
        N_("{path} is not a course directory: it has no {file}."),
        N_("Create one with `ustaz new DIR`."),
        params={"path": path, "file": settings_file},
    )


def find_course(start: str | os.PathLike[str] | None = None, *, going_on: bool = False) -> Course:
    """Open the course around `start` (default: ``USTAZ_COURSE``, then here), going upwards."""
    first = Path(start or os.environ.get(COURSE_ENV) or Path.cwd()).resolve()
    for candidate in (first, *first.parents):
        if (candidate / SETTINGS_FILE).is_file():
            return Course.open(candidate, going_on=going_on)
    raise CourseError(
        "no_course",
        N_("No course directory at {path} or above it."),
        N_("Name one, or create one with `ustaz new DIR`."),
        params={"path": first},
    )
