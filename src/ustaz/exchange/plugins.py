"""nbgrader's exchange, for workbooks ours and for every other assignment its own.

``nbgrader submit``, ``collect``, ``list`` and ``fetch_assignment``, and the Assignments and Courses
pages of JupyterLab, go through these classes (``c.ExchangeFactory`` in ``nbgrader_config.py``).
Each looks at the course and the assignment: a workbook of this course goes to
:mod:`ustaz.exchange`, any other assignment to the class of nbgrader that it derives from.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.exchange import default

from ustaz.course import Course
from ustaz.due import due
from ustaz.errors import UstazError
from ustaz.exchange import files
from ustaz.exchange.collecting import collect, released_notebooks
from ustaz.exchange.course_side import WorkbookMixin
from ustaz.exchange.listing import WorkbookList
from ustaz.exchange.ordinary import is_workbook
from ustaz.exchange.receipts import feedback_dir, rounds
from ustaz.exchange.submitting import submit

# nbgrader_config.py names these classes by this module.
__all__ = [
    "WorkbookCollect",
    "WorkbookFetchAssignment",
    "WorkbookFetchFeedback",
    "WorkbookList",
    "WorkbookMixin",
    "WorkbookSubmit",
    "is_workbook",
]


class WorkbookSubmit(WorkbookMixin, default.ExchangeSubmit):  # type: ignore[misc]
    """``nbgrader submit`` and the Submit button."""

    def start(self) -> None:
        """Hand in a workbook from the person's answers; other assignments as nbgrader does."""
        course = self.workbook_course()
        if course is None:
            super().start()
            return
        self.set_timestamp()
        try:
            identity = self.identity(course)
            wanted = self.coursedir.student_id
            person = identity.person if wanted in {"", "*"} else wanted
            receipt = submit(
                course,
                person,
                self.coursedir.assignment_id,
                identity=identity,
                confirm=True,  # nbgrader's button has no second question; rounds are kept anyway
            )
        except UstazError as error:
            self.refuse(error)
        when = receipt.received_at.astimezone(course.timezone)
        self.log.info(
            "%s: %s %s %s round %d at %s, %d of %d answered, code %s",
            "Already submitted" if receipt.repeated else "Submitted as",
            course.id,
            receipt.workbook,
            receipt.person,
            receipt.round,
            f"{when:%Y-%m-%d %H:%M}",
            receipt.answered,
            receipt.of,
            receipt.code,
        )


class WorkbookCollect(WorkbookMixin, default.ExchangeCollect):  # type: ignore[misc]
    """``nbgrader collect`` and the Collect button."""

    def start(self) -> None:
        """Take the last round of everybody; ``--update`` is always on for workbooks."""
        course = self.workbook_course()
        if course is None:
            super().start()
            return
        wanted = self.coursedir.student_id
        report = collect(
            course,
            self.coursedir.assignment_id,
            person=None if wanted in {"", "*"} else wanted,
            before=self._until(course) if self.before_duedate else None,
        )
        for person, workbook, number in report.taken:
            self.log.info("Collecting submission: %s %s (round %d)", person, workbook, number)
        for person, workbook, _ in report.unchanged:
            self.log.info("No newer submission to collect: %s %s", person, workbook)
        for person, workbook, why, detail in report.refused:
            self.log.error("Refused, nothing changed: %s %s: %s %s", person, workbook, why, detail)
        self.log.info(
            "%d collected, %d unchanged, %d refused",
            len(report.taken),
            len(report.unchanged),
            len(report.refused),
        )

    def _until(self, course: Course) -> Callable[[str], dt.datetime | None]:
        """Return what says by when a person's round counts: the calendar, else the gradebook."""
        workbook = self.coursedir.assignment_id
        by_hand = self._entered() if due(course, workbook) is None else None

        def until(person: str) -> dt.datetime | None:
            named = due(course, workbook, person)
            return named.moment if named else by_hand

        return until

    def _entered(self) -> dt.datetime | None:
        """Return the day that staff entered in formgrader."""
        with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
            try:
                entered: dt.datetime | None = gradebook.find_assignment(
                    self.coursedir.assignment_id
                ).duedate
            except MissingEntry:
                return None
        return entered.replace(tzinfo=dt.UTC) if entered else None


class WorkbookFetchAssignment(WorkbookMixin, default.ExchangeFetchAssignment):  # type: ignore[misc]
    """``nbgrader fetch_assignment`` and the Fetch button."""

    def start(self) -> None:
        """Put the released notebook beside the person's answers, which it never touches."""
        course = self.workbook_course()
        if course is None:
            super().start()
            return
        workbook = self.coursedir.assignment_id
        try:
            identity = self.identity(course)
            folder = course.people_dir / identity.person / workbook
            files.make_folder(folder)
            for notebook in released_notebooks(course, workbook):
                files.replace(folder / notebook.name, notebook.read_bytes())
        except UstazError as error:
            self.refuse(error)
        self.log.info("Fetched as: %s %s", course.id, workbook)


class WorkbookFetchFeedback(WorkbookMixin, default.ExchangeFetchFeedback):  # type: ignore[misc]
    """``nbgrader fetch_feedback`` and the button of that name."""

    def start(self) -> None:
        """Show the feedback that was released; it lies with the person's answers already."""
        course = self.workbook_course()
        if course is None:
            super().start()
            return
        try:
            person = self.identity(course).person
        except UstazError as error:
            self.refuse(error)
        workbook = self.coursedir.assignment_id
        returned = [one for one in rounds(course, person, workbook) if one.status == "returned"]
        for one in returned:
            self.log.info("Feedback: %s", feedback_dir(course, person, workbook, one.round))
        if not returned:
            self.log.warning("There is no feedback for %s yet.", workbook)
