"""The calendar's days in nbgrader's gradebook, and what a grade cell says of a late round.

nbgrader knows a due date for each assignment and an extension for each submission; both follow
:mod:`ustaz.deadlines.due`. A day that staff entered in formgrader by hand stays where the
calendar names none.
"""

from __future__ import annotations

import datetime as dt
import html
import json
import logging
from pathlib import Path
from typing import Any, Final

from nbgrader.api import Gradebook, MissingEntry
from sqlalchemy.exc import SQLAlchemyError

from ustaz.base.errors import UstazError
from ustaz.course import Course
from ustaz.course.nbgrader_config import db_url, nbgrader_config
from ustaz.deadlines.due import due
from ustaz.exchange import Submission
from ustaz.exchange.ordinary import is_workbook
from ustaz.exchange.validate import read_collected
from ustaz.messages import N_, long_date, translator
from ustaz.messages import format as fill_in

log = logging.getLogger("ustaz.grading")

LATE: Final = "late"
#: nbgrader counts parts of a second, and a round's time holds its number there: the last second
#: counts whole. It is also how a day of ours is told from one that staff entered by hand.
REST: Final = dt.timedelta(microseconds=999_999)


def enter_dates(course: Course, book: Gradebook) -> None:
    """Enter due dates and extensions in an open gradebook, where they are not there yet."""
    for assignment in book.assignments:
        named = due(course, assignment.name)
        day = None if named is None else _as_kept(named.calendar)
        if day is None and (assignment.duedate is None or assignment.duedate.microsecond == 0):
            continue
        if assignment.duedate != day:
            assignment.duedate = day
        if is_workbook(course, assignment.name):
            for submission in assignment.submissions:
                enter_extension(course, assignment.name, submission)
    book.db.commit()


def enter_extension(course: Course, workbook: str, submission: Any) -> None:  # noqa: ANN401
    """Give a submission the time that its owner has; leave it where the calendar says nothing."""
    deadline = due(course, workbook, submission.student_id)
    if deadline is None:
        return
    more = deadline.moment - deadline.calendar
    if submission.extension != (more or None):
        submission.extension = more or None


def refresh(course: Course) -> None:
    """Bring an existing gradebook up to the calendar and the extensions; make none."""
    config = nbgrader_config(course)
    url = db_url(course, config)
    path = url.removeprefix("sqlite:///")
    if path != url and not Path(path).is_file():
        return
    with Gradebook(url, course.id) as book:
        enter_dates(course, book)


def follow(course: Course) -> bool:
    """Bring the gradebook up to changed settings; tell whether it is, so that it can be tried anew.

    For what serves a course: nobody waits for it, and nothing ends where it is not possible now.
    """
    try:
        refresh(course)
    except (UstazError, OSError, ValueError, SQLAlchemyError) as error:
        log.warning("%s: days do not reach the gradebook: %s", course.id, type(error).__name__)
        return False
    return True


def before_grading(course: Course, book: Gradebook, workbook: str, person: str) -> None:
    """Enter what concerns one submission, before nbgrader asks how late it is."""
    named = due(course, workbook)
    if named is None:
        return
    try:
        assignment = book.find_assignment(workbook)
        submission = book.find_submission(workbook, person)
    except MissingEntry:
        return
    assignment.duedate = _as_kept(named.calendar)
    enter_extension(course, workbook, submission)
    book.db.commit()


def _as_kept(moment: dt.datetime) -> dt.datetime:
    """Return a moment as nbgrader keeps it: in UTC, and without saying so."""
    return moment.astimezone(dt.UTC).replace(tzinfo=None) + REST


# -- in a grade cell ------------------------------------------------------------------------------
def late_day(course: Course, frozen: Submission) -> dt.date | None:
    """Return the day on which a late round was due; None for one that came in time."""
    deadline = due(course, frozen.record.workbook, frozen.record.person)
    return deadline.day if deadline is not None and deadline.is_late(frozen.received_at) else None


def late_html(day: dt.date, reader: str) -> str:
    """Return what is said of a late round above its answers."""
    text = fill_in(
        translator(reader).gettext(N_("Late: it was due on {when}. This costs no points.")),
        when=long_date(day, reader),
    )
    return f'<p class="uz-late"><strong>{html.escape(text)}</strong></p>'


def late_since(course: Course, person: str, workbook: str, notebook: Path) -> bool:
    """Tell whether a graded notebook says something else about being late than is so now."""
    try:
        shown = json.loads(notebook.read_bytes())["metadata"]["ustaz"].get(LATE)
        day = late_day(course, read_collected(course, person, workbook))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, UstazError):
        return False
    return bool(shown != (day.isoformat() if day else None))
