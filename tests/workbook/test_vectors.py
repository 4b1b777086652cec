"""What Python and TypeScript must agree on: the vectors, judged by the authority."""

import datetime as dt
import json
from pathlib import Path

import pytest

from ustaz.messages import number_text
from ustaz.workbook import Context, Library, definition_json, evaluate, graphemes

VECTORS = Path(__file__).resolve().parents[1] / "vectors"
FIXTURES = Path(__file__).parent / "fixtures"
KITCHEN = json.loads((VECTORS / "rules" / "kitchen.json").read_text(encoding="utf-8"))


def context_of(said: dict) -> Context:
    day = lambda key: dt.date.fromisoformat(said[key]) if said[key] else None  # noqa: E731
    return Context(day("today"), day("programme_start"), day("programme_end"), said["linked"])


@pytest.fixture(scope="module")
def library() -> Library:
    return Library.from_dirs([FIXTURES])


def test_the_vectors_hold_the_fixture_as_it_is(library: Library) -> None:
    assert KITCHEN["definition"] == json.loads(json.dumps(definition_json(library["kitchen"])))


@pytest.mark.parametrize("case", KITCHEN["cases"], ids=lambda case: case["name"])
def test_answers_are_judged_as_the_vectors_say(case: dict, library: Library) -> None:
    found = evaluate(library["kitchen"], case["answers"], context_of(case["context"]))
    assert case["expect"] == found.to_json()


@pytest.mark.parametrize("case", json.loads((VECTORS / "graphemes.json").read_text()))
def test_characters_are_counted_as_a_person_sees_them(case: dict) -> None:
    assert case["count"] == graphemes(case["text"])


NUMBERS = json.loads((VECTORS / "numbers.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("value", "lang", "shown"), NUMBERS["shown"])
def test_a_number_is_written_as_its_reader_writes_it(value: float, lang: str, shown: str) -> None:
    assert number_text(value, lang) == shown
