"""Changes: how they are read, applied, and found between two states."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.answers import strategies as ours
from tests.answers.helpers import (
    AIGUL,
    DEFINITION,
    PLAN,
    add_row,
    batch,
    clear,
    move_row,
    put,
    remove_row,
    snapshot,
    store_at,
)
from tests.workbook.strategies import answers as drafts
from ustaz.answers import Batch, Change, StoreError, apply_changes, difference, parse_change
from ustaz.answers.applying import equal
from ustaz.answers.validate import check_change
from ustaz.workbook import Library, ValueProblem

KITCHEN = Library.from_dirs([Path(__file__).parents[1] / "workbook" / "fixtures"])["kitchen"]
VECTORS = Path(__file__).parents[1] / "vectors" / "changes.json"
CASES = json.loads(VECTORS.read_text(encoding="utf-8"))["cases"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_vector(case):
    before = copy.deepcopy(case["answers"])
    changes = [parse_change(change) for change in case["changes"]]
    assert apply_changes(case["answers"], changes) == case["result"]
    assert case["answers"] == before


@given(ours.answers(), st.lists(ours.changes(), max_size=6))
def test_applying_changes_nothing_in_place(answers, changes):
    before = copy.deepcopy(answers)
    apply_changes(answers, [parse_change(change) for change in changes])
    assert answers == before


@given(ours.answers(), ours.answers())
def test_a_difference_leads_from_one_state_to_the_other(before, after):
    changes = difference(before, after, ["steps"])
    assert apply_changes(before, changes) == {
        **({"steps": []} if before.get("steps") and "steps" not in after else {}),
        **after,
    }
    for change in changes:
        check_change(DEFINITION, parse_change(change.to_json()))
    if before == after:
        assert changes == ()


@given(ours.changes())
def test_a_change_comes_back_from_its_json(change):
    parsed = parse_change(change)
    assert parse_change(parsed.to_json()) == parsed


def test_a_batch_comes_back_from_its_json():
    one = batch(put("title", "a"), {"op": "status", "value": "ready"}, base=3)
    assert Batch.from_json(one.to_json()) == one
    bare = {key: value for key, value in one.to_json().items() if key != "lang"}
    assert Batch.from_json(bare).to_json() == bare


GOOD = batch(put("title", "a"), base=1, id="b1").to_json()
BAD_BATCHES = {
    "not_an_object": [],
    "nothing": None,
    "unknown_key": {**GOOD, "who": "somebody"},
    "missing_key": {key: value for key, value in GOOD.items() if key != "client"},
    "batch_number": {**GOOD, "batch": 7},
    "batch_empty": {**GOOD, "batch": ""},
    "batch_long": {**GOOD, "batch": "a" * 65},
    "batch_odd": {**GOOD, "batch": "a b"},
    "batch_line": {**GOOD, "batch": "a\n"},
    "client_list": {**GOOD, "client": ["a"]},
    "client_path": {**GOOD, "client": "../x"},
    "base_text": {**GOOD, "base_revision": "1"},
    "base_true": {**GOOD, "base_revision": True},
    "base_negative": {**GOOD, "base_revision": -1},
    "base_huge": {**GOOD, "base_revision": 2**60},
    "base_float": {**GOOD, "base_revision": 1.0},
    "lang_number": {**GOOD, "lang": 1},
    "lang_markup": {**GOOD, "lang": "<kk>"},
    "changes_object": {**GOOD, "changes": {}},
    "changes_many": {**GOOD, "changes": [put("title", "a")] * 1001},
}
BAD_CHANGES = {
    "text": "set",
    "nothing": {},
    "unknown_op": {"op": "eval", "path": ["title"], "value": "1"},
    "op_list": {"op": ["set"], "path": ["title"], "value": "1"},
    "extra_key": {**put("title", "a"), "by": "me"},
    "no_value": {"op": "set", "path": ["title"]},
    "clear_with_value": {**clear("title"), "value": "a"},
    "path_text": {"op": "set", "path": "title", "value": "a"},
    "path_empty": {"op": "set", "path": [], "value": "a"},
    "path_long": {"op": "set", "path": ["steps", "row001", "tags", "x"], "value": "a"},
    "path_number": {"op": "set", "path": [1], "value": "a"},
    "path_upwards": put("..", "a"),
    "path_proto": {"op": "set", "path": ["__proto__"], "value": "a"},
    "unknown_field": put("nothing", "a"),
    "dotted_field": {"op": "set", "path": ["steps.action"], "value": "a"},
    "unknown_column": put("steps/row001/nothing", "a"),
    "clear_unknown_column": clear("steps/row001/nothing"),
    "clear_unknown_field": clear("nothing"),
    "row_of_no_table": {"op": "add_row", "path": ["title", "row001"], "after": None, "value": {}},
    "whole_table": put("steps", []),
    "clear_table": clear("steps"),
    "whole_row": {"op": "set", "path": ["steps", "row001"], "value": {}},
    "row_short": add_row("r1"),
    "row_capital": add_row("ROW001"),
    "row_id_as_column": add_row("row001", id="row002"),
    "set_row_id": put("steps/row001/id", "row002"),
    "row_value_list": {**add_row("row001"), "value": []},
    "row_odd_column": {**add_row("row001"), "value": {"A b": 1}},
    "after_number": {**move_row("row001", None), "after": 1},
    "after_missing": {"op": "move_row", "path": ["steps", "row001"]},
    "remove_with_after": {**remove_row("row001"), "after": None},
    "status_unknown": {"op": "status", "value": "certified"},
    "status_list": {"op": "status", "value": ["draft"]},
    "lang_object": {"op": "lang", "value": {}},
    "reference": put("evidence", "a"),
    "text_number": put("title", 5),
    "text_null": put("title", None),
    "text_object": put("title", {"a": 1}),
    "text_float": put("title", 0.5),
    "text_infinite": put("title", float("inf")),
    "text_not_a_number": put("title", float("nan")),
    "object_odd_key": put("title", {"A b": 1}),
    "object_deep": put("title", {"a": {"b": {"c": 1}}}),
    "text_surrogate": put("title", "a\ud800"),
    "list_surrogate": put("values", ["a\ud800"]),
    "text_too_long": put("title", "a" * 20_001),
    "choice_unknown": put("kind", "c"),
    "scale_true": put("influence", True),
    "scale_text": put("influence", "3"),
    "scale_huge": put("influence", 10**400),
    "date_none": put("start", "2026-02-30"),
    "list_nested": put("values", [["a"]]),
    "list_deep": put("values", [[[[]]]]),
    "list_many": put("values", ["a"] * 51),
    "column_choice_unknown": put("steps/row001/state", "c"),
    "row_cell_unknown": add_row("row001", state="c"),
}


@pytest.mark.parametrize("name", BAD_BATCHES)
def test_a_batch_that_is_none_is_refused(name):
    with pytest.raises(StoreError) as refused:
        Batch.from_json(BAD_BATCHES[name])
    assert refused.value.id == "bad_change"


@pytest.mark.parametrize("name", BAD_CHANGES)
def test_a_change_that_does_not_fit_is_refused_and_nothing_changes(tmp_path, name):
    store = store_at(tmp_path)
    store.save(AIGUL, PLAN, batch(put("title", "a"), add_row("row001")), "aigul-s")
    files = snapshot(tmp_path)
    body = {**GOOD, "changes": [put("aim", "fine"), BAD_CHANGES[name]]}
    with pytest.raises(StoreError) as refused:
        store.save(AIGUL, PLAN, Batch.from_json(body), "aigul-s")
    assert refused.value.id == "bad_change"
    assert "changes[1]" in refused.value.detail
    assert snapshot(tmp_path) == files


@settings(max_examples=50)
@given(drafts(KITCHEN))
def test_whatever_a_workbook_may_hold_can_be_sent(answers):
    for name, value in answers.items():
        if KITCHEN.field(name).columns:
            for row in value:
                cells = {key: cell for key, cell in row.items() if key != "id"}
                added = {"op": "add_row", "path": [name, row["id"]], "after": None, "value": cells}
                assert equal(parse_change(added).value, cells)
        else:
            assert equal(parse_change(put(name, value)).value, value)


def test_a_batch_has_a_cap():
    with pytest.raises(StoreError, match="too_large"):
        batch(*(put("aim", "я" * 15_000) for _ in range(20)))


def test_a_refusal_tells_nothing_of_the_text():
    with pytest.raises(ValueProblem) as refused:
        check_change(DEFINITION, Change("set", ("title",), value=["құпия"]))
    assert "құпия" not in str(refused.value)
    with pytest.raises(StoreError) as told:
        batch(put("құпия", "құпия"))
    assert "құпия" not in f"{told.value} {told.value.detail}"


JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(
        ["set", "clear", "add_row", "remove_row", "move_row", "status", "lang", "steps", "row001"]
    ),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["op", "path", "value", "after", "id", "action"]) | st.text(max_size=4),
            inner,
            max_size=5,
        )
    ),
    max_leaves=15,
)


@st.composite
def hostile(draw: st.DrawFn) -> object:
    """Return a good batch with something put in the place of one of its parts."""
    made = {**GOOD, "changes": [draw(ours.changes()) for _ in range(draw(st.integers(1, 3)))]}
    junk = draw(JUNK)
    where = draw(st.sampled_from(["all", "key", "change", "part", "path"]))
    if where == "all":
        return junk
    if where == "key":
        return {**made, draw(st.sampled_from([*GOOD, "more"])): junk}
    at = draw(st.integers(0, len(made["changes"]) - 1))
    change = made["changes"][at]
    if where == "change":
        made["changes"][at] = junk
    elif where == "part" or "path" not in change:
        made["changes"][at] = {
            **change,
            draw(st.sampled_from(["op", "path", "value", "after"])): junk,
        }
    else:
        path = list(change["path"])
        path[draw(st.integers(0, len(path) - 1))] = junk
        made["changes"][at] = {**change, "path": path}
    return made


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(hostile())
def test_hostile_batches_are_refused_or_harmless(tmp_path, body):
    store = store_at(tmp_path)
    if not (tmp_path / "people").exists():
        store.save(AIGUL, PLAN, batch(put("title", "a"), add_row("row001", action="x")), "aigul-s")
    before = store.read(AIGUL, PLAN)
    refused = None
    try:
        store.save(AIGUL, PLAN, Batch.from_json(body), "aigul-s")
    except StoreError as error:
        refused = error
    after = store.read(AIGUL, PLAN)
    if refused is not None:
        assert refused.id in ("bad_change", "too_large")
        assert after == before
    # Whatever came in, the document is one that the workbook takes.
    for change in difference({}, after.answers, ["steps"]):
        check_change(DEFINITION, change)
