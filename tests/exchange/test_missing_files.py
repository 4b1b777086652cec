"""What shows a file that is gone is not handed in: by the page, the command line, nbgrader."""

from __future__ import annotations

import io
from contextlib import redirect_stderr
from pathlib import Path
from typing import Any

import pytest
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from tests.server import helpers
from tests.support import hostile_files as samples
from tests.support.courses import EVIDENCE, EVIDENCE_LOG, course_at
from ustaz.cli._app import run
from ustaz.course import Course
from ustaz.course.identity import acting_as
from ustaz.exchange import Refused, rounds, submit
from ustaz.exchange.plugins import WorkbookSubmit
from ustaz.files import FileRecord, FileStore
from ustaz.files.judging import content_of
from ustaz.server.api import answers as api
from ustaz.server.pages import submitting
from ustaz.server.site import Site

OWNER = "aigul-s"


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    monkeypatch.setenv("USTAZ_NOW", helpers.NOW)
    library = tmp_path / "course" / "library" / "log"
    library.mkdir(parents=True)
    (library / "workbook.yml").write_text(EVIDENCE_LOG, encoding="utf-8")
    return course_at(tmp_path / "course", "trial", "Trial", helpers.ROSTER, workbooks=EVIDENCE)


@pytest.fixture
def photo(course: Course) -> FileRecord:
    """A photo that stands in a row of a table."""
    store = FileStore(course.people_dir)
    record = store.keep(
        OWNER, content_of(samples.jpeg()), name="a.jpg", original="0" * 64, visible="none"
    )
    entry = {
        "hash": record.sha256, "name": "a.jpg", "size": record.size, "type": record.type,
        "caption": "", "visible": "none",
    }  # fmt: skip
    row = {"op": "add_row", "path": ["days", "d1a2b3c4"], "after": None,
           "value": {"pictures": [entry]}}  # fmt: skip
    helpers.write(course, OWNER, "log", [row])
    return record


def removed(path: Path) -> None:
    path.unlink()


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def without_record(path: Path) -> None:
    path.with_name(f"{path.name}.json").unlink()


def send(course: Course) -> Any:
    return submit(course, OWNER, "log", identity=acting_as(course, OWNER), confirm=True)


@pytest.mark.parametrize("damage", [removed, cut, without_record])
def test_a_round_is_refused_as_long_as_a_file_that_it_shows_is_missing(
    course: Course, photo: FileRecord, damage: Any
) -> None:
    path = course.people_dir / OWNER / "files" / photo.sha256
    damage(path)
    with pytest.raises(Refused) as refused:
        send(course)
    assert (refused.value.id, refused.value.detail) == ("file_missing", "log")
    assert list(rounds(course, OWNER, "log")) == []
    # Sent once more, the file is whole again, and so is the round.
    FileStore(course.people_dir).keep(
        OWNER, content_of(samples.jpeg()), name="a.jpg", original="0" * 64, visible="none"
    )
    assert send(course).round == 1


def test_a_round_that_is_received_stays_received_when_a_file_goes(
    course: Course, photo: FileRecord
) -> None:
    first = send(course)
    removed(course.people_dir / OWNER / "files" / photo.sha256)
    again = send(course)
    assert (again.round, again.repeated) == (first.round, True)


def test_a_file_for_its_owner_alone_does_not_travel_and_is_not_asked_for(
    course: Course, photo: FileRecord
) -> None:
    removed(course.people_dir / OWNER / "files" / photo.sha256)
    rows = course.store.read(helpers.Subject.person(OWNER), "log").answers["days"]
    helpers.write(course, OWNER, "log", [{"op": "remove_row", "path": ["days", rows[0]["id"]]}])
    helpers.put(course, OWNER, "log", own=rows[0]["pictures"], what="x")
    assert send(course).round == 1


def test_every_way_of_submitting_says_it_in_words(
    course: Course, photo: FileRecord, capsys: pytest.CaptureFixture[str]
) -> None:
    removed(course.people_dir / OWNER / "files" / photo.sha256)
    site = Site(course)
    try:
        revision = str(course.store.read(helpers.Subject.person(OWNER), "log").revision)
        form = {"revision": revision, "all": "yes"}
        visit = helpers.visit(site, OWNER, method="POST", form=form, workbook="log")
        with pytest.raises(Refused, match="is no longer here, or it is damaged"):
            submitting.send(visit)
        call = helpers.visit(site, OWNER, method="POST", body=b"{}", workbook="log")
        with pytest.raises(Refused, match="is no longer here"):
            api.send(call)
    finally:
        site.pool.shutdown()
    arguments = ["submit", str(course.dir), "--workbook", "log", "--person", OWNER]
    assert run(arguments) == Refused.exit_code
    assert "is no longer here" in capsys.readouterr().err
    config = Config()
    config.CourseDirectory.root = str(course.dir)
    config.CourseDirectory.assignment_id = "log"
    config.CourseDirectory.student_id = OWNER
    button = WorkbookSubmit(coursedir=CourseDirectory(config=config), config=config)
    # There the words are in the language of the person.
    assert course.person(OWNER).lang == "kk"
    with redirect_stderr(io.StringIO()), pytest.raises(Exception, match="енді мұнда жоқ"):
        button.start()
    assert list(rounds(course, OWNER, "log")) == []
