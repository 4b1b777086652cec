from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.privacy import helpers
from ustaz.course import Course


@pytest.fixture(autouse=True)
def _fixed_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USTAZ_NOW", helpers.NOW)
    # Processes die here, machines do not; and hundreds of copies would wait for the disk.
    monkeypatch.setattr("os.fsync", lambda _: None)


@pytest.fixture(scope="session")
def seeded_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course in which everybody has left something everywhere; read only."""
    return helpers.seeded_dir(tmp_path_factory)


@pytest.fixture
def course(seeded_dir: Path, tmp_path: Path) -> Course:
    """A copy that a test may change."""
    shutil.copytree(seeded_dir, tmp_path / "course")
    return Course.open(tmp_path / "course")
