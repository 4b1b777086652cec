"""A second year takes along what its owner chooses of the own export, where nothing stands yet."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from tests.server import helpers
from tests.server.helpers import html, put, visit, write
from ustaz.answers import Subject, content
from ustaz.course import Course
from ustaz.privacy.own_copy import write_copy
from ustaz.projects import second_year
from ustaz.server.http import HTTPProblem, Response, Upload
from ustaz.server.pages import second_year as pages
from ustaz.server.site import Site

WHO = "aigul-s"
SELF = Subject.person(WHO)


@pytest.fixture
def earlier(tmp_path: Path, _fixed_now: None) -> Course:
    course = helpers.make_course(tmp_path / "earlier")
    put(course, WHO, "focus", **helpers.FOCUS)
    put(course, WHO, "action-plan", title="Last year's plan")
    step = {"op": "add_row", "path": ["steps", "step01"], "after": None, "value": {"action": "Ask"}}
    write(course, WHO, "action-plan", [step])
    return course


@pytest.fixture
def site(tmp_path: Path, _fixed_now: None) -> Site:
    return Site(helpers.make_course(tmp_path / "new"), book_dir=tmp_path / "site")


def bring(site: Site, data: bytes, *take: str, **form: str) -> Response:
    fields = ({"take": list(take)} if take else {}) | {name: [text] for name, text in form.items()}
    request = visit(site, WHO, "second-year", method="POST", fields=fields)
    request.files = {"file": Upload("mine.zip", data)} if data else {}
    return pages.take(request)


def zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def document(course: Course, workbook: str) -> bytes:
    return (course.people_dir / WHO / workbook / "answers.json").read_bytes()


def here(site: Site, workbook: str) -> dict[str, object]:
    return content(site.course.store.read(SELF, workbook).answers)


def test_what_was_ticked_comes_along_and_nothing_else(earlier: Course, site: Site) -> None:
    data = zipped(
        {
            f"aigul/earlier/data/answers/{name}/answers.json": document(earlier, name)
            for name in ("focus", "action-plan")
        }
    )
    page = html(bring(site, data, "action-plan"))
    assert "Taken along:" in page
    assert here(site, "action-plan") == content(earlier.store.read(SELF, "action-plan").answers)
    assert here(site, "focus") == {}


def test_the_real_download_of_an_earlier_course_is_read(
    earlier: Course, site: Site, tmp_path: Path
) -> None:
    assert write_copy(earlier.dir, WHO, tmp_path / "mine.zip", 1 << 26) == 0
    bring(site, (tmp_path / "mine.zip").read_bytes(), "focus")
    assert here(site, "focus") == helpers.FOCUS


def test_one_file_out_of_it_is_enough_and_it_is_taken_back(earlier: Course, site: Site) -> None:
    bring(site, document(earlier, "focus"), "focus")
    assert here(site, "focus")
    revision = str(site.course.store.read(SELF, "focus").revision)
    assert bring(site, b"", do="undo", workbook="focus", revision=revision).status == 303
    assert here(site, "focus") == {}
    with pytest.raises(HTTPProblem):
        bring(site, b"", do="undo", workbook="focus", revision=revision + "9")


def test_what_stands_here_is_never_written_over(earlier: Course, site: Site) -> None:
    put(site.course, WHO, "focus", concern_raw="This year")
    reply = bring(site, document(earlier, "focus"), "focus")
    assert reply.status == 422
    assert here(site, "focus") == {"concern_raw": "This year"}


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04 torn",
        b"{}",
        b"\x00" * 100,
        zipped({"data/answers/focus/answers.json": b"[" * 50_000}),
        zipped({"data/answers/focus/answers.json": b"0" * 9_000_000}),
        zipped({"other/answers.json": b"{}"}),
    ],
)
def test_what_is_no_export_is_refused_in_words(site: Site, data: bytes) -> None:
    reply = bring(site, data, "focus")
    assert reply.status == 422
    assert "Nothing is changed" in html(reply)
    assert here(site, "focus") == {}


def test_a_document_that_was_altered_is_not_read(earlier: Course, site: Site) -> None:
    data = document(earlier, "focus").replace(b"Pupils", b"Papers")
    with pytest.raises(second_year.NoExport):
        second_year.documents_in(data, site.course.library)
