"""One small demo course for all tests of the command line, and a way to call it."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.shared import shared
from ustaz.cli._app import run
from ustaz.demo import create

NOW = "2026-11-23T09:00:00+00:00"


@dataclass
class Result:
    code: int
    out: str
    err: str


@pytest.fixture(scope="session")
def demo_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo course with the cast of six, made once in a run; read only."""

    def make(folder: Path) -> None:
        with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of nbgrader's database layer
            patch.setenv("USTAZ_NOW", NOW)
            create(folder, people=6, seed=1)

    return shared(tmp_path_factory, "cli-demo", make)


@pytest.fixture
def demo(demo_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the demo course that a test may change."""
    monkeypatch.setenv("USTAZ_NOW", NOW)
    shutil.copytree(demo_dir, tmp_path / "demo")
    return tmp_path / "demo"


@pytest.fixture
def ustaz(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Result]:
    """Call the command line as a shell would, in English."""
    for name in ("USTAZ_LANG", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")

    def call(*arguments: object) -> Result:
        capsys.readouterr()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            code = run([str(one) for one in arguments])
        out, err = capsys.readouterr()
        return Result(code, out, err)

    return call
