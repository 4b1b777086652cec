"""The demo course: invented people whose stages are what they should be."""

from __future__ import annotations

import csv
import json
import re
import warnings
from pathlib import Path
from typing import Any

import pytest

from ustaz.answers import Subject
from ustaz.course import Course
from ustaz.demo import create
from ustaz.demo._people import AROUND, Teacher, teachers
from ustaz.workbook import check_value, evaluate

NOW = "2026-11-23T09:00:00+00:00"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of nbgrader's database layer
        patch.setenv("USTAZ_NOW", NOW)
        return create(tmp_path_factory.mktemp("demo") / "course", people=16, seed=3)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USTAZ_NOW", NOW)


def answers(course: Course, person: str, workbook: str) -> dict[str, Any]:
    return course.store.read(Subject.person(person), workbook).answers


def level(course: Course, person: str, workbook: str) -> str:
    linked = {other: answers(course, person, other) for other in course.library.linked(workbook)}
    return evaluate(
        course.library[workbook], answers(course, person, workbook), course.context(linked)
    ).level


def stages(course: Course) -> dict[str, Teacher]:
    return {one.person.person: one for one in teachers(16, 3)}


def test_the_cast_of_six_comes_first() -> None:
    ids = [one.person.person for one in teachers(30, 1)]
    assert ids[:6] == ["aigul-s", "marat-t", "olga-p", "dina-k", "yerlan-b", "nurgul-a"]
    assert len(set(ids)) == 30


def test_the_same_seed_makes_the_same_people_and_another_others() -> None:
    assert teachers(40, 7) == teachers(40, 7)
    assert teachers(40, 7) != teachers(40, 8)


def test_hundreds_of_people_have_ids_of_their_own() -> None:
    ids = [one.person.person for one in teachers(400, 1)]
    assert len(set(ids)) == 400
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9-]{0,31}", one) for one in ids)


def test_the_roster_has_every_role(course: Course) -> None:
    roles = {role for one in course.people.values() for role in one.roles}
    assert {"participant", "facilitator", "director", "staff", "reviewer"} <= roles
    assert len(course.with_role("facilitator")) == 3
    assert len(course.with_role("participant")) == 16
    groups = {one.group for one in course.with_role("participant")}
    assert groups == {one.group for one in AROUND if "facilitator" in one.roles}


def test_both_languages_of_the_country_are_written(course: Course) -> None:
    with (course.dir / "people.csv").open(encoding="utf-8", newline="") as handle:
        assert {"kk", "ru"} <= {row["lang"] for row in csv.DictReader(handle)}


def test_everybody_stands_where_the_stage_says(course: Course) -> None:
    from ustaz.exchange import rounds

    for person, teacher in stages(course).items():
        stage = teacher.stage
        focus = course.store.read(Subject.person(person), "focus")
        plan = course.store.read(Subject.person(person), "action-plan")
        assert (focus.revision == 0) is (stage == "empty")
        assert (plan.revision > 0) is stage.startswith("plan_")
        handed_in = len(rounds(course, person, "action-plan"))
        expected = {"plan_submitted": 1, "plan_returned": 1, "plan_resubmitted": 2}
        assert handed_in == expected.get(stage, 0), person
        if stage in {"focus_draft", "plan_draft"} and person == "yerlan-b":
            assert level(course, person, "action-plan") == "draft"
        elif stage.startswith("plan_") and stage != "plan_draft":
            assert level(course, person, "action-plan") == "complete", person
        if stage not in {"empty", "focus_draft"}:
            assert level(course, person, "focus") == "complete", person


def test_somebody_has_overdue_steps(course: Course) -> None:
    steps = answers(course, "dina-k", "action-plan")["steps"]
    today = course.today().isoformat()
    late = [
        one for one in steps if one["due"] < today and one["status"] in {"doing", "not_started"}
    ]
    assert len(late) >= 2


