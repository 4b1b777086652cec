"""The tables of a course: what stands in them, of which type, wherever the course is kept."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.server import helpers
from tests.support.courses import course_at
from ustaz.base.errors import CourseError
from ustaz.cohort import Cohort
from ustaz.cohort.schema import FRAMES
from ustaz.course import Course
from ustaz.course.identity import Identity
from ustaz.exchange import submit
from ustaz.messages import LANGUAGES
from ustaz.workbook import option_labels


def check(folder: Path) -> None:
    """Try what the course of ``conftest.write`` gives, wherever it is kept."""
    cohort = Cohort.open(folder)
    assert sorted(cohort.people["person"]) == ["aigul-s", "nurgul-a", "olga-p", "yerlan-b"]
    status = cohort.workbooks.set_index(["person", "workbook"])["status"]
    assert status["aigul-s", "focus"] == "draft"
    assert status["nurgul-a", "focus"] == "none"
    assert (
        cohort.workbooks.set_index(["person", "workbook"])["late_steps"]["aigul-s", "action-plan"]
        == 1
    )
    assert list(cohort.table("action-plan.steps")["strand"]) == ["consult", "consult"]


def test_a_course_in_files_is_read(course: Course) -> None:
    check(course.dir)


def test_texts_stay_texts_days_are_days_and_counts_may_be_empty(course: Course) -> None:
    cohort = Cohort.open(course.dir)
    focus = cohort.fields("focus")["focus"].set_index("person")["focus_statement"]
    assert focus["olga-p"] == "=1+1"
    assert focus["yerlan-b"] == "007"
    due = cohort.workbooks.set_index(["person", "workbook"])["due"]
    assert due["olga-p", "focus"] == pd.Timestamp("2026-10-15")
    assert pd.isna(due["olga-p", "people-map"])
    assert cohort.workbooks["answered"].dtype == "Int64"
    assert cohort.workbooks["updated_at"].dtype == "datetime64[s, UTC]"


def test_private_answers_are_in_no_table(course: Course) -> None:
    cohort = Cohort.open(course.dir)
    whole = "".join(
        table.to_string() for name in cohort.ids for table in cohort.fields(name).values()
    )
    assert "Pupils explain" in whole
    assert "Only for me" not in whole


def test_an_empty_course_has_every_table_with_its_types(tmp_path: Path) -> None:
    course = course_at(tmp_path / "new", "new", "New", helpers.ROSTER.split("\n")[0] + "\n")
    cohort = Cohort.open(course.dir)
    for name, frame in FRAMES.items():
        table = cohort.table(name)
        assert table.empty
        assert {key: str(kind) for key, kind in table.dtypes.items()} == {
            column.name: column.type for column in frame.columns
        }
    assert cohort.table("action-plan.steps")["due"].dtype == "datetime64[s]"
    assert cohort.counts("workbooks", "status").empty


def test_a_submission_is_a_round_with_its_time_and_feedback(course: Course) -> None:
    who = Identity("aigul-s", frozenset({"participant"}))
    submit(course, "aigul-s", "focus", identity=who, confirm=True)
    cohort = Cohort.open(course.dir)
    [sent] = cohort.rounds.to_dict("records")
    assert (sent["person"], sent["round"], sent["late"], sent["present"]) == (
        "aigul-s",
        1,
        True,
        True,
    )
    assert sent["received_at"] == pd.Timestamp("2026-11-23T09:05:00Z")
    assert pd.isna(sent["days_to_feedback"])
    row = cohort.workbooks.set_index(["person", "workbook"]).loc["aigul-s", "focus"]
    assert (row["status"], row["rounds"], row["overdue"]) == ("submitted", 1, False)
    assert cohort.workbooks.set_index(["person", "workbook"])["overdue"]["olga-p", "focus"]


def test_a_document_that_cannot_be_read_is_said_and_hides_nobody(course: Course) -> None:
    for path in (course.people_dir / "olga-p" / "focus").glob("*"):
        if path.is_file():
            path.write_bytes(b"{")
    cohort = Cohort.open(course.dir)
    status = cohort.workbooks.set_index(["person", "workbook"])["status"]
    assert status["olga-p", "focus"] == "unreadable"
    assert status["aigul-s", "focus"] == "draft"
    assert "olga-p" not in set(cohort.table("focus")["person"])


def test_the_region_is_that_of_a_column_in_the_roster(course: Course) -> None:
    path = course.dir / "people.csv"
    head, *rows = path.read_text("utf-8").splitlines()
    text = "\n".join([f"{head},region", *(f"{row},Маңғыстау" for row in rows)])
    path.write_text(text + "\n", encoding="utf-8")
    assert set(Cohort.open(course.dir).people["region"]) == {"Маңғыстау"}


def test_rows_are_counted_by_what_the_roster_says_of_their_people(course: Course) -> None:
    cohort = Cohort.open(course.dir)
    counted = cohort.counts("action-plan.steps", "status", by=["group", "school"])
    assert counted.to_dict("index") == {("g1", "s1"): {"doing": 2}}
    by = cohort.counts("workbooks", "status", by="workbook")
    assert by.loc["focus"].to_dict() == {"draft": 3, "none": 1}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_column_is_explained_in_the_readers_language(course: Course, lang: str) -> None:
    cohort = Cohort.open(course.dir, lang=lang)
    cohort.fields("action-plan")
    meaning = cohort.dictionary
    for name in (*FRAMES, *cohort.fields("action-plan")):
        said = meaning[meaning["table"] == name]
        assert list(said["column"]) == list(cohort.table(name).columns)
        assert not (said["label"] == "").any()
        assert not (said["row"] == "").any()
    english = Cohort.open(course.dir).dictionary["label"]
    assert (lang == "en") == (
        cohort.dictionary["label"][: len(english)].tolist() == english.tolist()
    )


def test_options_have_their_labels_in_order_and_in_the_readers_language(course: Course) -> None:
    cohort = Cohort.open(course.dir, lang="kk")
    states = cohort.labels("action-plan.steps", "status")
    assert list(states) == ["not_started", "doing", "done", "changed", "dropped"]
    assert states["done"] == "орындалды"
    assert cohort.labels("action-plan.steps", "due") == {}
    assert cohort.labels("workbooks", "nothing") == {}
    # What stands in a table of the course has them too, and every state that there can be.
    stages = cohort.labels("workbooks", "status")
    assert list(stages) == [
        "none", "draft", "ready", "submitted", "returned", "accepted", "unreadable",
    ]  # fmt: skip
    assert stages["submitted"] == "Тапсырылды"
    assert set(cohort.workbooks.status) <= set(stages)
    assert "ev_note" in cohort.labels("action-plan.steps.evidence_expected", "value")
    ratings = option_labels(course.library["culture"])["culture.ratings"]
    assert list(ratings) == ["dimension"]  # and no number that stands beside it
    assert ratings["dimension"]["trust"] == "Trust"


def test_a_wrong_folder_is_an_error_and_no_empty_table(tmp_path: Path) -> None:
    with pytest.raises(CourseError) as refused:
        Cohort.open(tmp_path)
    assert refused.value.id == "no_course"


def test_a_wrong_name_is_refused_with_those_that_there_are(course: Course) -> None:
    cohort = Cohort.open(course.dir)
    with pytest.raises(KeyError, match="action-plan"):
        cohort.fields("no-such")
    with pytest.raises(KeyError, match=r"focus"):
        cohort.table("focus.nothing")
