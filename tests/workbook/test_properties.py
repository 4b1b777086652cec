"""What holds for any answers: judged without a stumble, within bounds, private where private."""

import dataclasses
import datetime as dt
import json
import pickle
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workbook.strategies import ROW_IDS, answers
from ustaz.messages import translator
from ustaz.workbook import (
    Context,
    Library,
    ValueProblem,
    VersionProblem,
    apply_upgrades,
    check_value,
    evaluate,
    finding_text,
    json_schema,
    project,
    upgrade_path,
    withheld_from,
)

FIXTURES = Path(__file__).parent / "fixtures"
LIBRARY = Library.from_dirs([FIXTURES])
KITCHEN, PANTRY = LIBRARY["kitchen"], LIBRARY["pantry"]
CONTEXTS = st.builds(
    Context,
    today=st.dates(),
    programme_start=st.none() | st.dates(),
    programme_end=st.none() | st.dates(),
    linked=st.just({}) | st.fixed_dictionaries({"pantry": answers(PANTRY)}),
    withheld=st.frozensets(st.sampled_from(["secret", "name", "steps.action", "story"])),
)


@given(answers(KITCHEN), CONTEXTS)
def test_any_draft_is_judged_within_bounds(said: dict, context: Context) -> None:
    found = evaluate(KITCHEN, said, context)
    assert 0 <= found.answered <= found.of
    assert 0 <= found.score <= KITCHEN.points
    for one in found.sections:
        assert 0 <= one.passed <= one.checks
        assert 0 <= one.score <= one.points
    assert found.level in {"draft", "ready", "complete"}
    assert found.complete == all(one.kind == "advice" for one in found.findings)
    assert found.to_json() == evaluate(KITCHEN, said, context).to_json()
    json.dumps(found.to_json(), allow_nan=False)


@pytest.mark.parametrize("lang", ["en", "ru", "kk"])
def test_every_finding_becomes_a_sentence(lang: str) -> None:
    words = translator(lang)

    @given(answers(KITCHEN), CONTEXTS)
    def check(said: dict, context: Context) -> None:
        for one in evaluate(KITCHEN, said, context).findings:
            sentence = finding_text(one, KITCHEN, words)
            assert sentence
            assert "{" not in sentence

    check()


@given(answers(KITCHEN))
def test_a_draft_fits_the_published_schema(said: dict) -> None:
    jsonschema.Draft202012Validator(json_schema(KITCHEN)).validate(said)
    for name, value in said.items():
        check_value(KITCHEN, [name], value)


@given(answers(KITCHEN), st.sampled_from(["self", "facilitator", "staff", "public"]))
def test_an_audience_sees_only_what_is_meant_for_it(said: dict, audience: str) -> None:
    shown = project(KITCHEN, said, audience)
    for name in shown["answers"]:
        assert audience in KITCHEN.field(name).audiences
        if name == "record" and audience != "self":
            ids = [row["id"] for row in said[name] if audience in row.get("readers", [])]
            assert [row["id"] for row in shown["answers"][name]] == ids
        else:
            assert said[name] == shown["answers"][name]
    # Of rows that are shown, a column may be withheld.
    withheld = {name.partition(".")[0] for name in shown["withheld"]}
    assert set(said) == set(shown["answers"]) | withheld
    if audience == "self":
        assert shown["withheld"] == []


def test_withheld_columns_leave_their_rows() -> None:
    steps = KITCHEN.field("steps")
    closed = tuple(
        dataclasses.replace(one, audiences=("self",)) if one.id == "action" else one
        for one in steps.columns
    )
    section = KITCHEN.sections[2]
    fields = tuple(
        dataclasses.replace(steps, columns=closed) if one is steps else one
        for one in section.fields
    )
    changed = dataclasses.replace(
        KITCHEN, sections=(dataclasses.replace(section, fields=fields),), rules=()
    )
    said = {"steps": [{"id": "r1aaaa", "action": "private", "strand": "share"}, {"id": "r2bbbb"}]}
    shown = project(changed, said, "staff")
    assert shown["withheld"] == ["steps.action"]
    assert shown["answers"]["steps"] == [{"id": "r1aaaa", "strand": "share"}, {"id": "r2bbbb"}]
    open_ = Context(dt.date(2026, 1, 1), withheld=frozenset(shown["withheld"]))
    assert not [
        one for one in evaluate(changed, shown["answers"], open_).findings if one.column == "action"
    ]


def test_a_private_required_answer_counts_when_it_was_withheld() -> None:
    bare = Context(dt.date(2026, 11, 23))
    told = Context(dt.date(2026, 11, 23), withheld=frozenset({"secret", "story"}))
    assert evaluate(KITCHEN, {}, told).answered == evaluate(KITCHEN, {}, bare).answered + 2
    left = evaluate(KITCHEN, {"note": "x"}, told).findings
    assert not [one for one in left if one.rule == "at_least"]


