"""The one exchange plug-in that needs the gradebook: giving feedback back."""

from __future__ import annotations

from nbgrader.exchange import default

from ustaz.base import desk
from ustaz.course import Course
from ustaz.exchange import at_desk
from ustaz.exchange.mixin import WorkbookAction, warn_if_not_offered
from ustaz.grading.reports import FeedbackReport


class WorkbookReleaseFeedback(WorkbookAction, default.ExchangeReleaseFeedback):  # type: ignore[misc]
    """``nbgrader release_feedback`` and the buttons of that name."""

    def ordinary(self) -> None:
        """Release it; say so where nobody can fetch it."""
        super().ordinary()
        warn_if_not_offered(self, f"feedback/*/{self.coursedir.assignment_id}/")

    def run(self, course: Course) -> None:
        """Give feedback to its owner's page."""
        wanted = self.coursedir.student_id
        excluded = set(filter(None, self.coursedir.student_id_exclude.split(",")))
        everybody = wanted in {"", "*"}
        people: list[str | None] = [None if everybody else wanted]
        if everybody and excluded:
            folders = (course.dir / "autograded").glob(f"*/{self.coursedir.assignment_id}")
            people = [
                folder.parent.name for folder in folders if folder.parent.name not in excluded
            ]
        elif wanted in excluded:
            people = []
        for person in people:
            report = self._returned(course, person)
            for name, workbook in report.returned:
                self.log.info("Feedback released: %s %s", name, workbook)
            for name, workbook in report.waiting:
                self.log.warning("Not released, wait to be marked: %s %s", name, workbook)
            for name, workbook, why, _ in report.failed:
                self.log.error("Not released: %s %s: %s", name, workbook, why)

    def _returned(self, course: Course, person: str | None) -> FeedbackReport:
        from ustaz.grading.returning import feedback

        workbook = self.coursedir.assignment_id
        if not desk.at(course.dir):
            return feedback(course, workbook, person=person)
        summary = at_desk.job(course, "feedback", workbook, person=person)
        return FeedbackReport.from_dict(summary)
