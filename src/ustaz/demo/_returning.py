"""Some of the demo's teachers have feedback: collected, graded, marked and given back as usual."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any, Final

from ustaz.course import Course
from ustaz.demo._clock import at
from ustaz.demo._people import Teacher

#: The manually marked cell of a workbook's notebook.
CELL: Final = "review"
RETURN_DAY: Final = 83


def give_back(
    course: Course,
    people: Iterable[Teacher],
    moment: Callable[[int, int], dt.datetime],
) -> None:
    """Collect and grade what is there, mark the rounds of `people`, and return the feedback."""
    marked = list(people)
    if not marked:
        return
    from ustaz.exchange import collect
    from ustaz.grading import feedback, grade

    with at(moment(RETURN_DAY, 10)):
        collect(course)
        grade(course)
    with at(moment(RETURN_DAY, 16)):
        _mark(course, marked)
        feedback(course)


def _mark(course: Course, people: Iterable[Teacher]) -> None:
    from nbgrader.api import Gradebook

    from ustaz.course.nbgrader_config import db_url, nbgrader_config

    with Gradebook(db_url(course, nbgrader_config(course)), course.id) as gradebook:
        for teacher in people:
            for workbook in ("focus", "action-plan"):
                if workbook == "focus" or teacher.stage.startswith("plan"):
                    _mark_one(gradebook, course, teacher, workbook)
        gradebook.db.commit()


def _mark_one(gradebook: Any, course: Course, teacher: Teacher, workbook: str) -> None:  # noqa: ANN401
    manual = course.library[workbook].manual
    if manual is None:
        return
    person = teacher.person.person
    grade = gradebook.find_grade(CELL, workbook, workbook, person)
    grade.manual_score = float(manual.points - 1)
    grade.needs_manual_grade = False
    comment = gradebook.find_comment(CELL, workbook, workbook, person)
    comment.manual_comment = teacher.comments[workbook]
