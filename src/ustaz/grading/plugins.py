"""The one exchange plug-in that needs the gradebook: giving feedback back."""

from __future__ import annotations

from nbgrader.exchange import default

from ustaz.exchange.course_side import WorkbookMixin, warn_if_not_offered


class WorkbookReleaseFeedback(WorkbookMixin, default.ExchangeReleaseFeedback):  # type: ignore[misc]
    """``nbgrader release_feedback`` and the buttons of that name."""

    def start(self) -> None:
        """Give feedback on a workbook to its owner's page; the rest as nbgrader does."""
        course = self.workbook_course()
        if course is None:
            super().start()
            warn_if_not_offered(self, f"feedback/*/{self.coursedir.assignment_id}/")
            return
        from ustaz.grading.returning import feedback

        wanted = self.coursedir.student_id
        excluded = set(filter(None, self.coursedir.student_id_exclude.split(",")))
        people = (
            [None]
            if wanted in {"", "*"} and not excluded
            else [one for one in course.people if one not in excluded and wanted in {"", "*", one}]
        )
        for person in people:
            report = feedback(course, self.coursedir.assignment_id, person=person)
            for name, workbook in report.returned:
                self.log.info("Feedback released: %s %s", name, workbook)
            for name, workbook in report.waiting:
                self.log.warning("Not released, wait to be marked: %s %s", name, workbook)
            for name, workbook, why, _ in report.failed:
                self.log.error("Not released: %s %s: %s", name, workbook, why)
