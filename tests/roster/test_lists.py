"""Lists as schools make them: read as the same people, or refused with row and column."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.styles import Font

from tests.roster.dressing import packed, text, xlsx
from ustaz import roster
from ustaz.base.ids import ROLES
from ustaz.course import Course
from ustaz.enrolment import Choice, import_list, plan_import
from ustaz.enrolment.choosing import checked_choice
from ustaz.enrolment.headings import LANG_OF, STATUS_OF, column_of, fold, roles_of
from ustaz.enrolment.problems import NOTES, PROBLEMS, Problem, gathered
from ustaz.messages import LANGUAGES, translator
from ustaz.roster.labels import WORDS
from ustaz.roster.people import STATUSES

BY = {"by": "saule-m"}

SURNAMES = ("Сейітова", "Ким", "Әбдіқадыр", "Щукина", "Тұрсынұлы", "Жүнісова", "Хамит", "Өтеген")
FIRST = ("Айгүл", "Ерлан", "Іңкәр", "Юлия", "Ғалия", "Бақытжан", "Қанат", "Нұргүл")
THIRD = ("Болатқызы", "Петрович", "")
GROUPS = ("Терек", "Самал", "Байтерек 2")
SCHOOLS = ("№ 5 мектеп", "Лицей «Нұр»", "Гимназия № 12")


def people(letters: str = "") -> st.SearchStrategy[list[tuple[str, str, str, str, str]]]:
    """Return lists of surname, first name, patronymic, group and school."""
    fits = lambda text: not letters or not set(text.lower()) - set(letters)  # noqa: E731
    return st.lists(
        st.tuples(
            st.sampled_from([one for one in SURNAMES if fits(one)]),
            st.sampled_from([one for one in FIRST if fits(one)]),
            st.sampled_from([one for one in THIRD if fits(one)]),
            st.sampled_from([one for one in GROUPS if fits(one)]),
            st.sampled_from([one for one in SCHOOLS if fits(one)]),
        ),
        min_size=2,
        max_size=7,
        unique_by=lambda one: one[:2],
    )


HEADINGS = (
    ("ФИО слушателя", "Группа", "Место работы"),
    ("Ф.И.О.\n(полностью)", "№ группы", "Наименование организации образования"),
    ("Аты-жөні", "Тобы", "Мектебі"),
    ("Тыңдаушының\u00a0аты-жөні:", "ТОБЫ", "Жұмыс орны"),
    ("Тегі, аты, әкесінің аты", "Топ", "Мектеп атауы"),
    ("ФИО / Аты-жөні", "Группа / Тобы", "Школа / Мектеп"),
    ("Full Name", "Group", "School name"),
)
IN_PIECES = (
    (("Фамилия", "Имя", "Отчество"), ("Группа", "Школа")),
    (("Тегі", "Аты", "Әкесінің аты (бар болса)"), ("Тобы", "Мектебі")),
    (("Surname", "First name", "Patronymic"), ("Group", "School")),
    (("ФАМИЛИЯ\u00a0", "Имя:", "Отчество (при наличии)"), ("группа", "Место работы")),
)


def whole(one: Sequence[str]) -> str:
    return " ".join(piece for piece in one[:3] if piece)


def expected(listed: Sequence[Sequence[str]]) -> list[tuple[str, str, str]]:
    return [(whole(one), one[3], one[4]) for one in listed]


def read(plan: roster.Plan) -> list[tuple[str, str, str]]:
    return [(one.person.name, one.person.group, one.person.school) for one in plan.planned]


def said(plan: roster.Plan) -> list[tuple[str, int, str]]:
    return [(one.id, one.place.row, one.place.column) for one in plan.problems]


def noted(plan: roster.Plan) -> set[str]:
    return {one.id for one in plan.notes}


fast = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

# -- dressings that are read ----------------------------------------------------------------------
#: Headings, rows: rows as they come and how many stand above the first person.
DRESSES: dict[str, Callable[[Sequence[str], list[list[str]]], list[list[str]]]] = {
    "plain": lambda head, rows: [list(head), *rows],
    "a title above": lambda head, rows: [["Список слушателей курса"], [], list(head), *rows],
    "sixty lines of notes above": lambda head, rows: [
        *([f"Примечание {number}: сохранить как есть"] for number in range(60)), list(head), *rows,
    ],
    "numbers in front": lambda head, rows: [
        ["№ п/п", *head], *([str(n), *one] for n, one in enumerate(rows, 1)),
    ],
    "numbers that go on": lambda head, rows: [
        ["Р/с №", *head], *([f"{n}.", *one] for n, one in enumerate(rows, 1)), ["98."], ["99."],
    ],
    "a row that numbers the columns": lambda head, rows: [
        list(head), [str(n) for n in range(1, len(head) + 1)], *rows,
    ],
    "empty columns behind": lambda head, rows: [[*head, "", ""], *([*one, "", ""] for one in rows)],
    "empty rows between": lambda head, rows: [
        list(head), *(line for one in rows for line in ([], one)),
    ],
    "numbers before the names": lambda head, rows: [
        list(head), *([f"{n}. {one[0]}", *one[1:]] for n, one in enumerate(rows, 1)),
    ],
    "columns that are none of ours": lambda head, rows: [
        ["ИИН", *head, "Телефон", "E-mail", "Дата рождения"],
        *(["870112345678", *one, "+7 701 123 45 67", "a@b.kz", "01.02.1987"] for one in rows),
    ],
    "the headings once more": lambda head, rows: [list(head), *rows[:1], list(head), *rows[1:]],
}  # fmt: skip


@fast
@given(people(), st.sampled_from(HEADINGS), st.sampled_from(sorted(DRESSES)), st.booleans())
def test_a_list_is_read_as_the_same_people_however_it_is_dressed(
    course: Course, listed: Any, head: tuple[str, ...], dress: str, sheet: bool
):
    rows = DRESSES[dress](head, [list(one) for one in expected(listed)])
    plan = plan_import(course, xlsx(rows) if sheet else text(rows, separator=";"))
    assert said(plan) == []
    assert read(plan) == expected(listed)


@fast
@given(people(), st.sampled_from(IN_PIECES), st.permutations(range(5)), st.booleans())
def test_a_name_in_pieces_is_joined_whatever_the_order_of_the_columns(
    course: Course, listed: Any, heads: Any, order: list[int], sheet: bool
):
    head = [*heads[0], *heads[1]]
    rows = [[row[index] for index in order] for row in [head, *listed]]
    plan = plan_import(course, xlsx(rows) if sheet else text(rows, separator="\t"))
    assert said(plan) == []
    assert read(plan) == expected(listed)


@fast
@given(
    people(),
    st.sampled_from(("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32",
                     "kz1048", "ptcp154")),
    st.sampled_from(",;\t|"), st.sampled_from(("\r\n", "\n", "\r")),
    st.sampled_from((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)),
    st.sampled_from(HEADINGS[2:5]),
)  # fmt: skip
def test_a_kazakh_text_is_read_or_refused_in_any_encoding(
    course: Course, listed: Any, encoding: str, separator: str, end: str, quoting: int, head: Any
):
    rows = [head, *expected(listed)]
    plan = plan_import(course, text(rows, encoding, separator, end, quoting))
    if plan.good:
        assert read(plan) == expected(listed)
    else:
        assert encoding in {"kz1048", "ptcp154"}
        assert [one.id for one in plan.problems] == ["unclear_letters"]


RUSSIAN = "абвгдежзийклмнопрстуфхцчшщъыьэюя№«» 0123456789"


@fast
@given(
    people(RUSSIAN + "л"), st.sampled_from(("cp1251", "mac_cyrillic", "koi8_r", "cp866")),
    st.sampled_from(",;\t"), st.sampled_from(HEADINGS[:2]),
)  # fmt: skip
def test_a_russian_text_is_read_or_refused_in_any_old_encoding(
    course: Course, listed: Any, encoding: str, separator: str, head: Any
):
    rows = [["ФИО", "Группа", "Школа"], *([one[0], one[1], "Школа 5"] for one in expected(listed))]
    plan = plan_import(course, text(rows, encoding, separator))
    if plan.good:
        assert read(plan) == [(name, group, "Школа 5") for name, group, _ in expected(listed)]
    else:
        assert [one.id for one in plan.problems] == ["unclear_letters"]


@pytest.mark.parametrize("encoding", ["cp1251", "cp1252", "latin-1", "mac_cyrillic"])
@pytest.mark.parametrize("sheet", [True, False])
def test_letters_that_were_encoded_twice_are_brought_back(
    course: Course, encoding: str, sheet: bool
):
    def twice(cell: str) -> str:
        data = cell.encode()
        return "".join(bytes([one]).decode(encoding, "ignore") or chr(one) for one in data)

    rows = [("Аты-жөні", "Тобы"), ("Айгүл Сейітова", "Самал"), ("Иван Иванов", "Терек")]
    cells = [[twice(cell) for cell in row] for row in rows]
    plan = plan_import(course, xlsx(cells) if sheet else text(cells))
    assert said(plan) == []
    assert [one.person.name for one in plan.planned] == ["Айгүл Сейітова", "Иван Иванов"]


def test_letters_that_are_lost_for_good_are_refused_with_row_and_column(course: Course):
    lossy = "Иван Игоревич".encode().decode("cp1251", "replace")
    assert said(plan_import(course, text([("Аты", "Тобы"), (lossy, "1")]))) == [
        ("lost_letters", 2, "A")
    ]
    broken = text([("Аты", "Тобы"), ("Айгүл", "1"), ("Ерлан Сейітов", "1")])
    at = broken.index("Ерлан".encode()) + 1
    plan = plan_import(course, broken[:at] + b"\xff" + broken[at + 1 :])
    assert said(plan) == [("broken_letters", 3, "")]


@pytest.mark.parametrize(
    "hint",
    ["sep=;\r\n", "SEP=;\n", "Sep = ;\r", '"sep=;"\r\n', "\ufeffsep=;\r\n", "sep=;;;\r\n",
     "sep=\r\n",
     'sep=";"\n', "sep=,\n"],
)  # fmt: skip
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_the_line_that_names_the_separator_is_understood_in_its_forms(
    course: Course, hint: str, encoding: str
):
    data = (hint + "ФИО;Роль\nЯн К.;король\n").encode(encoding)
    assert said(plan_import(course, data)) == [("bad_role", 2, "B")]
    tabs = (hint.replace(";", "\t") + "ФИО\tРоль\nЯн К.\tкороль\n").encode(encoding)
    assert said(plan_import(course, tabs)) == [("bad_role", 2, "B")]


@pytest.mark.parametrize("escape", ["_x000D_\n", "_x000d_", "_x0009_", "_x00A0_", "_x000A_"])
def test_what_spreadsheets_write_for_spaces_is_a_space(course: Course, escape: str):
    rows = [(f"ФИО{escape}", "Группа"), (f"Айгүл{escape}Б.", f"Самал{escape}")]
    plan = plan_import(course, xlsx(rows))
    assert read(plan) == [("Айгүл Б.", "Самал", "")]


@pytest.mark.parametrize(
    ("cell", "id"),
    [
        ("Айгүл_x200B_", "control"), ("Айгүл_x0001_", "control"), ("Айгүл_x202E_", "control"),
        ("Айгүл _x005F_x000D_", "escaped"), ("Айгүл &amp; Б.", "escaped"),
        ("Айг&#252;л", "escaped"),
        ("\\u0410йгүл", "escaped"), ("%D0%90йгүл", "escaped"),
    ],
)  # fmt: skip
def test_other_escapes_are_refused_and_not_taken_over(course: Course, cell: str, id: str):
    assert said(plan_import(course, xlsx([("ФИО", "Группа"), (cell, "1")]))) == [(id, 2, "A")]


def test_escapes_of_letters_are_the_letters(course: Course):
    plan = plan_import(course, xlsx([("_x0424_ИО",), ("_x0410_йгүл",)]))
    assert [one.person.name for one in plan.planned] == ["Айгүл"]


# -- workbooks that other programs pack -----------------------------------------------------------
PACKED: dict[str, dict[str, Any]] = {
    "strict": {"strict": True}, "prefixed": {"prefix": "x"}, "shared": {"shared": True},
    "without references": {"references": False}, "another folder": {"folder": "book"},
    "capitals": {"folder": "XL"}, "backslashes": {"slash": "\\"}, "absolute": {"absolute": True},
    "utf-16": {"encoding": "UTF-16"}, "without styles": {"styles": False}, "runs": {"runs": True},
    "shared runs": {"shared": True, "runs": True}, "stored": {"method": zipfile.ZIP_STORED},
    "bzip2": {"method": zipfile.ZIP_BZIP2}, "something before it": {"before": b"#!/bin/sh\n"},
    "strict and prefixed": {"strict": True, "prefix": "ss", "shared": True},
}  # fmt: skip


@pytest.mark.parametrize("how", PACKED)
def test_a_workbook_is_read_however_it_is_packed(course: Course, how: str):
    rows = [
        ("№", "ФИО", "Группа", "Школа"),
        ("1", "Айгүл С.", "", "№ 5"),
        ("2", "Ян К.", "Самал", ""),
    ]
    plan = plan_import(course, packed(rows, **PACKED[how]))
    assert said(plan) == []
    assert read(plan) == [("Айгүл С.", "", "№ 5"), ("Ян К.", "Самал", "")]


def archive(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, data in parts.items():
            package.writestr(name.replace("__", "/").replace("_", "."), data)
    return buffer.getvalue()


def encrypted() -> bytes:
    """Return a package whose parts say that they are encrypted."""
    data = bytearray(packed([("ФИО",), ("Ян",)]))
    at = 0
    while (at := data.find(b"PK\x01\x02", at)) >= 0:
        data[at + 8] |= 1
        at += 4
    return bytes(data)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.mark.parametrize(
    ("data", "id"),
    [
        (OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
        (OLE + "Workbook".encode("utf-16-le"), "old_excel"),
        (OLE + "WordDocument".encode("utf-16-le"), "document"),
        (encrypted(), "password"),
        (archive(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "open_document"),
        (archive(mimetype=b"application/vnd.oasis.opendocument.text"), "document"),
        (archive(Index__Document_iwa=b"x"), "numbers"),
        (archive(xl__workbook_bin=b"x"), "xlsb"),
        (archive(word__document_xml=b"<x/>"), "document"),
        (archive(list_csv=b"x"), "archive"),
        (b"%PDF-1.7\n...", "pdf"),
        (b"\n\n%PDF-1.4", "pdf"),
        (b"{\\rtf1 ...}", "document"),
        (b"\x1f\x8b\x08\0", "archive"),
        (b"Rar!\x1a\x07", "archive"),
        (b"<html><table><tr><td>Name</td></tr></table></html>", "web_page"),
        ("\ufeff<!DOCTYPE html><html>".encode("utf-16"), "web_page"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
         "xml_sheet"),
        (b"MIME-Version: 1.0\n", "web_page"),
        (b"PK\x05\x06" + b"\0" * 18, "not_a_sheet"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)  # fmt: skip
def test_a_file_of_another_kind_is_refused_as_what_it_is(course: Course, data: bytes, id: str):
    assert [one.id for one in import_list(course, data, **BY).problems] == [id]


# -- what is refused, with its place --------------------------------------------------------------
CLOSING = (
    "Итого", "ИТОГО:", "Всего: 25 человек", "Барлығы 25", "Жиыны", "Total", "М.П.", "Подпись",
    "Директор ____________ Иванов И.И.", "Мектеп директоры", "Қолы: ________", "Исполнитель Петров",
    "Завуч Ким Ю.А.", "Методист: Ахметова", "Дата: 12.09.2026", "Группа 1", "1 топ", "2026 г.",
    "25", "—", "Заместитель директора", "Утверждаю", "/Иванов И.И./", "Примечание", "№5 мектеп",
    "Список составлен в двух экземплярах для отдела образования города",
)  # fmt: skip


@pytest.mark.parametrize("line", CLOSING)
@pytest.mark.parametrize("gap", [0, 1])
@pytest.mark.parametrize("number", [True, False])
def test_a_total_or_a_signature_is_no_person(course: Course, line: str, gap: int, number: bool):
    rows: list[list[str]] = [["№ п/п", "ФИО", "Группа"], ["1", "Ян К.", "Самал"], *[[]] * gap]
    rows.append([line, "", "25"] if number and any(map(str.isalpha, line)) else ["", line, ""])
    for data in (xlsx(rows), text(rows, separator=";")):
        plan = plan_import(course, data)
        assert [one.place.row for one in plan.problems] == [len(rows)]
        assert plan.problems[0].id in {"not_a_person", "no_name", "date"}


@pytest.mark.parametrize(
    "name",
    ["Әйгүл С.", "Ким Юлия", "Жанар 12", "Абдул-Рахман ибн Мухаммад оглы", "О'Нил Шон", "Топай А.",
     "Жиынбай К.", "Барлыбек Т.", "Школьников И.", "Мектепбай А.", "Списков И.", "Ё. Я.",
     "Тоталова Т.", "Дата Г."],
)  # fmt: skip
def test_a_name_is_not_taken_for_a_total(course: Course, name: str):
    plan = plan_import(course, xlsx([("ФИО", "Группа"), (name, "1")]))
    assert said(plan) == []
    assert [one.person.name for one in plan.planned] == [name]


def test_a_name_alone_below_the_list_may_be_a_signature(course: Course):
    rows = [("ФИО", "Группа"), ("Ян К.", "Самал"), ("Юлия Ц.", "Самал"), (), ("Ахметова А.К.", "")]
    assert said(plan_import(course, xlsx(rows))) == [("apart", 5, "A")]
    alone = [("ФИО",), ("Ян К.",), (), ("Ахметова А.К.",)]
    assert said(plan_import(course, xlsx(alone))) == []


DATES = ("01.фев", "1-фев", "фев.26", "2026-02-01", "01.02.2026", "01.02.26", "1/2/2026", "Feb-26",
         "01.ақп", "2026-02-01 00:00:00", "01.02.2026 10:30", "8,7E+10", "8.70112E+11")  # fmt: skip
COLUMNS = ("person", "name", "group", "school", "account", "role", "lang", "status")


@pytest.mark.parametrize("column", COLUMNS)
def test_a_date_that_a_spreadsheet_made_is_refused_in_every_column(course: Course, column: str):
    head = ["name", column] if column != "name" else ["name", "note"]
    at = "B" if column != "name" else "A"
    values = (
        dt.date(2026, 2, 1),
        dt.datetime.fromisoformat("2026-02-01T10:30"),
        dt.time(1, 2),
        *DATES,
    )
    for value in values:
        row = ["Айгүл", value] if column != "name" else [value, "x"]
        plan = plan_import(course, xlsx([head, row]))
        assert [(one.place.row, one.place.column) for one in plan.problems] == [(2, at)], value
        if not isinstance(value, str):
            assert plan.problems[0].id == "date"


def test_a_date_in_a_column_that_is_not_used_is_nobodys_business(course: Course):
    rows = [("ФИО", "Дата рождения", "Группа"), ("Айгүл", dt.date(1987, 2, 1), "1-2")]
    plan = plan_import(course, xlsx(rows))
    assert read(plan) == [("Айгүл", "1-2", "")]
    assert "unused" in noted(plan)


def test_a_number_is_read_as_the_sheet_shows_it_or_refused(course: Course):
    def change(book: Any) -> None:
        book.active["B2"].number_format = "000"

    assert read(plan_import(course, xlsx([("ФИО", "Группа"), ("Ян", 7)], change)))[0][1] == "007"
    assert said(plan_import(course, xlsx([("ФИО", "Группа"), ("Ян", 1.1)]))) == [
        ("fraction", 2, "B")
    ]
    plan = plan_import(course, xlsx([("ФИО", "Группа"), ("Ян", 46054)]))
    assert "maybe_date" in noted(plan)


def repacked(data: bytes, change: Callable[[bytes], bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", 8) as new:
        for one in old.namelist():
            body = old.read(one)
            new.writestr(one, change(body) if one.endswith("sheet1.xml") else body)
    return buffer.getvalue()


def sheet_of(rows: Any, change: Callable[[Any], None]) -> bytes:
    return xlsx(rows, lambda book: change(book.active))


ROWS = (
    ("ФИО", "Группа", "Школа", "Стаж"),
    ("Ян К.", "Самал", "№ 5", "3"),
    ("Юлия Ц.", "Самал", "№ 5", "4"),
    ("Ерлан Б.", "Терек", "№ 7", "5"),
)


def test_hidden_and_struck_rows_and_columns_are_refused_with_their_place(course: Course):
    def hide(sheet: Any) -> None:
        sheet.row_dimensions[3].hidden = True

    def hide_column(sheet: Any) -> None:
        sheet.column_dimensions["B"].hidden = True

    def hide_unused(sheet: Any) -> None:
        sheet.column_dimensions["D"].hidden = True

    def strike(sheet: Any) -> None:
        sheet["A3"].font = Font(strike=True)
        sheet["D2"].font = Font(strike=True)

    assert said(plan_import(course, sheet_of(ROWS, hide))) == [("hidden_row", 3, "")]
    assert said(plan_import(course, sheet_of(ROWS, hide_column))) == [("hidden_column", 1, "B")]
    assert said(plan_import(course, sheet_of(ROWS, hide_unused))) == []
    assert said(plan_import(course, sheet_of(ROWS, strike))) == [("struck", 3, "A")]
    flat = repacked(xlsx(ROWS), lambda part: part.replace(b'<row r="4"', b'<row r="4" ht="0"'))
    assert said(plan_import(course, flat)) == [("hidden_row", 4, "")]


def test_a_text_that_is_struck_in_part_is_refused(course: Course):
    from openpyxl.cell.rich_text import CellRichText, TextBlock
    from openpyxl.cell.text import InlineFont

    rich = CellRichText("Ян ", TextBlock(InlineFont(strike=True), "К."))
    assert said(plan_import(course, xlsx([("ФИО",), (rich,)]))) == [("struck", 2, "A")]


def test_what_is_merged_downwards_counts_for_each_row(course: Course):
    rows = [list(one) for one in ROWS]
    rows[2][1] = rows[2][2] = rows[3][1] = rows[3][2] = None

    def merge(sheet: Any) -> None:
        sheet.merge_cells("B2:B4")
        sheet.merge_cells("C2:C6")

    plan = plan_import(course, sheet_of(rows, merge))
    assert said(plan) == []
    assert read(plan) == [(one[0], "Самал", "№ 5") for one in ROWS[1:]]


def test_what_is_merged_sideways_is_refused_with_its_place(course: Course):
    rows = [ROWS[0], ("Байтерек", None, None, None), *ROWS[1:]]
    plan = plan_import(course, sheet_of(rows, lambda sheet: sheet.merge_cells("A2:D2")))
    assert said(plan) == [("merged", 2, "B")]


def test_headings_in_two_rows_are_understood(course: Course):
    rows = [
        ("№", "Слушатель", None, None, "Школа", "Группа"),
        (None, "Фамилия", "Имя", "Отчество", None, None),
        (1, "Сейітова", "Айгүл", "Болатқызы", "Лицей", "Самал"),
    ]

    def merge(sheet: Any) -> None:
        sheet.merge_cells("B1:D1")
        for column in "AEF":
            sheet.merge_cells(f"{column}1:{column}2")

    for data in (sheet_of(rows, merge), text([["" if c is None else c for c in r] for r in rows])):
        plan = plan_import(course, data)
        assert said(plan) == []
        assert read(plan) == [("Сейітова Айгүл Болатқызы", "Самал", "Лицей")]
    broad = [("ФИО", None, None, "Группа"), ("Фамилия", "Имя", "Отчество", None), rows[2][1:5]]
    plan = plan_import(course, xlsx(broad))
    assert read(plan) == [("Сейітова Айгүл Болатқызы", "Лицей", "")]


def test_a_second_list_is_refused_and_another_sheet_is_named(course: Course):
    def two(book: Any) -> None:
        other = book.create_sheet("2 тобы")
        for row in ROWS:
            other.append(row)

    plan = plan_import(course, xlsx(ROWS, two))
    assert [(one.id, one.params) for one in plan.problems] == [("other_list", {"sheet": "2 тобы"})]

    def aside(book: Any) -> None:
        book.create_sheet("Пустой")
        book.create_sheet("Заметки").append(["Позвонить"])
        hidden = book.create_sheet("Тайный")
        hidden.sheet_state = "hidden"
        for row in ROWS:
            hidden.append(row)

    plan = plan_import(course, xlsx(ROWS, aside))
    assert plan.good
    named = [one.params["sheet"] for one in plan.notes if one.id == "other_sheet"]
    assert named == ["Заметки", "Тайный"]

    def behind(book: Any) -> None:
        two(book)
        book.active.delete_rows(1, 9)
        book.active["A1"] = "Титульный лист"

    plan = plan_import(course, xlsx(ROWS, behind))
    assert read(plan) == [one[:3] for one in ROWS[1:]]
    assert {one.params["sheet"] for one in plan.notes if one.id == "read_sheet"} == {"2 тобы"}
    second = [*ROWS, ("Аты-жөні", "Школа", "Группа"), ("Айгүл", "№ 5", "Самал")]
    assert said(plan_import(course, xlsx(second)))[0] == ("second_heading", 5, "")


def test_a_piece_of_a_name_that_lacks_is_said(course: Course):
    head = ("Фамилия", "Имя", "Отчество")
    assert said(plan_import(course, xlsx([head, ("", "Айгүл", "Б.")]))) == [("no_name", 2, "A")]
    assert said(plan_import(course, xlsx([head, ("Сейітова", "", "")]))) == [("no_name", 2, "B")]
    plan = plan_import(course, xlsx([head, ("Сейітова Айгүл", "", "")]))
    assert [one.person.name for one in plan.planned] == ["Сейітова Айгүл"]
    plan = plan_import(course, xlsx([("Фамилия", "ФИО"), ("Сейітова", "Сейітова Айгүл")]))
    assert [one.person.name for one in plan.planned] == ["Сейітова Айгүл"]
    assert "unused" in noted(plan)


@pytest.mark.parametrize(
    ("head", "row"),
    [
        (("Фамиля", "Имя"), ("Сейітова", "Айгүл")),
        (("Familiya", "Name"), ("Сейітова", "Айгүл")),
        (("Фамилия при рождении", "Имя"), ("Сейітова", "Айгүл")),
    ],
)
def test_a_surname_under_an_unknown_heading_is_not_passed_over(
    course: Course, head: tuple[str, ...], row: tuple[str, ...]
):
    assert said(plan_import(course, xlsx([head, row]))) == [("piece", 1, "A")]
    plan = plan_import(course, xlsx([head, row]), Choice(None, {"A": "surname"}))
    assert [one.person.name for one in plan.planned] == ["Сейітова Айгүл"]
    former = [("Фамилия", "Имя", "Девичья фамилия"), ("Сейітова", "Айгүл", "Ким")]
    assert said(plan_import(course, xlsx(former))) == []


@pytest.mark.parametrize("head", [("ФИO", "Tобы"), ("Aты-жөнi", "Tобы"), ("Ф\u200bИО", "Тобы")])
def test_headings_in_look_alike_letters_are_understood(course: Course, head: tuple[str, ...]):
    assert read(plan_import(course, xlsx([head, ("Айгүл", "1")]))) == [("Айгүл", "1", "")]


@pytest.mark.parametrize(
    ("name", "school", "id"),
    [
        ("вакансия", "№ 5", "not_a_person"), ("nan", "№ 5", "not_a_person"),
        ("Абай ауданы", "", "not_a_person"), ("Отдел образования", "", "not_a_person"),
        ("Айгүл Сейітова, Ерлан Ким", "№ 5", "two_names"), ("Ян К.; Юлия Ц.", "", "two_names"),
        ("Айгүл", "то же", "ditto"), ("Айгүл", "—", "ditto"), ("Айгүл", "#Н/Д", "ditto"),
    ],
)  # fmt: skip
def test_what_stands_for_nothing_or_for_several_is_refused(
    course: Course, name: str, school: str, id: str
):
    plan = plan_import(course, text([("ФИО", "Школа"), (name, school)], separator=";"))
    assert [(one.id, one.place.row) for one in plan.problems] == [(id, 2)]


def test_commas_within_headings_do_not_divide_them(course: Course):
    rows = [("Фамилия", "Имя, отчество"), ("Сейітова", "Айгүл Б."), ("Ким", "Юлия В.")]
    plan = plan_import(course, text(rows, separator=";"))
    assert [one.person.name for one in plan.planned] == ["Сейітова Айгүл Б.", "Ким Юлия В."]


def test_a_quotation_mark_that_swallows_rows_is_refused(course: Course):
    data = 'ФИО;Группа\n"Ян К.;Самал\nЮлия Ц.;Самал\nЕрлан";Терек\n'.encode()
    assert said(plan_import(course, data)) == [("bad_csv", 2, "")]
    data = 'ФИО;Группа\nЯн К.;Самал\n"Юлия Ц.;Самал\n'.encode()
    assert said(plan_import(course, data)) == [("bad_csv", 3, "")]


# -- choosing -------------------------------------------------------------------------------------
STRANGE = (("Кто", "Кем приходится"), ("Айгүл Сейітова", "методист"), ("Ян К.", "учитель"))


def test_unknown_headings_and_words_can_be_chosen(course: Course):
    plan = plan_import(course, xlsx(STRANGE))
    assert [one.id for one in plan.problems] == ["no_heading"]
    assert plan.offer is not None
    assert plan.offer.row == 1
    assert [(one.letter, one.heading, one.samples) for one in plan.offer.columns] == [
        ("A", "Кто", ("Айгүл Сейітова", "Ян К.")),
        ("B", "Кем приходится", ("методист", "учитель")),
    ]
    choice = Choice(None, {"A": "name", "B": "role"})
    plan = plan_import(course, xlsx(STRANGE), choice)
    assert said(plan) == [("bad_role", 2, "B")]
    assert plan.offer is not None
    assert plan.offer.words == ["методист"]
    good = checked_choice(1, {"A": "name", "B": "role"}, {"Методист": "facilitator"})
    assert good is not None
    plan = import_list(course, xlsx(STRANGE), choice=good, **BY)
    assert plan.applied
    assert [one.person.roles for one in plan.planned] == [("facilitator",), ("participant",)]
    assert plan_import(course, xlsx(STRANGE[1:]), Choice(0, {"A": "name", "B": ""})).good
    assert [one.id for one in plan_import(course, xlsx(STRANGE), Choice(1, {})).problems] == [
        "no_names"
    ]
    for wrong in ((-1, {}, {}), (1, {"A": "boss"}, {}), (1, {}, {"методист": "boss"})):
        assert checked_choice(*wrong) is None


def test_a_chosen_column_beats_its_heading_and_one_left_out_is_not_read(course: Course):
    rows = [("ФИО", "ФИО (рус.)", "Школа"), ("Айгүл", "Айгуль", "Лицей")]
    assert said(plan_import(course, xlsx(rows))) == [("twice_heading", 1, "B")]
    plan = plan_import(course, xlsx(rows), Choice(None, {"B": "", "C": "group"}))
    assert said(plan) == []
    assert [(one.person.name, one.person.school) for one in plan.planned] == [("Айгүл", "")]


def test_what_is_offered_repeats_no_number_or_address_of_a_person(course: Course):
    rows = [("Кто", "Что"), ("870112345678", "aigul@example.kz")]
    offer = plan_import(course, xlsx(rows)).offer
    assert "8701" not in str(offer)
    assert "example" not in str(offer)


# -- second persons -------------------------------------------------------------------------------
FIRST_LIST = "name,group,school\nАйгүл Сейітова,Самал,№5 мектеп\nІңкәр Әлі,Самал,№5 мектеп\n"


@pytest.mark.parametrize(
    ("name", "school"),
    [
        ("АЙГҮЛ СЕЙІТОВА", "№5 мектеп"), ("Aйгүл Сейітова", "№5 мектеп"),
        ("Айгүл Сейiтова", "№5 мектеп"), ("Айгүл  Сейітова ", "№ 5 мектеп"),
        ("айгүл сейітова", "Мектеп № 5"), ("Айгүл Сейітова", "№5 МЕКТЕП"),
        ("Айгүл Сейітова", "Школа 5"), ("Iңкәр Əлі", "№5 мектеп"), ("ІҢКӘР ƏЛІ", "5 мектеп"),
        ("Іңкәр Әлі", "N5 мeктеп"),
    ],
)  # fmt: skip
def test_look_alike_letters_and_capitals_make_no_second_person(
    course: Course, name: str, school: str
):
    import_list(course, FIRST_LIST.encode(), **BY)
    before = (course.dir / "people.csv").read_bytes()
    data = text([("name", "group", "school"), (name, "Самал", school)])
    plan = import_list(course, data, **BY)
    assert plan.applied
    assert (plan.of("new"), plan.of("changed")) == ([], [])
    assert (course.dir / "people.csv").read_bytes() == before


@pytest.mark.parametrize(
    "name", ["Сейітова Айгүл", "Айгуль Сеитова", "Aigul Seitova", "Айгүл Болатқызы Сейітова"]
)
def test_a_new_person_who_looks_like_another_is_pointed_out(course: Course, name: str):
    import_list(course, FIRST_LIST.encode(), **BY)
    plan = plan_import(course, text([("name", "school"), (name, "№5 мектеп")]))
    (there,) = [one for one in course.people.values() if one.name == "Айгүл Сейітова"]
    assert [one.params for one in plan.notes if one.id == "maybe_same"] == [
        {"person": there.person}
    ]
    both = text([("name", "school"), ("Жанар Ерғали", "s1"), ("Ерғали Жанар", "s1")])
    assert [one.params for one in plan_import(course, both).notes if one.id == "maybe_row"] == [
        {"row_of": 2}
    ]


def test_one_person_in_two_spellings_of_one_list_is_refused(course: Course):
    data = text([("ФИО", "Школа"), ("Жанар Ерғали", "№5 мектеп"), ("ЖАНАР ЕРҒАЛИ", "5 мектеп")])
    assert said(plan_import(course, data)) == [("same_person", 3, "A")]


def test_spellings_of_one_school_or_group_are_pointed_out(course: Course):
    data = text(
        [("ФИО", "Школа", "Группа"), ("А Б", "№5 мектеп", "7 топ"),
         ("В Г", "Школа № 5", "Группа 7"),
         ("Д Е", "5", "7-топ"), ("Ж З", "Лицей № 5", "Самал")]
    )  # fmt: skip
    plan = plan_import(course, data)
    alike = {one.params["school"] for one in plan.notes if one.id == "alike_school"}
    groups = {one.params["group"] for one in plan.notes if one.id == "alike_group"}
    assert (alike, groups) == ({"Школа № 5", "5"}, {"Группа 7", "7-топ"})


# -- what is said ---------------------------------------------------------------------------------
def test_sixty_notes_of_one_kind_are_one_line_after_those_that_count(course: Course):
    rows = [("ФИО", "Кем", "Группа"), *((f"Жанар К{'а' * n}", "x", "Самал") for n in range(60))]
    plan = plan_import(course, xlsx(rows))
    told = gathered(plan.notes)
    assert [one.note.id for one in told][:1] == ["unused"]
    assert told[-1].note.id == "new_id"
    assert told[-1].rows == "2–61"
    assert sum(one.note.id == "new_id" for one in told) == 1
    import_list(course, xlsx(rows), **BY)
    again = gathered(plan_import(course, xlsx(rows)).notes)
    assert [(one.note.id, one.rows) for one in again] == [("unused", ""), ("by_name", "2–61")]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_words_of_each_language_are_understood_where_a_list_uses_them(lang: str):
    gettext = translator(lang).gettext
    for role in ROLES:
        assert roles_of(gettext(WORDS[role])) == (role,)
    for one in LANGUAGES:
        assert LANG_OF[fold(gettext(WORDS[one]))] == one
    for one in STATUSES:
        assert STATUS_OF[fold(gettext(WORDS[one]))] == one
    assert column_of(gettext("Id")) == "person"  # as the page of a person calls it
    message, params = Problem("bad_role", params={"known": ROLES}).text(gettext)
    assert params["known"] == ", ".join(gettext(WORDS[one]) for one in ROLES)
    assert "{known}" in message


def test_every_complaint_of_a_list_says_what_to_do_in_three_languages():
    for text_ in (*PROBLEMS.values(), *NOTES.values()):
        for lang in ("ru", "kk"):
            assert translator(lang).gettext(text_) != text_


@fast
@given(st.binary(max_size=300), st.sampled_from(sorted(PACKED)))
def test_a_workbook_whose_parts_are_nonsense_is_refused_in_words(
    course: Course, data: bytes, how: str
):
    good = packed([("ФИО", "Группа"), ("Ян К.", "Самал")], **PACKED[how])
    at = len(good) // 2
    plan = plan_import(course, good[:at] + data + good[at + len(data) :])
    assert plan.good or plan.problems[0].id in PROBLEMS
