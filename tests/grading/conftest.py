from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.exchange import helpers
from tests.support.shared import shared
from ustaz.course import Course
from ustaz.exchange import collect, submit
from ustaz.grading import release_assignments, write_config

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course directory with the tiny workbook released, to be copied."""

    def make(folder: Path) -> None:
        course = helpers.make_course(folder / "course")
        write_config(course)
        release_assignments(course)

    return shared(tmp_path_factory, "grading", make) / "course"


@pytest.fixture
def course(released: Path, tmp_path: Path) -> Course:
    """A released course in which nobody has written anything."""
    shutil.copytree(released, tmp_path / "course")
    return Course.open(tmp_path / "course")


@pytest.fixture
def collected(course: Course) -> Course:
    """Aigul has handed in her whole plan, Marat his title only; both are collected."""
    helpers.fill(course, "aigul-s")
    helpers.write(course, "marat-t", "mini", {"title": "Begun"})
    for person in ("aigul-s", "marat-t"):
        submit(course, person, "mini", identity=helpers.me(person))
    collect(course)
    return course
