"""Tables for whoever counts: one row an observation, and every column described."""

from pathlib import Path

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workbook.strategies import answers
from ustaz.messages import translator
from ustaz.workbook import Library, data_dictionary, tidy

ROOT = Path(__file__).resolve().parents[2]
KITCHEN = Library.from_dirs([Path(__file__).parent / "fixtures"])["kitchen"]
SHIPPED = Library.from_dirs([ROOT / "workbooks"])
STEPS = [
    {"id": "r1aaaa", "action": "Сөйлесу", "who": ["self", "p1dina"], "due": "2028-02-29"},
    {"id": "r2bbbb", "who": []},
]


@settings(max_examples=25)
@given(st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), answers(KITCHEN)), max_size=4))
def test_tables_keep_one_row_a_person_and_one_an_entry(documents: list) -> None:
    frames = tidy(KITCHEN, documents)
    assert len(frames["kitchen"]) == len(documents)
    for field in ("steps", "lines", "some", "with"):
        assert len(frames[f"kitchen.{field}"]) == sum(
            len(one.get(field, [])) for _, one in documents
        )
        assert frames["kitchen"][f"{field}_count"].sum() == len(frames[f"kitchen.{field}"])


@settings(max_examples=25)
@given(st.lists(st.tuples(st.just("a"), answers(KITCHEN)), max_size=2))
def test_every_column_is_described_whatever_was_answered(documents: list) -> None:
    said = data_dictionary(KITCHEN)
    found = {name: list(frame.columns) for name, frame in tidy(KITCHEN, documents).items()}
    assert found == {
        name: list(lines["column"]) for name, lines in said.groupby("table", sort=False)
    }


def test_nobody_leaves_empty_tables_with_their_columns() -> None:
    frames = tidy(KITCHEN, [])
    assert all(frame.empty for frame in frames.values())
    assert str(frames["kitchen"]["start"].dtype) == "datetime64[s]"
    assert str(frames["kitchen"]["scale"].dtype) == "Int64"


def test_rows_of_a_table_and_the_people_in_them_can_be_joined() -> None:
    frames = tidy(KITCHEN, [("aigul-s", {"steps": STEPS})])
    steps, who = frames["kitchen.steps"], frames["kitchen.steps.who"]
    assert steps["who_count"].tolist() == [2, 0]
    assert steps["due"].tolist()[0] == pd.Timestamp(2028, 2, 29)
    assert pd.isna(steps["due"].tolist()[1])
    joined = who.merge(steps, on=["person", "row"], suffixes=("", "_step"))
    assert joined[["value", "position", "action"]].to_numpy().tolist() == [
        ["self", 1, "Сөйлесу"],
        ["p1dina", 2, "Сөйлесу"],
    ]


def test_cannot_say_is_no_number_and_no_answer_is_neither() -> None:
    frame = tidy(KITCHEN, [("a", {"scale": None}), ("b", {"scale": 4}), ("c", {})])["kitchen"]
    assert frame["scale"].mean() == 4
    assert frame["scale_cannot_say"].tolist()[:2] == [True, False]
    assert pd.isna(frame["scale_cannot_say"].tolist()[2])


def test_the_first_and_the_last_day_of_the_calendar_fit() -> None:
    said = [("a", {"start": "0001-01-01"}), ("b", {"start": "9999-12-31"})]
    assert [one.year for one in tidy(KITCHEN, said)["kitchen"]["start"]] == [1, 9999]


def test_a_text_that_looks_like_a_joined_one_stays_one_entry() -> None:
    frame = tidy(KITCHEN, [("a", {"lines": ["one; two", "=1+1"]})])["kitchen.lines"]
    assert frame["value"].tolist() == ["one; two", "=1+1"]


def test_the_dictionary_says_bounds_values_and_who_may_read() -> None:
    said = data_dictionary(KITCHEN).set_index(["table", "column"])
    assert said.loc[("kitchen", "name"), "bounds"] == "min 5; max 10"
    assert said.loc[("kitchen", "secret"), "audiences"] == "self"
    assert said.loc[("kitchen", "scale"), "values"] == "1 = little; 5 = much"
    assert said.loc[("kitchen", "other"), "values"] == "0; 3"
    assert said.loc[("kitchen.with", "value"), "values"] == "pantry/people"
    assert said.loc[("kitchen.steps.who", "value"), "values"] == "pantry/people; self"
    assert said.loc[("kitchen.steps", "done_on"), "required"] == "submitted"
    assert said.loc[("kitchen", "steps_count"), "bounds"] == "min_rows 2; max_rows 3"


def test_the_dictionary_speaks_the_readers_language() -> None:
    for lang in ("ru", "kk"):
        english = data_dictionary(SHIPPED["action-plan"])
        said = data_dictionary(SHIPPED["action-plan"], translator(lang).gettext)
        assert (said["column"] == english["column"]).all()
        assert (said["label"] != english["label"]).all()
