"""The one setting: where it stands, what it may be, and what is made of it."""

from __future__ import annotations

import itertools
import os

import psycopg
import pytest
from sqlalchemy import create_engine, text

from tests.exchange.helpers import make_course, write
from ustaz import database
from ustaz.base.errors import CourseError
from ustaz.cli._app import run
from ustaz.course import Course

URL = "postgresql://ustaz@db.example/school"


def with_line(path, line: str):
    file = path / "ustaz.toml"
    file.write_text(file.read_text() + "\n" + line + "\n")
    return file


@pytest.fixture
def hub(tmp_path):
    """A hub with one course."""
    course = tmp_path / "hub" / "courses" / "first"
    make_course(course)
    return tmp_path / "hub"


def opened(hub) -> str:
    return Course.open(hub / "courses" / "first").database


def test_without_a_setting_there_are_files(hub):
    assert opened(hub) == ""


def test_a_hub_sets_it_for_all_its_courses_and_a_course_for_itself(hub):
    (hub / "ustaz-hub.toml").write_text(f'database = "{URL}"\n')
    assert opened(hub) == URL
    with_line(hub / "courses" / "first", '[storage]\ndatabase = "files"')
    assert opened(hub) == ""
    (hub / "ustaz-hub.toml").write_text("[other]\n")
    assert opened(hub) == ""


def test_a_copy_of_a_course_elsewhere_below_a_hub_does_not_write_to_its_database(hub):
    (hub / "ustaz-hub.toml").write_text(f'database = "{URL}"\n')
    for place in (hub / "state" / "first", hub / "courses" / "old" / "first", hub / "first"):
        make_course(place)
        assert Course.open(place).database == ""


BAD = {
    "mysql://u@h/d": "expected an address",
    "sqlite:///x.db": "expected an address",
    "postgres": "expected an address",
    "postgresql:/d": "expected an address",
    "postgresql://u@h:port/d": "expected an address",
    "postgresql://u@h/d#x": "expected an address",
    "postgresql://u@h/a b": "expected an address",
    "postgresql://u@h": "names no database",
    "postgresql://u@h/": "names no database",
    "postgresql://u@h/a/b": "names no database",
    "postgresql://u@h/d?options=-cfsync=off": "leave it out",
}


@pytest.mark.parametrize("url", BAD)
def test_an_address_that_cannot_be_is_refused_with_file_and_field(hub, url):
    file = with_line(hub / "courses" / "first", f'[storage]\ndatabase = "{url}"')
    with pytest.raises(CourseError) as refused:
        opened(hub)
    line = file.read_text(encoding="utf-8").splitlines().index(f'database = "{url}"') + 1
    assert f"{file}:{line}: storage.database: " in refused.value.message
    assert BAD[url] in refused.value.message


def test_a_wrong_kind_of_setting_is_refused(hub):
    course = hub / "courses" / "first"
    with_line(course, "[storage]\ndatabase = 5")
    with pytest.raises(CourseError, match=r"storage\.database: expected a text"):
        opened(hub)
    file = course / "ustaz.toml"
    whole = file.read_text().replace("[storage]\ndatabase = 5", "")
    file.write_text('storage = "x"\n' + whole)
    with pytest.raises(CourseError, match="storage: expected a table"):
        opened(hub)
    file.write_text(whole)
    (hub / "ustaz-hub.toml").write_text("database = [")
    with pytest.raises(CourseError, match=r"ustaz-hub\.toml:1: database: not readable as TOML"):
        opened(hub)
    (hub / "ustaz-hub.toml").write_text("database = 1")
    with pytest.raises(CourseError, match=r"ustaz-hub\.toml: database: expected a text"):
        opened(hub)


@pytest.mark.skipif(os.name != "posix", reason="no modes on this system")
@pytest.mark.parametrize(
    "url", ["postgresql://u:se%40cret@h/d", "postgresql://u@h/d?password=se%40cret"]
)
def test_a_password_needs_a_file_that_nobody_else_reads(hub, url):
    file = with_line(hub / "courses" / "first", f'[storage]\ndatabase = "{url}"')
    file.chmod(0o644)
    with pytest.raises(CourseError) as refused:
        opened(hub)
    assert "chmod 0600 ustaz.toml" in refused.value.message
    file.chmod(0o600)
    assert opened(hub) == url
    settings = Course.open(hub / "courses" / "first").settings
    for shown in (repr(settings), database.shown(url), refused.value.message):
        assert "cret" not in shown


def test_a_courses_address_names_its_schema():
    url = database.with_schema("postgresql://u:p@h/d?sslmode=require", "course_a_b")
    assert url == "postgresql+psycopg://u:p@h/d?sslmode=require&options=-csearch_path=course_a_b"
    local = "postgresql:///ustaz?host=/run/postgresql"
    assert (database.problem(local), database.shown(local)) == ("", local)
    wanted = "postgresql+psycopg:///ustaz?host=/run/postgresql&options=-csearch_path=course_x"
    assert database.with_schema(local, "course_x") == wanted
    assert database.with_schema("postgresql:///ustaz", "hub").startswith("postgresql+psycopg:///u")
    assert database.course_schema("leading-2026") == "course_leading_2026"


