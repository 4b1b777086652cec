"""A demo course, made once in a run; each file of tests gets a copy that it may change."""

from __future__ import annotations

import shutil
import warnings
from pathlib import Path

import pytest

from tests.support.shared import shared

#: As few as have somebody who has not begun.
PEOPLE = 14
NOT_BEGUN = "gulnur-a"


def demo_course(factory: pytest.TempPathFactory, to: Path, *, people: int = PEOPLE) -> Path:
    """Copy a demo course of today with `people` invented teachers into the new folder `to`."""

    def make(folder: Path) -> None:
        from ustaz.demo import create

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of nbgrader's database layer
            create(folder, people=people, seed=1)

    shutil.copytree(shared(factory, f"demo-{people}", make), to, symlinks=True)
    return to
