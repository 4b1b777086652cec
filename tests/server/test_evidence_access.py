"""Who is shown a file: whoever may read an answer that shows it, and nobody else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.server import helpers
from tests.support import hostile_files as samples
from tests.support.courses import EVIDENCE, EVIDENCE_LOG, course_at
from ustaz.course import Course
from ustaz.course.identity import acting_as
from ustaz.exchange import submit
from ustaz.files import FileRecord, FileRefused, FileStore
from ustaz.files.judging import content_of
from ustaz.server.api import files
from ustaz.server.http import HTTPProblem, Response
from ustaz.server.site import Site
from ustaz.server.views.attachments import named_files
from ustaz.server.views.pseudonyms import pseudonym

REVIEWER = "irina-m,Irina M.,reviewer,,,ru,\n"
OWNER = "aigul-s"


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    monkeypatch.setenv("USTAZ_NOW", helpers.NOW)
    library = tmp_path / "course" / "library" / "log"
    library.mkdir(parents=True)
    (library / "workbook.yml").write_text(EVIDENCE_LOG, encoding="utf-8")
    roster = helpers.ROSTER + REVIEWER
    return course_at(tmp_path / "course", "trial", "Trial", roster, workbooks=EVIDENCE)


@pytest.fixture
def site(course: Course) -> Any:
    made = Site(course)
    yield made
    made.pool.shutdown()


def keep(course: Course, data: bytes, name: str) -> FileRecord:
    store = FileStore(course.people_dir)
    return store.keep(OWNER, content_of(data), name=name, original="0" * 64, visible="none")


def shown(record: FileRecord, visible: str = "none") -> list[dict[str, Any]]:
    return [
        {
            "hash": record.sha256,
            "name": record.name,
            "size": record.size,
            "type": record.type,
            "caption": "",
            "visible": visible,
        }
    ]


def get(
    site: Site, person: str, record: FileRecord, about: str = OWNER, **query: str
) -> Response | str:
    """Return the answer, or the id of the refusal."""
    request = helpers.visit(site, person, query=query, person=about, hash=record.sha256)
    try:
        return files.file(request)
    except (HTTPProblem, FileRefused) as refused:
        return refused.id


def who(site: Site, record: FileRecord) -> set[str]:
    people = (OWNER, "olga-p", "dina-f", "bakhyt-d", "saule-m")
    seeing = {person for person in people if isinstance(get(site, person, record), Response)}
    alias = pseudonym(site.course, "irina-m", OWNER)
    if isinstance(get(site, "irina-m", record, alias), Response):
        seeing.add("irina-m")
    assert get(site, "irina-m", record) == "not_yours"  # never by the name
    return seeing


def visit(site: Site, record: FileRecord) -> Response:
    reply = get(site, "saule-m", record)
    assert isinstance(reply, Response)
    return reply


def test_a_file_is_shown_by_the_workbook_and_by_the_round(site: Site, course: Course):
    record = keep(course, samples.jpeg(), "a.jpg")
    assert who(site, record) == {OWNER}
    helpers.put(course, OWNER, "log", photos=shown(record))
    assert who(site, record) == {OWNER, "dina-f", "saule-m"}
    submit(course, OWNER, "log", identity=acting_as(course, OWNER))
    assert who(site, record) == {OWNER, "dina-f", "saule-m", "irina-m"}
    # Taken out of the workbook, the round still has it, and it is never dropped.
    helpers.put(course, OWNER, "log", photos=[])
    assert who(site, record) == {OWNER, "dina-f", "saule-m", "irina-m"}
    assert named_files(course, OWNER) == {record.sha256}


def test_a_private_answer_shows_its_file_to_nobody_else(site: Site, course: Course):
    record = keep(course, samples.jpeg(), "a.jpg")
    helpers.put(course, OWNER, "log", own=shown(record), what="x")
    submit(course, OWNER, "log", identity=acting_as(course, OWNER))
    assert who(site, record) == {OWNER}


def test_as_long_as_somebody_must_be_blurred_only_the_owner_sees_it(site: Site, course: Course):
    record = keep(course, samples.jpeg(), "a.jpg")
    helpers.put(course, OWNER, "log", photos=shown(record, "must_blur"))
    submit(course, OWNER, "log", identity=acting_as(course, OWNER))
    assert who(site, record) == {OWNER}


def test_pages_of_a_pdf_and_small_pictures_go_with_their_file(site: Site, course: Course):
    record = keep(course, samples.pdf(pages=2), "plan.pdf")
    store = FileStore(course.people_dir)
    page = store.record(OWNER, record.pages[0])
    assert page is not None
    assert who(site, page) == {OWNER}
    helpers.put(course, OWNER, "log", photos=shown(record))
    assert who(site, page) == {OWNER, "dina-f", "saule-m"}
    small = get(site, "dina-f", record, small="1")
    assert isinstance(small, Response)
    assert small.content_type == "image/jpeg"
    assert len(small.body) < 20_000
    reply = visit(site, record)
    assert reply.headers["Content-Disposition"].startswith("attachment")


def test_a_file_of_another_person_is_not_shown_by_naming_it(site: Site, course: Course):
    record = keep(course, samples.jpeg(), "a.jpg")
    # Olga names Aigul's file in her own workbook: it lies in Aigul's folder and not in hers.
    helpers.put(course, "olga-p", "log", photos=shown(record))
    assert get(site, "olga-p", record) == "no_file"  # of one group: nothing of it is shown to her
    assert get(site, "yerlan-b", record) == "not_yours"
    assert get(site, "olga-p", record, "olga-p") == "no_file"
    assert get(site, "saule-m", record) == "no_file"


def test_a_reviewer_sees_nothing_of_somebody_who_has_left(site: Site, course: Course):
    record = keep(course, samples.jpeg(), "a.jpg")
    helpers.put(course, OWNER, "log", photos=shown(record))
    submit(course, OWNER, "log", identity=acting_as(course, OWNER))
    alias = pseudonym(course, "irina-m", OWNER)
    roster = (course.dir / "people.csv").read_text(encoding="utf-8")
    head, *rows = roster.splitlines()
    rows = [f"{row},{'withdrawn' if row.startswith(OWNER) else 'active'}" for row in rows]
    text = "\n".join([f"{head},status", *rows, ""])
    (course.dir / "people.csv").write_text(text, encoding="utf-8")
    assert get(site, "irina-m", record, alias) in {"no_round", "not_yours"}


def test_what_staff_and_the_writer_read_shows_a_small_picture(site: Site, course: Course):
    from ustaz.exchange import read_round
    from ustaz.grading.evaluating import judge_round, rendered

    record = keep(course, samples.jpeg(), "a.jpg")
    blurred = keep(course, samples.png(), "b.png")
    helpers.put(course, OWNER, "log", photos=[*shown(record), *shown(blurred, "must_blur")])
    submit(course, OWNER, "log", identity=acting_as(course, OWNER))
    page = rendered(course, judge_round(course, read_round(course, OWNER, "log", 1)), reader="en")
    assert page.count("<img") == 1
    assert 'src="data:image/jpeg;base64,' in page
    assert 'alt="a.jpg"' in page
    assert "only the owner sees it" in page
