"""The role of a desk: nbgrader's tables of one course, and nothing else of the database."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from nbgrader.api import Gradebook

from tests.postgres.server import Server
from tests.support.courses import course_at
from ustaz.answers import Batch, Subject
from ustaz.base.errors import UstazError
from ustaz.course import Course
from ustaz.database import course_schema, prepare, with_schema
from ustaz.hub import roles

HEAD = "person,name,role,group,school,lang,account\naigul-s,Aigul S.,participant,g1,s1,kk,\n"
DESK = "saule-m/"


@pytest.fixture
def courses(url: str) -> Iterator[tuple[Course, Course]]:
    """Two courses in one database, with an answer in each, and the hub's schema."""
    folder = Path(tempfile.mkdtemp(prefix="ustaz-role-"))
    made = []
    for name in ("mine", "theirs"):
        course = course_at(folder / name, name, name, HEAD)
        settings = course.dir / "ustaz.toml"
        settings.write_text(settings.read_text() + f'\n[storage]\ndatabase = "{url}"\n')
        course = Course.open(course.dir)
        body = {
            "batch": "4a1c9e0e-1b6b-4f0a-9f0e-000000000001", "client": "desk-test",
            "base_revision": 0, "lang": "kk",
            "changes": [{"op": "set", "path": ["focus_statement"], "value": "CANARY"}],
        }  # fmt: skip
        course.store.save(Subject.person("aigul-s"), "focus", Batch.from_json(body), who="aigul-s")
        made.append(course)
    prepare(url, "hub", "users", ["CREATE TABLE users (name text)"])
    yield made[0], made[1]
    shutil.rmtree(folder)


def by_socket(server: Server, url: str) -> str:
    """Return a desk's address by way of the tests' server, which has a socket only."""
    parts = urlsplit(url)
    return f"postgresql://{parts.username}:{parts.password}@{parts.path}?host={server.folder}"


def opened(server: Server, course: Course) -> str:
    return by_socket(server, roles.open_gradebook(course, DESK))


def test_a_desk_works_in_its_gradebook(server: Server, courses: tuple[Course, Course]):
    url = with_schema(opened(server, courses[0]), course_schema("mine"))
    with Gradebook(url, "mine") as book:
        book.add_student("aigul-s", first_name="Aigul")
        book.add_assignment("focus")
    with Gradebook(url, "mine") as book:
        assert [one.id for one in book.students] == ["aigul-s"]
        book.remove_student("aigul-s")


@pytest.mark.parametrize(
    "asked",
    [
        "SELECT * FROM course_mine.answers_file",
        "DELETE FROM course_mine.answers_file",
        "SELECT * FROM course_theirs.answers_file",
        "SELECT * FROM course_theirs.student",
        "SELECT * FROM hub.users",
        "CREATE TABLE course_mine.more (a int)",
        "CREATE SCHEMA more",
        "DROP TABLE course_mine.student",
        "ALTER TABLE course_mine.student RENAME TO answers",
        "UPDATE course_mine.alembic_version SET version_num = 'x'",
        "GRANT SELECT ON course_mine.answers_file TO PUBLIC",
        "SET ROLE ustaz",
        "CREATE ROLE more",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT rolpassword FROM pg_authid",
    ],
)
def test_a_desk_reaches_nothing_else(
    server: Server, courses: tuple[Course, Course], asked: str
) -> None:
    for course in reversed(courses):
        url = opened(server, course)
    with psycopg.connect(url, autocommit=True) as connection:
        assert connection.execute("SELECT count(*) FROM course_mine.student").fetchone() == (0,)
        with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.UndefinedTable)):
            connection.execute(asked.encode())


def test_a_stopped_desk_comes_in_no_more(server: Server, courses: tuple[Course, Course]):
    url = opened(server, courses[0])
    again = opened(server, courses[0])
    assert urlsplit(again).username == urlsplit(url).username
    assert urlsplit(again).password != urlsplit(url).password
    roles.close_gradebook(courses[0], DESK)
    with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
        psycopg.connect(again)
    psycopg.connect(opened(server, courses[0])).close()


def test_a_hub_whose_role_makes_no_roles_says_so(server: Server, courses: tuple[Course, Course]):
    course = courses[0]
    server.ask("DROP ROLE IF EXISTS plain")
    server.ask("CREATE ROLE plain LOGIN")
    with psycopg.connect(course.database, autocommit=True) as connection:
        connection.execute("GRANT ALL ON SCHEMA course_mine TO plain")
        roles.open_gradebook(course, DESK)
        connection.execute("GRANT ALL ON ALL TABLES IN SCHEMA course_mine TO plain")
    text = (course.dir / "ustaz.toml").read_text()
    (course.dir / "ustaz.toml").write_text(
        text.replace("postgresql://ustaz@", "postgresql://plain@")
    )
    with pytest.raises(UstazError) as refused:
        roles.open_gradebook(Course.open(course.dir), "another/")
    assert refused.value.id == "no_desk_role"
    with psycopg.connect(course.database, autocommit=True) as connection:
        connection.execute("DROP OWNED BY plain")
    server.ask("DROP ROLE plain")


@pytest.mark.parametrize(
    ("url", "desk"),
    [
        ("postgresql://ustaz@localhost/ustaz", "postgresql://r:p@localhost/ustaz"),
        ("postgresql://ustaz:secret@db.example.kz:5433/u", "postgresql://r:p@db.example.kz:5433/u"),
        ("postgresql:///ustaz", "postgresql://r:p@127.0.0.1/ustaz"),
        ("postgresql://u@/d?host=/run/postgresql&port=5433", "postgresql://r:p@127.0.0.1:5433/d"),
        ("postgresql://u@/d?host=db&sslmode=require", "postgresql://r:p@db/d?sslmode=require"),
        ("postgresql://u@/d?user=v&password=w", "postgresql://r:p@127.0.0.1/d"),
        ("postgresql://u@[::1]:5432/d", "postgresql://r:p@[::1]:5432/d"),
    ],
)
def test_a_desk_comes_by_the_network_with_its_own_password(url: str, desk: str):
    assert roles.desk_url(url, "r", "p") == desk
