"""Documents: their file, what is refused, and what counts as the same."""

from __future__ import annotations

import json
import logging
import pickle
from pathlib import Path

import pytest
from hypothesis import given

from tests.answers import strategies as ours
from tests.answers.helpers import AIGUL, PLAN, batch, put, store_at
from ustaz.answers import (
    NOTICES,
    STORE_ERRORS,
    STRICT_ERRORS,
    Document,
    DocumentError,
    StoreError,
    StrictError,
    Subject,
    content,
    content_hash,
    same_content,
)
from ustaz.answers.document import MAX_FILE_BYTES
from ustaz.answers.errors import EXIT_CODES

DOCUMENT = Document(
    workbook="plan",
    definition="1.1.0",
    subject=AIGUL,
    record_id="r",
    revision=1,
    answers={"title": "Жоба", "steps": [{"id": "row001", "action": ""}]},
    stamps={"title": [1, "tab"]},
    batches={"b": [1, "digest", 2]},
)


@given(ours.answers())
def test_a_document_comes_back_from_its_file(answers):
    document = DOCUMENT.with_(answers=answers)
    assert Document.decode(document.encode()) == document


def test_the_file_has_one_fact_a_line():
    lines = DOCUMENT.encode().decode().splitlines()
    assert ' "revision": 1,' in lines
    assert '  "title": "Жоба",' in lines


BAD = {
    "format": [0, "1", True, None],
    "workbook": ["", "../x", 1, "con"],
    "definition": ["", "1.0-beta", 1, "1." * 9],
    "subject": [None, {}, {"kind": "robot", "id": "a"}, {"kind": "person", "id": "A"},
                {"kind": "person", "id": 1}, {"kind": "person", "id": "a", "name": "b"}],
    "record_id": [None, 1],
    "lang": [None],
    "status": ["certified", None, []],
    "revision": [-1, 1.5, True, "1"],
    "created_at": [None],
    "updated_at": [1],
    "answers": [None, [], {"steps": [{"action": "x"}]}, {"steps": [{"id": "a"}, "x"]},
                {"steps": [{"id": "a"}, {"id": "a"}]}, {"steps": [{"id": 1}]}],
    "stamps": [None, {"title": 1}, {"title": [1]}, {"title": ["1", "a"]}, {"title": [1, None]}],
    "batches": [None, {"b": 1}, {"b": [1]}, {"b": [1, 2]}, {"b": [1, "x", "y"]},
                {"b": [True, "x"]}],
}  # fmt: skip


@pytest.mark.parametrize(("key", "value"), [(key, value) for key in BAD for value in BAD[key]])
def test_a_value_of_another_kind_is_refused(key, value):
    with pytest.raises(DocumentError) as refused:
        Document.from_json({**DOCUMENT.to_json(), key: value})
    assert (refused.value.id, refused.value.where) == ("bad_value", key)


@pytest.mark.parametrize("key", BAD)
def test_a_missing_key_is_refused(key):
    data = DOCUMENT.to_json()
    del data[key]
    with pytest.raises(DocumentError, match=f"missing_key \\({key}\\)"):
        Document.from_json(data)


def test_an_unknown_key_is_refused_and_named_only_if_it_is_a_name():
    with pytest.raises(DocumentError, match="unknown_key \\(score\\)"):
        Document.from_json({**DOCUMENT.to_json(), "score": 10})
    with pytest.raises(DocumentError) as refused:
        Document.from_json({**DOCUMENT.to_json(), "құпия": 10})
    assert refused.value.where == ""


@pytest.mark.parametrize(
    ("data", "id"),
    [
        (b"[]", "not_an_object"),
        (b"", "empty"),
        (b'{"a":1,"a":1}', "duplicate_key"),
        (DOCUMENT.encode() + b"x", "trailing"),
        (b" " * (MAX_FILE_BYTES + 1), "too_large"),
        (DOCUMENT.encode().replace("Жоба".encode(), b"x"), "digest"),
        (json.dumps(DOCUMENT.to_json()).encode(), "digest"),
        (b'{"format": 2}', "newer_format"),
    ],
)
def test_bytes_that_are_no_document_are_refused(data, id):
    with pytest.raises(DocumentError) as refused:
        Document.decode(data)
    assert refused.value.id == id


def test_same_content_leaves_out_times_stamps_and_what_says_nothing():
    other = DOCUMENT.with_(
        updated_at="2030-01-01T00:00:00+00:00",
        revision=9,
        stamps={},
        batches={},
        lang="ru",
        answers={"aim": "", "values": [], "steps": [{"id": "row001"}], "title": "Жоба"},
    )
    assert same_content(DOCUMENT, other)
    assert content_hash(DOCUMENT) == content_hash(other)


@pytest.mark.parametrize(
    "changed",
    [
        {"definition": "1.2.0"},
        {"workbook": "focus"},
        {"answers": {"title": "Жоба"}},
        {"answers": {"title": "жоба", "steps": [{"id": "row001"}]}},
        {"answers": {"title": "Жоба", "influence": None, "steps": [{"id": "row001"}]}},
    ],
)
def test_other_content_is_other_content(changed):
    other = DOCUMENT.with_(**changed)
    assert not same_content(DOCUMENT, other)
    assert content_hash(DOCUMENT) != content_hash(other)


def test_evidence_is_part_of_the_content_in_any_order():
    assert content_hash(DOCUMENT, ["b", "a", "a"]) == content_hash(DOCUMENT, ["a", "b"])
    assert content_hash(DOCUMENT, ["a"]) != content_hash(DOCUMENT)


def test_content_keeps_lists_of_words():
    assert content({"values": ["a", ""], "n": None}) == {"values": ["a", ""], "n": None}


def test_errors_survive_a_process_border():
    for error in (StoreError("full", "ENOSPC"), DocumentError("bad_value", "lang")):
        again = pickle.loads(pickle.dumps(error))
        assert (type(again), again.id, str(again), again.__dict__) == (
            type(error),
            error.id,
            str(error),
            error.__dict__,
        )


def test_every_error_says_what_happened_and_what_to_do():
    for id, (message, hint) in STORE_ERRORS.items():
        error = StoreError(id)
        assert (error.message, error.hint) == (message, hint)
        assert message.endswith(".")
        assert hint.endswith(".")
        assert error.exit_code == EXIT_CODES.get(id, 14)
        assert str(error) == id


def test_every_id_is_documented():
    page = (Path(__file__).parents[2] / "docs" / "answers.md").read_text(encoding="utf-8")
    missing = [id for id in [*STORE_ERRORS, *STRICT_ERRORS, *NOTICES] if f"`{id}`" not in page]
    assert missing == []


def test_nothing_of_the_text_is_logged(tmp_path, caplog):
    store = store_at(tmp_path)
    with caplog.at_level(logging.DEBUG):
        store.save(AIGUL, PLAN, batch(put("title", "құпия")), "aigul-s")
        (store.folder(AIGUL, PLAN) / "answers.json").write_bytes("{құпия".encode())
        store.read(AIGUL, PLAN)
        with pytest.raises(StoreError):
            store.save(AIGUL, PLAN, batch(put("kind", "құпия"), base=1), "aigul-s")
    assert "file_damaged" in caplog.text
    assert "құпия" not in caplog.text


def test_a_subject_is_a_kind_and_an_id():
    assert Subject.person("a") == Subject("person", "a")
    assert Subject("school", "s1").to_json() == {"kind": "school", "id": "s1"}
    assert not isinstance(DocumentError("digest"), StrictError)
