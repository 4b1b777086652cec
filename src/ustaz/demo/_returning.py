"""Feedback of the demo's year: collected, graded, marked and given back as usual, on three days."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from ustaz.course import Course
from ustaz.demo._clock import at
from ustaz.demo._people import Teacher
from ustaz.notebook import CRITERION

#: The manually marked cell of a workbook's notebook.
CELL: Final = "review"
#: Days of the programme on which facilitators sit down and read.
DAYS: Final = (83, 160, 215)
COLLECTED, MARKED = dt.time(10), dt.time(16)


class Returning:
    """What waits to be read, until the next of :data:`DAYS`.

    Parameters
    ----------
    course : Course
    """

    def __init__(self, course: Course) -> None:
        self.course = course
        self.days = list(DAYS)
        self.waiting: list[tuple[Teacher, str]] = []

    def sent(self, teacher: Teacher, workbook: str) -> None:
        """Note that somebody handed something in; what stays unread is left to course staff."""
        if not teacher.year[workbook].get("unread"):
            self.waiting.append((teacher, workbook))

    def until(self, moment: dt.datetime) -> None:
        """Give back what was handed in before each day of reading that is over by `moment`."""
        while self.days and moment >= self._at(COLLECTED):
            if self.waiting:
                self._give_back()
            self.days.pop(0)

    def _at(self, time: dt.time) -> dt.datetime:
        day = self.course.start + dt.timedelta(days=self.days[0])
        return dt.datetime.combine(day, time, self.course.timezone)

    def _give_back(self) -> None:
        from ustaz.exchange import collect
        from ustaz.grading import feedback, grade

        workbooks = sorted({workbook for _, workbook in self.waiting})
        with at(self._at(COLLECTED)):
            for workbook in workbooks:
                collect(self.course, workbook)
                grade(self.course, workbook)
        with at(self._at(MARKED)):
            self._mark()
            for workbook in workbooks:
                feedback(self.course, workbook)
        self.waiting = []

    def _mark(self) -> None:
        from nbgrader.api import Gradebook

        from ustaz.course.nbgrader_config import db_url, nbgrader_config

        address = db_url(self.course, nbgrader_config(self.course))
        with Gradebook(address, self.course.id) as gradebook:
            for teacher, workbook in self.waiting:
                self._mark_one(gradebook, teacher, workbook)
            gradebook.db.commit()

    def _mark_one(self, gradebook: Any, teacher: Teacher, workbook: str) -> None:  # noqa: ANN401
        manual = self.course.library[workbook].manual
        if manual is None:
            return
        # A portfolio has a cell for each criterion, marked with its level.
        levels = teacher.year[workbook].get("levels", {})
        marks = {f"{CRITERION}{criterion}": level for criterion, level in levels.items()}
        for cell, score in (marks or {CELL: manual.points - 1}).items():
            grade = gradebook.find_grade(cell, workbook, workbook, teacher.person.person)
            grade.manual_score = float(score)
            grade.needs_manual_grade = False
        first = next(iter(marks), CELL)
        comment = gradebook.find_comment(first, workbook, workbook, teacher.person.person)
        comment.manual_comment = teacher.comments[workbook]
