"""A person whose answers, marks and account are rows of PostgreSQL is shown, copied out, erased."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from tests.postgres.whole import account
from tests.server.helpers import FOCUS, NOW, make_course, put
from ustaz import database
from ustaz.answers import Batch, Subject
from ustaz.backup import make_backup, restore, verify
from ustaz.base.evidence import PDF
from ustaz.base.ledger import Ledger
from ustaz.course import Course
from ustaz.course.identity import acting_as
from ustaz.course.nbgrader_config import nbgrader_config
from ustaz.exchange import submit
from ustaz.files import FileStore
from ustaz.files.content import Content
from ustaz.grading.setup import make_gradebook, nbgrader_api, write_config
from ustaz.privacy import erase, export, look, subject_of
from ustaz.transcription import marks, writing

pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning", "ignore::sqlalchemy.exc.SAWarning"
)
WORDS = "ҚҰПИЯ in rows"


@pytest.fixture
def tmp_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Plain folders: here the settings say where things are."""
    return tmp_path_factory.mktemp("personal")


@pytest.fixture
def hub(tmp_path: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A hub with one course, all of it in the database."""
    monkeypatch.setenv("USTAZ_NOW", NOW)
    folder = tmp_path / "hub"
    (folder / "state").mkdir(parents=True, mode=0o700)
    settings = folder / "ustaz-hub.toml"
    settings.write_text(f'name = "District"\ndatabase = "{url}"\n', encoding="utf-8")
    make_course(folder / "courses" / "spring")
    course = Course.open(folder / "courses" / "spring")
    for person, words in (("aigul-s", WORDS), ("olga-p", "Hers")):
        put(course, person, "focus", **FOCUS)
        put(course, person, "focus", focus_statement=words)
        submit(course, person, "focus", identity=acting_as(course, person))
        account(folder, person)
    account(folder, "dina-f")
    type_in(course, "olga-p")
    write_config(course)
    make_gradebook(course, nbgrader_config(course))
    with nbgrader_api(course).gradebook as gradebook:
        gradebook.add_assignment("focus")
        for person in ("aigul-s", "olga-p"):
            gradebook.add_student(person, first_name=f"First of {person}")
            gradebook.add_submission("focus", person)
    return folder


def type_in(course: Course, about: str) -> None:
    revision = course.store.read(Subject.person(about), "focus").revision
    change = {"op": "set", "path": ["link_note"], "value": "From paper"}
    writing.save(
        course,
        Ledger(course.dir / marks.FOLDER),
        acting_as(course, "dina-f"),
        course.library["focus"],
        about,
        Batch.from_json(
            {"batch": "b", "client": "page", "base_revision": revision, "changes": [change]}
        ),
    )


def rows(url: str) -> str:
    """Return every cell of every table, as text."""
    found = []
    with closing(database.connect(url)) as connection:
        tables = connection.execute(
            "SELECT schemaname, tablename FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        for schema, name in tables:
            for row in connection.execute(f'SELECT * FROM "{schema}"."{name}"').fetchall():
                found += [bytes(it).decode("utf-8", "replace") if isinstance(it, bytes) else str(it)
                          for it in row]  # fmt: skip
    return "\n".join(found)


def test_a_persons_rows_are_copied_out_and_erased(hub: Path, url: str, tmp_path: Path):
    course = Course.open(hub / "courses" / "spring")
    hers = course.store.files(Subject.person("olga-p"), "focus")
    assert WORDS in rows(url)
    found = look(subject_of(hub, "aigul-s")).places
    assert {name for name, it in found.items() if it.count} >= {"answers", "gradebook", "account"}
    folder = export(subject_of(hub, "aigul-s"), tmp_path / "out").folder / "server-trial"
    assert WORDS in (folder / "data" / "answers" / "focus" / "answers.json").read_text()
    assert WORDS in (folder / "answers" / "focus.html").read_text()

    erase(subject_of(hub, "aigul-s"), by="operator")
    left = rows(url)
    assert "olga-p" in left
    assert [one for one in ("aigul-s", WORDS, "Әйгүл") if one in left] == []
    assert course.store.files(Subject.person("olga-p"), "focus") == hers
    assert verify(hub, deep=True).findings == []


def test_a_facilitators_id_goes_out_of_others_documents(hub: Path, url: str):
    course = Course.open(hub / "courses" / "spring")
    before = course.store.read(Subject.person("olga-p"), "focus")
    assert "dina-f" in rows(url)
    erase(subject_of(hub, "dina-f"), by="operator")
    assert "dina-f" not in rows(url)
    now = course.store.read(Subject.person("olga-p"), "focus")
    assert (now.answers, now.revision, now.notices) == (before.answers, before.revision, ())
    assert verify(hub, deep=True).findings == []


def test_evidence_files_lie_on_the_disk_and_go_with_their_person(hub: Path, tmp_path: Path):
    course = Course.open(hub / "courses" / "spring")
    store = FileStore(course.people_dir)
    content = Content(PDF, b"%PDF-")
    for person in ("aigul-s", "olga-p"):
        store.keep(person, content, name="plan.pdf", original="0" * 64, visible="none")
    folder = export(subject_of(hub, "aigul-s"), tmp_path / "out").folder / "server-trial"
    assert [path.read_bytes() for path in (folder / "files").iterdir()] == [b"%PDF-"]
    (tmp_path / "shelf").mkdir()
    back = restore(make_backup(hub, tmp_path / "shelf").path, tmp_path / "back").directory
    (restored,) = FileStore(back / "courses" / "spring" / "people").records("aigul-s")
    assert restored.name == "plan.pdf"
    erase(subject_of(hub, "aigul-s"), by="operator")
    assert store.records("aigul-s") == []
    assert len(store.records("olga-p")) == 1
    assert verify(hub, deep=True).findings == []
