"""Reading a list apart: whatever a small file costs, the process that serves people keeps its
memory and its time, and the person reads why."""

from __future__ import annotations

import io
import os
import zipfile

import openpyxl
import pytest

from tests.server import helpers
from ustaz.base import child_process
from ustaz.course import Course
from ustaz.enrolment import import_list, parsing_process, plan_import
from ustaz.enrolment.parsing_process import AT_ONCE, Parsed, parse
from ustaz.enrolment.sheets import MAX_CELL, MAX_FILE, Formula, read_sheet

NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "/xl/sharedStrings.xml"
OVERRIDE = (
    f'<Override PartName="{STRINGS}" ContentType="application/vnd.openxmlformats-officedocument'
    '.spreadsheetml.sharedStrings+xml"/></Types>'
)
HUNGRY = {
    "shared strings": {
        STRINGS[1:]: f"<sst {NAMESPACE}>" + "<si/>" * 6_000_000 + "</sst>"
    },
    "deep": {
        "xl/styles.xml": f"<styleSheet {NAMESPACE}>"
        + "<a>" * 3_000_000 + "</a>" * 3_000_000 + "</styleSheet>"
    },
}  # fmt: skip
SLOW = {
    SHEET: f"<worksheet {NAMESPACE}><sheetData><row>"
    + "<c/>" * 9_000_000 + "</row></sheetData></worksheet>"
}  # fmt: skip


def xlsx(*rows: tuple[object, ...], parts: dict[str, str] | None = None) -> bytes:
    """Return a workbook, some of its parts replaced."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    plain, packed = io.BytesIO(), io.BytesIO()
    book.save(plain)
    replaced = parts or {}
    with (
        zipfile.ZipFile(plain) as before,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            if name not in replaced:
                text = before.read(name).decode()
                if name == "[Content_Types].xml" and STRINGS[1:] in replaced:
                    text = text.replace("</Types>", OVERRIDE)
                after.writestr(name, text)
        for name, text in replaced.items():
            after.writestr(name, text)
    return packed.getvalue()


@pytest.fixture
def course(tmp_path: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Course:
    monkeypatch.setenv("USTAZ_NOW", helpers.NOW)
    return helpers.make_course(tmp_path / "course")


def test_what_comes_back_is_what_reading_here_gives():
    data = xlsx(
        ("Аты-жөні", "Role", "Group"), ("Ғалия Б.", "=1+1", None), (None, None, None),
        ("Ян К.", "teacher", 3),
    )  # fmt: skip
    assert parse(data).rows() == read_sheet(data)
    assert isinstance(parse(data).rows()[1].cells[1], Formula)
    text = "Имя;Роль\nЯн К.;teacher\n".encode("cp1251")
    assert parse(text).rows() == read_sheet(text)


@pytest.mark.parametrize("kind", HUNGRY)
def test_a_small_file_that_needs_much_memory_is_refused_in_words(kind: str):
    data = xlsx(("Name",), ("Ян К.",), parts=HUNGRY[kind])
    assert len(data) < 80_000
    # Nothing of it was kept here: the child's memory went with the child.
    resource = pytest.importorskip("resource")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    problem = parse(data).problem
    assert problem is not None
    assert problem.id == "too_heavy"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < before + 50_000


def test_a_small_file_that_needs_much_time_is_given_up():
    problem = parse(xlsx(("Name",), parts=SLOW), patience=1.0).problem
    assert problem is not None
    assert problem.id == "too_heavy"


def test_a_list_that_says_too_much_back_is_refused(monkeypatch: pytest.MonkeyPatch):
    data = b"name\n" + b"".join(b"Person %d\n" % number for number in range(900))
    assert parse(data).problem is None
    monkeypatch.setattr(parsing_process, "MOST_BACK", 2_000)
    problem = parse(data).problem
    assert problem is not None
    assert problem.id == "too_heavy"


def test_a_long_cell_comes_back_cut_and_is_refused_as_too_long(course: Course):
    sheet = parse(b"name\n" + b"x" * 100_000 + b"\n")
    assert len(sheet.rows()[1].cells[0]) == MAX_CELL + 1
    plan = plan_import(course, sheet)
    assert [(one.id, one.place.row) for one in plan.problems] == [("too_long", 2)]


def test_what_is_wrong_with_the_whole_file_is_said_as_ever(course: Course):
    for data, id in ((b"", "empty"), (b"PK\x03\x04 no", "damaged"), (b"a,b\n1,2\n", "no_heading"),
                     (b"n" * (MAX_FILE + 1), "too_large")):  # fmt: skip
        plan = plan_import(course, parse(data))
        assert [one.id for one in plan.problems] == [id]
        assert not import_list(course, parse(data), by="saule-m").applied


def test_a_third_list_waits_for_one_of_two_and_is_then_asked_to_come_again(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(parsing_process, "QUEUE", 0.01)
    for _ in range(AT_ONCE):
        parsing_process._PLACES.acquire()
    try:
        problem = parse(b"name\nA B\n").problem
    finally:
        for _ in range(AT_ONCE):
            parsing_process._PLACES.release()
    assert problem is not None
    assert problem.id == "reading_busy"
    assert parse(b"name\nA B\n").problem is None


def test_the_child_knows_no_secret_of_its_parent(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("JUPYTERHUB_API_TOKEN", "secret")
    seen = {}
    real = child_process.subprocess.Popen

    def watched(*args: object, **more: object) -> object:
        seen.update(more["env"])
        return real(*args, **more)

    monkeypatch.setattr(child_process.subprocess, "Popen", watched)
    assert parse(b"name\nA B\n").rows()
    assert set(seen) <= set(child_process.KEPT)
    assert os.environ["JUPYTERHUB_API_TOKEN"] not in seen.values()


def test_an_upload_is_kept_as_what_was_read_of_it_not_as_the_file():
    sheet = parse(xlsx(("Name",), ("Ян К.",)))
    assert isinstance(sheet, Parsed)
    assert len(sheet.packed) < 200
