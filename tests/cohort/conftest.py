"""A small course in which some have written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.server import helpers
from ustaz.course import Course
from ustaz.server.site import Site


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    monkeypatch.setenv("USTAZ_NOW", "2026-11-23T14:05:00+05:00")
    made = helpers.make_course(tmp_path / "course")
    write(made)
    return made


def write(course: Course) -> None:
    """Let two of one group and one of another write."""
    helpers.put(course, "aigul-s", "focus", why_me="Only for me", **helpers.FOCUS)
    helpers.put(course, "olga-p", "focus", focus_statement="=1+1")
    helpers.put(course, "yerlan-b", "focus", focus_statement="007")
    for number, due in enumerate(("2026-10-20", "2027-01-20"), start=1):
        row = {"action": "Жұппен сөйлесу", "due": due, "strand": "consult", "status": "doing"}
        change = {"op": "add_row", "path": ["steps", f"stp00{number}"], "after": None, "value": row}
        helpers.write(course, "aigul-s", "action-plan", [change])


@pytest.fixture
def site(course: Course) -> Site:
    return Site(course)
