"""What a workbook says of its data stands in the data map, and a date follows from it."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from ustaz.workbook import Library, data_map, keep_until, with_data_map

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = Library.from_dirs([ROOT / "workbooks"])


def test_the_data_map_says_what_the_workbooks_say() -> None:
    page = (ROOT / "docs" / "data-map.md").read_text(encoding="utf-8")
    assert data_map(SHIPPED) in page
    assert page == with_data_map(page, SHIPPED), "write it again: ustaz workbook build"


def test_a_page_without_the_marks_stays_as_it_is() -> None:
    assert with_data_map("Nothing here.", SHIPPED) == "Nothing here."


def test_fields_with_readers_of_their_own_are_named() -> None:
    row = next(line for line in data_map(SHIPPED).splitlines() if line.startswith("| `focus`"))
    assert "self: `why_me`" in row
    assert "self, facilitator, group, staff: `focus_statement`" in row


@pytest.mark.parametrize(
    ("end", "months", "until"),
    [
        ("2027-05-31", 12, "2028-05-31"),
        ("2027-05-31", 9, "2028-02-29"),
        ("2027-12-15", 1, "2028-01-15"),
        ("2027-01-31", 1, "2027-02-28"),
        ("2027-01-01", 120, "2037-01-01"),
        ("2027-11-30", 13, "2028-12-30"),
    ],
)
def test_answers_are_kept_until_a_day(end: str, months: int, until: str) -> None:
    definition = replace(SHIPPED["focus"], retention=months)
    assert keep_until(definition, dt.date.fromisoformat(end)).isoformat() == until
