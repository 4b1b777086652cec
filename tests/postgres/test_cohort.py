"""A course in PostgreSQL as a cohort: the same tables as from files; no database, no table."""

from __future__ import annotations

import pytest

from tests.cohort.conftest import write
from tests.cohort.test_tables import check
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
    settings = folder / "ustaz.toml"
    plain = settings.read_text(encoding="utf-8")
    settings.write_text(f'{plain}\n[storage]\ndatabase = "{url}"\n', encoding="utf-8")
    write(Course.open(folder))
    assert not list((folder / "people").glob("*/focus/answers.json"))
    check(folder)
    settings.write_text(f'{plain}\n[storage]\ndatabase = "{url}-gone"\n', encoding="utf-8")
    with pytest.raises(UstazError):
        _ = Cohort.open(folder).workbooks
