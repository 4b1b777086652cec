"""What Python and TypeScript must agree on: the vectors, judged by the authority."""

import datetime as dt
import json
import re
import unicodedata
from pathlib import Path

import pytest
import regex

from tests.workbook.make_workbook_vectors import vectors
from ustaz.messages import number_text
from ustaz.workbook import Context, Library, definition_json, evaluate, graphemes
from ustaz.workbook.graphemes import ALONE, BLANKS

VECTORS = Path(__file__).resolve().parents[1] / "vectors"
FIXTURES = Path(__file__).parent / "fixtures"
RULES = {
    path.stem: json.loads(path.read_text(encoding="utf-8")) for path in VECTORS.glob("rules/*.json")
}
CASES = [(workbook, case) for workbook in sorted(RULES) for case in RULES[workbook]["cases"]]


def context_of(said: dict) -> Context:
    day = lambda key: dt.date.fromisoformat(said[key]) if said[key] else None  # noqa: E731
    return Context(day("today"), day("programme_start"), day("programme_end"), said["linked"])


@pytest.fixture(scope="module")
def library() -> Library:
    return Library.from_dirs([FIXTURES])


@pytest.mark.parametrize("workbook", sorted(RULES))
def test_the_vectors_hold_the_fixture_as_it_is(workbook: str, library: Library) -> None:
    definition = json.loads(json.dumps(definition_json(library[workbook])))
    assert RULES[workbook]["definition"] == definition


@pytest.mark.parametrize(
    ("workbook", "case"), CASES, ids=[f"{workbook}: {case['name']}" for workbook, case in CASES]
)
def test_answers_are_judged_as_the_vectors_say(workbook: str, case: dict, library: Library) -> None:
    evaluation = evaluate(library[workbook], case["answers"], context_of(case["context"]))
    assert case["expect"] == evaluation.to_json()


def test_the_vectors_hold_what_the_shipped_workbooks_say_today() -> None:
    kept = {
        path.stem: json.loads(path.read_text(encoding="utf-8"))
        for path in VECTORS.glob("workbooks/*.json")
    }
    hint = "read the difference, then: python -m tests.workbook.make_workbook_vectors"
    assert kept == dict(vectors()), hint


@pytest.mark.parametrize("case", json.loads((VECTORS / "graphemes.json").read_text()))
def test_characters_are_counted_as_a_person_sees_them(case: dict) -> None:
    assert case["count"] == graphemes(case["text"])


def test_what_is_counted_without_looking_for_clusters_is_a_character_of_its_own() -> None:
    cluster = regex.compile(r"[\p{GCB=Other}\p{GCB=Control}\p{GCB=LF}]")
    alone = [char for char in map(chr, range(0x110000)) if re.match(f"[{ALONE}]", char)]
    assert len(alone) > 1000
    for char in alone:
        assert cluster.fullmatch(char), hex(ord(char))
        assert len(unicodedata.normalize("NFC", char)) == 1
    # No two of them are one in NFC: the second would have to combine.
    assert not any(map(unicodedata.combining, alone))
    assert graphemes("".join(alone)) == len(unicodedata.normalize("NFC", "".join(alone)).strip())


def test_no_character_becomes_a_blank_in_nfc() -> None:
    for char in map(chr, range(0x110000)):
        if not 0xD800 <= ord(char) < 0xE000:
            nfc = unicodedata.normalize("NFC", char)
            assert (not nfc.strip(BLANKS)) == (char in BLANKS), hex(ord(char))


NUMBERS = json.loads((VECTORS / "numbers.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("value", "lang", "shown"), NUMBERS["shown"])
def test_a_number_is_written_as_its_reader_writes_it(value: float, lang: str, shown: str) -> None:
    assert number_text(value, lang) == shown
