"""The portfolio in nbgrader: one task a criterion, with what speaks for it beside."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.grading.support import IGNORE, gradebook, marks
from tests.portfolio import year
from tests.server import helpers
from ustaz.course import Course
from ustaz.course.identity import acting_as
from ustaz.exchange import collect, submit
from ustaz.grading import feedback, grade, release_assignments, write_config
from ustaz.grading.setup import nbgrader_api
from ustaz.server.pages import participant
from ustaz.server.site import Site

pytestmark = pytest.mark.filterwarnings(IGNORE)
OWNER = year.OWNER
CRITERIA = [f"criterion-t{number}" for number in range(1, 9)]


def graded(course: Course) -> dict[str, Any]:
    path = course.dir / "autograded" / OWNER / "portfolio" / "portfolio.ipynb"
    notebook: dict[str, Any] = json.loads(path.read_text())
    return notebook


def test_both_ways_of_grading_say_the_same_and_leave_a_task_for_each_criterion(
    course: Course, tmp_path: Path
) -> None:
    write_config(course)
    release_assignments(course)
    submit(course, OWNER, "portfolio", identity=acting_as(course, OWNER))
    collect(course)
    shutil.copytree(course.dir, tmp_path / "other")
    other = Course.open(tmp_path / "other")

    assert grade(course, "portfolio").graded == [(OWNER, "portfolio")]
    assert nbgrader_api(other).autograde("portfolio", OWNER)["success"]
    assert graded(course) == graded(other)
    assert marks(course, OWNER, "portfolio") == marks(other, OWNER, "portfolio")

    with gradebook(course) as book:
        row = book.find_submission_notebook("portfolio", "portfolio", OWNER)
        tasks = {entry.cell.name: entry for entry in row.grades if "criterion" in entry.cell.name}
        assert sorted(tasks) == CRITERIA
        assert {entry.cell.max_score for entry in tasks.values()} == {3}
        assert all(entry.needs_manual_grade for entry in tasks.values())

    pages = {
        cell["metadata"]["nbgrader"]["grade_id"]: "".join(cell["outputs"][0]["data"]["text/html"])
        for cell in graded(course)["cells"]
        if cell.get("outputs") and "nbgrader" in cell["metadata"]
    }
    assert year.canary("focus", "concern_raw") in pages["evidence-t1"]
    assert year.canary("proof", "pieces", "open", "name") in pages["evidence-t1"]
    everything = "".join(pages.values())
    for workbook in (*course.assignments, *course.companions):
        for closed in year.closed_canaries(course.library[workbook], "staff"):
            assert closed not in everything

    # Marked in formgrader, a comment comes back beside its criterion.
    with gradebook(course) as book:
        for name in CRITERIA:
            entry = book.find_grade(name, "portfolio", "portfolio", OWNER)
            entry.manual_score, entry.needs_manual_grade = 2, False
        comment = book.find_comment("criterion-t2", "portfolio", "portfolio", OWNER)
        comment.manual_comment = "You heard those who doubted."
        book.db.commit()
    feedback(course, "portfolio")
    site = Site(course)
    page = participant.feedback(helpers.visit(site, OWNER, workbook="portfolio")).body.decode()
    site.pool.shutdown()
    assert "T2 Consultation and negotiation" in page
    assert "You heard those who doubted." in page
