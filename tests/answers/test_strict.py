"""JSON from anywhere: what is refused, with which id, and where."""

from __future__ import annotations

import json
import math
import pickle
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.answers import make_strict_vectors as vectors
from ustaz.answers import STRICT_ERRORS, StrictError, dumps_canonical, loads_strict
from ustaz.answers.strict import _loads_suspicious, _readable, dumps_readable

CASES = json.loads(vectors.FILE.read_text(encoding="utf-8"))["cases"]


def test_the_vectors_are_current():
    assert vectors.FILE.read_text(encoding="utf-8") == vectors.text()


def test_every_error_id_has_a_vector():
    assert {case["error"] for case in CASES} == {None, *STRICT_ERRORS}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_vector(case):
    data = vectors.unpacked(case)
    if case["error"] is None:
        assert loads_strict(data) == json.loads(data)
        return
    with pytest.raises(StrictError) as refused:
        loads_strict(data)
    assert refused.value.id == case["error"]
    if case["position"] is not None:
        assert refused.value.position == case["position"]


def test_an_error_tells_the_place_and_never_the_content():
    with pytest.raises(StrictError) as refused:
        loads_strict('{"secret": "құпия", "secret": 1}'.encode())
    told = f"{refused.value!r} {refused.value} {refused.value.__dict__}"
    assert "secret" not in told
    assert "құпия" not in told
    assert "byte 25" in told
    assert refused.value.__cause__ is None


def test_an_error_survives_a_process_border():
    error = pickle.loads(pickle.dumps(StrictError("deep", 7)))
    assert (error.id, error.position, str(error)) == ("deep", 7, str(StrictError("deep", 7)))


def test_caps_are_the_callers():
    with pytest.raises(StrictError, match="more bytes"):
        loads_strict(b"[1]", max_bytes=2)
    with pytest.raises(StrictError, match="deeper"):
        loads_strict(b"[[1]]", max_depth=1)
    assert loads_strict(bytearray(b"[1]"), max_bytes=3, max_depth=1) == [1]
    assert loads_strict(memoryview(b"[[1]]"), max_depth=2) == [[1]]


def test_no_caller_can_allow_what_breaks_the_parser():
    with pytest.raises(StrictError, match="deeper"):
        loads_strict(b"[" * 100_000, max_depth=10**9)


@pytest.mark.parametrize(
    "data",
    [
        b'"' + b'\\"' * 500_000,
        b'"\\' * 500_000,
        b"[" + b"1" * 1_000_000,
        b"[" + b"1.1" * 300_000,
        b"[" + b"-" * 1_000_000,
        b'{"a":1,' * 140_000,
        b'["' + b"\\ud800\\udc00" * 80_000,
        b" " * 1_000_000,
    ],
    ids=range(8),
)
def test_hostile_bytes_are_refused_in_a_moment(data):
    begun = time.process_time()
    with pytest.raises(StrictError):
        loads_strict(data)
    assert time.process_time() - begun < 5


def _reference(data: bytes):
    """The standard parser with every door shut that has a lock; slower, and tells no place."""

    def pairs(items):
        if len({key for key, _ in items}) != len(items):
            raise ValueError("duplicate")
        return dict(items)

    def constant(name):
        raise ValueError(name)

    def integer(digits):
        if len(digits) > 17 or abs(int(digits)) > 2**53 - 1:
            raise ValueError("integer")
        return int(digits)

    def real(digits):
        if not math.isfinite(float(digits)):
            raise ValueError("range")
        return float(digits)

    text = data.decode("utf-8")
    value = json.loads(
        text, object_pairs_hook=pairs, parse_constant=constant, parse_int=integer, parse_float=real
    )
    json.dumps(value, ensure_ascii=False).encode("utf-8")
    return value


def _both(data: bytes) -> None:
    try:
        expected, fine = _reference(data), True
    except (ValueError, RecursionError):
        fine = False
    if fine:
        assert loads_strict(data, max_depth=200) == expected
    else:
        with pytest.raises(StrictError):
            loads_strict(data, max_depth=200)


