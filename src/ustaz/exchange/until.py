"""By when a person's round counts, where only rounds in time are to be collected."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from nbgrader.api import Gradebook, MissingEntry

from ustaz.course import Course
from ustaz.deadlines.due import due


def until(course: Course, workbook: str, url: str) -> Callable[[str], dt.datetime | None]:
    """Return what says by when a person's round counts: the calendar, else the gradebook.

    Parameters
    ----------
    course : Course
    workbook : str
    url : str
        Where the gradebook is.
    """
    by_hand = _entered(course, workbook, url) if due(course, workbook) is None else None

    def by_person(person: str) -> dt.datetime | None:
        named = due(course, workbook, person)
        return named.moment if named else by_hand

    return by_person


def _entered(course: Course, workbook: str, url: str) -> dt.datetime | None:
    """Return the day that staff entered in formgrader."""
    with Gradebook(url, course.id) as gradebook:
        try:
            entered: dt.datetime | None = gradebook.find_assignment(workbook).duedate
        except MissingEntry:
            return None
    return entered.replace(tzinfo=dt.UTC) if entered else None
