"""The journal: lines, chains, and making it shorter."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.answers import strategies as ours
from tests.answers.helpers import AIGUL, batch, put
from ustaz.answers import Document, StrictError, apply_changes, parse_change
from ustaz.answers.journal import (
    base_record,
    changes_of,
    compacted,
    decode_line,
    encode_line,
    parse,
    rolled,
    squeezed,
)
from ustaz.answers.merge import apply_record, merge

EMPTY = Document(workbook="plan", definition="1.1.0", subject=AIGUL, record_id="x")


def saves(values, *, minutes=1, client="tab-1", who="aigul-s", start=EMPTY):
    """Return the records of one save for each list of changes."""
    records = [base_record(start, "start")]
    document = start
    for number, changes in enumerate(values):
        made = batch(*changes, base=document.revision, client=client)
        effective = merge(document, made).effective
        if not effective:
            continue
        revision = document.revision + 1
        minute = number * minutes
        record = {
            "kind": "save",
            "first": revision,
            "revision": revision,
            "at": f"2026-11-23T{minute // 60 % 24:02}:{minute % 60:02}:00+00:00",
            "who": who,
            "client": client,
            "batches": {made.batch: [revision, made.digest]},
            "lang": "kk",
            "changes": [one.to_json() for one in effective],
        }
        document = apply_record(document, record, effective)
        records.append({**record, "document": document.sha256})
    return records, document


def typed(count, length=20):
    return [[put("title", f"{number} " * length)] for number in range(count)]


def size(records):
    return sum(len(encode_line(record)) for record in records)


@given(st.binary(max_size=300))
def test_anything_may_stand_in_a_journal(data):
    records, _ = saves(typed(2))
    good = b"".join(encode_line(record) for record in records)
    parsed = parse(good + data)
    assert parsed.records == records
    assert parsed.end == len(good)
    if b"\n" not in data:
        behind = parse(data + b"\n" + good)
        assert (behind.records, behind.damaged, behind.end) == (
            records,
            1,
            len(data) + 1 + len(good),
        )


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"kind": "else"},
        {"kind": "base"},
        {"kind": "base", "document": []},
        {"kind": "save"},
        {**saves(typed(1))[0][1], "revision": "1"},
        {**saves(typed(1))[0][1], "first": True},
        {**saves(typed(1))[0][1], "at": None},
        {**saves(typed(1))[0][1], "changes": {}},
        {**saves(typed(1))[0][1], "lang": 3},
        {**saves(typed(1))[0][1], "batches": {"a": 1}},
    ],
)
def test_a_line_of_another_shape_is_damaged(record):
    assert decode_line(encode_line(record)[:-1]) is None


def test_a_line_that_is_not_json_is_damaged_whatever_its_checksum_says():
    import hashlib

    body = b'{"kind":"base"'
    line = body + b',"sum":"' + hashlib.sha256(body + b"}").hexdigest()[:16].encode() + b'"}'
    assert decode_line(line) is None  # right checksum, no document
    body = b"{" * 100_000
    line = body + b',"sum":"' + hashlib.sha256(body + b"}").hexdigest()[:16].encode() + b'"}'
    assert decode_line(line) is None


def test_a_chain_gives_every_generation():
    records, last = saves(typed(5))
    chain = list(rolled(None, records))
    assert [document.revision for _, document in chain] == [0, 1, 2, 3, 4, 5]
    assert chain[-1][1] == last
    assert [one.revision for _, one in rolled(chain[2][1], records)] == [3, 4, 5]


def test_a_gap_ends_a_chain_until_the_next_base():
    records, last = saves(typed(5))
    broken = [*records[:2], *records[3:]]
    assert [one.revision for _, one in rolled(None, broken)] == [0, 1]
    again = [*broken, base_record(last, "resync")]
    assert [one.revision for _, one in rolled(None, again)] == [0, 1, 5]


def test_a_base_that_is_behind_changes_nothing():
    records, last = saves(typed(3))
    assert list(rolled(last, records)) == []
    assert [one.revision for _, one in rolled(None, [*records, records[0]])] == [0, 1, 2, 3]


def test_a_record_whose_changes_cannot_be_read_ends_a_chain():
    records, _ = saves(typed(3))
    odd = {**records[2], "changes": [{"op": "eval"}]}
    assert [one.revision for _, one in rolled(None, [*records[:2], odd, records[3]])] == [0, 1]


def test_one_sitting_becomes_one_save():
    records, last = saves(typed(8))
    short = compacted(records, exact=2)
    kinds = [(record["kind"], record.get("first"), record.get("revision")) for record in short]
    assert kinds == [
        ("base", None, None),
        ("save", 1, 6),
        ("base", None, None),
        ("save", 7, 7),
        ("save", 8, 8),
    ]
    assert len(short[1]["changes"]) == 1
    assert list(rolled(None, short))[-1][1] == last


def test_the_batches_of_a_sitting_are_all_remembered():
    records, last = saves(typed(8))
    assert len(compacted(records, exact=0)[1]["batches"]) == len(last.batches) == 8


@pytest.mark.parametrize("minutes", [4, 11])
def test_a_sitting_ends_after_ten_minutes(minutes):
    records, _ = saves(typed(6), minutes=minutes)
    saved = [one for one in compacted(records, exact=0) if one["kind"] == "save"]
    assert [one["revision"] for one in saved] == {4: [3, 6], 11: [1, 2, 3, 4, 5, 6]}[minutes]


@pytest.mark.parametrize(
    "other",
    [
        {"client": "tab-2"},
        {"who": "oleg-k"},
        {"restored": 1},
        {"aside": [{"op": "set", "path": ["title"], "value": "given up"}]},
        {"at": "2026-11-23T00:00:30"},  # no offset
        {"at": "yesterday"},
        {"at": "2026-11-22T00:00:00+00:00"},  # a clock that went back
    ],
)
def test_what_is_not_one_sitting_stays_apart(other):
    document, made = EMPTY, [base_record(EMPTY, "start")]
    for record in saves(typed(2))[0][1:]:
        one = {**record, **other} if record["revision"] == 2 else record
        document = apply_record(document, one, changes_of(one))
        made.append({**one, "document": document.sha256})
    saved = [one["revision"] for one in compacted(made, exact=0) if one["kind"] == "save"]
    assert saved == [1, 2]


def test_the_oldest_go_when_it_is_still_too_much():
    records, last = saves(typed(60, 100), minutes=11)
    for budget in (20_000, 8_000, 3_000, 100):
        short = compacted(records, budget=budget, exact=4)
        # A base at least, and the newest saves in half of the budget.
        assert size(short) <= max(budget, size([base_record(last, "compacted")]) + budget // 2)
        chain = list(rolled(None, short))
        assert len(chain) == len(short)
        assert chain[-1][1] == last
        for _, document in chain:
            assert document.answers.get("title", "").startswith(
                f"{document.revision - 1} " if document.revision else ""
            )


def test_an_upgrade_stays_where_it_is():
    records, last = saves(typed(2))
    newer = last.with_(definition="1.2.0")
    more, final = saves(typed(4)[2:], start=newer)
    short = compacted([*records, {**more[0], "reason": "upgrade"}, *more[1:]], exact=0)
    assert [one.get("reason", "save") for one in short] == [
        "compacted", "save", "upgrade", "save", "compacted",
    ]  # fmt: skip
    assert list(rolled(None, short))[-1][1] == final


def test_nothing_comes_of_nothing():
    assert compacted([]) == []
    assert compacted(saves(typed(3))[0][1:]) == []


@settings(max_examples=60)
@given(
    st.lists(st.lists(ours.changes(), min_size=1, max_size=3), max_size=12),
    st.integers(0, 4),
    st.integers(300, 6000),
)
def test_a_shorter_journal_leads_to_the_same_answers(values, exact, budget):
    records, last = saves(values)
    before = {one.revision: one for _, one in rolled(None, records)}
    short = compacted(records, exact=exact, budget=budget)
    chain = list(rolled(None, short))
    assert len(chain) == len(short)
    assert chain[-1][1] == last
    for _, document in chain:
        known = before[document.revision]
        assert (document.answers, document.status, document.lang) == (
            known.answers,
            known.status,
            known.lang,
        )
        assert document.batches == known.batches
    if len(short) > 1:
        assert compacted(short, exact=exact, budget=budget)


@given(ours.answers(), st.lists(ours.changes(), max_size=8))
def test_what_a_later_change_replaces_can_be_left_out(answers, changes):
    made = [parse_change(one) for one in changes]
    assert apply_changes(answers, squeezed(made)) == apply_changes(answers, made)


def test_a_journal_never_holds_what_it_could_not_read():
    with pytest.raises(StrictError):
        encode_line({"kind": "save", "text": "\ud800"})
