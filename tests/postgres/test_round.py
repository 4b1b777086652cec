"""A whole round with answers and gradebook in PostgreSQL: the same rows as with SQLite."""

from __future__ import annotations

import datetime as dt
import itertools
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.exchange.helpers import fill, make_course, me, write
from tests.grading.support import IGNORE, gradebook, mark, marks, nbgrader_autograde, resubmit
from tests.grading.test_batch import notebooks, rows
from tests.grading.test_formgrader import (  # noqa: F401
    chromium,
    graded,
    test_formgrader_shows_answers_takes_marks_and_asks_no_other_site,
)
from tests.grading.test_nbgrader import (  # noqa: F401
    _as_aigul,
    shell,
    test_a_resubmission_by_the_buttons_is_marked_again,
    test_a_workbook_goes_the_whole_way_by_nbgraders_commands,
    test_the_commands_work_from_a_shell,
)
from ustaz.answers.postgres import pool
from ustaz.course import Course
from ustaz.deadlines import extensions
from ustaz.exchange import collect, submit
from ustaz.grading import feedback, grade, release_assignments, write_config
from ustaz.grading.dates import refresh

pytestmark = pytest.mark.filterwarnings(
    IGNORE, "ignore::DeprecationWarning", "ignore::ResourceWarning"
)

_numbers = itertools.count(1)


def in_database(course: Course, url: str) -> Course:
    """Return the course with the one setting."""
    settings = course.dir / "ustaz.toml"
    settings.write_text(settings.read_text() + f'\n[storage]\ndatabase = "{url}"\n')
    return Course.open(course.dir)


@pytest.fixture(scope="module")
def released(server, tmp_path_factory):
    """A released course in a database, both to be copied."""
    server.ask("CREATE DATABASE released")
    made = make_course(tmp_path_factory.mktemp("released") / "course")
    course = in_database(made, server.url("released"))
    write_config(course)
    release_assignments(course)
    assert not (course.dir / "gradebook.db").exists()
    return course


def copied(server, course: Course, target: Any) -> Course:
    """Return a copy of a course with a copy of its database."""
    pool.close_all()
    name, old = f"copy{next(_numbers)}", course.database
    origin = old.split("?")[0].rpartition("/")[2]
    server.ask(f"CREATE DATABASE {name} TEMPLATE {origin}")
    shutil.copytree(course.dir, target)
    settings = target / "ustaz.toml"
    settings.write_text(settings.read_text().replace(old, server.url(name)))
    return Course.open(target)


@pytest.fixture
def course(server, released, tmp_path):
    return copied(server, released, tmp_path / "course")


def whole_round(course: Course) -> None:
    """Two rounds of one person, one of another; marked between."""
    fill(course, "aigul-s")
    write(course, "marat-t", "mini", {"title": "Begun"})
    for person in ("aigul-s", "marat-t"):
        submit(course, person, "mini", identity=me(person))
    collect(course)
    grade(course)
    mark(course, "aigul-s", 8, "Well thought")
    mark(course, "marat-t", 3, "Жалғастырыңыз")
    feedback(course)
    resubmit(course, "aigul-s", title="Another name")
    grade(course)
    mark(course, "aigul-s", 9, "Better")
    feedback(course)


def timeless(content: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    return {
        table: [{key: one for key, one in row.items() if key != "timestamp"} for row in rows]
        for table, rows in content.items()
    }


def test_a_whole_round_leaves_the_same_rows_as_with_sqlite(course, tmp_path):
    files = make_course(tmp_path / "files")
    write_config(files)
    release_assignments(files)
    for one in (course, files):
        whole_round(one)
    assert (files.dir / "gradebook.db").exists()
    assert not (course.dir / "gradebook.db").exists()
    assert not list(course.people_dir.rglob("answers.json"))
    assert timeless(rows(course)) == timeless(rows(files))
    assert marks(course, "aigul-s") == marks(files, "aigul-s")
    assert marks(course, "marat-t")["comment"] == {"review": "Жалғастырыңыз"}
    returned = [
        sorted(path.relative_to(one.dir).as_posix() for path in one.people_dir.rglob("*.html"))
        for one in (course, files)
    ]
    assert returned[0] == returned[1] != []


def test_days_and_extensions_reach_the_gradebook_in_a_database_too(course, monkeypatch):
    settings = course.dir / "ustaz.toml"
    head, mark, rest = settings.read_text().partition("[storage]")
    settings.write_text(f"{head}[calendar.due]\nmini = 2026-10-15\n\n{mark}{rest}")
    dated = Course.open(course.dir)
    monkeypatch.setenv("USTAZ_NOW", "2026-10-16T00:00:00+05:00")
    fill(dated, "aigul-s")
    submit(dated, "aigul-s", "mini", identity=me("aigul-s"))
    collect(dated)
    assert grade(dated).failed == []
    with gradebook(dated) as book:
        submission = book.find_submission("mini", "aigul-s")
        assert submission.duedate == dt.datetime.fromisoformat("2026-10-15T18:59:59.999999")
        assert submission.total_seconds_late > 0
    until = dt.date(2026, 10, 20)
    extensions.extend(dated, "mini", "school", "s1", until, "Frost", by="saule-m", how="page")
    refresh(dated)
    with gradebook(dated) as book:
        assert book.find_submission("mini", "aigul-s").total_seconds_late == 0


def test_batch_and_nbgrader_write_the_same_rows_and_notebooks(server, course, tmp_path):
    fill(course, "aigul-s")
    write(course, "marat-t", "mini", {"title": "Begun"})
    for person in ("aigul-s", "marat-t"):
        submit(course, person, "mini", identity=me(person))
    collect(course)
    theirs = copied(server, course, tmp_path / "stock")
    assert grade(course).graded == [("aigul-s", "mini"), ("marat-t", "mini")]
    assert nbgrader_autograde(theirs)["success"]
    assert rows(course) == rows(theirs)
    assert notebooks(course) == notebooks(theirs)


def test_the_gradebook_can_be_upgraded_by_nbgraders_own_command(course):
    """The address goes through an alembic.ini, where a percent sign would mean something else."""
    bin = Path(sys.executable).parent
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", "db", "upgrade"],
        cwd=course.dir,
        env={**os.environ, "PATH": f"{bin}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    with gradebook(course) as book:
        assert {one.id for one in book.students} == {"aigul-s", "marat-t", "olga-p"}


def test_an_older_nbgrader_config_finds_the_same_gradebook_through_ustaz(course):
    """One that was written before there was a setting names no gradebook."""
    path = course.dir / "nbgrader_config.py"
    text = path.read_text()
    path.write_text(text.replace("c.CourseDirectory.db_url = gradebook_url(course)\n", ""))
    assert path.read_text() != text
    fill(course, "aigul-s")
    submit(course, "aigul-s", "mini", identity=me("aigul-s"))
    collect(course)
    assert grade(course).graded == [("aigul-s", "mini")]
    assert marks(course, "aigul-s")["section-aim"][0] == 4.0
    assert not (course.dir / "gradebook.db").exists()
