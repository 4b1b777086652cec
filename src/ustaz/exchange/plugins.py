"""nbgrader's exchange, for workbooks ours and for every other assignment its own.

``nbgrader submit``, ``collect``, ``list`` and ``fetch_assignment``, and the Assignments and Courses
pages of JupyterLab, go through these classes (``c.ExchangeFactory`` in ``nbgrader_config.py``).
Each looks at the course and the assignment: a workbook of this course goes to
:mod:`ustaz.exchange`, any other assignment to the class of nbgrader that it derives from.
"""

from __future__ import annotations

from nbgrader.exchange import default

from ustaz.base import desk, files
from ustaz.base.errors import UstazError
from ustaz.course import Course
from ustaz.exchange import at_desk
from ustaz.exchange.collecting import collect, released_notebooks
from ustaz.exchange.listing import WorkbookList
from ustaz.exchange.mixin import WorkbookAction, WorkbookMixin, warn_if_not_offered
from ustaz.exchange.model import CollectReport
from ustaz.exchange.ordinary import is_workbook
from ustaz.exchange.receipts import feedback_dir, rounds
from ustaz.exchange.submitting import refuse_when_ended, submit
from ustaz.exchange.until import until

# nbgrader_config.py names these classes by this module.
__all__ = [
    "WorkbookCollect",
    "WorkbookFetchAssignment",
    "WorkbookFetchFeedback",
    "WorkbookList",
    "WorkbookMixin",
    "WorkbookReleaseAssignment",
    "WorkbookSubmit",
    "is_workbook",
]


class WorkbookSubmit(WorkbookAction, default.ExchangeSubmit):  # type: ignore[misc]
    """``nbgrader submit`` and the Submit button."""

    def ordinary(self) -> None:
        """Do as nbgrader does, but for a course that has ended."""
        course = self.course()
        if course is not None and self.coursedir.course_id in {"", "*", course.id}:
            try:
                refuse_when_ended(course)
            except UstazError as error:
                self.refuse(error)
        super().ordinary()

    def run(self, course: Course) -> None:
        """Hand in a workbook from the person's answers."""
        self.set_timestamp()
        identity = self.identity(course)
        wanted = self.coursedir.student_id
        receipt = submit(
            course,
            identity.person if wanted in {"", "*"} else wanted,
            self.coursedir.assignment_id,
            identity=identity,
            confirm=True,  # nbgrader's button has no second question; rounds are kept anyway
        )
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


class WorkbookCollect(WorkbookAction, default.ExchangeCollect):  # type: ignore[misc]
    """``nbgrader collect`` and the Collect button."""

    def run(self, course: Course) -> None:
        """Take the last round of everybody; ``--update`` is always on for workbooks."""
        wanted = self.coursedir.student_id
        report = self._collected(course, None if wanted in {"", "*"} else wanted)
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

    def _collected(self, course: Course, person: str | None) -> CollectReport:
        workbook = self.coursedir.assignment_id
        if not desk.at(course.dir):
            before = until(course, workbook, self.coursedir.db_url) if self.before_duedate else None
            return collect(course, workbook, person=person, before=before)
        summary = at_desk.job(
            course, "collect", workbook, person=person, before_due=self.before_duedate
        )
        return CollectReport.from_dict(summary)


class WorkbookReleaseAssignment(WorkbookAction, default.ExchangeReleaseAssignment):  # type: ignore[misc]
    """``nbgrader release_assignment`` and the Release button: as nbgrader does."""

    def ordinary(self) -> None:
        """Release it; say so where nobody can fetch it."""
        super().ordinary()
        warn_if_not_offered(self, f"release/{self.coursedir.assignment_id}/")

    def run(self, course: Course) -> None:  # noqa: ARG002
        """Release it."""
        super().ordinary()


class WorkbookFetchAssignment(WorkbookAction, default.ExchangeFetchAssignment):  # type: ignore[misc]
    """``nbgrader fetch_assignment`` and the Fetch button."""

    def run(self, course: Course) -> None:
        """Put the released notebook beside the person's answers, which it never touches."""
        workbook = self.coursedir.assignment_id
        folder = course.people_dir / self.identity(course).person / workbook
        files.make_folder(folder)
        for notebook in released_notebooks(course, workbook):
            files.replace(folder / notebook.name, notebook.read_bytes())
        self.log.info("Fetched as: %s %s", course.id, workbook)


class WorkbookFetchFeedback(WorkbookAction, default.ExchangeFetchFeedback):  # type: ignore[misc]
    """``nbgrader fetch_feedback`` and the button of that name."""

    def run(self, course: Course) -> None:
        """Show the feedback that was released; it lies with the person's answers already."""
        person = self.identity(course).person
        workbook = self.coursedir.assignment_id
        returned = [
            round_ for round_ in rounds(course, person, workbook) if round_.status == "returned"
        ]
        for name in returned:
            self.log.info("Feedback: %s", feedback_dir(course, person, workbook, name.round))
        if not returned:
            self.log.warning("There is no feedback for %s yet.", workbook)
