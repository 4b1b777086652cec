"""Levels of a rubric: what counts, what is read, and what stands in the tables."""

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given

from tests.workbook.strategies import answers
from ustaz.grading import render_answers
from ustaz.workbook import Context, Library, check_value, evaluate, tidy
from ustaz.workbook.problems import ValueProblem

LIBRARY = Library.from_dirs([Path(__file__).parent / "fixtures"])
KITCHEN = LIBRARY["kitchen"]
TODAY = Context(dt.date(2026, 11, 23))
SAID = {"t1": {"level": 2, "reason": "=Жоспар <b>"}, "t2": {"level": 0}, "t3": {"reason": "Бар"}}


@given(answers(KITCHEN))
def test_a_criterion_counts_with_its_level_and_its_sentence(said: dict) -> None:
    standing = said.get("standing", {})
    whole = sum("level" in own and bool(own.get("reason", "").strip()) for own in standing.values())
    some = any("level" in own or own.get("reason", "").strip() for own in standing.values())
    findings = evaluate(KITCHEN, {"standing": standing}, TODAY).findings
    assert any(finding.rule == "levels_few" for finding in findings) == (some and whole < 2)


def test_the_table_has_a_row_for_each_criterion_of_which_something_was_said() -> None:
    frames = tidy(KITCHEN, [("a", {"standing": SAID}), ("b", {})])
    own = frames["kitchen.standing"].set_index("criterion")
    assert list(own.index) == ["t1", "t2", "t3"]
    assert own.loc["t1", "level"] == 2
    assert pd.isna(own.loc["t3", "level"])
    assert own.loc["t3", "reason"] == "Бар"
    assert frames["kitchen"]["standing_count"].tolist()[0] == 1


def test_readers_see_what_the_level_means_and_a_text_is_only_text() -> None:
    page = render_answers(KITCHEN, {"standing": SAID}, lang="en")
    assert "<strong>secure</strong>" in page
    assert "It is specific and says why it matters, and to whom." in page
    assert "&lt;b&gt;" in page
    empty = render_answers(KITCHEN, {"standing": {"t1": {"reason": " "}}}, lang="en")
    assert "<strong>" not in empty


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ({"t1": {"level": 4}}, "out_of_range"),
        ({"t1": {"level": -1}}, "out_of_range"),
        ({"t1": {"level": True}}, "wrong_type"),
        ({"t1": {"level": None}}, "wrong_type"),
        ({"t9": {"level": 1}}, "unknown_option"),
        ({"t1": {"mark": 1}}, "unknown_column"),
        ({"t1": {"reason": "x" * 2001}}, "too_long"),
        ({"t1": {"reason": 1}}, "wrong_type"),
        ([], "wrong_type"),
    ],
)
def test_what_is_no_level_is_kept_by_nobody(value: object, problem: str) -> None:
    with pytest.raises(ValueProblem) as caught:
        check_value(KITCHEN, ["standing"], value)
    assert caught.value.id == problem
