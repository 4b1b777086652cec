"""The one form of an account's name: however it is typed, it is the same account."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.roster.test_import import said
from ustaz.base.account import account_key, is_usable, mixes_alphabets
from ustaz.base.errors import UstazError
from ustaz.course import Course
from ustaz.course.identity import from_account
from ustaz.enrolment import import_list, move, plan_import
from ustaz.roster import RosterError


@given(st.text(max_size=30))
@example("0 ¨")
def test_every_spelling_of_a_name_is_the_same_account(name: str):
    key = account_key(name)
    assert account_key(key) == key
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert account_key(unicodedata.normalize(form, name)) == key


@given(st.text(st.characters(categories=("L", "N", "P", "Z")), max_size=12))
def test_capitals_and_small_letters_are_the_same_account(name: str):
    # Letter by letter: a final sigma becomes another small letter than one inside a word.
    for letter in name:
        assert account_key(letter.upper()) == account_key(letter.lower()) == account_key(letter)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Aigul.S", "aigul.s"),
        ("  Aigul S ", "aigul-s"),
        ("Ivan@School.kz", "ivan@school.kz"),
        ("АЙГҮЛ", "айгүл"),
        ("И\u0306ван", "йван"),
        ("STRAẞE", "strasse"),
        ("straße", "strasse"),
        ("İvan", "ivan"),
        ("ılgaz", "ilgaz"),
        ("ａｉｇｕｌ", "aigul"),
    ],
)
def test_a_name_is_written_as_people_read_it(written: str, key: str):
    assert account_key(written) == key
    assert is_usable(key)


@pytest.mark.parametrize(
    "name",
    ["", "a/b", "..", ".a", "-x", "_x", "a b\\c", "a%2fb", "a?b", "a#b", "a:b", "x" * 65, "a\0"],
)
def test_a_name_that_is_a_path_an_option_or_part_of_an_address_is_no_account(name: str):
    assert not is_usable(account_key(name))


def test_letters_of_two_alphabets_are_seen():
    assert mixes_alphabets("аigul-s")
    assert not mixes_alphabets("айгүл-5")
    assert not mixes_alphabets("12@34")


# -- in a roster ----------------------------------------------------------------------------------
ROW = "name,role,group,account\n"


@pytest.mark.parametrize("account", ["Galiya.B", "ҒАЛИЯ", "Straße", "İlyas", "GALIYA@School.kz"])
def test_who_is_listed_with_any_spelling_comes_in_with_every_other(course: Course, account: str):
    import_list(course, f"{ROW}Ғалия Б.,participant,g1,{account}\n".encode(), by="saule-m")
    for typed in (account, account.lower(), account.upper(), unicodedata.normalize("NFD", account)):
        assert from_account(course, account_key(typed)).person == "galiya-b"


@pytest.mark.parametrize(
    ("rows", "id"),
    [
        ("Ғалия Б.,participant,g1,Galiya\nЯн К.,participant,g1,GALIYA\n", "same_account"),
        ("Ғалия Б.,participant,g1,straße\nЯн К.,participant,g1,STRASSE\n", "same_account"),
        ("Ян К.,participant,g1,a/b\n", "bad_account"),
        ("Ян К.,participant,g1,.a\n", "bad_account"),
        ("Ян К.,participant,g1,two words\n", "bad_account"),
        ("Ян К.,participant,g1,аigul\n", "mixed_account"),
    ],
)
def test_twins_and_names_that_nobody_can_type_are_refused(course: Course, rows: str, id: str):
    before = (course.dir / "people.csv").read_bytes()
    plan = import_list(course, (ROW + rows).encode(), by="saule-m")
    assert [one[0] for one in said(plan)] == [id]
    assert (course.dir / "people.csv").read_bytes() == before


def test_an_id_is_an_account_too_and_has_no_twin(course: Course):
    data = b"person,name,role,group,account\nnew-one,New O.,participant,g1,Olga-P\n"
    assert [one[0] for one in said(plan_import(course, data))] == ["other_account"]


def test_a_new_id_is_not_like_anybodys_account(course: Course):
    data = (
        "name,role,group,account\nҒалия Б.,participant,g1,yan-k\nЯн К.,participant,g1,\n"
    ).encode()
    plan = import_list(course, data, by="saule-m")
    assert sorted(one.person.signs_in_as for one in plan.planned) == ["yan-k", "yan-k-2"]


def test_twins_written_by_hand_come_in_neither_and_a_change_makes_no_new_ones(course: Course):
    path = course.dir / "people.csv"
    text = path.read_text(encoding="utf-8")
    twins = "tw-1,T O.,participant,g1,,en,Same\ntw-2,T T.,participant,g1,,en,SAME\n"
    path.write_text(text + twins, encoding="utf-8")
    with pytest.raises(UstazError):
        from_account(course, "same")
    assert move(course, "tw-1", "g2", by="saule-m").group == "g2"  # what is there goes on
    with pytest.raises(UstazError):
        from_account(course, "same")


def test_whose_line_names_the_account_comes_before_whose_id_is_like_it(course: Course):
    path = course.dir / "people.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}aa-1,A A.,participant,g1,,en,bb-2\nbb-2,B B.,staff,,,en,\n")
    assert from_account(course, "bb-2").person == "aa-1"


def test_a_change_that_would_make_a_twin_is_refused_by_the_writer_itself(course: Course):
    from ustaz.roster.writing import write

    def twin(people, past):
        people["olga-p"] = people["olga-p"].having(account="AIGUL-S")
        return people, []

    with pytest.raises(RosterError) as caught:
        write(course.dir, twin, by="", how="command")
    assert caught.value.id == "same_account"
