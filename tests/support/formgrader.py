"""Marking in the real formgrader, as a person with time enough would."""

from __future__ import annotations

from typing import Any


def open_submission(page: Any, address: str) -> None:
    """Open a submission, and wait until formgrader has fetched the marks that there are.

    Before that its boxes are on the page already, but what is typed into them goes nowhere.
    """
    page.goto(address)
    page.wait_for_function(
        "() => typeof formgrader !== 'undefined' && formgrader.loaded"
        " && formgrader.grades.loaded && formgrader.comments.loaded"
    )


def mark(page: Any, cell: str, points: str, comment: str) -> None:
    """Type points and a comment for a cell; come back when the server has taken both."""
    for box, text, kind in (
        (f"#{cell}", points, "grade"),
        (f"#{cell}-comment", comment, "comment"),
    ):
        with page.expect_response(
            lambda answer, kind=kind: (
                f"/formgrader/api/{kind}/" in answer.url and answer.request.method == "PUT"
            )
        ) as answered:
            page.fill(box, text)
            page.press(box, "Tab")
        assert answered.value.ok
