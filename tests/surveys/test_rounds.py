"""Rounds: codes are used once, answers have no time and no order, and a report stands for good."""

from __future__ import annotations

import datetime as dt
import importlib
import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.courses import NOW, course_at
from ustaz import surveys
from ustaz.backup import make_backup, restore
from ustaz.backup.names import reason
from ustaz.course import Course
from ustaz.messages import translator
from ustaz.surveys import Answers, SurveyError
from ustaz.surveys.definitions import SCHOOL
from ustaz.surveys.rounds import RECORD

ROSTER = """\
person,name,role,group,school,lang,account
aigul-s,Әйгүл С.,participant,g1,s1,kk,
saule-m,Saule M.,staff,,,en,
"""
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    monkeypatch.setenv("USTAZ_NOW", NOW)
    return course_at(tmp_path / "course", "surveys", "Teacher leadership", ROSTER)


def answers(first: int | None = 3, **comments: str) -> Answers:
    return Answers((first, *[4] * 20), "teacher", comments)


def answer(course: Course, code: str, what: Answers | None = None) -> None:
    place = surveys.place_of_code(course, code)
    assert place is not None
    surveys.answer(course, place, what or answers())


def opened(course: Course, slips: int = 7) -> tuple[surveys.Round, list[str]]:
    return surveys.open_round(course, "school", "s1", slips)


def refused(action: Any, *arguments: Any) -> str:
    with pytest.raises(SurveyError) as error:
        action(*arguments)
    return error.value.id


def folder(course: Course) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes()
        for path in sorted((course.dir / "surveys").iterdir())
        if path.suffix != ".lock"
    }


def test_a_code_answers_once_and_stands_nowhere(course: Course) -> None:
    _, codes = opened(course)
    place = surveys.place_of_code(course, codes[0].lower().replace("-", " "))
    assert place is not None
    surveys.answer(course, place, answers(1))
    assert refused(surveys.answer, course, place, answers(5)) == "survey_used"
    again = surveys.place_of_code(course, codes[0])
    assert again is not None
    assert again.used
    assert surveys.place_of_code(course, "0000-0000-0000") is None
    written = b"".join(folder(course).values())
    assert not [code for code in codes if code.encode() in written]


