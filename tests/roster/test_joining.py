"""Spellings of one school or group become one: looked at, joined and undone as a whole."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.server import helpers
from ustaz import enrolment
from ustaz.course import Course
from ustaz.deadlines import extensions, scoped
from ustaz.enrolment import import_list
from ustaz.enrolment.joining import (
    can_undo_join,
    join,
    join_digest,
    joins,
    names_in,
    offers,
    plan_join,
    undo_join,
)
from ustaz.roster import RosterError
from ustaz.roster.history import play
from ustaz.roster.likeness import group_core, heard, look, school_core

BY = {"by": "saule-m", "how": "page"}
LIST = """\
ФИО;Роль;Школа;Группа
Айгүл Сейітова;;№5 мектеп;7 топ
Ерлан Ким;;Школа № 5;Группа 7
Юлия Цой;;5;7-топ
Іңкәр Әлі;;Лицей № 5;Самал
Жанар Ерғали;фасилитатор;;7 топ; Группа 7
"""


@pytest.fixture
def spelled(course: Course) -> Course:
    text = LIST.replace("7 топ; Группа 7", '"7 топ; Группа 7"')
    assert import_list(course, text.encode(), by="saule-m").applied
    return course


def schools(course: Course) -> list[str]:
    return [one.school for one in course.people.values() if " " in one.name and one.school]


def test_what_looks_like_one_school_or_group_is_offered(spelled: Course):
    assert ["№5 мектеп", "Школа № 5", "5"] in offers(spelled.people, "school")
    assert ["7 топ", "Группа 7", "7-топ"] in offers(spelled.people, "group")
    assert names_in(spelled.people, "group")["7 топ"] == 2
    assert all("Лицей № 5" not in one for one in offers(spelled.people, "school"))


def test_schools_are_joined_with_a_history_and_undone_as_a_whole(spelled: Course):
    before = dict(spelled.people)
    names = ["№5 мектеп", "Школа № 5", "5"]
    changed = plan_join(spelled.people, "school", names, "№ 5  мектеп")
    assert {one.school for one in changed.values()} == {"№ 5 мектеп"}
    assert spelled.people == before
    done = join(spelled, "school", names, "№ 5 мектеп", digest=join_digest(changed), **BY)
    assert sorted(done) == sorted(changed)
    assert schools(spelled).count("№ 5 мектеп") == 3
    (made,) = joins(spelled.past)
    assert (made.kind, made.into, set(made.spellings)) == ("school", "№ 5 мектеп", set(names))
    for person in done:
        assert enrolment.history(spelled, person)[-1].by == "saule-m"
    assert can_undo_join(spelled.people, spelled.past, made, spelled.today())
    assert sorted(undo_join(spelled, made.number, **BY)) == sorted(done)
    assert spelled.people == before
    with pytest.raises(RosterError) as error:
        undo_join(spelled, made.number, **BY)
    assert error.value.id == "changed_since"
    with pytest.raises(RosterError) as error:
        undo_join(spelled, 99_999, **BY)
    assert error.value.id == "no_entry"


def test_groups_are_joined_for_facilitators_and_whoever_stands_in_too(spelled: Course):
    before = dict(spelled.people)
    today = spelled.today()
    week = dt.timedelta(days=7)
    enrolment.substitute(spelled, "Группа 7", "dina-f", today - week, today + week, by="saule-m")
    enrolment.substitute(spelled, "7-топ", "dina-f", today + week, today + 2 * week, by="saule-m")
    join(spelled, "group", ["7 топ", "Группа 7", "7-топ"], "7 топ", **BY)
    assert spelled.person("zhanar-e").groups == ("7 топ",)
    standing = [one for one in spelled.past.substitutions if one.end >= today]
    assert [(one.group, one.start, one.end) for one in standing] == [
        ("7 топ", today, today + week),
        ("7 топ", today + week, today + 2 * week),
    ]
    over = [one for one in spelled.past.substitutions if one.end < today]
    assert [(one.group, one.start) for one in over] == [("Группа 7", today - week)]
    (made,) = joins(spelled.past)
    undo_join(spelled, made.number, **BY)
    assert spelled.people == before
    standing = [one for one in spelled.past.substitutions if one.end >= today]
    assert {one.group for one in standing} == {"Группа 7", "7-топ"}


@pytest.mark.parametrize(
    ("kind", "names", "into", "id"),
    [
        ("school", [], "x", "bad_join"), ("school", ["nowhere"], "x", "bad_join"),
        ("school", ["5"], "", "bad_join"), ("school", ["5"], "5", "bad_join"),
        ("school", ["5"], "x" * 81, "bad_school"), ("school", ["5"], "=5", "bad_school"),
        ("school", ["5"], "a\x00b", "bad_school"), ("group", ["7 топ"], "<b>", "bad_group"),
        ("role", ["staff"], "x", "bad_join"),
    ],
)  # fmt: skip
def test_what_cannot_be_joined_is_refused_and_changes_nothing(
    spelled: Course, kind: str, names: list[str], into: str, id: str
):
    before = (spelled.dir / "people.csv").read_bytes()
    with pytest.raises(RosterError) as error:
        join(spelled, kind, names, into, **BY)
    assert error.value.id == id
    assert (spelled.dir / "people.csv").read_bytes() == before


def test_a_join_that_would_change_others_by_now_is_not_carried_out(spelled: Course):
    names = ["Школа № 5", "5"]
    digest = join_digest(plan_join(spelled.people, "school", names, "5"))
    import_list(spelled, "ФИО;Школа\nЯн К.;Школа № 5\n".encode(), by="saule-m")
    with pytest.raises(RosterError) as error:
        join(spelled, "school", names, "5", digest=digest, **BY)
    assert error.value.id == "join_changed"
    assert "Школа № 5" in schools(spelled)


def test_a_join_whose_people_were_changed_since_is_not_undone(spelled: Course):
    join(spelled, "group", ["Группа 7"], "7 топ", **BY)
    (made,) = joins(spelled.past)
    enrolment.move(spelled, "erlan-k", "Самал", by="saule-m")
    assert not can_undo_join(spelled.people, spelled.past, made, spelled.today())
    with pytest.raises(RosterError):
        undo_join(spelled, made.number, **BY)
    assert spelled.person("erlan-k").groups == ("Самал",)


def test_what_was_granted_to_a_spelling_holds_for_the_one_that_stays(spelled: Course):
    start = spelled.today()
    book, about = scoped.ledger(spelled.dir)
    for target, days in (("Школа № 5", 10), ("5", 20), ("Лицей № 5", 90)):
        until = (start + dt.timedelta(days=days)).isoformat()
        line = {"scope": "school", "target": target, "workbook": "focus", "reason": "a flood"}
        book.append(about, {**line, "until": until, "by": "saule-m", "how": "page"})
    for _ in range(2):
        extensions.carry(
            spelled, "school", ["Школа № 5", "5"], "№5 мектеп", by="saule-m", how="page"
        )
        held = extensions.standing(extensions.shared(spelled))
        granted = held["school", "№5 мектеп", "focus"]
        assert (granted.until - start, granted.reason) == (dt.timedelta(days=20), "a flood")
    lines = [one for one in extensions.shared(spelled) if one.target == "№5 мектеп"]
    assert len(lines) == 1


names = st.sampled_from(["№5 мектеп", "5", "Школа № 5", "Лицей № 5", "s1"])


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(names, min_size=1, max_size=3), names)
def test_the_history_of_joins_played_is_the_present_and_undoing_brings_all_back(
    tmp_path_factory: pytest.TempPathFactory, chosen: list[str], into: str
):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("USTAZ_NOW", helpers.NOW)
        course = helpers.make_course(tmp_path_factory.mktemp("join") / "course")
        text = LIST.replace("7 топ; Группа 7", "Самал")
        assert import_list(course, text.encode(), by="saule-m").applied
        before = dict(course.people)
        with suppress(RosterError):
            join(course, "school", chosen, into, **BY)
        if course.people == before:
            assert "s1" in {*chosen, into} or set(chosen) == {into}
            return
        played = play(course.past.entries).states
        assert {one: played[one]["school"] for one in played} == {
            one.person: one.school for one in course.people.values()
        }
        undo_join(course, joins(course.past)[0].number, **BY)
        assert course.people == before


letters = st.text(st.sampled_from("АаӘәСсЕеІіОоРрХхTtKkёЁ №5.-"), max_size=12)


@given(letters)
def test_looking_twice_changes_nothing_and_capitals_never_matter(text: str):
    assert look(look(text)) == look(text)
    assert look(text.upper()) == look(text) == look(text.lower())
    assert school_core(text.upper()) == school_core(text)
    assert group_core(text.upper()) == group_core(text)
    assert heard(text.upper()) == heard(text)
