"""Grade workbooks inside nbgrader, without running anything, and give feedback back.

Invariants: no code of a participant is run and their notebook is never opened; rules are computed
here, on the day a round came; marks belong to a round; a participant's text is only ever escaped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ustaz.grading.batch import grade
    from ustaz.grading.render import ANSWERS_CSS, render_answers
    from ustaz.grading.reports import FeedbackReport, GradeReport
    from ustaz.grading.returning import Feedback, feedback, returned
    from ustaz.grading.setup import enter_people, release_assignments, write_config

# nbgrader and nbconvert take a second to import: only who grades should wait for them.
_HOMES = {
    "ANSWERS_CSS": "render",
    "Feedback": "returning",
    "FeedbackReport": "reports",
    "GradeReport": "reports",
    "enter_people": "setup",
    "feedback": "returning",
    "grade": "batch",
    "release_assignments": "setup",
    "render_answers": "render",
    "returned": "returning",
    "write_config": "setup",
}

__all__ = [
    "ANSWERS_CSS",
    "Feedback",
    "FeedbackReport",
    "GradeReport",
    "enter_people",
    "feedback",
    "grade",
    "release_assignments",
    "render_answers",
    "returned",
    "write_config",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401
    if name not in _HOMES:
        raise AttributeError(name)
    import importlib

    from ustaz.base.light_start import without_iri_grammar

    without_iri_grammar()
    return getattr(importlib.import_module(f"ustaz.grading.{_HOMES[name]}"), name)