def test_an_open_round_says_neither_when_nor_in_which_order_nor_by_which_code(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    known, codes = opened(course, 12)
    path = course.dir / "surveys" / f"{known.id}.open"
    before = path.stat()
    orders = set()
    for number, code in enumerate(codes[:8]):
        monkeypatch.setenv("USTAZ_NOW", f"2026-11-24T1{number}:00:00+05:00")
        answer(course, code, answers(number % 5 + 1, vision="ә" * 40 * number))
        value = json.loads(path.read_bytes())
        orders.add(tuple(len(one["comments"].get("vision", "")) for one in value["answers"]))
        assert value["used"] == sorted(value["used"])
        assert {tuple(one) for one in value["answers"]} == {("ratings", "role", "comments")}
    # By chance alone all eight stand in the order in which they came once in thousands of runs.
    assert any(list(order) != sorted(order) for order in orders)
    after = path.stat()
    assert (after.st_size, after.st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert path.parent.stat().st_mtime_ns == before.st_mtime_ns


def test_the_longest_answers_have_room_in_the_file(course: Course) -> None:
    known, codes = opened(course, 5)
    size = (course.dir / "surveys" / f"{known.id}.open").stat().st_size
    longest = {dimension.id: "\U0001f4d7" * 300 for dimension in SCHOOL.dimensions}
    for code in codes:
        answer(course, code, answers(1, **longest))
    assert (course.dir / "surveys" / f"{known.id}.open").stat().st_size == size
    assert len(json.dumps(longest, ensure_ascii=False).encode()) < RECORD


def test_with_four_answers_nothing_is_shown_and_nothing_is_lost(course: Course) -> None:
    known, codes = opened(course)
    for code in codes[:4]:
        answer(course, code)
    before = folder(course)
    assert refused(surveys.close, course, known.id) == "survey_few"
    assert folder(course) == before
    answer(course, codes[4])
    assert surveys.close(course, known.id).people == 5


def test_a_report_is_computed_once_and_then_the_answers_are_gone(course: Course) -> None:
    known, codes = opened(course)
    late = surveys.place_of_code(course, codes[6])
    for number, code in enumerate(codes[:6]):
        answer(course, code, answers(number % 5 + 1, vision=f"remark {number}"))
    surveys.close(course, known.id)
    ended = folder(course)
    assert set(ended) == {f"{known.id}{end}" for end in (".json", ".comments.json", ".report.json")}
    assert late is not None
    assert refused(surveys.answer, course, late, answers()) == "survey_over"
    assert refused(surveys.close, course, known.id) == "survey_over"
    assert refused(surveys.add_slips, course, known.id, 3) == "survey_over"
    assert surveys.place_of_code(course, codes[6]) is None
    assert folder(course) == ended
    assert b"remark" not in ended[f"{known.id}.report.json"]
    assert surveys.comments_of(course, known.id) == {
        "vision": [f"remark {number}" for number in range(6)]
    }


def test_an_end_that_broke_off_after_the_report_is_completed_with_the_same_report(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    known, codes = opened(course)
    for code in codes[:5]:
        answer(course, code)
    with monkeypatch.context() as patch:
        patch.setattr(importlib.import_module("ustaz.surveys.rounds"), "_end", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            surveys.close(course, known.id)
    assert refused(answer, course, codes[5]) == "survey_over"
    report = folder(course)[f"{known.id}.report.json"]
    assert surveys.close(course, known.id).people == 5
    assert folder(course)[f"{known.id}.report.json"] == report
    assert f"{known.id}.open" not in folder(course)


def test_two_backups_around_an_answer_are_alike(course: Course, tmp_path: Path) -> None:
    known, codes = opened(course)
    copies = []
    backups = tmp_path / "backups"
    backups.mkdir()
    for number in (1, 2):
        archive = make_backup(course.dir, backups).path
        restore(archive, tmp_path / f"copy-{number}")
        copies.append(Course.open(tmp_path / f"copy-{number}"))
        answer(course, codes[number])
    assert folder(copies[0]) == folder(copies[1])
    assert set(folder(copies[1])) == {f"{known.id}.json", "restored.json"}
    assert surveys.rounds(copies[1])[0].restored


MOMENTS = ("before it began", "with no answer", "with three answers", "after it ended")


@pytest.mark.parametrize("moment", MOMENTS)
def test_after_a_restore_the_same_people_are_not_asked_again_at_once(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """All that can be had over time: one report of a school in ninety days, whatever is restored.

    Two reports of the same answers, one with a person less, would tell that person's answer.
    """
    backups = tmp_path / "backups"
    backups.mkdir()
    archives = {}

    def kept(name: str) -> None:
        archives[name] = make_backup(course.dir, backups).path

    monkeypatch.setenv("USTAZ_NOW", "2026-11-23T09:00:00+05:00")
    kept(MOMENTS[0])
    known, codes = opened(course)
    for number, code in enumerate(codes[:6]):
        if number in (0, 3):
            monkeypatch.setenv("USTAZ_NOW", f"2026-11-23T1{number}:00:00+05:00")
            kept(MOMENTS[1 if number == 0 else 2])
        answer(course, code, answers(number % 5 + 1))
    published = surveys.close(course, known.id)
    monkeypatch.setenv("USTAZ_NOW", "2026-11-23T18:00:00+05:00")
    kept(MOMENTS[3])
    monkeypatch.setenv("USTAZ_NOW", "2026-11-24T09:00:00+05:00")
    restore(archives[moment], tmp_path / "copy")
    copy = Course.open(tmp_path / "copy")
    for code in codes:
        assert surveys.place_of_code(copy, code) is None
    reports = [surveys.report_of(copy, each.id) for each in surveys.rounds(copy)]
    assert {report for report in reports if report} <= {published}
    why = "survey_early" if moment == MOMENTS[3] else "survey_restored"
    for day in ("2026-11-24", "2027-02-20"):
        monkeypatch.setenv("USTAZ_NOW", f"{day}T23:00:00+05:00")
        assert refused(opened, copy) == why
    monkeypatch.setenv("USTAZ_NOW", "2027-02-22T12:00:00+05:00")
    again, _ = opened(copy)
    assert again.closed is None


def test_course_staff_who_are_sure_may_ask_at_once_and_after_a_result_not_even_they(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = make_backup(course.dir, tmp_path).path
    monkeypatch.setenv("USTAZ_NOW", "2026-11-30T09:00:00+05:00")
    restore(archive, tmp_path / "copy")
    copy = Course.open(tmp_path / "copy")
    assert refused(opened, copy) == "survey_restored"
    known, codes = surveys.open_round(copy, "school", "s1", 5, sure=True)
    for code in codes:
        answer(copy, code)
    surveys.close(copy, known.id)
    with pytest.raises(SurveyError) as error:
        surveys.open_round(copy, "school", "s1", 5, sure=True)
    assert error.value.id == "survey_early"


def test_a_backup_of_the_same_hour_holds_nobody_up(course: Course, tmp_path: Path) -> None:
    restore(make_backup(course.dir, tmp_path).path, tmp_path / "copy")
    copy = Course.open(tmp_path / "copy")
    assert not (copy.dir / "surveys").exists()
    assert opened(copy)[0].number == 1


def test_only_an_open_rounds_answers_are_left_out_of_a_backup(tmp_path: Path) -> None:
    def why(name: str) -> str:
        return reason(tmp_path / name, name, folder=False, course=True)

    assert why("surveys/0123456789ab.open") == "survey"
    kept = ["surveys/0123456789ab.json", "surveys/0123456789ab.report.json", "source/a.open"]
    assert [why(name) for name in kept] == [""] * 3


def test_a_school_is_asked_again_after_ninety_days(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    known, codes = opened(course)
    assert refused(opened, course) == "survey_open"
    for code in codes[:5]:
        answer(course, code)
    surveys.close(course, known.id)
    first = course.today() + dt.timedelta(days=90)
    monkeypatch.setenv("USTAZ_NOW", f"{first - dt.timedelta(days=1)}T12:00:00+05:00")
    assert refused(opened, course) == "survey_early"
    monkeypatch.setenv("USTAZ_NOW", f"{first}T12:00:00+05:00")
    again, _ = opened(course)
    assert (known.number, again.number) == (1, 2)


def test_a_round_that_ended_without_a_result_leaves_no_answers(course: Course) -> None:
    known, codes = opened(course)
    answer(course, codes[0], answers(1, vision="secret"))
    surveys.discard(course, known.id)
    assert surveys.report_of(course, known.id) is None
    assert b"secret" not in b"".join(folder(course).values())


@pytest.mark.parametrize("slips", [0, 4, 201])
def test_a_round_has_five_to_two_hundred_slips(course: Course, slips: int) -> None:
    assert refused(opened, course, slips) == "survey_slips"


def test_more_slips_are_good_beside_the_first_ones(course: Course) -> None:
    known, codes = opened(course, 5)
    answer(course, codes[0])
    for code in [*surveys.add_slips(course, known.id, 2), *codes[1:3]]:
        answer(course, code)
    assert surveys.given_answers(course, surveys.rounds(course)[0]) == 5


@pytest.mark.parametrize(
    "bad",
    [
        Answers((6, *[4] * 20), "teacher", {}),
        Answers((0, *[4] * 20), "teacher", {}),
        Answers((True, *[4] * 20), "teacher", {}),
        Answers((4,) * 20, "teacher", {}),
        Answers((4,) * 21, "boss", {}),
        Answers((4,) * 21, "teacher", {"vision": "x" * 301}),
        Answers((4,) * 21, "teacher", {"other": "x"}),
    ],
)
def test_answers_that_are_none_are_refused_and_the_slip_stays_good(
    course: Course, bad: Answers
) -> None:
    _, codes = opened(course)
    place = surveys.place_of_code(course, codes[0])
    assert place is not None
    before = folder(course)
    assert refused(surveys.answer, course, place, bad) == "survey_answers"
    assert folder(course) == before
    surveys.answer(course, place, answers())


def test_a_school_that_is_spelled_otherwise_keeps_its_rounds(course: Course) -> None:
    known, codes = opened(course)
    surveys.carry(course, ["s1", "S-1"], "school 1")
    assert [(each.id, each.school) for each in surveys.rounds(course)] == [(known.id, "school 1")]
    answer(course, codes[0])


@pytest.mark.parametrize("lang", ["en", "ru", "kk"])
def test_the_sheet_to_print_and_the_survey_have_the_same_words(lang: str) -> None:
    from babel.messages.pofile import read_po

    sheet = (ROOT / "facilitator_notes/handouts/self-review.md").read_text(encoding="utf-8")
    rows = [line.split("|")[2].strip() for line in sheet.splitlines() if line.startswith("| ")]
    assert rows[1:] == list(SCHOOL.statements)
    if lang == "en":
        return
    book = ROOT / f"locale/{lang}/LC_MESSAGES/book/notes/handouts/self-review.po"
    with book.open("rb") as file:
        translated = {message.id: message.string for message in read_po(file)}
    ours = translator(lang)
    for text in SCHOOL.statements:
        assert ours.gettext(text) == translated[text]
