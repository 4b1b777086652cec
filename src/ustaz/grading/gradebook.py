"""nbgrader's gradebook and our rounds: marks stay with what they were given for.

nbgrader keeps one score and one comment for a cell, whatever was handed in since. Here marks belong
to a round: when another content comes, the old marks are kept with their round
(:mod:`ustaz.exchange.marks`), the gradebook starts afresh, and the workbook waits to be marked
again. The same content graded again stays as it was marked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from nbgrader.api import Gradebook, SubmittedNotebook

from ustaz.base import clock
from ustaz.course import Course
from ustaz.exchange import Submission, marks


def snapshot(notebook: SubmittedNotebook) -> dict[str, Any]:
    """Return the marks of a submitted notebook as they stand in the gradebook."""
    comments = {comment.cell_id: comment.manual_comment for comment in notebook.comments}
    cells = [
        {
            "name": grade.cell.name,
            "auto_score": grade.auto_score,
            "manual_score": grade.manual_score,
            "extra_credit": grade.extra_credit,
            "max_score": grade.cell.max_score,
            "needs_manual_grade": grade.needs_manual_grade,
            "comment": comments.get(grade.cell_id),
        }
        for grade in notebook.grades
    ]
    cells.sort(key=lambda cell: str(cell["name"]))
    return {
        "cells": cells,
        "score": sum(_score(cell) for cell in cells),
        "max_score": sum(cell["max_score"] or 0.0 for cell in cells),
        "needs_manual_grade": any(cell["needs_manual_grade"] for cell in cells),
    }


def _score(cell: dict[str, Any]) -> float:
    score = cell["manual_score"] if cell["manual_score"] is not None else cell["auto_score"]
    return float(score or 0.0) + float(cell["extra_credit"] or 0.0)


@dataclass(slots=True)
class Marking:
    """Keeps marks with their round while a submission is graded.

    Call :meth:`before` when nbgrader has not yet written new scores, and :meth:`after` when it has.
    A grading that is cut off between the two can be run again and comes to the same end.
    """

    course: Course
    person: str
    workbook: str
    frozen: Submission
    changed: bool = False
    _old: dict[str, Any] = field(default_factory=dict)
    _from: int | None = None

    @property
    def content(self) -> str:
        """Return what tells this round's content from another."""
        return self.frozen.record.content

    @property
    def number(self) -> int:
        """Return the round's number."""
        return self.frozen.record.round

    def before(self, notebook: SubmittedNotebook) -> None:
        """Look at the marks that are there; keep them when they belong to another content."""
        with marks.change(self.course, self.person, self.workbook) as known:
            graded = known["graded"]
            self._old = snapshot(notebook)
            self.changed = graded is not None and graded["content"] != self.content
            if not self.changed:
                return
            self._from = int(graded["round"])
            kept = known["rounds"].setdefault(str(self._from), {})
            if known.get("moving") != self.number:
                # Once only: after a crash the gradebook may be empty already.
                kept["marks"] = self._old
                kept["kept_at"] = clock.stamp()
                known["moving"] = self.number

    def earlier(self) -> tuple[dict[str, Any] | None, int | None]:
        """Return the marks of the last round that was marked before this one, and its number."""
        rounds = marks.load(self.course, self.person, self.workbook)["rounds"]
        for number in sorted(
            (int(round_) for round_ in rounds if int(round_) < self.number), reverse=True
        ):
            if rounds[str(number)].get("marks"):
                return rounds[str(number)]["marks"], number
        return None, None

    def after(self, gradebook: Gradebook, notebook: SubmittedNotebook) -> None:
        """Set the flags that nbgrader cannot know, and remember which round is graded."""
        was = {cell["name"]: cell for cell in self._old["cells"]}
        with marks.change(self.course, self.person, self.workbook) as known:
            first = known["graded"] is None
            for grade in notebook.grades:
                if self.changed:
                    grade.manual_score = None
                    grade.extra_credit = None
                    grade.needs_manual_grade = grade.auto_score is None
                elif not first and grade.cell.name in was:
                    grade.needs_manual_grade = was[grade.cell.name]["needs_manual_grade"]
            if self.changed:
                for comment in notebook.comments:
                    comment.manual_comment = None
                notebook.flagged = False
            gradebook.db.commit()
            known.pop("moving", None)
            known["graded"] = {"round": self.number, "content": self.content}
