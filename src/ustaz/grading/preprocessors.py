"""Two steps of ``nbgrader autograde`` (``c.Autograde.autograde_preprocessors``).

:class:`EvaluateAnswers` stands where nbgrader's ``Execute`` did: for a workbook it starts no kernel
and writes each grade cell's score and page itself; every other assignment is executed as always.
:class:`KeepMarks` comes after ``SaveAutoGrades`` and keeps marks with the round they belong to.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_output
from nbgrader.api import Gradebook
from nbgrader.preprocessors import Execute, NbGraderPreprocessor
from nbgrader.utils import is_grade
from traitlets import Unicode

from ustaz.base import desk
from ustaz.base.errors import UstazError
from ustaz.course import Course
from ustaz.course.locate import course_around
from ustaz.exchange import at_desk
from ustaz.exchange.ordinary import names_workbook
from ustaz.exchange.validate import read_collected
from ustaz.grading.confirming import KEPT, kept
from ustaz.grading.dates import LATE, before_grading, late_day, late_html
from ustaz.grading.differences import since_round_before
from ustaz.grading.evaluating import (
    Judged,
    clamped,
    earlier_html,
    hint_html,
    judge_round,
    section_of,
    staff_html,
)
from ustaz.grading.gradebook import Marking
from ustaz.grading.portfolios import show_criteria

Notebook = Any
Resources = dict[str, Any]
KEY = "ustaz_marking"
FLAGS = "ustaz_flags"


def released_notebook(course: Course, workbook: str, notebook: str) -> Notebook | None:
    """Return a released notebook, or None when it is not the notebook of one of our workbooks.

    What a *submitted* notebook says about itself decides nothing: a participant could write it.
    """
    path = course.dir / "release" / workbook / f"{notebook}.ipynb"
    if workbook not in course.library.ids or not names_workbook(path, workbook):
        return None
    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]


def fill(course: Course, node: Notebook, judged: Judged, *, reader: str, earlier: str = "") -> None:
    """Write score and page into each grade cell of a released notebook.

    Parameters
    ----------
    course : Course
    node : Notebook
        Changed in place.
    judged : Judged
    reader : str
        Language of the page around the answers.
    earlier : str
        HTML about the round before, for the last cell.
    """
    if judged.confirmed is not None:
        node.metadata["ustaz"][KEPT] = kept(judged.confirmed)
    if judged.definition.portfolio is not None:
        show_criteria(course, node, judged, reader)
    late = late_day(course, judged.frozen)
    if late is not None:
        node.metadata["ustaz"][LATE] = late.isoformat()
    cells = [cell for cell in node.cells if is_grade(cell)]
    waiting = [section.id for section in judged.definition.sections]
    since = since_round_before(course, judged)
    for cell in cells:
        info = cell.metadata["nbgrader"]
        own = section_of(judged, info["grade_id"]).id
        place = waiting.index(own) if own in waiting else 0
        before, waiting = waiting[:place], waiting[place + 1 :]
        score = clamped(section_of(judged, info["grade_id"]).score, float(info["points"]))
        extras = late_html(late, reader) if late is not None and cell is cells[0] else ""
        if since is not None:
            shown = {*before, own, *(waiting if cell is cells[-1] else ())}
            extras += since.html(shown, reader, parts=cell is cells[-1])
        if cell is cells[-1]:
            extras += hint_html(judged.definition, reader) + earlier
        page = staff_html(
            course,
            judged,
            info["grade_id"],
            reader=reader,
            before=before,
            after=waiting if cell is cells[-1] else (),
            extras=extras,
        )
        cell.execution_count = None
        cell.outputs = [
            new_output(  # type: ignore[no-untyped-call]
                "execute_result",
                {"text/html": page, "text/plain": repr(score)},
                execution_count=None,
            )
        ]


class EvaluateAnswers(Execute):  # type: ignore[misc]
    """Evaluates the answers of our workbooks; executes the notebooks of other assignments."""

    reader_language = Unicode(
        "",
        help="Language of what is said to staff about the answers; default the course's first.",
    ).tag(config=True)

    def preprocess(
        self,
        nb: Notebook,
        resources: Resources | None = None,
        km: Any = None,  # noqa: ANN401
    ) -> tuple[Notebook, Resources]:
        """Fill a workbook's released notebook; execute any other."""
        resources = {} if resources is None else resources
        info = resources["nbgrader"]
        course = course_around(self.parent.parent.coursedir.root)
        released = course and released_notebook(course, info["assignment"], info["notebook"])
        if course is None or released is None:
            executed: tuple[Notebook, Resources] = super().preprocess(nb, resources, km)
            return executed
        if desk.at(course.dir):
            graded, resources[FLAGS] = self._by_the_service(course, info)
            return graded, resources
        frozen = read_collected(course, info["student"], info["assignment"])
        marking = Marking(course, info["student"], info["assignment"], frozen)
        with Gradebook(info["db_url"], course.id) as gradebook:
            before_grading(course, gradebook, info["assignment"], info["student"])
            marking.before(
                gradebook.find_submission_notebook(
                    info["notebook"], info["assignment"], info["student"]
                )
            )
        reader = self.reader_language or course.languages[0]
        fill(
            course,
            released,
            judge_round(course, frozen),
            reader=reader,
            earlier=earlier_html(*marking.earlier(), reader),
        )
        resources[KEY] = marking
        return released, resources

    @staticmethod
    def _by_the_service(course: Course, info: dict[str, str]) -> tuple[Notebook, dict[str, bool]]:
        """Let the service grade, with everything that a desk does not see; return its notebook."""
        person, workbook = info["student"], info["assignment"]
        summary = at_desk.job(course, "grade", workbook, person=person, again=True)
        for failure in summary.get("failed", ()):
            raise UstazError(
                failure["error"], f"Not graded: {person} {workbook} {failure['detail']}".strip()
            )
        folder = autograded_path(course, person, workbook)
        # nbgrader goes on with these files as with its own, so they become the desk's own.
        for path in [path for path in folder.rglob("*") if path.is_file()]:
            data = path.read_bytes()
            path.unlink()
            path.write_bytes(data)
        notebook = folder / f"{info['notebook']}.ipynb"
        with Gradebook(info["db_url"], course.id) as gradebook:
            row = gradebook.find_submission_notebook(info["notebook"], workbook, person)
            flags = {grade.cell.name: grade.needs_manual_grade for grade in row.grades}
        node: Notebook = nbformat.read(notebook, as_version=4)  # type: ignore[no-untyped-call]
        return node, flags


