"""What course staff set of a course on a page: name, calendar, languages, workbooks, its end.

The file is written by the same hand as meetings (:mod:`ustaz.calendar.writing`): comments and what
else stands there stay, and what could not be read again never takes its place.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ustaz.calendar.writing import rewrite
from ustaz.course import Course
from ustaz.course.settings import STANDINGS
from ustaz.messages import LANGUAGES, N_

if TYPE_CHECKING:
    import tomlkit

MOST_NAME: Final = 120
NO_NAME: Final = N_("Write in a few words what the course is called.")
NO_DAY: Final = N_("Write a day as 2026-09-01.")
NOT_AFTER: Final = N_("The last day must come after the first one.")
NO_LANGUAGE: Final = N_("Choose at least one language.")
NO_WORKBOOK: Final = N_("Choose at least one workbook that is handed in.")
OUTSIDE: Final = N_("This day is not between the first and the last day of the course.")


@dataclass(frozen=True, slots=True)
class CourseSettings:
    """What is set on a page.

    Attributes
    ----------
    name : str
    start, end : date
    languages : tuple of str
    assignments, companions : tuple of str
        Workbooks that are handed in, and those that are offered beside them.
    due : mapping
        Workbook -> day, or the moment that the file names already.
    """

    name: str
    start: dt.date
    end: dt.date
    languages: tuple[str, ...]
    assignments: tuple[str, ...]
    companions: tuple[str, ...]
    due: Mapping[str, dt.date]

    def mistakes(self) -> dict[str, str]:
        """Return what is wrong, by field, as message ids."""
        wrong: dict[str, str] = {}
        if not self.name or not self.name.isprintable() or len(self.name) > MOST_NAME:
            wrong["name"] = NO_NAME
        if not self.start < self.end:
            wrong["end"] = NOT_AFTER
        if not self.languages or set(self.languages) - set(LANGUAGES):
            wrong["languages"] = NO_LANGUAGE
        if not self.assignments:
            wrong["assignments"] = NO_WORKBOOK
        for workbook, day in self.due.items():
            if "end" not in wrong and not self.start <= _day(day) <= self.end:
                wrong[f"due-{workbook}"] = OUTSIDE
        return wrong


def settings_of(course: Course) -> CourseSettings:
    """Return what a course says now."""
    now = course.present
    return CourseSettings(
        now.name, now.start, now.end, now.languages, now.assignments, now.companions, now.due
    )


def change(course: Course, wanted: CourseSettings) -> None:
    """Write what was set; what is the same stays as it was written.

    Raises
    ------
    FileFault
        The file as it stands, or as it would be, cannot be read; nothing was changed.
    """

    def write(document: tomlkit.TOMLDocument) -> None:
        _set(document, "course", "name", wanted.name)
        _set(document, "course", "languages", list(wanted.languages))
        _set(document, "calendar", "start", wanted.start)
        _set(document, "calendar", "end", wanted.end)
        _set(document, "workbooks", "assignments", list(wanted.assignments))
        _set(document, "workbooks", "companions", list(wanted.companions))
        set_due(document, wanted.due)

    rewrite(course, write)


def set_standing(course: Course, standing: str) -> None:
    """Open, close or archive a course; all of it can be taken back.

    Raises
    ------
    FileFault
        As for :func:`change`.
    """
    if standing not in STANDINGS:
        raise ValueError(standing)
    rewrite(course, lambda document: _set(document, "course", "standing", standing))


def set_due(document: tomlkit.TOMLDocument, due: Mapping[str, dt.date]) -> None:
    """Write by when workbooks are expected."""
    import tomlkit

    calendar: Any = document["calendar"]
    table = calendar.get("due")
    if table is None:
        table = tomlkit.table()
        calendar["due"] = table
    for workbook in [name for name in table if name not in due]:
        del table[workbook]
    for workbook, day in due.items():
        if workbook not in table or table[workbook] != day:
            table[workbook] = day


def _set(document: tomlkit.TOMLDocument, section: str, key: str, value: object) -> None:
    import tomlkit

    if section not in document:
        document[section] = tomlkit.table()
    table: Any = document[section]
    if key not in table or table[key] != value:
        table[key] = value


def _day(value: dt.date) -> dt.date:
    return value.date() if isinstance(value, dt.datetime) else value
