"""Moving between files and PostgreSQL: equal copies, nothing overwritten, nothing switched."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.answers.helpers import AIGUL, LIBRARY, PLAN, batch, put, snapshot
from tests.exchange.helpers import make_course
from ustaz.answers import Store, Subject
from ustaz.answers.postgres import migrate
from ustaz.answers.postgres.migrate import Place, move
from ustaz.cli._app import run
from ustaz.course import Course

W = "aigul-s"
GROUP = Subject("group", "g1")


@pytest.fixture
def both(server, tmp_path, request):
    """The same course in files and in a database."""
    course = f"moving-{abs(hash(request.node.nodeid)) % 10**8}"
    return Place(tmp_path / "people", course), Place(tmp_path / "people", course, server.url())


def store_of(place: Place) -> Store:
    return Store(place.dir, LIBRARY, fs=place.fs)


def saved(place: Place, value: str, subject: Subject = AIGUL) -> int:
    store = store_of(place)
    base = store.read(subject, PLAN).revision
    return store.save(subject, PLAN, batch(put("title", value), base=base), W).revision


def whole(place: Place) -> dict[str, dict[str, bytes]]:
    return {folder: place.peek(folder) for folder in place.folders()}


def test_documents_go_there_and_back_byte_for_byte(both):
    files, database = both
    for number in range(40):
        saved(files, str(number))
    saved(files, "ours", GROUP)
    before = whole(files)
    done = move(files, database)
    assert (done.copied, done.equal, done.refused) == (
        ["_group/g1/plan", "aigul-s/plan"],
        [],
        False,
    )
    assert whole(database) == before == whole(files)
    assert store_of(database).read(AIGUL, PLAN) == store_of(files).read(AIGUL, PLAN)
    assert len(store_of(database).history(AIGUL, PLAN)) == 40
    # It went on in the database; the files are brought up to date.
    saved(database, "after")
    done = move(database, files)
    assert (done.copied, done.equal) == (["aigul-s/plan"], ["_group/g1/plan"])
    assert store_of(files).read(AIGUL, PLAN).answers == {"title": "after"}
    assert store_of(files).at(AIGUL, PLAN, 1) == {"title": "0"}
    assert whole(files) == whole(database)


def test_moving_again_copies_what_is_new_and_nothing_else(both):
    files, database = both
    saved(files, "a")
    assert move(files, database).copied == ["aigul-s/plan"]
    assert move(files, database).equal == ["aigul-s/plan"]
    saved(files, "b")
    assert move(files, database).copied == ["aigul-s/plan"]
    assert store_of(database).read(AIGUL, PLAN).answers == {"title": "b"}


def test_a_document_that_went_on_at_both_places_is_refused_and_so_is_all(both):
    files, database = both
    saved(files, "a")
    move(files, database)
    saved(files, "here")
    saved(database, "there")
    saved(files, "new", GROUP)
    before = (whole(files), whole(database))
    done = move(files, database)
    assert (done.differing, done.copied, done.refused) == (["aigul-s/plan"], [], True)
    assert (whole(files), whole(database)) == before


def test_going_the_wrong_way_is_refused(both):
    files, database = both
    saved(files, "a")
    move(files, database)
    saved(database, "b")
    assert move(files, database).differing == ["aigul-s/plan"]
    assert store_of(database).read(AIGUL, PLAN).answers == {"title": "b"}


def test_a_document_that_was_removed_here_does_not_come_back_by_moving(both):
    files, database = both
    saved(files, "a")
    saved(files, "ours", GROUP)
    move(files, database)
    shutil.rmtree(files.dir / "_group")
    done = move(files, database)
    assert (done.extra, done.refused) == (["_group/g1/plan"], True)


def test_what_the_journal_was_made_shorter_by_is_no_other_history(both, monkeypatch):
    files, database = both
    monkeypatch.setattr("ustaz.answers.journal.MAX_JOURNAL_BYTES", 20_000)
    monkeypatch.setattr("ustaz.answers.journal.COMPACT_BYTES", 10_000)
    for number in range(40):
        saved(files, str(number) * 90)
    move(files, database)
    for number in range(40):
        saved(files, str(number) * 90)
    assert not (files.peek("aigul-s/plan")["journal.jsonl"]).startswith(
        database.peek("aigul-s/plan")["journal.jsonl"]
    )
    assert move(files, database).copied == ["aigul-s/plan"]
    assert whole(files) == whole(database)


def test_a_copy_that_stopped_half_way_is_completed(both, monkeypatch):
    files, database = both
    saved(database, "a")
    saved(database, "b")
    real = migrate.write_file
    count = iter(range(100))

    def stopping(*arguments):
        if next(count) == 1:
            raise OSError(5, "stopped")
        real(*arguments)

    monkeypatch.setattr(migrate, "write_file", stopping)
    assert move(database, files).failed == [("aigul-s/plan", "io")]
    monkeypatch.undo()
    assert move(database, files).copied == ["aigul-s/plan"]
    assert whole(files) == whole(database)


def test_evidence_and_handed_out_notebooks_stay_where_they_are(both):
    files, database = both
    saved(files, "a")
    folder = files.dir / "aigul-s" / "plan"
    (folder / "plan.ipynb").write_text("{}")
    (folder / "evidence").mkdir()
    (folder / "evidence" / "answers.json").write_text("{}")
    (folder / "answers.json.tmp").write_text("half")
    move(files, database)
    assert sorted(database.peek("aigul-s/plan")) == ["answers.json", "journal.jsonl"]
    assert database.folders() == ["aigul-s/plan"]


def test_a_link_in_the_place_of_a_document_is_not_copied(both, tmp_path):
    files, database = both
    saved(files, "a")
    (files.dir / "aigul-s" / "plan").rename(tmp_path / "elsewhere")
    (files.dir / "aigul-s" / "plan").symlink_to(tmp_path / "elsewhere")
    assert move(files, database).copied == []
    assert database.folders() == []


# -- the command -------------------------------------------------------------------------------
@pytest.fixture
def course(server, tmp_path):
    made = make_course(tmp_path / "course")
    settings = made.dir / "ustaz.toml"
    name = f"trial-{next(_numbers)}"
    settings.write_text(settings.read_text().replace('id = "trial"', f'id = "{name}"'))
    return Course.open(made.dir)


_numbers = iter(range(1000))


def call(capsys, *arguments: str) -> tuple[int, dict]:
    code = run(["storage", "move", *arguments, "--json"])
    said = capsys.readouterr()
    return code, json.loads(said.out or said.err)


def switched(course: Course, line: str) -> Course:
    path = course.dir / "ustaz.toml"
    path.write_text(path.read_text() + "\n" + line + "\n")
    return Course.open(course.dir)


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
def test_a_course_is_moved_by_a_command_and_a_line(server, course, capsys):
    from nbgrader.api import Gradebook

    from tests.exchange.helpers import FULL, fill
    from ustaz.grading import release_assignments, write_config
    from ustaz.grading.setup import gradebook_url

    write_config(course)
    release_assignments(course)
    fill(course, "aigul-s")
    where = ["--to", "postgresql", "--database", server.url()]
    code, said = call(capsys, str(course.dir), *where)
    assert (code, said["gradebook"], said["failed"]) == (0, "copied", [])
    assert set(said["copied"]) == {
        f"aigul-s/{one}" for one in ("mini", "mini-focus", "mini-people")
    }
    # Nothing is switched by itself.
    assert Course.open(course.dir).database == ""
    assert call(capsys, str(course.dir), *where)[1]["gradebook"] == "equal"
    # What is not there yet is not an empty page, and after the line it is there.
    there = switched(course, said["setting"])
    assert there.database == server.url()
    for path in course.people_dir.rglob("answers.json"):
        path.rename(path.with_name("gone"))
    assert there.store.read(AIGUL, "mini").answers["title"] == FULL["title"]
    with Gradebook(gradebook_url(there.dir), there.id) as book:
        assert {one.id for one in book.students} == {"aigul-s", "marat-t", "olga-p"}
        book.update_or_create_student("marat-t", first_name="M.")
    code, said = call(capsys, str(course.dir), "--to", "files")
    assert (code, said["gradebook"]) == (0, "copied")
    assert said["setting"] == '[storage]\ndatabase = "files"'
    assert (course.dir / "gradebook.db").stat().st_mode & 0o777 == 0o600
    with Gradebook(gradebook_url(there.dir), there.id) as book:
        book.update_or_create_student("marat-t", first_name="N.")
    with Gradebook(f"sqlite:///{course.dir / 'gradebook.db'}", there.id) as book:
        book.update_or_create_student("marat-t", first_name="O.")
    code, said = call(capsys, str(course.dir), "--to", "files")
    assert (code, said["gradebook"]) == (12, "differing")


def test_the_command_says_what_it_needs_and_why_it_refuses(server, course, capsys, monkeypatch):
    monkeypatch.delenv("USTAZ_DATABASE", raising=False)
    code, said = call(capsys, str(course.dir), "--to", "files")
    assert (code, said["error"]) == (2, "no_setting")
    code, said = call(capsys, str(course.dir), "--to", "files", "--database", "mysql://x/y")
    assert (code, said["error"]) == (2, "bad_database")
    nowhere = f"postgresql://ustaz:secret@/x?host={course.dir}"
    code, said = call(capsys, str(course.dir), "--to", "files", "--database", nowhere)
    assert (code, said["error"]) == (14, "no_database")
    assert "secret" not in json.dumps(said)
    monkeypatch.setenv("USTAZ_DATABASE", server.url())
    place = Place(course.people_dir, course.id, server.url())
    Store(place.dir, course.library, fs=place.fs).save(AIGUL, "mini", batch(put("title", "a")), W)
    assert run(["storage", "move", str(course.dir), "--to", "postgresql"]) == 12
    assert "aigul-s/mini: only at the destination" in capsys.readouterr().out
    assert snapshot(Path(course.people_dir)) == {}
