from __future__ import annotations

from pathlib import Path

import pytest

from tests.server import helpers
from ustaz.course import Course


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """A small course; today is 23 November 2026."""
    monkeypatch.setenv("USTAZ_NOW", helpers.NOW)
    return helpers.make_course(tmp_path / "course")