FRAGMENTS = [
    *'{}[],:"\\- \n\x001ә😀',
    *('"a"', '"a":', '"\\u0061":', "\\ud800", "\\udc00", "\\n"),
    *("1e999", "9007199254740992", "NaN", "-Infinity", "null", "tru", "true", "0.5"),
]


@settings(max_examples=600)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=14).map("".join))
@example('{"a":1,"\\u0061":2}')
@example('"\\ud800\\udc00')
def test_it_agrees_with_a_slower_parser_on_scraps(text):
    _both(text.encode())


@settings(max_examples=300)
@given(st.binary(max_size=60))
def test_it_agrees_with_a_slower_parser_on_bytes(data):
    if data.startswith(b"\xef\xbb\xbf") or b"\x00" in data[:4]:
        with pytest.raises(StrictError):
            loads_strict(data)
    else:
        _both(data)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(JSON)
def test_what_we_write_we_read_again(value):
    assert loads_strict(dumps_canonical(value)) == value
    assert loads_strict(json.dumps(value).encode()) == value


@given(JSON, st.data())
def test_a_damaged_file_is_refused_or_still_json(value, data):
    raw = bytearray(json.dumps(value, ensure_ascii=False).encode())
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at] = data.draw(st.integers(0, 255))
    refused = None
    try:
        loads_strict(bytes(raw))
    except StrictError as error:
        refused = error
    if refused is not None:
        assert refused.id in STRICT_ERRORS
        assert refused.position is None or 0 <= refused.position <= len(raw)


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), st.integers(0, 9)))
def test_equal_values_have_equal_bytes(value):
    turned = dict(reversed(value.items()))
    assert dumps_canonical(turned) == dumps_canonical(value)


@pytest.mark.parametrize(
    ("value", "id"),
    [
        ("\ud800", "surrogate"),
        ({"\udfff": 1}, "surrogate"),
        (math.nan, "not_a_number"),
        ([math.inf], "not_a_number"),
    ],
)
def test_what_would_not_be_read_is_not_written(value, id):
    with pytest.raises(StrictError) as refused:
        dumps_canonical(value)
    assert refused.value.id == id


# -- what we wrote ourselves is read without looking at every token -------------------------------
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=12,
)
OBJECTS = st.dictionaries(st.text('abé:"\\', max_size=3), JSON, min_size=1, max_size=5)
WRONG = st.lists(
    st.tuples(st.integers(0, 10**6), st.sampled_from([b"", b'"', b'"a": 1,', b"9" * 16, b"NaN"])),
    max_size=3,
)


def outcome(load, data):
    try:
        return repr(load(data, 32))
    except StrictError as error:
        return error.id, error.position


def quickly(data, max_depth):
    return loads_strict(data, max_depth=max_depth)


@settings(max_examples=400)
@given(OBJECTS, WRONG)
@example({"a": 2**53 - 1}, [])
@example({"a": [2**53]}, [])
@example({"a": [-(2**53)]}, [])
@example({"a": -0.0, "b": 1e300, "c": 1.5e-7}, [])
@example({"a": "\x7f\u2028\x01"}, [])
def test_the_quick_way_reads_and_refuses_what_the_long_way_does(value, wrong):
    data = dumps_readable(value)
    for place, piece in wrong:
        at = place % (len(data) + 1)
        data = data[:at] + piece + data[at + 1 :]
    assert outcome(quickly, data) == outcome(_loads_suspicious, data)


@pytest.mark.parametrize("depth", [1, 2, 31, 32, 33, 40])
@pytest.mark.parametrize("inner", [1, [], {}, [1], {"a": 1}], ids=str)
def test_depth_is_the_same_for_both_ways(depth, inner):
    value = inner
    for _ in range(depth):
        value = {"a": value}
    data = dumps_readable(value)
    assert outcome(quickly, data) == outcome(_loads_suspicious, data)


def test_a_document_of_ours_goes_the_quick_way():
    value = {"answers": {"a": "Ә", "b": [1, 2.5, None, True]}, "stamps": {}, "sha256": "0" * 64}
    assert _readable(dumps_readable(value), 32) == value
