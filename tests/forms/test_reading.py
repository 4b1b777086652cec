"""What a form says is what stood in it, kind by kind, and nothing else changes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.forms import Form
from tests.workbook.strategies import answers
from ustaz.forms import Part, draw, read_posted
from ustaz.workbook import Library
from ustaz.workbook.kinds import ABSENT, REGISTRY
from ustaz.workbook.kinds.number import parsed_number
from ustaz.workbook.serialize import localized

ROOT = Path(__file__).resolve().parents[2]
VECTORS = json.loads((ROOT / "tests" / "vectors" / "posted.json").read_text(encoding="utf-8"))
NUMBERS = json.loads((ROOT / "tests" / "vectors" / "numbers.json").read_text(encoding="utf-8"))
LIBRARY = Library.from_dirs([ROOT / "workbooks"])
KITCHEN = Library.from_dirs([ROOT / "tests" / "workbook" / "fixtures"])


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["field"]["kind"])
def test_texts_of_a_control_mean_the_same_here_and_on_the_page(vector: dict[str, Any]) -> None:
    field = vector["field"]
    value = REGISTRY[field["kind"]].posted(field, vector["texts"], vector.get("lang", "en"))
    assert value is ABSENT if vector.get("none") else value == vector["value"]


def test_every_kind_that_people_write_has_a_vector() -> None:
    single = {name for name, kind in REGISTRY.items() if kind.stored and kind.column and kind.posts}
    assert single <= {vector["field"]["kind"] for vector in VECTORS}


@pytest.mark.parametrize("row", NUMBERS["typed"], ids=lambda row: row[0])
def test_a_number_is_read_as_the_page_reads_it(row: list[Any]) -> None:
    typed, value, langs = [*row, ["kk", "ru", "en"]][:3]
    for lang in langs:
        assert parsed_number(typed, lang) == value


def _form(library: Library, workbook: str, shown: dict[str, Any], lang: str) -> Form:
    parts = {name: Part(library[name], {}, "kk") for name in library.ids}
    parts[workbook] = Part(library[workbook], shown, "kk")
    return Form("".join(draw(parts, workbook, lang, lambda there, name: f"/{there}#{name}")))


@pytest.mark.parametrize(
    ("library", "workbook"),
    [(LIBRARY, "action-plan"), (LIBRARY, "focus"), (KITCHEN, "kitchen")],
    ids=["action-plan", "focus", "kitchen"],
)
@settings(max_examples=15)
@given(data=st.data(), lang=st.sampled_from(["en", "ru", "kk"]))
def test_a_form_that_nobody_touched_changes_nothing(
    library: Library, workbook: str, data: st.DataObject, lang: str
) -> None:
    definition = library[workbook]
    shown = data.draw(answers(definition))
    form = _form(library, workbook, shown, lang)
    posted = read_posted(definition, localized(definition, lang), shown, form.texts(), lang)
    assert posted.answers == shown
    assert posted.refused == {}


def test_a_page_that_broke_off_clears_nothing() -> None:
    shown = {"who_is_affected": ["pupils", "me"], "concern_raw": "Бір", "within_my_influence": 4}
    whole = _form(LIBRARY, "focus", shown, "kk")
    definition = LIBRARY["focus"]
    compiled = localized(definition, "kk")
    for length in range(len(whole.fields)):
        fields: dict[str, list[str]] = {}
        for name, text in whole.fields[:length]:
            fields.setdefault(name, []).append(text)
        assert read_posted(definition, compiled, shown, fields, "kk").answers == shown


def test_a_value_that_cannot_be_kept_is_named_and_the_rest_is_read() -> None:
    definition = LIBRARY["focus"]
    fields = _form(LIBRARY, "focus", {}, "en").texts(
        focus__concern_raw=["x" * 20_001], focus__why_me=["Me"]
    )
    posted = read_posted(definition, localized(definition, "en"), {}, fields, "en")
    assert posted.answers == {"why_me": "Me"}
    assert list(posted.refused) == [("concern_raw",)]
    assert posted.refused[("concern_raw",)][1] == "too_long"


def test_hostile_words_stand_in_the_form_as_words() -> None:
    shown = {"concern_raw": '</textarea><script>alert("1")</script>', "focus_statement": '"><img>'}
    form = _form(LIBRARY, "focus", shown, "en")
    texts = form.texts()
    assert texts["focus/concern_raw"] == [shown["concern_raw"]]
    assert texts["focus/focus_statement"] == [shown["focus_statement"]]
