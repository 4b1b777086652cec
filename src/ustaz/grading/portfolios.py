"""What stands beside each criterion of a portfolio in formgrader and in its feedback."""

from __future__ import annotations

from typing import Any

from nbformat.v4 import new_output

from ustaz.course import Course
from ustaz.grading.evaluating import Judged
from ustaz.grading.render import ANSWERS_CSS, small_pictures
from ustaz.notebook import EVIDENCE
from ustaz.portfolio import portfolio
from ustaz.portfolio.html import blocks_html
from ustaz.portfolio.layout import criterion


def show_criteria(course: Course, node: Any, judged: Judged, reader: str) -> None:  # noqa: ANN401
    """Write what speaks for each criterion into the cell before the one that is marked.

    Parameters
    ----------
    course : Course
    node : Notebook
        Changed in place.
    judged : Judged
        A portfolio.
    reader : str
        Language of the page around the answers.
    """
    person = judged.frozen.record.person
    model = portfolio(
        course,
        person,
        "staff",
        lang=reader,
        owner=person,
        submission=judged.frozen,
        definition=judged.definition,
    )
    small = small_pictures(course.people_dir, person)
    for cell in node.cells:
        name = str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))
        if not name.startswith(EVIDENCE):
            continue
        page = blocks_html(
            criterion(model, name.removeprefix(EVIDENCE)),
            reader,
            picture=lambda file: small(file.sha256),
            top=4,
        )
        cell.execution_count = None
        cell.outputs = [
            new_output(  # type: ignore[no-untyped-call]
                "display_data", {"text/html": f"<style>{ANSWERS_CSS}</style>{page}"}
            )
        ]
