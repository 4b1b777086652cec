from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.portfolio import year
from tests.support.courses import NOW
from tests.support.shared import shared
from ustaz.course import Course


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course directory in which Aigul has written in every field of the year, to be copied."""

    def make(folder: Path) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("USTAZ_NOW", NOW)
            year.fill(year.make_course(folder / "course"))

    return shared(tmp_path_factory, "portfolio", make) / "course"


@pytest.fixture
def course(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """The course of Aigul's year."""
    monkeypatch.setenv("USTAZ_NOW", NOW)
    shutil.copytree(filled, tmp_path / "course")
    return Course.open(tmp_path / "course")