BAD = [
    (["nothing"], "x", "unknown_field"),
    (["name", "r1aaaa"], "x", "unknown_field"),
    (["steps.action"], "x", "unknown_field"),
    ([], "x", "unknown_field"),
    (["topic"], "x", "not_the_place"),
    (["agreed"], True, "not_the_place"),
    (["name"], 7, "wrong_type"),
    (["name"], "x" * 20_001, "too_long"),
    (["name"], "a\0", "bad_text"),
    (["name"], "\ud800", "bad_text"),
    (["name"], "e\u0301", "bad_text"),
    (["lines"], "x", "wrong_type"),
    (["lines"], ["x"] * 51, "too_many"),
    (["lines"], [1], "wrong_type"),
    (["one"], 1, "wrong_type"),
    (["one"], "z", "unknown_option"),
    (["some"], ["z"], "unknown_option"),
    (["some"], ["p", "p"], "twice"),
    (["scale"], True, "wrong_type"),
    (["scale"], 2.0, "wrong_type"),
    (["scale"], 6, "out_of_range"),
    (["other"], None, "wrong_type"),
    (["culture"], [], "wrong_type"),
    (["culture"], {"colour": {}}, "unknown_option"),
    (["culture"], {"trust": 3}, "wrong_type"),
    (["culture"], {"trust": {"later": 3}}, "unknown_column"),
    (["culture"], {"trust": {"now": True}}, "wrong_type"),
    (["culture"], {"trust": {"now": 2.0}}, "wrong_type"),
    (["culture"], {"trust": {"now": 6}}, "out_of_range"),
    (["culture"], {"trust": {"now": 0}}, "out_of_range"),
    (["culture", "trust", "now"], 3, "unknown_column"),
    (["start"], 7, "wrong_type"),
    (["start"], "2026-02-29", "bad_date"),
    (["start"], "2026-2-3", "bad_date"),
    (["start"], "٢٠٢٦-٠١-٠١", "bad_date"),
    (["with"], ["self"], "unknown_option"),
    (["with"], ["p1dina", "p2olga"], "too_many"),
    (["with"], ["p1dina", "p1dina"], "twice"),
    (["steps"], {}, "wrong_type"),
    (["steps"], [{"id": "r1aaaa"}] * 101, "too_many"),
    (["steps"], ["r"], "bad_row"),
    (["steps"], [{"action": "x"}], "bad_row"),
    (["steps"], [{"id": "R"}], "bad_row"),
    (["steps"], [{"id": "r1aaaa"}, {"id": "r1aaaa"}], "twice"),
    (["steps"], [{"id": "r1aaaa", "colour": "x"}], "unknown_column"),
    (["steps"], [{"id": "r1aaaa", "due": "soon"}], "bad_date"),
    (["steps", "r1aaaa", "colour"], "x", "unknown_column"),
    (["steps", "../etc", "action"], "x", "bad_row"),
    (["steps", "r1aaaa", "who"], ["me"], "unknown_option"),
]


@pytest.mark.parametrize(("path", "value", "id"), BAD)
def test_what_cannot_be_kept_is_refused_by_id(path: list, value: object, id: str) -> None:
    with pytest.raises(ValueProblem) as caught:
        check_value(KITCHEN, path, value)
    assert caught.value.id == id
    assert pickle.loads(pickle.dumps(caught.value)).id == id


@given(ROW_IDS, st.sampled_from(["self", "p1dina"]))
def test_cells_are_checked_by_their_column(row: str, who: str) -> None:
    check_value(KITCHEN, ["steps", row, "who"], [who])
    check_value(KITCHEN, ["steps", row, "action"], "Сөйлесу")
    check_value(KITCHEN, ["scale"], None)


def test_older_answers_come_along_by_named_steps() -> None:
    old = {
        "title": "Бірінші",
        "mood": 3,
        "steps": [{"id": "r1aaaa", "strand": "spread"}, {"id": "r2bbbb", "strand": "consult"}],
    }
    new = apply_upgrades(KITCHEN, old, "1.0.0")
    assert new == {
        "name": "Бірінші",
        "steps": [{"id": "r1aaaa", "strand": "share"}, {"id": "r2bbbb", "strand": "consult"}],
    }
    assert "title" in old
    assert upgrade_path(KITCHEN, "1.0.0") == ["1.1.0", "1.2.0"]