class KeepMarks(NbGraderPreprocessor):  # type: ignore[misc]
    """Keeps the marks of a round with the round, and flags what must be marked again."""

    def preprocess(self, nb: Notebook, resources: Resources) -> tuple[Notebook, Resources]:
        """Set the flags; does nothing for other assignments."""
        flags: dict[str, bool] | None = resources.pop(FLAGS, None)
        if flags is not None:
            self._as_the_service_set_them(flags, resources["nbgrader"])
        marking: Marking | None = resources.pop(KEY, None)
        if marking is not None:
            info = resources["nbgrader"]
            with Gradebook(info["db_url"], marking.course.id) as gradebook:
                marking.after(
                    gradebook,
                    gradebook.find_submission_notebook(
                        info["notebook"], info["assignment"], info["student"]
                    ),
                )
        return nb, resources

    @staticmethod
    def _as_the_service_set_them(flags: dict[str, bool], info: dict[str, str]) -> None:
        with Gradebook(info["db_url"]) as gradebook:
            row = gradebook.find_submission_notebook(
                info["notebook"], info["assignment"], info["student"]
            )
            for grade in row.grades:
                grade.needs_manual_grade = flags.get(grade.cell.name, grade.needs_manual_grade)
            gradebook.db.commit()


def autograded_path(course: Course, person: str, workbook: str) -> Path:
    """Return where nbgrader keeps a graded submission."""
    return course.dir / "autograded" / person / workbook
