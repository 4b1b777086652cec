"""Ratings now and wanted: what counts, what is read, and what stands in the tables."""

import dataclasses
import datetime as dt
import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workbook.strategies import RATINGS, answers
from ustaz.grading import render_answers
from ustaz.workbook import Context, Library, evaluate, project, tidy
from ustaz.workbook.kinds import REGISTRY
from ustaz.workbook.problems import DefinitionErrors, ValueProblem

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


# -- how it is now, without a wish ----------------------------------------------------------------
SHIPPED = Library.from_dirs([Path(__file__).parents[2] / "workbooks"])
START, END = SHIPPED["readiness"], SHIPPED["readiness-end"]


def test_a_single_rating_counts_alone_and_has_no_wish() -> None:
    field = START.field("ratings")
    rated = {name: {"now": None if at else 4} for at, name in enumerate(field.option_ids[:12])}
    findings = evaluate(START, {"ratings": rated}, TODAY).findings
    assert not [finding for finding in findings if finding.field == "ratings"]
    del rated[field.option_ids[11]]
    findings = evaluate(START, {"ratings": rated}, TODAY).findings
    assert [finding.rule for finding in findings if finding.field == "ratings"] == ["ratings_few"]
    with pytest.raises(ValueProblem):
        REGISTRY["ratings"].check(field, (), {"asks": {"now": 3, "wanted": 5}})


def test_the_second_round_is_laid_over_the_first_with_what_has_moved() -> None:
    page = render_answers(
        END,
        {"ratings_again": {"asks": {"now": 4}, "silence": {"now": 2}, "on_time": {"now": None}}},
        lang="en",
        linked={"readiness": {"ratings": {"asks": {"now": 2}, "silence": {"now": 3}}}},
        definitions={"readiness": START},
    )
    table = page[page.index("<thead>") : page.index("</table>")]
    assert "Wanted" not in table

    def cells(statement: str) -> list[str]:
        row = table[table.index(f">{statement}</th>") :].partition("</tr>")[0]
        return [cell.partition("<")[0] for cell in row.split('">')[1:]]

    assert cells("I ask more than I tell.") == ["2", "4", "+2"]
    assert cells("After a question I can be silent for seven seconds.") == ["3", "2", "\u22121"]
    assert cells("My meetings end on time, with a next step.") == ["–", "Cannot say", "–"]
    first = render_answers(START, {"ratings": {"asks": {"now": 2}}}, lang="en")
    assert "Difference" not in first
    assert first.count("Now") == 1


def test_the_table_of_single_ratings_has_no_column_for_a_wish() -> None:
    own = tidy(START, [("a", {"ratings": {"asks": {"now": 2}}})])["readiness.ratings"]
    assert {"wanted", "wanted_cannot_say", "difference"}.isdisjoint(own.columns)
    assert own["now"].tolist() == [2]


def test_start_end_and_the_sheet_on_paper_have_the_same_statements() -> None:
    statements = {option.id: option.label for option in START.field("ratings").options}
    assert len(statements) == 16
    for field in (END.field("ratings_again"), START.field("work_on")):
        assert {option.id: option.label for option in field.options} == statements
    sheet = Path(__file__).parents[2] / "facilitator_notes" / "handouts" / "myself.md"
    rows = re.findall(r"^\| \d+ \| (.+?) \|", sheet.read_text(encoding="utf-8"), re.MULTILINE)
    assert rows == list(statements.values())


def test_nobody_but_their_writer_reads_what_facilitators_say_of_themselves() -> None:
    for definition in (START, END):
        assert {field.audiences for field in definition.fields} == {("self",)}
        assert not definition.shares