def test_a_version_that_changed_only_words_needs_no_upgrade() -> None:
    assert upgrade_path(KITCHEN, "1.0.7") == ["1.1.0", "1.2.0"]
    assert upgrade_path(KITCHEN, "1.1.5") == ["1.2.0"]
    assert apply_upgrades(KITCHEN, {"name": "Х"}, "1.2.0") == {"name": "Х"}


def test_newer_answers_are_refused_with_advice() -> None:
    with pytest.raises(VersionProblem) as caught:
        apply_upgrades(KITCHEN, {}, "1.3.0")
    assert caught.value.id == "newer"
    assert caught.value.hint


def test_answers_that_no_step_fits_are_refused_and_not_dropped() -> None:
    with pytest.raises(VersionProblem, match="colour") as caught:
        apply_upgrades(KITCHEN, {"colour": "red"}, "1.0.0")
    assert caught.value.id == "does_not_fit"


def test_several_choices_are_mapped_without_doubles() -> None:
    from ustaz.workbook.model import Step
    from ustaz.workbook.upgrade import _apply

    said = {"some": ["p", "q"], "one": "a", "steps": [{"id": "r1aaaa", "action": "x", "due": "y"}]}
    _apply(Step("s", "map_choice", {"field": "some", "from": "p", "to": "q"}), said)
    _apply(Step("s", "map_choice", {"field": "one", "from": "b", "to": "c"}), said)
    _apply(Step("s", "rename", {"from": "steps.action", "to": "steps.deed"}), said)
    _apply(Step("s", "rename", {"from": "steps.none", "to": "steps.some"}), said)
    _apply(Step("s", "drop", {"field": "steps.due"}), said)
    assert said == {"some": ["q"], "one": "a", "steps": [{"id": "r1aaaa", "deed": "x"}]}


def test_parts_of_a_definition_are_found_by_name() -> None:
    assert KITCHEN.field("steps.action").label == "Action"
    assert KITCHEN.section_of("steps.action").id == "rows"
    assert LIBRARY.linked("kitchen") == ("pantry",)
    assert len(LIBRARY) == 6
    for name in ("nothing", "steps.nothing", "name.first"):
        with pytest.raises(KeyError):
            KITCHEN.field(name)
    with pytest.raises(KeyError):
        KITCHEN.section_of("nothing")


def test_problems_survive_the_way_between_processes() -> None:
    from ustaz.workbook import DefinitionErrors, DefinitionProblem

    problem = DefinitionErrors([DefinitionProblem("w.yml", 3, "", "is odd")])
    copy = pickle.loads(pickle.dumps(problem))
    assert str(copy.problems[0]) == "w.yml:3: is odd"


def test_a_round_cannot_call_withheld_what_its_reader_may_see() -> None:
    claimed = ["name", "secret", "steps.action", "steps", "nothing"]
    assert withheld_from(KITCHEN, claimed, "staff") == {"secret"}
    assert withheld_from(KITCHEN, claimed, "public") == {"name", "secret", "steps", "steps.action"}
    assert withheld_from(KITCHEN, claimed, "self") == frozenset()
    assert withheld_from(KITCHEN, ["record", "record.what"], "staff") == {"record"}


def test_blanks_in_a_withheld_field_do_not_disturb() -> None:
    told = Context(dt.date(2026, 11, 23), withheld=frozenset({"lines"}))
    assert evaluate(KITCHEN, {"lines": ["", " "]}, told).sections[0].answered == 1


def test_what_is_hidden_does_not_count_as_filled_in() -> None:
    rules = tuple(
        dataclasses.replace(one, settings={"fields": ("reason", "note"), "count": 2})
        for one in KITCHEN.rules
        if one.kind == "at_least"
    )
    changed = dataclasses.replace(KITCHEN, rules=rules)
    hidden = {"one": "a", "reason": "because", "note": "x"}
    found = evaluate(changed, hidden, Context(dt.date(2026, 11, 23))).findings
    assert [one.rule for one in found if one.id] == ["at_least"]
    shown = {**hidden, "one": "b"}
    found = evaluate(changed, shown, Context(dt.date(2026, 11, 23))).findings
    assert not [one for one in found if one.id]


def test_days_in_a_sentence_are_written_as_the_reader_writes_them() -> None:
    context = Context(dt.date(2026, 11, 23), dt.date(2026, 9, 1), dt.date(2027, 5, 31))
    found = evaluate(KITCHEN, {"start": "2026-01-01"}, context).findings
    outside = next(one for one in found if one.rule == "date_within")
    said = finding_text(outside, KITCHEN, translator("en"), day=lambda day: f"<{day.year}>")
    assert said == "This date lies outside the time from <2026> to <2027>."
    assert "2026-09-01" in finding_text(outside, KITCHEN, translator("en"))
