"""Lists of people: every habit of writing them is read, and no mistake changes anything."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.server import helpers
from ustaz import enrolment, roster
from ustaz.course import Course
from ustaz.enrolment import import_list, plan_import
from ustaz.enrolment.problems import NOTES, PROBLEMS, SheetError
from ustaz.enrolment.sheets import MAX_FILE, MAX_ROWS, read_sheet
from ustaz.roster.likeness import look

BY = {"by": "saule-m"}


def xlsx(*rows: tuple[Any, ...], title: str = "Sheet") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def said(plan: roster.Plan) -> list[tuple[str, int, str, str]]:
    return [(one.id, one.place.row, one.place.column, one.place.heading) for one in plan.problems]


HEADINGS = {
    "en": ("Name", "Role", "Group", "School", "Language", "Account", "Status", "Person"),
    "ru": ("ФИО", "Роль", "Группа", "Школа", "Язык", "Логин", "Статус", "Код"),
    "kk": ("Аты-жөні", "Рөлі", "Тобы", "Мектебі", "Тілі", "Тіркелгі", "Күйі", "Жеке код"),
}
CELLS = {
    "en": ("Ғалия Б.", "teacher", "3 топ", "№ 5", "Kazakh", "galiya", "on leave", ""),
    "ru": ("Ғалия Б.", "Участница", "3 топ", "№ 5", "казахский", "galiya", "в отпуске", ""),
    "kk": ("Ғалия Б.", "Қатысушы", "3 топ", "№ 5", "қазақша", "galiya", "демалыста", ""),
}


@pytest.mark.parametrize("lang", ["en", "ru", "kk"])
@pytest.mark.parametrize("turn", [1, -1])
def test_headings_roles_and_languages_are_read_in_three_languages_in_any_order(
    course: Course, lang: str, turn: int
):
    plan = plan_import(course, xlsx(HEADINGS[lang][::turn], CELLS[lang][::turn]))
    assert said(plan) == []
    (one,) = plan.of("new")
    assert (one.person.person, one.person.name, one.person.roles) == (
        "galiya-b",
        "Ғалия Б.",
        ("participant",),
    )
    assert (one.person.groups, one.person.school, one.person.lang) == (("3 топ",), "№ 5", "kk")
    assert (one.person.account, one.person.status) == ("galiya", "leave")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_text_file_is_read_whatever_program_wrote_it(
    course: Course, delimiter: str, encoding: str, ending: str
):
    rows = (("Name", "Role", "School"), ("Ғалия Б.", "teacher", '"5"'), ("Ян, К.", "", "x;y"))
    lines = [
        delimiter.join('"' + cell.replace('"', '""') + '"' if row > 0 else cell for cell in cells)
        for row, cells in enumerate(rows)
    ]
    plan = plan_import(course, (ending.join(lines) + ending).encode(encoding))
    assert said(plan) == []
    assert [(one.person.name, one.person.school) for one in plan.of("new")] == [
        ("Ғалия Б.", '"5"'),
        ("Ян, К.", "x;y"),
    ]


def test_a_russian_list_in_the_old_encoding_is_read(course: Course):
    data = "ФИО;Роль;Группа\r\nСветлана К.;Участник;g1\r\n".encode("cp1251")
    (one,) = plan_import(course, data).of("new")
    assert (one.person.person, one.person.name) == ("svetlana-k", "Светлана К.")


def test_kazakh_letters_that_the_old_encoding_lost_are_said_and_not_taken_over(course: Course):
    data = "ФИО;Группа\r\nӘйгүл С.;g1\r\n".encode("cp1251", "replace")
    assert said(plan_import(course, data)) == [("lost_letters", 2, "A", "ФИО")]


def test_a_title_above_the_headings_and_empty_rows_keep_their_numbers(course: Course):
    data = xlsx(("Список",), (), ("ФИО", "Роль"), (), ("Ян К.", "директор"), ("Ян Л.", "король"))
    assert said(plan_import(course, data)) == [("bad_role", 6, "B", "Роль")]
    text = "Список;\n;\nФИО;Роль\n\nЯн К.;директор\nЯн Л.;король\n"
    assert said(plan_import(course, text.encode())) == [("bad_role", 6, "B", "Роль")]
    hinted = f"sep=;\n{text}"
    assert said(plan_import(course, hinted.encode())) == [("bad_role", 6, "B", "Роль")]


def test_all_mistakes_are_said_at_once_with_row_and_column(course: Course):
    before = (course.dir / "people.csv").read_bytes()
    data = xlsx(
        ("Person", "Name", "Role", "Group", "School", "Language", "Account"),
        ("", "Жанар Е.", "boss", "g1", "s1", "kk", ""),
        ("Bad Id", "Жанар Ж.", "", "g1", "s1", "de", ""),
        ("", "", "teacher", "g1", "s1", "", ""),
        ("", "Жанар З.", "teacher", "g1; g2", "s1", "", "two words"),
        ("", "Жанар И.", "", "<b>", "s1", "", ""),
        ("", "Жанар К.", "", "", "x" * 81, "", ""),
    )
    plan = import_list(course, data, **BY)
    assert not plan.applied
    assert said(plan) == [
        ("bad_role", 2, "C", "Role"),
        ("bad_person", 3, "A", "Person"),
        ("bad_lang", 3, "F", "Language"),
        ("no_name", 4, "B", "Name"),
        ("bad_account", 5, "G", "Account"),
        ("bad_group", 6, "D", "Group"),
        ("too_long", 7, "E", "School"),
    ]
    assert (course.dir / "people.csv").read_bytes() == before
    one_group = xlsx(("Name", "Group"), ("Жанар З.", "g1; g2"))
    assert said(plan_import(course, one_group)) == [("one_group", 2, "B", "Group")]


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("870112345678", "personal_number"),
        ("Әйгүл 870112 345678", "personal_number"),
        ("Әйгүл 870112-345678", "personal_number"),
        ("+7 701 123 45 67", "phone"),
        ("Әйгүл 8(701)123-45-67", "phone"),
        ("87011234567", "phone"),
        ("7011234567", "phone"),
        ("aigul@example.kz", "email"),
        ("=1+1", "formula_like"),
        ("@SUM(A1)", "formula_like"),
        ("Әй\u202eгүл", "control"),
        ("Ай?ул", "lost_letters"),
    ],
)
def test_numbers_addresses_and_formulas_are_refused_with_a_reason(
    course: Course, name: str, id: str
):
    assert said(plan_import(course, f"Name;Group\n{name};g1\n".encode())) == [(id, 2, "A", "Name")]
    if id in {"personal_number", "phone", "email"}:
        plan = plan_import(course, f"Name;Person\nЖанар;{name}\n".encode())
        assert said(plan) == [(id, 2, "B", "Person")]


def test_a_personal_number_is_refused_in_any_column_we_keep(course: Course):
    for column in ("School", "Group", "Account"):
        plan = plan_import(course, f"Name;{column}\nЖанар;870112345678\n".encode())
        assert said(plan) == [("personal_number", 2, "B", column)]


def test_what_the_refused_cell_held_is_not_repeated(course: Course):
    plan = plan_import(course, b"Name\n870112345678\n")
    assert "870112345678" not in str(plan.to_json())


def test_a_column_that_we_do_not_know_is_not_used_and_said(course: Course):
    plan = plan_import(course, "Name;Phone\nЖанар;87011234567\n".encode())
    assert plan.good
    assert ("unused", "Phone") in [(one.id, one.place.heading) for one in plan.notes]
    import_list(course, "Name;Phone\nЖанар;87011234567\n".encode(), **BY)
    assert "8701" not in (course.dir / "people.csv").read_text("utf-8")


# -- whom a row means -----------------------------------------------------------------------------
def test_people_are_found_by_id_then_account_then_name_and_school(course: Course):
    import_list(course, b"Person;Name;Account\nolga-p;Olga P.;olga\n", **BY)
    data = xlsx(
        ("Person", "Name", "School", "Account", "Group"),
        ("yerlan-b", "Ерлан Б.", "", "", "g1"),
        ("", "Ольга", "", "olga", ""),
        ("", "Әйгүл С.", "s1", "", "g2"),
        ("", "Әйгүл С.", "s9", "", "g2"),
    )
    plan = plan_import(course, data)
    assert said(plan) == []
    assert [(one.person.person, one.fields) for one in plan.of("changed")] == [
        ("yerlan-b", ("name", "groups")),
        ("olga-p", ("name",)),
        ("aigul-s", ("groups",)),
    ]
    assert [one.person.person for one in plan.of("new")] == ["aigul-s-2"]
    assert {one.id for one in plan.notes} == {"by_account", "by_name", "new_id", "maybe_same"}
    assert plan.left_alone == ["nurgul-a", "dina-f", "bakhyt-d", "saule-m"]


def test_a_list_without_schools_means_the_people_who_are_there(course: Course):
    plan = plan_import(course, "Name;Group\nӘйгүл С.;g2\n".encode())
    assert [(one.person.person, one.fields) for one in plan.planned] == [("aigul-s", ("groups",))]


def test_whom_a_row_means_must_be_clear(course: Course):
    import_list(course, "Name;School\nЖанар;s1\nЖанар;s2\n".encode(), **BY)
    assert said(plan_import(course, "Name\nЖанар\n".encode())) == [("several", 2, "A", "Name")]
    twice = "Name;School\nЯна;s1\nЯна;s1\n".encode()
    assert said(plan_import(course, twice)) == [("same_person", 3, "A", "Name")]
    import_list(course, b"Person;Account\nolga-p;olga\n", **BY)
    other = b"Person;Name;Account\naigul-s;A;olga\n"
    assert said(plan_import(course, other)) == [("other_account", 2, "C", "Account")]
    both = b"Person;Name;Account\nx-1;A;new\nx-2;B;new\n"
    assert said(plan_import(course, both)) == [("same_account", 3, "C", "Account")]


def test_an_empty_cell_changes_nothing_and_absent_people_stay(course: Course):
    before = dict(course.people)
    plan = import_list(course, b"Person;Name;Group;School;Role\nolga-p;;;;\n", **BY)
    assert plan.applied
    assert len(plan.of("unchanged")) == 1
    assert course.people == before


def test_an_id_that_somebody_had_once_is_not_given_to_another(course: Course):
    (course.dir / "people" / "zhanar-e").mkdir(parents=True)
    (one,) = plan_import(course, "Name\nЖанар Е.\n".encode()).of("new")
    assert one.person.person == "zhanar-e-2"


def test_a_group_that_the_course_does_not_have_yet_is_said_once(course: Course):
    rows = [("Name", "Group"), ("Ғалия Б.", "3 топ"), ("Өмір Т.", "3 топ"), ("Қанат С.", "g1")]
    plan = plan_import(course, xlsx(*rows))
    new = [(one.place.row, one.params) for one in plan.notes if one.id == "new_group"]
    assert new == [(2, {"group": "3 топ"})]


def test_groups_schools_and_facilitators_come_in_one_file(course: Course):
    data = xlsx(
        ("Аты-жөні", "Рөлі", "Тобы", "Мектебі"),
        ("Жанар Е.", "фасилитатор", "1 топ; 2 топ", ""),
        ("Ғалия Б.", "қатысушы", "1 топ", "№ 5"),
        ("Қанат С.", "қатысушы", "2 топ", "№ 6"),
        ("Өмір Т.", "мектеп директоры", "", "№ 5"),
    )
    assert import_list(course, data, **BY).applied
    assert course.person("zhanar-e").groups == ("1 топ", "2 топ")
    assert [one.person for one in course.group_of("zhanar-e")] == ["galiya-b", "kanat-s"]
    assert course.person("omir-t").roles == ("director",)


# Three hyphens or four dots in a row are a blank to be filled in, which a list is refused for.
cells = st.text(st.sampled_from("АӘбғгЕёқ Zaz.-"), min_size=1, max_size=9).filter(
    lambda name: (
        name.strip(" .-")
        and name.strip()[0] not in "-."
        and "---" not in name
        and "...." not in name
    )
)
people = st.lists(
    st.tuples(
        cells, st.sampled_from(["", "teacher", "facilitator", "қатысушы; staff"]),
        st.sampled_from(["", "g1", "1 топ", "g2"]), st.sampled_from(["", "s1", "s2"]),
        st.sampled_from(["", "kk", "Russian"]), st.sampled_from(["", "active", "leave"]),
    ),
    min_size=1, max_size=8,
    unique_by=lambda one: look(one[0]),
)  # fmt: skip


@settings(max_examples=40)
@given(people, st.booleans())
def test_the_same_list_twice_changes_nothing_the_second_time(
    tmp_path_factory: pytest.TempPathFactory, listed: list[tuple[str, ...]], sheet: bool
):
    rows = [("Name", "Role", "Group", "School", "Language", "Status"), *listed]
    data = xlsx(*rows) if sheet else "\n".join("\t".join(one) for one in rows).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("USTAZ_NOW", helpers.NOW)
        course = helpers.make_course(tmp_path_factory.mktemp("twice") / "course")
        first = import_list(course, data, **BY)
        assert first.applied, said(first)
        after = (course.dir / "people.csv").read_bytes()
        lines = len(course.past.entries)
        second = import_list(course, data, **BY)
        assert second.applied
        assert {one.kind for one in second.planned} == {"unchanged"}
        assert [one.person for one in second.planned] == [
            course.people[one.person.person] for one in first.planned
        ]
        assert (course.dir / "people.csv").read_bytes() == after
        assert len(course.past.entries) == lines


def test_a_plan_that_no_longer_fits_is_not_carried_out(course: Course):
    data = b"Person;Group\nolga-p;g2\n"
    digest = plan_import(course, data).digest
    enrolment.move(course, "olga-p", "g3", **BY)
    assert import_list(course, data, digest=digest, **BY).applied
    enrolment.move(course, "olga-p", "g2", **BY)
    again = import_list(course, data, digest=digest, **BY)
    assert not again.applied
    assert again.good


# -- hostile files --------------------------------------------------------------------------------
def repacked(data: bytes, part: str, change: Any) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", 8) as new:
        for one in old.namelist():
            body = old.read(one)
            new.writestr(one, change(body) if one == part else body)
    return buffer.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
GOOD = (("Name", "Group"), ("Жанар", "g1"))


def bomb() -> bytes:
    return repacked(xlsx(*GOOD), SHEET, lambda _: b"<a/>" + b" " * (60 * 1024 * 1024))


def entities() -> bytes:
    head = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]>'
    return repacked(xlsx(*GOOD), SHEET, lambda body: head + body[body.index(b"<worksheet") :])


def lying() -> bytes:
    """Return a package whose part unpacks to more than it declares."""
    data = bytearray(xlsx(*GOOD))
    at = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 24, 5)
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "id"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"Name;Group\n", "empty"),
        (b"a;b\nc;d\n", "no_heading"),
        (b"x" * (MAX_FILE + 1), "too_large"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old_excel"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not_a_sheet"),
        (b"PK\x03\x04nonsense", "damaged"),
        (b'Name;Group\n"open;g1\n', "bad_csv"),
        (b"Name;Group\n" + b"A;g1\n" * (MAX_ROWS + 1), "too_many_rows"),
        (bomb(), "bomb"),
        (entities(), "bomb"),
        (lying(), "damaged"),
        (xlsx(*GOOD)[:-30], "damaged"),
        (repacked(xlsx(*GOOD), "xl/workbook.xml", lambda _: b"<nonsense"), "damaged"),
        (repacked(xlsx(*GOOD), SHEET, lambda _: b"<nonsense"), "damaged"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_a_file_that_is_no_list_is_refused_as_a_whole(course: Course, data: bytes, id: str):
    plan = import_list(course, data, **BY)
    assert [one.id for one in plan.problems] == [id]
    assert course.past.of("a") == []
    assert len(course.people) == 7


def test_a_workbook_without_a_workbook_is_refused(course: Course):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("evil.txt", "x")
    assert [one.id for one in plan_import(course, buffer.getvalue()).problems] == ["not_a_sheet"]


def test_a_formula_is_neither_evaluated_nor_taken_over(course: Course):
    data = xlsx(("Name", "School"), ("Жанар", '=HYPERLINK("http://else.example")'))
    assert said(plan_import(course, data)) == [("formula", 2, "B", "School")]


def test_a_sheet_that_lies_about_its_size_is_read_as_it_is(course: Course):
    def wide(body: bytes) -> bytes:
        return body.replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"')

    data = repacked(xlsx(*GOOD), SHEET, wide)
    assert b"XFD" in zipfile.ZipFile(io.BytesIO(data)).read(SHEET)
    assert len(plan_import(course, data).of("new")) == 1


def test_a_row_beyond_the_end_of_any_sheet_is_refused(course: Course):
    data = repacked(xlsx(*GOOD), SHEET, lambda body: body.replace(b'r="2"', b'r="99999999"'))
    assert [one.id for one in plan_import(course, data).problems] == ["damaged"]


def test_numbers_and_dates_are_read_as_people_see_them():
    rows = read_sheet(xlsx(("Name", "Group"), ("Жанар", 3.0), ("Ян", True)))
    assert [one.cells for one in rows[1:]] == [("Жанар", "3"), ("Ян", "true")]


def test_a_heading_that_stands_twice_is_said(course: Course):
    plan = plan_import(course, b"Name;Group;Name\nA;g1;B\n")
    assert said(plan) == [("twice_heading", 1, "C", "Name")]


@given(st.binary(max_size=400))
def test_any_bytes_are_a_list_or_a_refusal(data: bytes):
    for head in (b"", b"Name;Group\n", "ФИО\t".encode("utf-16"), b"PK\x03\x04"):
        try:
            read_sheet(head + data)
        except SheetError as error:
            refused = error.problem.id
        else:
            continue
        assert refused in PROBLEMS


def test_every_complaint_has_words_in_three_languages():
    from ustaz.messages import translator

    for text in (*PROBLEMS.values(), *NOTES.values()):
        for lang in ("ru", "kk"):
            assert translator(lang).gettext(text) != text


def test_five_thousand_people_come_in_one_file(course: Course, tmp_path: Path):
    rows = "\n".join(f"Жанар {number};g{number % 40}" for number in range(MAX_ROWS))
    plan = import_list(course, f"Name;Group\n{rows}\n".encode(), **BY)
    assert plan.applied
    assert len(course.people) == MAX_ROWS + 7
    assert len({one.person for one in course.people.values()}) == MAX_ROWS + 7
