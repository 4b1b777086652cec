"""A course in PostgreSQL as tables: the same call, the same tables; no database, no table."""

from __future__ import annotations

import pytest

from tests.course.test_tables import check, write
from tests.postgres.server import keep_answers_in
from tests.server.helpers import make_course
from ustaz.base.errors import UstazError
from ustaz.course import Course
from ustaz.course.tables import read


def test_a_course_in_postgresql_is_read_by_the_same_call(url: str, tmp_path_factory) -> None:
    folder = tmp_path_factory.mktemp("tables") / "course"
    make_course(folder)
    keep_answers_in(folder, url)
    write(Course.open(folder))
    assert not list((folder / "people").glob("*/focus/answers.json"))
    check(folder)
    keep_answers_in(folder, f"{url}-gone")
    with pytest.raises(UstazError) as refused:
        read(folder)
    assert refused.value.id != "no_documents"
