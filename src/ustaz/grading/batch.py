"""Grade everybody at once: one process, one database session.

Writes what ``nbgrader autograde`` would write with our preprocessors: the same rows, the same
notebooks, the same files (a test compares them). It is faster because nbgrader converts every
notebook twice and opens the database nine times for each, while here the released notebook is read
once and only what differs from person to person is worked out.
"""

from __future__ import annotations

import contextlib
import logging
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry, SubmittedNotebook
from nbgrader.preprocessors import AssignLatePenalties
from nbgrader.utils import determine_grade, parse_utc

from ustaz.base import desk
from ustaz.base.errors import UstazError
from ustaz.course import Course
from ustaz.course.nbgrader_config import db_url, nbgrader_config
from ustaz.exchange.collecting import TIMESTAMP_FILE
from ustaz.exchange.receipts import collected_round
from ustaz.grading.confirming import said_since
from ustaz.grading.dates import enter_dates, enter_extension, late_since
from ustaz.grading.evaluating import earlier_html
from ustaz.grading.folder import GradedFolder, notebook_text
from ustaz.grading.gradebook import Marking
from ustaz.grading.preparing import Prepared, not_generated, prepare
from ustaz.grading.preprocessors import autograded_path
from ustaz.grading.reports import GradeReport

log = logging.getLogger("ustaz.grading")

__all__ = ["GradeReport", "Progress", "grade"]

Progress = Callable[[int, int, str], None]


def grade(
    course: Course,
    workbook: str | None = None,
    *,
    jobs: int = 1,
    progress: Progress | None = None,
    force: bool = False,
    person: str | None = None,
) -> GradeReport:
    """Grade what was collected and is not graded yet.

    Parameters
    ----------
    course : Course
    workbook, person : str, optional
        Only this one; default all.
    jobs : int
        Processes that evaluate and render. One process writes the database, whatever this says;
        several pay from about 400 submissions for each.
    progress : callable, optional
        Called with (done, of all, person) after each submission.
    force : bool
        Grade again what is graded already. Marks that a person gave stay.

    Returns
    -------
    GradeReport
        One bad submission does not stop the others.
    """
    desk.refuse(course.dir)
    report = GradeReport()
    wanted = [workbook] if workbook is not None else list(course.assignments)
    batches = [_Batch(course, workbook, force=force, report=report) for workbook in wanted]
    todo = [(batch, list(batch.todo(person))) for batch in batches]
    total, done = sum(len(people) for _, people in todo), 0
    for batch, people in todo:
        if not people:
            continue
        with batch.open():
            for name, prepared in prepare(course, batch.workbook, batch.reader, people, jobs):
                batch.finish(name, prepared)
                done += 1
                if progress is not None:
                    progress(done, total, name)
    return report


