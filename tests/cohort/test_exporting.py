"""Tables as files: texts stay texts, each reader has the own part, nothing is half-written."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path

import openpyxl
import pytest

from tests.server import helpers
from ustaz.cli._app import run
from ustaz.cohort.schema import DICTIONARY, FRAMES
from ustaz.cohort.spreadsheets import CELL, csv_of, xlsx_of
from ustaz.course import Course
from ustaz.messages import LANGUAGES
from ustaz.server.http import HTTPProblem
from ustaz.server.pages import tables as pages
from ustaz.server.site import Site
from ustaz.workbook import PlainTable

HOSTILE = (
    "=1+1",
    "+7 700 000 00 00",
    "-5",
    "@SUM(A1)",
    "\t=1",
    "007",
    "1-2",
    "2026-10-15",
    'She said "no", and left\nat once',
    "Ұстаз 🙂",
)
HEADINGS = {key: key for key in ("sheet", "dictionary", *DICTIONARY)}
NO_LINES = PlainTable("dictionary", (), [])


def read_csv(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def sheets(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def rows(sheet: openpyxl.worksheet.worksheet.Worksheet) -> list[list[object]]:
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_a_text_is_a_cell_of_text_in_a_spreadsheet_and_never_a_formula(course: Course) -> None:
    table = PlainTable("t", (("text", "string"),), [[text] for text in HOSTILE])
    sheet = sheets(xlsx_of([table], NO_LINES, HEADINGS, course.timezone))["t"]
    cells = [sheet.cell(row, 1) for row in range(2, len(HOSTILE) + 2)]
    assert [cell.value for cell in cells] == list(HOSTILE)
    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.number_format for cell in cells} == {"@"}


def test_a_text_in_csv_that_would_be_computed_begins_with_an_apostrophe(course: Course) -> None:
    table = PlainTable("t", (("text", "string"), ("n", "Int64")), [[text, -5] for text in HOSTILE])
    data = csv_of(table, course.timezone)
    assert data.startswith(b"\xef\xbb\xbf")
    read = read_csv(data)[1:]
    assert [row[0] for row in read] == [
        f"'{text}" if text[0] in "=+-@\t" else text for text in HOSTILE
    ]
    assert {row[1] for row in read} == {"-5"}


def test_days_and_moments_are_dates_by_the_courses_clocks(course: Course) -> None:
    table = PlainTable(
        "t",
        (("day", "datetime64[s]"), ("at", "datetime64[s, UTC]"), ("yes", "boolean")),
        [["2026-10-15", "2026-10-15T20:00:00+00:00", True], ["0026-10-15", None, None]],
    )
    sheet = sheets(xlsx_of([table], NO_LINES, HEADINGS, course.timezone))["t"]
    [_, first, second] = rows(sheet)
    assert [str(cell) for cell in first] == ["2026-10-15 00:00:00", "2026-10-16 01:00:00", "True"]
    assert second == ["0026-10-15", None, None]
    assert read_csv(csv_of(table, course.timezone))[1] == [
        "2026-10-15",
        "2026-10-16T01:00:00+05:00",
        "true",
    ]


def test_what_no_spreadsheet_can_hold_is_left_out_and_cut_visibly(course: Course) -> None:
    table = PlainTable("t", (("text", "string"),), [["a\x0bb\x1f"], ["🙂" * CELL]])
    [_, [clean], [cut]] = rows(sheets(xlsx_of([table], NO_LINES, HEADINGS, course.timezone))["t"])
    assert clean == "ab"
    assert isinstance(cut, str)
    assert cut.endswith("🙂 […]")
    assert len(cut.encode("utf-16-le")) // 2 <= CELL


def test_long_names_of_tables_are_sheets_of_their_own(course: Course) -> None:
    names = [f"{'a-long-name-of-a-workbook'}.a_long_name_{end}" for end in ("one", "two", "ONE")]
    tables = [PlainTable(name, (("text", "string"),), []) for name in (*names, "dictionary")]
    book = sheets(xlsx_of(tables, NO_LINES, HEADINGS, course.timezone))
    assert len({name.casefold() for name in book.sheetnames}) == 5
    assert max(map(len, book.sheetnames)) <= 31


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_first_sheet_says_what_each_column_means_in_the_readers_language(
    site: Site, lang: str
) -> None:
    reply = pages.workbook_xlsx(helpers.visit(site, "saule-m", lang=lang, workbook="action-plan"))
    book = sheets(reply.body)
    assert (
        book.sheetnames[0]
        == {"en": "What is what", "ru": "Что есть что", "kk": "Не нені білдіреді"}[lang]
    )
    head, *lines = rows(book.worksheets[0])
    assert len(head) == len(DICTIONARY) + 1
    for name in book.sheetnames[1:]:
        described = [line[3] for line in lines if line[0] == name]
        assert described == rows(book[name])[0]


def test_staff_and_a_facilitator_take_what_they_may_read(site: Site) -> None:
    def taken(who: str, table: str) -> str:
        return pages.table_csv(helpers.visit(site, who, table=table)).body.decode("utf-8-sig")

    assert "'=1+1" in taken("saule-m", "focus")
    assert "Yerlan B." in taken("saule-m", "people")
    assert "007" not in taken("dina-f", "focus")
    assert "Yerlan B." not in taken("dina-f", "people")
    assert "status" not in taken("dina-f", "rounds").splitlines()[0]
    for who in ("saule-m", "dina-f"):
        assert "Only for me" not in taken(who, "focus")
    named = {row[2] for row in read_csv(taken("dina-f", "dictionary").encode())[1:]}
    assert {"focus_statement", "strand", "overdue"} <= named


@pytest.mark.parametrize("who", ["aigul-s", "bakhyt-d"])
def test_whoever_leads_nobody_is_refused_every_file(site: Site, who: str) -> None:
    for action in (pages.listing, pages.course_xlsx, pages.workbook_xlsx, pages.table_csv):
        with pytest.raises(HTTPProblem) as refused:
            action(helpers.visit(site, who, workbook="focus", table="people"))
        assert (refused.value.status, refused.value.id) == (403, "not_yours")


@pytest.mark.parametrize("name", ["nothing", "focus.nothing", "people.name"])
def test_a_table_that_is_not_there_is_not_found(site: Site, name: str) -> None:
    with pytest.raises(HTTPProblem) as refused:
        pages.table_csv(helpers.visit(site, "saule-m", table=name))
    assert refused.value.status == 404


def test_the_page_names_every_table_once_and_the_log_who_took_one(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    page = helpers.html(pages.listing(helpers.visit(site, "saule-m")))
    links = [link for link in helpers.addresses(page) if link.endswith(".csv")]
    assert len(links) == len(set(links)) > 15
    assert {f"{site.base}tables/{name}.csv" for name in FRAMES} <= set(links)
    with caplog.at_level("INFO", "ustaz.server"):
        pages.table_csv(helpers.visit(site, "saule-m", table="people"))
    assert "table people.csv was taken by saule-m" in caplog.text
    assert "Yerlan" not in caplog.text


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_command_writes_every_table_closed_to_others(
    course: Course, tmp_path: Path, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    to = tmp_path / "tables"
    assert run(["export", str(course.dir), str(to), "--format", form, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert sorted(said["files"]) == sorted(path.name for path in to.iterdir())
    assert {path.stat().st_mode & 0o77 for path in (to, *to.iterdir())} == {0}
    if form == "xlsx":
        assert "people" in sheets((to / "course.xlsx").read_bytes()).sheetnames
    else:
        assert len(read_csv((to / "people.csv").read_bytes())) == 5
        assert b"Only for me" not in b"".join(path.read_bytes() for path in to.iterdir())


def test_the_command_refuses_a_folder_that_is_there_or_in_the_course(
    course: Course, tmp_path: Path
) -> None:
    before = sorted(tmp_path.rglob("*"))
    for to in (tmp_path, course.dir / "tables", tmp_path / "none" / "tables"):
        assert run(["export", str(course.dir), str(to)]) == 12
    assert sorted(tmp_path.rglob("*")) == before


def test_a_failure_leaves_nothing_of_an_export(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ustaz.cohort.exporting.csv_of", fail)
    before = sorted(tmp_path.iterdir())
    assert run(["export", str(course.dir), str(tmp_path / "tables"), "--format", "csv"]) == 1
    assert sorted(tmp_path.iterdir()) == before


def test_without_its_library_parquet_is_refused_with_a_hint(
    course: Course,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    to = tmp_path / "tables"
    assert run(["export", str(course.dir), str(to), "--format", "parquet"]) == 1
    assert "pip install 'ustaz[parquet]'" in capsys.readouterr().err
    assert not to.exists()
