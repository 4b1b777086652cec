"""The history of the roster, played from its first line, is the roster; and nobody loses a line."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import multiprocessing
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.server import helpers
from ustaz import enrolment
from ustaz.base.errors import CourseError
from ustaz.course import Course
from ustaz.roster import RosterError
from ustaz.roster.history import read_past, state_of
from ustaz.roster.people import Person, join_groups, read_roster, read_table, split_groups

DAY = dt.date(2026, 11, 23)
BY = {"by": "saule-m"}


def names(people: list[Person]) -> list[str]:
    return [one.person for one in people]


# -- groups ---------------------------------------------------------------------------------------
def test_a_move_gives_the_workbooks_to_the_new_facilitator_and_takes_them_from_the_old_one(
    course: Course,
):
    assert names(course.group_of("dina-f")) == ["olga-p", "aigul-s", "nurgul-a"]
    enrolment.move(course, "olga-p", "g2", **BY)
    assert names(course.group_of("dina-f")) == ["aigul-s", "nurgul-a"]
    enrolment.move(course, "yerlan-b", "g1", **BY)
    assert names(course.group_of("dina-f")) == ["aigul-s", "yerlan-b", "nurgul-a"]


def test_a_facilitator_may_have_several_groups(course: Course):
    enrolment.move(course, "dina-f", "g1; g2", **BY)
    assert course.person("dina-f").groups == ("g1", "g2")
    assert course.person("dina-f").group == "g1"
    assert course.groups_of("dina-f") == ("g1", "g2")
    assert names(course.group_of("dina-f")) == ["olga-p", "aigul-s", "yerlan-b", "nurgul-a"]
    assert "dina-f,Dina F.,facilitator,g1 g2,,en," in (course.dir / "people.csv").read_text("utf-8")


def test_a_substitute_reads_the_group_on_these_days_and_on_no_other(
    course: Course, monkeypatch: pytest.MonkeyPatch
):
    enrolment.move(course, "dina-f", "g2", **BY)
    made = enrolment.substitute(
        course, "g1", "dina-f", DAY + dt.timedelta(2), DAY + dt.timedelta(4), **BY
    )
    assert (made.group, made.person) == ("g1", "dina-f")
    for offset in range(7):
        day = DAY + dt.timedelta(offset)
        there = 2 <= offset <= 4
        assert course.groups_of("dina-f", day) == (("g2", "g1") if there else ("g2",))
        assert names(course.substitutes("g1", day)) == (["dina-f"] if there else [])
    assert names(course.group_of("dina-f")) == ["yerlan-b"]
    monkeypatch.setenv("USTAZ_NOW", "2026-11-25T00:00:00+05:00")
    assert names(course.group_of("dina-f")) == ["olga-p", "aigul-s", "yerlan-b", "nurgul-a"]
    # The last hour of the last day where the course is, not where the server is.
    monkeypatch.setenv("USTAZ_NOW", "2026-11-27T23:59:59+05:00")
    assert len(course.group_of("dina-f")) == 4
    monkeypatch.setenv("USTAZ_NOW", "2026-11-28T00:00:00+05:00")
    assert names(course.group_of("dina-f")) == ["yerlan-b"]


def test_a_substitution_can_be_ended_and_one_to_come_never_happens(
    course: Course, monkeypatch: pytest.MonkeyPatch
):
    enrolment.substitute(course, "g2", "dina-f", DAY, DAY + dt.timedelta(9), **BY)
    assert course.groups_of("dina-f") == ("g1", "g2")
    monkeypatch.setenv("USTAZ_NOW", "2026-11-25T10:00:00+05:00")
    enrolment.end_substitution(course, "g2", "dina-f", **BY)
    assert course.groups_of("dina-f") == ("g1",)
    assert course.groups_of("dina-f", DAY) == ("g1", "g2"), "what was, was"
    enrolment.substitute(
        course, "g2", "dina-f", DAY + dt.timedelta(20), DAY + dt.timedelta(30), **BY
    )
    enrolment.end_substitution(course, "g2", "dina-f", **BY)
    assert course.groups_of("dina-f", DAY + dt.timedelta(25)) == ("g1",)
    with pytest.raises(RosterError) as error:
        enrolment.end_substitution(course, "g2", "dina-f", **BY)
    assert error.value.id == "no_substitution"


@pytest.mark.parametrize(
    ("act", "id"),
    [
        (lambda c: enrolment.move(c, "nobody", "g1", **BY), "not_in_roster"),
        (lambda c: enrolment.move(c, "olga-p", "<script>", **BY), "bad_group"),
        (lambda c: enrolment.set_status(c, "olga-p", "gone", **BY), "bad_status"),
        (lambda c: enrolment.substitute(c, "g2", "olga-p", DAY, DAY, **BY), "not_a_facilitator"),
        (lambda c: enrolment.substitute(c, "g1", "dina-f", DAY, DAY, **BY), "leads_already"),
        (lambda c: enrolment.substitute(c, "g7", "dina-f", DAY, DAY, **BY), "no_such_group"),
        (
            lambda c: enrolment.substitute(c, "g2", "dina-f", DAY, DAY - dt.timedelta(1), **BY),
            "bad_days",
        ),
        (lambda c: enrolment.end_substitution(c, "g2", "dina-f", **BY), "no_substitution"),
        (lambda c: enrolment.undo(c, "olga-p", 99, **BY), "no_entry"),
        (lambda c: enrolment.history(c, "nobody"), "not_in_roster"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    course: Course, act: Callable[[Course], Any], id: str
):
    before = (course.dir / "people.csv").read_bytes()
    with pytest.raises(RosterError) as error:
        act(course)
    assert error.value.id == id
    assert (course.dir / "people.csv").read_bytes() == before
    assert course.past.entries == ()


# -- status ---------------------------------------------------------------------------------------
def test_who_has_withdrawn_is_in_no_group_and_comes_back_with_everything(course: Course):
    before = course.person("olga-p")
    enrolment.set_status(course, "olga-p", "withdrawn", **BY)
    assert "olga-p" not in names(course.group_of("dina-f"))
    assert "olga-p" not in names(course.taking_part())
    enrolment.set_status(course, "olga-p", "active", **BY)
    assert course.person("olga-p") == before
    assert "olga-p" in names(course.group_of("dina-f"))


def test_who_is_on_leave_stays_in_the_group(course: Course):
    enrolment.set_status(course, "olga-p", "leave", **BY)
    assert "olga-p" in names(course.group_of("dina-f"))
    assert course.person("olga-p").status == "leave"


def test_a_facilitator_who_has_withdrawn_reads_nobody(course: Course):
    enrolment.set_status(course, "dina-f", "withdrawn", **BY)
    assert course.group_of("dina-f") == []


# -- history --------------------------------------------------------------------------------------
def test_each_change_says_when_by_whom_and_what(course: Course):
    enrolment.move(course, "olga-p", "g2", by="saule-m", how="page")
    enrolment.set_status(course, "olga-p", "leave", by="dina-f")
    first, moved, left = enrolment.history(course, "olga-p")
    assert (first.kind, first.how, first.by) == ("first", "file", "")
    assert (moved.was, moved.set) == ({"groups": ["g1"]}, {"groups": ["g2"]})
    assert (moved.by, moved.how, moved.at) == ("saule-m", "page", "2026-11-23T09:05:00+00:00")
    assert (left.set, left.by) == ({"status": "leave"}, "dina-f")


def test_no_name_and_no_account_stands_in_the_history(course: Course):
    text = "person,name,role,account\nolga-p,Ольга Петрова,participant,petrova-login\n"
    enrolment.import_list(course, text.encode(), **BY)
    enrolment.move(course, "olga-p", "g2", **BY)
    kept = (course.dir / "roster" / "people.jsonl").read_text("utf-8")
    for word in ("Olga P.", "Ольга", "Петрова", "petrova-login", "Әйгүл", "Saule M."):
        assert word not in kept
    assert enrolment.history(course, "olga-p")[1].also == ("name", "account")


def test_a_change_by_hand_is_noticed_and_noted(course: Course):
    enrolment.move(course, "olga-p", "g2", **BY)
    path = course.dir / "people.csv"
    text = path.read_text("utf-8").replace("aigul-s,Әйгүл С.,participant,g1", "aigul-s,Ә,staff,g3")
    path.write_text(text.replace("yerlan-b,Yerlan B.,participant,g2,s1,en,\n", ""), "utf-8")
    enrolment.set_status(course, "olga-p", "leave", **BY)
    noticed = enrolment.history(course, "aigul-s")[-1]
    assert (noticed.how, noticed.by) == ("file", "")
    assert noticed.set == {"roles": ["staff"], "groups": ["g3"]}
    assert enrolment.history(course, "yerlan-b")[-1].kind == "removed"


def test_the_last_change_can_be_undone_and_the_undoing_too(course: Course):
    enrolment.move(course, "olga-p", "g2", **BY)
    number = enrolment.history(course, "olga-p")[-1].number
    enrolment.undo(course, "olga-p", number, **BY)
    assert course.person("olga-p").groups == ("g1",)
    again = enrolment.history(course, "olga-p")[-1].number
    assert again > number
    with pytest.raises(RosterError) as error:
        enrolment.undo(course, "olga-p", number, **BY)
    assert error.value.id == "changed_since"
    enrolment.undo(course, "olga-p", again, **BY)
    assert course.person("olga-p").groups == ("g2",)


def test_a_substitution_can_be_undone(course: Course):
    enrolment.substitute(course, "g2", "dina-f", DAY, DAY, **BY)
    enrolment.undo(course, "dina-f", enrolment.history(course, "dina-f")[-1].number, **BY)
    assert course.groups_of("dina-f") == ("g1",)


PEOPLE = ("olga-p", "aigul-s", "yerlan-b", "nurgul-a", "dina-f", "new-1", "new-2")
GROUPS = ("g1", "g2", "1 топ", "2 топ", "")
steps = st.lists(
    st.one_of(
        st.tuples(st.just("move"), st.sampled_from(PEOPLE), st.sampled_from((*GROUPS, "g1;g2"))),
        st.tuples(
            st.just("status"), st.sampled_from(PEOPLE),
            st.sampled_from(("active", "leave", "withdrawn")),
        ),
        st.tuples(
            st.just("substitute"), st.sampled_from(PEOPLE), st.sampled_from(GROUPS),
            st.integers(-3, 9), st.integers(-3, 9),
        ),
        st.tuples(st.just("stop"), st.sampled_from(PEOPLE), st.sampled_from(GROUPS)),
        st.tuples(st.just("undo"), st.sampled_from(PEOPLE), st.integers(1, 30)),
        st.tuples(
            st.just("import"), st.sampled_from(PEOPLE), st.sampled_from(GROUPS),
            st.sampled_from(("participant", "facilitator", "facilitator; staff")),
        ),
        st.tuples(st.just("hand"), st.sampled_from(PEOPLE), st.sampled_from(("s1", "s2"))),
    ),
    max_size=12,
)  # fmt: skip


def take(course: Course, step: tuple[Any, ...]) -> None:
    kind, person, *rest = step
    if kind == "move":
        enrolment.move(course, person, rest[0], **BY)
    elif kind == "status":
        enrolment.set_status(course, person, rest[0], **BY)
    elif kind == "substitute":
        start, end = (DAY + dt.timedelta(one) for one in rest[1:])
        enrolment.substitute(course, rest[0], person, start, end, **BY)
    elif kind == "stop":
        enrolment.end_substitution(course, rest[0], person, **BY)
    elif kind == "undo":
        enrolment.undo(course, person, rest[0], **BY)
    elif kind == "import":
        group = f"{rest[0]};" if rest[0] else ""
        text = f"person\tname\tgroup\trole\n{person}\tName\t{group}\t{rest[1]}\n"
        enrolment.import_list(course, text.encode(), **BY)
    else:
        table = read_table(course.dir / "people.csv")
        people = dict(table.people)
        if person in people:
            people[person] = people[person].having(school=rest[0])
            (course.dir / "people.csv").write_text(table.text(people.values()), "utf-8")


@given(steps)
def test_the_history_played_from_its_first_line_is_the_present_state(
    tmp_path_factory: pytest.TempPathFactory, listed: list[tuple[Any, ...]]
):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("USTAZ_NOW", helpers.NOW)
        course = helpers.make_course(tmp_path_factory.mktemp("roster") / "course")
        for step in listed:
            with contextlib.suppress(RosterError):
                take(course, step)
        enrolment.set_status(course, "saule-m", "leave", **BY)  # so that every hand is noticed
        past = read_past(course.dir)
        assert past.states == {one.person: state_of(one) for one in course.people.values()}
        assert [one.number for one in past.entries] == sorted({one.number for one in past.entries})
        # and a change is always from what was to something else
        for one in past.entries:
            if one.kind == "changed" and one.set:
                assert one.was != one.set


# -- the file -------------------------------------------------------------------------------------
@given(st.lists(st.sampled_from(["g1", "g2", "a b", "1 топ", "g1 g2"]), unique=True), st.booleans())
def test_a_facilitators_groups_are_read_as_they_were_written(groups: list[str], known: bool):
    names_ = {"a b", "g1 g2"} if known else set()
    assert split_groups(join_groups(groups, names_), names_) == tuple(groups)


def test_an_old_file_is_read_as_before_and_gets_no_new_column_without_need(course: Course):
    assert [one.status for one in course.people.values()] == ["active"] * 7
    enrolment.move(course, "olga-p", "g2", **BY)
    head = (course.dir / "people.csv").read_text("utf-8").splitlines()[0]
    assert head == "person,name,role,group,school,lang,account"
    enrolment.set_status(course, "olga-p", "leave", **BY)
    head = (course.dir / "people.csv").read_text("utf-8").splitlines()[0]
    assert head == "person,name,role,group,school,lang,account,status"


def test_columns_of_other_programs_and_the_mark_of_a_spreadsheet_stay(course: Course):
    text = "person,name,role,note,group\r\na-b,Ә Б,participant,tall,g1\r\n"
    (course.dir / "people.csv").write_text("\ufeff" + text, "utf-8", newline="")
    enrolment.move(course, "a-b", "g2", **BY)
    kept = (course.dir / "people.csv").read_text("utf-8")
    assert kept.splitlines()[:2] == [
        "\ufeffperson,name,role,note,group,school,lang,account",
        "a-b,Ә Б,participant,tall,g2,,en,",
    ]


def test_a_group_name_with_a_space_in_an_old_file_is_one_group(course: Course):
    text = "person,name,role,group\na,A,participant,Group A\nf,F,facilitator,Group A\n"
    (course.dir / "people.csv").write_text(text, "utf-8")
    assert names(course.group_of("f")) == ["a"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("person,name\n", 1),
        ("person,name,role\na,A,participant\nb,B,boss\n", 3),
        ("person,name,role\na,A,participant\na,B,staff\n", 3),
        ("person,name,role,status\na,A,participant,gone\n", 2),
        ("person,name,role,group\na,A,participant,g1\nb,B,participant", 3),
        ('person,name,role\na,"A,participant\n', 2),
        ("person,name,role\na,A,participant,x,y\n", 2),
        ("person,name,role\nA B,A,participant\n", 2),
    ],
)
def test_a_wrong_or_half_written_file_is_refused_whole_with_file_and_line(
    course: Course, text: str, line: int
):
    path = course.dir / "people.csv"
    path.write_text(text, "utf-8")
    for read in (lambda: course.people, lambda: list(read_roster(path))):
        with pytest.raises(CourseError) as error:
            read()
        assert error.value.id == "bad_roster"
        assert f"people.csv:{line}: " in error.value.message
    with pytest.raises(CourseError):
        enrolment.move(course, "a", "g1", **BY)
    assert path.read_text("utf-8") == text


def test_a_file_that_is_not_utf_8_is_refused_with_the_line(course: Course):
    path = course.dir / "people.csv"
    path.write_bytes("person,name,role\na,A,staff\nb,Имя,staff\n".encode("cp1251"))
    with pytest.raises(CourseError, match=r"people\.csv:3: .*UTF-8"):
        _ = course.people


def test_a_full_disk_changes_nothing(course: Course, monkeypatch: pytest.MonkeyPatch):
    before = (course.dir / "people.csv").read_bytes()

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OSError, match="No space"):
        enrolment.move(course, "olga-p", "g2", **BY)
    monkeypatch.undo()
    assert (course.dir / "people.csv").read_bytes() == before
    assert not list(course.dir.glob(".people*"))


def test_a_power_cut_before_the_new_file_is_in_place_leaves_the_old_one(
    course: Course, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("USTAZ_NOW", helpers.NOW)
    before = (course.dir / "people.csv").read_bytes()

    def dead(*_: object, **folders: object) -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "replace", dead)
        with pytest.raises(KeyboardInterrupt):
            enrolment.move(course, "olga-p", "g2", **BY)
    assert (course.dir / "people.csv").read_bytes() == before
    enrolment.move(course, "aigul-s", "g2", **BY)
    past = read_past(course.dir)
    assert past.states == {one.person: state_of(one) for one in course.people.values()}
    assert enrolment.history(course, "olga-p")[-1].how == "file"


def test_an_edit_that_was_saved_meanwhile_is_kept(course: Course, monkeypatch: pytest.MonkeyPatch):
    from ustaz.roster import writing

    path = course.dir / "people.csv"
    real, edits = writing.stat_key, []

    def editing(asked: Path) -> object:
        found = real(asked)
        if asked == path and len(edits) == 1:
            path.write_text(path.read_text("utf-8").replace("Nurgul A.", "Nurgul Ä."), "utf-8")
            found = real(asked)
        edits.append(asked)
        return found

    monkeypatch.setattr(writing, "stat_key", editing)
    enrolment.move(course, "olga-p", "g2", **BY)
    assert course.person("nurgul-a").name == "Nurgul Ä."
    assert course.person("olga-p").groups == ("g2",)


def _busy(folder: str, person: str) -> None:
    course = Course.open(folder)
    for number in range(8):
        enrolment.move(course, person, f"g{number}", by=person)


def test_several_who_write_at_once_lose_nothing(course: Course):
    context = multiprocessing.get_context("spawn")
    people = ("olga-p", "aigul-s", "nurgul-a")
    running = [context.Process(target=_busy, args=(str(course.dir), one)) for one in people]
    for one in running:
        one.start()
    for one in running:
        one.join()
        assert one.exitcode == 0
    assert {course.person(one).group for one in people} == {"g7"}
    for one in people:
        moved = [entry.set["groups"] for entry in enrolment.history(course, one)[1:]]
        assert [["g1"], *moved][-1] == ["g7"]
    past = read_past(course.dir)
    assert past.states == {one.person: state_of(one) for one in course.people.values()}


def test_nobody_else_opens_the_list_and_its_history(course: Course):
    enrolment.move(course, "olga-p", "g2", **BY)
    for path in (course.dir / "people.csv", course.dir / "roster" / "people.jsonl"):
        assert path.stat().st_mode & 0o077 == 0
    assert (course.dir / "roster").stat().st_mode & 0o077 == 0
    for line in (course.dir / "roster" / "people.jsonl").read_text("utf-8").splitlines():
        assert json.loads(line)["person"] in course.people