class _Batch:
    """The submissions of one workbook."""

    def __init__(self, course: Course, workbook: str, *, force: bool, report: GradeReport) -> None:
        self.course = course
        self.workbook = workbook
        self.force = force
        self.report = report
        self.config = nbgrader_config(course)
        self.reader = (
            str(self.config.EvaluateAnswers.get("reader_language", "")) or (course.languages[0])
        )
        self.gradebook: Gradebook
        self.late: AssignLatePenalties

    # -- what there is to do ---------------------------------------------------------------------
    def todo(self, only: str | None) -> Iterator[str]:
        """Give the people whose submission is not graded as it is."""
        for folder in sorted((self.course.dir / "submitted").glob(f"*/{self.workbook}")):
            person = folder.parent.name
            if (only is not None and person != only) or not folder.is_dir():
                continue
            if not self.force and self._is_graded(person, folder):
                self.report.unchanged.append((person, self.workbook))
            else:
                yield person

    def _is_graded(self, person: str, submitted: Path) -> bool:
        graded = autograded_path(self.course, person, self.workbook) / TIMESTAMP_FILE
        try:
            was, now = graded.read_text(), (submitted / TIMESTAMP_FILE).read_text()
            if parse_utc(was) < parse_utc(now):
                return False
        except (OSError, ValueError):
            return False
        notebook = graded.parent / f"{self.workbook}.ipynb"
        return not said_since(
            self.course,
            self.course.library[self.workbook],
            person,
            notebook,
            collected_round(self.course, person, self.workbook) or 0,
        ) and not late_since(self.course, person, self.workbook, notebook)

    @contextlib.contextmanager
    def open(self) -> Iterator[None]:
        """Open the gradebook once for all submissions of this workbook."""
        self.gradebook = Gradebook(db_url(self.course, self.config), self.course.id)
        try:
            try:
                self.gradebook.find_assignment(self.workbook)
            except MissingEntry:
                raise not_generated(self.workbook) from None
            enter_dates(self.course, self.gradebook)
            self.late = AssignLatePenalties(config=self.config)
            self.late.init_plugin()
            yield
        finally:
            self.gradebook.close()

    # -- with the database -----------------------------------------------------------------------
    def finish(self, person: str, prepared: Prepared | UstazError) -> None:
        """Write one submission: rows first, then files, and neither when one cannot be."""
        try:
            if isinstance(prepared, UstazError):
                raise prepared
            self._write(person, prepared)
        except (UstazError, OSError, ValueError, MissingEntry) as error:
            self.gradebook.db.rollback()
            shutil.rmtree(autograded_path(self.course, person, self.workbook), ignore_errors=True)
            why = error.id if isinstance(error, UstazError) else type(error).__name__
            detail = str(getattr(error, "detail", ""))
            log.warning("not graded %s %s: %s %s", person, self.workbook, why, detail)
            self.report.failed.append((person, self.workbook, why, detail))
            return
        self.report.graded.append((person, self.workbook))
        if prepared.marking.changed:
            self.report.again.append((person, self.workbook))

    def _write(self, person: str, prepared: Prepared) -> None:
        book, marking = self.gradebook, prepared.marking
        marking.course = self.course
        source = self.course.dir / "submitted" / person / self.workbook
        book.update_or_create_student(person)
        stamp = parse_utc((source / TIMESTAMP_FILE).read_text())
        with book.db.no_autoflush:  # nbgrader builds the rows of a new submission piece by piece
            submission = book.update_or_create_submission(self.workbook, person, timestamp=stamp)
        enter_extension(self.course, self.workbook, submission)
        with GradedFolder(self.course, person, self.workbook, source) as folder:
            for row in submission.notebooks:
                node = prepared.notebooks.get(row.name)
                if node is None:
                    self._missing(row)
                    continue
                marking.before(row)
                self._earlier(marking, node)
                self._save_scores(row, node)
                marking.after(book, row)
                self._late(row, submission.total_seconds_late)
                folder.write(f"{row.name}.ipynb", notebook_text(node))
            book.db.commit()

    def _earlier(self, marking: Marking, node: Any) -> None:  # noqa: ANN401
        """Put what was said about the round before into the last page; rare, so done here."""
        extra = earlier_html(*marking.earlier(), self.reader)
        if extra:
            cells = [cell for cell in node.cells if cell.metadata.get("nbgrader", {}).get("grade")]
            data = cells[-1].outputs[0].data
            data["text/html"] = data["text/html"].removesuffix("</div>") + extra + "</div>"

    @staticmethod
    def _missing(row: SubmittedNotebook) -> None:
        for grade in row.grades:
            grade.auto_score = 0
            grade.needs_manual_grade = False

    @staticmethod
    def _save_scores(row: SubmittedNotebook, node: Any) -> None:  # noqa: ANN401
        """Do as ``SaveAutoGrades`` does, without a query for each cell."""
        cells = {
            cell.metadata["nbgrader"]["grade_id"]: cell
            for cell in node.cells
            if cell.metadata.get("nbgrader", {}).get("grade")
        }
        for grade in row.grades:
            cell = cells.get(grade.cell.name)
            if cell is None:
                continue  # a task: only a person gives it points
            grade.auto_score = determine_grade(cell)[0]
            grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None
        for comment in row.comments:
            comment.auto_comment = None

    def _late(self, row: SubmittedNotebook, seconds: float) -> None:
        row.late_submission_penalty = None
        if seconds > 0:
            penalty = self.late.plugin_inst.late_submission_penalty(
                row.student.id, row.score, seconds
            )
            if penalty is not None:
                row.late_submission_penalty = min(max(penalty, 0), row.score)
