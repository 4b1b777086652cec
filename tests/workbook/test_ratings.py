"""Ratings now and wanted: what counts, what is read, and what stands in the tables."""

import dataclasses
import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workbook.strategies import RATINGS, answers
from ustaz.grading import render_answers
from ustaz.workbook import Context, Library, evaluate, project, tidy
from ustaz.workbook.problems import DefinitionErrors

FIXTURES = Path(__file__).parent / "fixtures"
LIBRARY = Library.from_dirs([FIXTURES])
KITCHEN = LIBRARY["kitchen"]
TODAY = Context(dt.date(2026, 11, 23))
SAID = {"trust": {"now": 2, "wanted": 5}, "voice": {"now": None, "wanted": 1}, "time": {"now": 4}}


def few(culture: dict) -> bool:
    findings = evaluate(KITCHEN, {"culture": culture}, TODAY).findings
    return any(finding.rule == "ratings_few" for finding in findings)


@given(
    st.dictionaries(
        st.sampled_from(["trust", "voice", "time"]),
        st.fixed_dictionaries({}, optional={"now": RATINGS, "wanted": RATINGS}),
    )
)
def test_a_dimension_counts_with_both_of_its_ratings(culture: dict) -> None:
    rated = sum({"now", "wanted"} <= set(answer) for answer in culture.values())
    said = any(culture.values())
    assert few(culture) == (said and rated < 2)


@given(answers(KITCHEN))
def test_the_table_has_a_row_for_each_dimension_of_which_something_was_said(said: dict) -> None:
    frames = tidy(KITCHEN, [("a", said)])
    culture = said.get("culture", {})
    own = frames["kitchen.culture"]
    assert sorted(own["dimension"]) == sorted(name for name, answer in culture.items() if answer)
    both = own["difference"].dropna()
    assert (both == (own["wanted"] - own["now"]).dropna()).all()


def test_cannot_say_is_no_number_in_the_table() -> None:
    frames = tidy(KITCHEN, [("a", {"culture": SAID}), ("b", {})])
    own = frames["kitchen.culture"].set_index("dimension")
    assert own.loc["trust", "difference"] == 3
    assert own.loc["voice", "now_cannot_say"]
    assert pd.isna(own.loc["voice", "now"])
    assert pd.isna(own.loc["time", "wanted_cannot_say"])
    assert frames["kitchen"]["culture_count"].tolist()[0] == 2
    assert pd.isna(frames["kitchen"]["culture_count"].tolist()[1])


def test_readers_see_the_difference_and_the_earlier_rating() -> None:
    page = render_answers(
        KITCHEN,
        {"culture": SAID},
        lang="en",
        linked={"pantry": {"before": {"trust": {"now": 1}}}},
        definitions={"pantry": LIBRARY["pantry"]},
    )
    row = page[page.index(">Trust</th>") :].partition("</tr>")[0]
    assert [cell.partition("<")[0] for cell in row.split('">')[1:]] == ["1", "2", "5", "+3"]
    assert "Cannot say" in page
    assert "Earlier" not in render_answers(KITCHEN, {"culture": SAID}, lang="en")


def test_private_ratings_reach_nobody_else() -> None:
    section = KITCHEN.sections[-1]
    fields = tuple(
        dataclasses.replace(field, audiences=("self",)) if field.id == "culture" else field
        for field in section.fields
    )
    closed = dataclasses.replace(
        KITCHEN, sections=(dataclasses.replace(section, fields=fields),), rules=()
    )
    shown = project(closed, {"culture": SAID}, "staff")
    assert shown == {"answers": {}, "withheld": ["culture"]}


def test_ratings_are_laid_over_ratings_only(tmp_path: Path) -> None:
    for name in ("kitchen", "pantry"):
        text = (FIXTURES / name / "workbook.yml").read_text(encoding="utf-8")
        (tmp_path / name).mkdir()
        (tmp_path / name / "workbook.yml").write_text(
            text.replace("compare: pantry/before", "compare: pantry/topic"), encoding="utf-8"
        )
    with pytest.raises(DefinitionErrors, match="a text cannot be referred to"):
        Library.from_dirs([tmp_path])
