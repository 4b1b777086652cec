from __future__ import annotations

from pathlib import Path

import pytest

from tests.portfolio import year
from tests.support.courses import NOW
from ustaz.course import Course


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """A course in which Aigul has written in every field of the year."""
    monkeypatch.setenv("USTAZ_NOW", NOW)
    made = year.make_course(tmp_path / "course")
    year.fill(made)
    return made
