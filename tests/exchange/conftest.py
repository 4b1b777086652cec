from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from tests.exchange import helpers
from ustaz.course import Course


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """A course in which Aigul has filled her plan, with a notebook that counts as released."""
    made = helpers.make_course(tmp_path / "course")
    helpers.fill(made, "aigul-s")
    release = made.dir / "release" / "mini"
    release.mkdir(parents=True)
    node = nbformat.v4.new_notebook(metadata={"ustaz": {"workbook": "mini", "version": "1.0.0"}})
    nbformat.write(node, release / "mini.ipynb")
    return made
