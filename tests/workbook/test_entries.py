"""Entries: what a private one reaches (nobody), and how they are counted and read."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workbook.strategies import ROW_IDS, WORDS
from ustaz.grading import render_answers
from ustaz.workbook import Context, Library, evaluate, json_schema, project, tidy
from ustaz.workbook.kinds.entries import newest_first
from ustaz.workbook.model import AUDIENCES

FIXTURES = Path(__file__).parent / "fixtures"
KITCHEN = Library.from_dirs([FIXTURES])["kitchen"]
TODAY = dt.date(2026, 11, 23)
READERS = ("facilitator", "staff")
ROWS = st.lists(
    st.fixed_dictionaries(
        {"id": ROW_IDS, "what": WORDS.map(lambda words: f"canary {words}")},
        optional={
            "date": st.dates().map(lambda day: day.isoformat()),
            "feeling": st.integers(1, 5),
            "readers": st.lists(st.sampled_from(READERS), unique=True),
        },
    ),
    max_size=6,
    unique_by=lambda row: row["id"],
)


@given(ROWS, st.sampled_from([audience for audience in AUDIENCES if audience != "self"]))
def test_an_entry_reaches_those_whom_it_names_and_nobody_else(rows: list, audience: str) -> None:
    shown = project(KITCHEN, {"record": rows}, audience)
    named = [row["id"] for row in rows if audience in row.get("readers", ())]
    if audience in KITCHEN.field("record").audiences:
        assert [row["id"] for row in shown["answers"]["record"]] == named
        assert all("feeling" not in row for row in shown["answers"]["record"])
    else:
        assert "record" not in shown["answers"]
    hidden = [row for row in rows if row["id"] not in named]
    assert ("record" in shown["withheld"]) == bool(hidden or "record" not in shown["answers"])
    frames = tidy(KITCHEN, [("a", shown["answers"])])
    assert len(frames["kitchen.record"]) <= len(named)


@given(ROWS)
def test_the_writer_sees_every_entry(rows: list) -> None:
    assert project(KITCHEN, {"record": rows}, "self") == {
        "answers": {"record": rows},
        "withheld": [],
    }


def test_too_few_entries_are_not_said_to_whoever_does_not_see_all() -> None:
    rows = [
        {"id": "e1aaaa", "date": "2026-10-01", "what": "a", "readers": ["staff"]},
        {"id": "e2bbbb", "date": "2026-10-02", "what": "b"},
    ]
    shown = project(KITCHEN, {"record": rows}, "staff")
    context = Context(TODAY, withheld=frozenset(shown["withheld"]))
    findings = evaluate(KITCHEN, shown["answers"], context).findings
    assert not [finding for finding in findings if finding.field == "record"]


def test_a_day_alone_is_no_entry() -> None:
    rows = [{"id": "e1aaaa", "date": "2026-10-01", "readers": ["staff"]}]
    section = evaluate(KITCHEN, {"record": rows}, Context(TODAY)).sections[-1]
    assert not [finding for finding in section.findings if finding.rule == "min_items"]


@given(ROWS)
def test_entries_are_read_newest_first(rows: list) -> None:
    days = [row["date"] for row in newest_first(rows) if "date" in row]
    assert days == sorted(days, reverse=True)


def test_readers_get_the_newest_entry_first() -> None:
    rows = [
        {"id": "e1aaaa", "date": "2026-10-01", "what": "older"},
        {"id": "e2bbbb", "date": "2026-11-01", "what": "newer"},
    ]
    page = render_answers(KITCHEN, {"record": rows}, lang="en")
    assert page.index("newer") < page.index("older")


def test_two_hundred_entries_fit_the_schema_and_one_more_does_not() -> None:
    schema = json_schema(KITCHEN)["properties"]["record"]
    assert schema["maxItems"] == 200
    assert {"date", "what", "feeling", "readers"} < set(schema["items"]["properties"])


@pytest.mark.parametrize("own", ["date", "readers"])
def test_the_columns_that_every_entry_has_are_not_written_down(tmp_path: Path, own: str) -> None:
    from ustaz.workbook import DefinitionErrors, load

    text = (FIXTURES / "kitchen" / "workbook.yml").read_text(encoding="utf-8")
    path = tmp_path / "workbook.yml"
    path.write_text(text.replace("{id: what, kind: text", f"{{id: {own}, kind: text"), "utf-8")
    with pytest.raises(DefinitionErrors, match="stands in each entry already"):
        load(path)


def test_only_audiences_of_the_field_are_offered_as_readers() -> None:
    assert KITCHEN.field("record.readers").option_ids == READERS