# -- on a server -------------------------------------------------------------------------------
def test_a_local_socket_serves_without_a_host_in_the_address(server):
    url = f"postgresql:///postgres?host={server.folder}&user=ustaz"
    with database.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    engine = create_engine(database.with_schema(url, "course_socket"))
    with engine.connect() as connection:
        assert connection.execute(text("SHOW search_path")).scalar() == "course_socket"
    engine.dispose()


def test_the_hub_has_a_schema_of_its_own(server):
    for _ in range(2):
        url = database.hub_url(server.url())
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE of_the_hub (id integer)"))
    engine.dispose()
    assert server.ask("SELECT count(*) FROM hub.of_the_hub") == [(0,)]
    server.ask("DROP SCHEMA hub CASCADE")


def test_a_role_that_may_make_nothing_uses_what_was_made_for_it(server):
    server.ask("CREATE ROLE guest LOGIN")
    guest = server.url().replace("//ustaz@", "//guest@")
    with pytest.raises(database.DatabaseError) as refused:
        database.prepare(guest, "course_made")
    assert (refused.value.id, refused.value.exit_code) == ("no_database", 14)
    assert "permission denied" in refused.value.message
    server.ask("CREATE SCHEMA course_made AUTHORIZATION guest")
    database.prepare(guest, "course_made", "t", ["CREATE TABLE t ()", "COMMENT ON TABLE t IS 'x'"])
    assert database.prepare(guest, "course_made", "t", ["CREATE TABLE u ()"]) == "x"
    server.ask("DROP SCHEMA course_made CASCADE")
    server.ask("DROP ROLE guest")


def test_a_server_that_is_too_old_is_named(server, monkeypatch):
    monkeypatch.setattr("ustaz.database.connections.OLDEST", 990000)
    with pytest.raises(database.DatabaseError, match="99 or newer is needed"):
        database.connect(server.url())


def test_a_database_in_another_encoding_is_refused(server):
    server.ask("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0 LOCALE 'C'")
    with pytest.raises(database.DatabaseError, match="LATIN1; UTF8 is needed"):
        database.connect(server.url("latin"))


def test_without_the_driver_it_is_said_what_to_install(hub, monkeypatch):
    with_line(hub / "courses" / "first", f'[storage]\ndatabase = "{URL}"')
    for name in ("psycopg", "ustaz.answers.postgres.backend"):
        monkeypatch.setitem(__import__("sys").modules, name, None)
    with pytest.raises(database.DatabaseError, match="not installed"):
        _ = Course.open(hub / "courses" / "first").store
    with pytest.raises(database.DatabaseError, match="not installed"):
        database.connect(URL)


@pytest.fixture
def course(server, tmp_path):
    made = make_course(tmp_path / "course")
    file = with_line(made.dir, f'[storage]\ndatabase = "{server.url()}"')
    file.write_text(file.read_text().replace('id = "trial"', f'id = "setting-{next(_numbers)}"'))
    return Course.open(made.dir)


_numbers = itertools.count(1)


def test_check_reads_from_the_database(course, capsys):
    write(course, "aigul-s", "mini", {"title": "The second attempt"})
    write(course, "aigul-s", "mini-focus", {"statement": "Ask more"})
    write(course, "marat-t", "mini", {"title": "Begun"})
    assert run(["check", str(course.dir)]) == 3
    assert capsys.readouterr().out.count("answers.json") == 3
    assert run(["check", str(course.people_dir / "marat-t")]) == 3
    said = capsys.readouterr().out
    assert said.count("answers.json") == 1
    assert "marat-t" in said
    assert run(["check", str(course.people_dir / "olga-p")]) == 1


def test_doctor_looks_at_the_server(server, course, capsys):
    from ustaz.course.nbgrader_config import nbgrader_config
    from ustaz.doctor.database import findings
    from ustaz.grading.setup import make_gradebook, write_config

    def ids() -> dict[str, str]:
        return {one.id: one.level for one in findings(course)}

    assert ids() == {"database": "ok", "no_gradebook": "note", "gradebook_elsewhere": "problem"}
    write_config(course)
    make_gradebook(course, nbgrader_config(course))
    assert ids() == {"database": "ok", "gradebook": "ok"}
    schema = database.course_schema(course.id)
    server.ask(f"UPDATE {schema}.alembic_version SET version_num = 'newer'")
    assert ids() == {"database": "ok", "gradebook_version": "problem"}
    write(course, "aigul-s", "mini", {"title": "The second attempt"})
    run(["doctor", str(course.dir)])
    assert "1 documents can be read" in capsys.readouterr().out
    nowhere = Course(course.dir, course.settings)
    object.__setattr__(nowhere.settings, "database", f"postgresql://u@/x?host={course.dir}")
    assert {one.id for one in findings(nowhere)} == {"no_database"}


def test_connections_say_whose_they_are_and_do_not_wait_for_ever(server):
    with database.connect(server.url()) as connection:
        assert connection.info.parameter_status("application_name") == "ustaz"
        assert connection.info.get_parameters()["connect_timeout"] == "5"
    with psycopg.connect(server.url()) as other:
        assert other.info.parameter_status("server_encoding") == "UTF8"
