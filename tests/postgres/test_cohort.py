"""A course in PostgreSQL as a cohort: the same tables as from files; no database, no table."""

from __future__ import annotations

import pytest

from tests.cohort.conftest import write
from tests.cohort.test_tables import check
from tests.postgres.server import keep_answers_in
from tests.server.helpers import make_course
from ustaz.base.errors import UstazError
from ustaz.cohort import Cohort
from ustaz.course import Course


def test_a_course_in_postgresql_gives_the_same_tables(
    url: str, tmp_path_factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USTAZ_NOW", "2026-11-23T14:05:00+05:00")
    folder = tmp_path_factory.mktemp("cohort") / "course"
    make_course(folder)
    keep_answers_in(folder, url)
    write(Course.open(folder))
    assert not list((folder / "people").glob("*/focus/answers.json"))
    check(folder)
    keep_answers_in(folder, f"{url}-gone")
    with pytest.raises(UstazError):
        _ = Cohort.open(folder).workbooks
