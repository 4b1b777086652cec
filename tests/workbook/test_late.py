"""Which steps of a plan are past their date: as the page says it, by the same vectors."""

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import pytest

from ustaz.workbook import Library, late_rows
from ustaz.workbook.model import Condition, Field, Option

VECTORS = json.loads(
    (Path(__file__).resolve().parents[1] / "vectors" / "plan_late.json").read_text(encoding="utf-8")
)
FIXTURES = Path(__file__).parent / "fixtures"


def column(said: dict) -> Field:
    when = said.get("shown_when")
    return Field(
        id=said["id"],
        kind=said["kind"],
        label=said["id"],
        options=tuple(Option(one, one) for one in said.get("options", ())),
        shown_when=Condition(when["field"], tuple(when["is"])) if when else None,
    )


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_a_step_is_late_where_the_vectors_say_so(case: dict) -> None:
    table = Field("steps", "table", "Steps", columns=tuple(map(column, case["columns"])))
    tiny = Library.from_dirs([FIXTURES])["tiny"]
    for component, late in (("plan", case["late"]), ("form", [])):
        section = replace(tiny.sections[0], fields=(replace(table, component=component),))
        definition = replace(tiny, sections=(section,))
        today = dt.date.fromisoformat(VECTORS["today"])
        found = late_rows(definition, {"steps": case["rows"]}, today)
        assert found == [("steps", one) for one in late]
        assert late_rows(definition, {}, today) == []
