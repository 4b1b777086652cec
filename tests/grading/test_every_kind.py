"""Every kind of field is shown to whoever reads: a new kind must appear here."""

import datetime as dt
import json
from pathlib import Path

import pytest

from ustaz.grading import render_answers
from ustaz.grading.confirming import Confirmation
from ustaz.workbook import Library
from ustaz.workbook.kinds import KINDS

ROOT = Path(__file__).resolve().parents[1]
LIBRARY = Library.from_dirs([ROOT / "workbook" / "fixtures"])
KITCHEN = LIBRARY["kitchen"]
CASES = json.loads((ROOT / "vectors" / "rules" / "kitchen.json").read_text(encoding="utf-8"))[
    "cases"
]
FULL = next(one for one in CASES if one["name"] == "everything is answered")

SHOWN = {
    "text": "Жұппен",
    "choice": "First",
    "choices": "Q",
    "scale": "4",
    "ratings": "Trust",
    "levels": "It is specific and says why it matters",
    "number": "12.5\u00a0%",
    "date": "2026",
    "list": "екі",
    "file": "Тақтадағы сурет",
    "table": "Сынап көру",
    "entries": "Жазба",
    "reference": "Тақырып",
    "person": "Ә.Қ.",
    "row": "Ә.Қ.",
    "confirmation": "Agreed-by",
}


def test_every_kind_is_in_the_fixture_and_in_this_table() -> None:
    used = {one.kind for one in KITCHEN.fields}
    assert set(KINDS) == used == set(SHOWN)


@pytest.mark.parametrize("kind", KINDS)
def test_a_reader_sees_a_field_of_this_kind(kind: str) -> None:
    page = render_answers(
        KITCHEN,
        FULL["answers"],
        lang="en",
        linked=FULL["context"]["linked"],
        definitions={"pantry": LIBRARY["pantry"]},
        confirmed={"agreed": Confirmation("agreed", "d", "Agreed-by", dt.date(2026, 11, 12))},
    )
    assert SHOWN[kind] in page


@pytest.mark.parametrize(
    ("some", "visible"), [(["p", "q"], True), (["r"], True), (["p"], False), ([], False)]
)
def test_a_reader_sees_what_one_of_several_choices_shows(some: list[str], visible: bool) -> None:
    answers = {"some": some, "why_some": "canary"}
    assert ("canary" in render_answers(KITCHEN, answers, lang="en")) is visible
