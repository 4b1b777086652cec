"""What grading tests ask of nbgrader and of the gradebook."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from nbgrader.api import Gradebook

from tests.exchange.helpers import me, write
from ustaz.course import Course
from ustaz.course.nbgrader_config import db_url, nbgrader_config
from ustaz.exchange import collect, submit
from ustaz.grading.setup import nbgrader_api

IGNORE = "ignore::sqlalchemy.exc.SAWarning"


@contextlib.contextmanager
def gradebook(course: Course) -> Iterator[Gradebook]:
    """Open a course's gradebook."""
    book = Gradebook(db_url(course, nbgrader_config(course)), course.id)
    try:
        yield book
    finally:
        book.close()


def marks(course: Course, person: str, workbook: str = "mini") -> dict[str, Any]:
    """Return the marks of each cell: (auto, manual, needs marking), and the comment."""
    with gradebook(course) as book:
        row = book.find_submission_notebook(workbook, workbook, person)
        found: dict[str, Any] = {
            one.cell.name: (one.auto_score, one.manual_score, one.needs_manual_grade)
            for one in row.grades
        }
        found["comment"] = {one.cell.name: one.manual_comment for one in row.comments}
        found["score"] = row.score
        return found


def mark(course: Course, person: str, points: float, comment: str, workbook: str = "mini") -> None:
    """Mark the review cell as formgrader does."""
    with gradebook(course) as book:
        grade = book.find_grade("review", workbook, workbook, person)
        grade.manual_score = points
        grade.needs_manual_grade = False
        book.find_comment("review", workbook, workbook, person).manual_comment = comment
        book.db.commit()


def nbgrader_autograde(course: Course, person: str = "*", workbook: str = "mini") -> dict[str, Any]:
    """Run nbgrader's own autograde, as the command and the button do."""
    result: dict[str, Any] = nbgrader_api(course).autograde(workbook, person)
    return result


def resubmit(course: Course, person: str, **answers: Any) -> None:
    """Change something, hand it in again and collect it."""
    write(course, person, "mini", answers)
    submit(course, person, "mini", identity=me(person), confirm=True)
    collect(course)
