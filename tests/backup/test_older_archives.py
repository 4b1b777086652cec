"""An archive made by an earlier version restores, opens, and goes on living."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.server.helpers import put
from ustaz.backup import make_backup, restore, verify
from ustaz.course import Course
from ustaz.course.identity import acting_as
from ustaz.exchange import submit

ARCHIVES = Path(__file__).parent / "archives"


@pytest.fixture(params=sorted(one.name for one in ARCHIVES.glob("*.tar.gz")))
def older(request: pytest.FixtureRequest) -> Path:
    return ARCHIVES / request.param


def test_an_older_archive_is_in_order(older: Path):
    seen = verify(older, deep=True)
    assert seen.findings == []
    assert seen.counts["documents"] > 0
    assert seen.counts["rounds"] > 0


def test_an_older_archive_opens_and_is_written_to_and_kept_again(older: Path, tmp_path: Path):
    back = restore(older, tmp_path / "hub")
    assert back.verified.findings == []
    (inner,) = (back.directory / "courses").iterdir()
    course = Course.open(inner)
    subject, workbook = next((one, two) for one, two in course.store.places() if two == "focus")
    before = course.store.read(subject, workbook)
    put(course, subject.id, "focus", focus_statement="Оқушылар сұрақты өздері қояды")
    after = course.store.read(subject, workbook)
    assert after.revision == before.revision + 1
    submit(course, subject.id, "focus", identity=acting_as(course, subject.id), confirm=True)
    (tmp_path / "shelf").mkdir()
    again = restore(make_backup(back.directory, tmp_path / "shelf").path, tmp_path / "again")
    assert again.verified.findings == []
    (inner,) = (again.directory / "courses").iterdir()
    assert Course.open(inner).store.read(subject, workbook).answers == after.answers
