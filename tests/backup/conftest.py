from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.backup import helpers
from tests.server.helpers import NOW
from tests.support.shared import shared
from ustaz.course import Course


@pytest.fixture(autouse=True)
def _fixed_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USTAZ_NOW", NOW)


@pytest.fixture(scope="session")
def filled_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def make(folder: Path) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("USTAZ_NOW", NOW)
            helpers.filled(folder / "course")

    return shared(tmp_path_factory, "backup-course", make) / "course"


@pytest.fixture(scope="session")
def hub_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def make(folder: Path) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("USTAZ_NOW", NOW)
            helpers.hub(folder / "hub")

    return shared(tmp_path_factory, "backup-hub", make) / "hub"


@pytest.fixture
def course(filled_dir: Path, tmp_path: Path) -> Course:
    """A course that a test may change."""
    shutil.copytree(filled_dir, tmp_path / "course", symlinks=True)
    return Course.open(tmp_path / "course")


@pytest.fixture
def hub(hub_dir: Path, tmp_path: Path) -> Path:
    """A hub that a test may change."""
    shutil.copytree(hub_dir, tmp_path / "hub", symlinks=True)
    return tmp_path / "hub"


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """Where archives go."""
    (tmp_path / "shelf").mkdir()
    return tmp_path / "shelf"