def test_a_dropped_project_came_back_with_kind_words(course: Course) -> None:
    from ustaz.grading import returned

    steps = answers(course, "nurgul-a", "action-plan")["steps"]
    assert {"dropped", "done"} == {one["status"] for one in steps}
    feedback = returned(course, "nurgul-a", "action-plan")
    assert len(feedback) == 1
    assert any("сәтсіздік" in one for one in feedback[0].comments)


def test_there_is_something_left_for_staff_to_collect(course: Course) -> None:
    from ustaz.exchange import collect

    assert collect(course).taken


def test_history_is_told_in_order_and_lies_in_the_past(course: Course) -> None:
    entries = course.store.history(Subject.person("olga-p"), "action-plan")
    times = [one.at for one in entries]
    assert len(times) > 2
    assert sorted(times) == sorted(times, key=str)
    assert max(times) < NOW


def test_every_value_is_one_that_a_page_could_have_sent(course: Course) -> None:
    for person in stages(course):
        for workbook in course.library.ids:
            for field, value in answers(course, person, workbook).items():
                check_value(course.library[workbook], [field], value)


def test_texts_use_one_alphabet_in_a_word() -> None:
    from ustaz.catalogs.check import MIXED

    folder = Path(__file__).parents[2] / "src" / "ustaz" / "demo"
    for name in ("cast.yml", "topics.yml", "year.yml"):
        text = (folder / name).read_text(encoding="utf-8")
        assert [one.group() for one in MIXED.finditer(text)] == []


def test_the_answers_hold_no_phone_number_address_or_personal_number(course: Course) -> None:
    text = json.dumps(
        [
            answers(course, person, workbook)
            for person in stages(course)
            for workbook in course.library
        ]
    )
    assert not re.search(r"\d{10,}|@\w", text)


def test_the_demo_offers_the_whole_year(course: Course) -> None:
    from ustaz.server.views.homes import year

    assert set(year(course)) == set(course.library.ids)
    assert {course.library[workbook].companion for workbook in course.companions} == {True}
    assert {course.library[workbook].companion for workbook in course.assignments} == {False}
    assert set(course.settings.due) == set(course.assignments)


def test_one_has_finished_and_one_has_stopped_and_said_why(course: Course) -> None:
    from ustaz.exchange import rounds

    for workbook in course.library.ids:
        assert level(course, "olga-p", workbook) == "complete", workbook
    assert len(rounds(course, "olga-p", "vignette")) == 1
    assert not rounds(course, "olga-p", "portfolio")
    assert level(course, "nurgul-a", "project-review") == "complete"
    assert answers(course, "nurgul-a", "project-review")["embedding"] == ["not_yet"]
    assert level(course, "nurgul-a", "portfolio") == "ready"  # not sent: own work is not said yet


def test_one_is_stuck_and_one_has_just_begun(course: Course) -> None:
    assert level(course, "dina-k", "half-way-review") == "draft"
    assert "stuck_on" in answers(course, "dina-k", "half-way-review")
    assert level(course, "yerlan-b", "consultations") == "draft"
    assert answers(course, "yerlan-b", "half-way-review") == {}
    assert level(course, "marat-t", "half-way-review") == "complete"


def test_nothing_was_written_after_today(course: Course) -> None:
    for person in stages(course):
        for workbook in course.library.ids:
            document = course.store.read(Subject.person(person), workbook)
            assert (document.updated_at or "") < NOW, (person, workbook)


def test_what_the_cast_wrote_lies_in_the_past_and_fits(course: Course) -> None:
    today = course.today().isoformat()
    for person in ("aigul-s", "marat-t", "olga-p", "dina-k", "yerlan-b", "nurgul-a"):
        talks = answers(course, person, "consultations")["talks"]
        assert max(talk["date"] for talk in talks) <= today
        for workbook in course.library.ids:
            linked = {
                other: answers(course, person, other) for other in course.library.linked(workbook)
            }
            evaluation = evaluate(
                course.library[workbook], answers(course, person, workbook), course.context(linked)
            )
            problems = [finding for finding in evaluation.findings if finding.kind == "problem"]
            assert problems == [], (person, workbook)
