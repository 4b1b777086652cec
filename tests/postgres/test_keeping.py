"""A hub in PostgreSQL is backed up into files, and comes back as files or as a database."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.postgres.server import Server
from tests.postgres.whole import account, new_database
from tests.server.helpers import FOCUS, NOW, make_course, put
from ustaz import database
from ustaz.answers import Subject
from ustaz.answers.postgres import tables
from ustaz.backup import make_backup, restore, verify
from ustaz.backup import rows as rows_of
from ustaz.base.errors import UstazError
from ustaz.cli._app import run
from ustaz.course import Course
from ustaz.course.identity import acting_as
from ustaz.course.nbgrader_config import nbgrader_config
from ustaz.exchange import submit, verify_code
from ustaz.grading.setup import make_gradebook, nbgrader_api, write_config
from ustaz.hub.database import session
from ustaz.hub.settings import HubDir

AIGUL = Subject.person("aigul-s")
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture
def tmp_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Plain folders: here the settings say where things are."""
    return tmp_path_factory.mktemp("keeping")


@pytest.fixture
def other(server: Server) -> Iterator[str]:
    with new_database(server) as url:
        yield url


@pytest.fixture
def hub(tmp_path: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A hub with one course, an account and a gradebook, all in the database."""
    monkeypatch.setenv("USTAZ_NOW", NOW)
    folder = tmp_path / "hub"
    (folder / "state").mkdir(parents=True, mode=0o700)
    settings = folder / "ustaz-hub.toml"
    settings.write_text(f'name = "District"\ndatabase = "{url}"\n', encoding="utf-8")
    make_course(folder / "courses" / "spring")
    course = Course.open(folder / "courses" / "spring")
    assert course.database == url
    put(course, "aigul-s", "focus", **FOCUS)
    put(course, "aigul-s", "focus", focus_statement="Оқушылар жұппен сөйлеседі")
    submit(course, "aigul-s", "focus", identity=acting_as(course, "aigul-s"))
    write_config(course)
    make_gradebook(course, nbgrader_config(course))
    with nbgrader_api(course).gradebook as gradebook:
        gradebook.add_student("aigul-s", first_name="Әйгүл")
    account(folder, "aigul-s")
    return folder


def accounts(folder: Path) -> dict[str, tuple[int, bytes]]:
    from nativeauthenticator.orm import UserInfo

    with session(HubDir.open(folder)) as db:
        return {one.username: (one.id, one.password) for one in db.query(UserInfo)}


def students(course: Course) -> list[str]:
    with nbgrader_api(course).gradebook as gradebook:
        return [one.id for one in gradebook.students]


def shelf(tmp_path: Path) -> Path:
    (tmp_path / "shelf").mkdir(exist_ok=True)
    return tmp_path / "shelf"


def everything_is_there(folder: Path, kept: str) -> Course:
    course = Course.open(folder / "courses" / "spring")
    assert course.database == kept
    document = course.store.read(AIGUL, "focus")
    assert document.answers["focus_statement"] == "Оқушылар жұппен сөйлеседі"
    assert (document.revision, document.notices) == (2, ())
    assert len(course.store.history(AIGUL, "focus")) == 2
    assert students(course) == ["aigul-s"]
    assert accounts(folder)["aigul-s"] == (1, b"hash-of-aigul-s")
    return course


def test_a_hub_in_a_database_is_verified_while_it_is_used(hub: Path):
    seen = verify(hub, deep=True)
    assert (seen.findings, seen.counts["documents"], seen.counts["saves"]) == ([], 1, 2)


def test_it_comes_back_as_files_and_never_touches_the_database_in_use(
    hub: Path, url: str, tmp_path: Path
):
    archive = make_backup(hub, shelf(tmp_path))
    assert (archive.findings, archive.about.database) == ([], "postgresql")
    put(Course.open(hub / "courses" / "spring"), "aigul-s", "focus", focus_statement="Later")
    assert verify(archive.path, deep=True).counts["saves"] == 2
    back = restore(archive.path, tmp_path / "back")
    assert (back.switched, back.verified.findings) == (True, [])
    course = everything_is_there(back.directory, "")
    assert (course.people_dir / "aigul-s" / "focus" / "answers.json").is_file()
    with closing(sqlite3.connect(back.directory / "state" / "hub.sqlite")) as accounts_:
        assert accounts_.execute("pragma integrity_check").fetchone() == ("ok",)
    put(course, "aigul-s", "focus", focus_statement="In the copy")
    live = Course.open(hub / "courses" / "spring")
    assert live.store.read(AIGUL, "focus").answers["focus_statement"] == "Later"


def test_it_comes_back_as_another_database(hub: Path, other: str, tmp_path: Path):
    archive = make_backup(hub, shelf(tmp_path)).path
    back = restore(archive, tmp_path / "back", database=other)
    assert (back.switched, back.verified.findings) == (False, [])
    assert back.verified.counts["documents"] == 1
    course = everything_is_there(back.directory, other)
    receipts = list((course.dir / "exchange" / "inbound").rglob("round.json"))
    assert len(receipts) == 1
    # Numbers that the database gives go on after those that came back.
    account(back.directory, "olga-p")
    assert accounts(back.directory)["olga-p"][0] == 2


def test_files_become_a_database(hub: Path, other: str, tmp_path: Path):
    files = restore(make_backup(hub, shelf(tmp_path)).path, tmp_path / "files").directory
    again = make_backup(files, shelf(tmp_path))
    assert again.about.database == "files"
    back = restore(again.path, tmp_path / "back", database=other)
    everything_is_there(back.directory, other)


def test_answers_that_lie_about_from_before_the_move_are_not_mixed_in(hub: Path, tmp_path: Path):
    course = Course.open(hub / "courses" / "spring")
    old = course.people_dir / "marat-t" / "focus"
    old.mkdir(parents=True)
    (old / "answers.json").write_text("older", encoding="utf-8")
    (course.dir / "gradebook.db").write_bytes(b"older")
    back = restore(make_backup(hub, shelf(tmp_path)).path, tmp_path / "back")
    assert not (back.directory / "courses/spring/people/marat-t/focus/answers.json").exists()
    everything_is_there(back.directory, "")


def content(url: str) -> dict[str, int]:
    with database.connect(url) as connection:
        names = connection.execute(
            "SELECT schemaname, tablename FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
    return {f"{schema}.{name}": 1 for schema, name in names}


def test_a_database_that_holds_something_is_left_alone(hub: Path, url: str, tmp_path: Path):
    archive = make_backup(hub, shelf(tmp_path)).path
    before = content(url)
    with pytest.raises(UstazError) as refused:
        restore(archive, tmp_path / "back", database=url)
    assert (refused.value.id, refused.value.exit_code) == ("database_not_empty", 12)
    assert content(url) == before
    assert not (tmp_path / "back").exists()


def test_a_failure_half_way_leaves_the_database_empty_and_no_directory(
    hub: Path, other: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    archive = make_backup(hub, shelf(tmp_path)).path
    real = rows_of.from_file

    def failing(source: Path, connection: object, schema: str, kind: str) -> None:
        real(source, connection, schema, kind)
        if kind == "hub":
            raise OSError(28, "full")

    monkeypatch.setattr(rows_of, "from_file", failing)
    with pytest.raises(UstazError):
        restore(archive, tmp_path / "back", database=other)
    assert content(other) == {}
    assert {one.name for one in tmp_path.iterdir()} == {"hub", "shelf"}
    monkeypatch.undo()
    tables._READY.clear()  # a later try is another process
    monkeypatch.setenv("USTAZ_NOW", NOW)
    everything_is_there(restore(archive, tmp_path / "back", database=other).directory, other)


def test_a_receipt_is_proved_after_both(hub: Path, other: str, tmp_path: Path):
    live = Course.open(hub / "courses" / "spring")
    from ustaz.exchange import rounds

    code = rounds(live, "aigul-s", "focus")[0].receipt.code
    archive = make_backup(hub, shelf(tmp_path)).path
    for name, where in (("files", ""), ("again", other)):
        back = restore(archive, tmp_path / name, database=where).directory
        receipt = verify_code(Course.open(back / "courses" / "spring"), code)
        assert receipt is not None
        assert receipt.person == "aigul-s"


def test_a_server_that_does_not_answer_is_told_without_a_password(
    hub: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    archive = make_backup(hub, shelf(tmp_path)).path
    gone = "postgresql://ustaz:a-pass-phrase@127.0.0.1:1/ustaz"
    capsys.readouterr()
    code = run(["restore", str(archive), str(tmp_path / "back"), "--database", gone])
    said = capsys.readouterr()
    assert code == 14
    assert "a-pass-phrase" not in said.out + said.err
    assert not (tmp_path / "back").exists()
