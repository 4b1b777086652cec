"""The store as its callers see it."""

from __future__ import annotations

import json
import stat
from dataclasses import replace

import pytest

from tests.answers.helpers import (
    AIGUL,
    DEFINITION,
    LIBRARY,
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
from ustaz.answers import StoreError, Subject

W = "aigul-s"


def test_nothing_saved_reads_as_an_empty_document(tmp_path):
    document = store_at(tmp_path).read(AIGUL, PLAN)
    assert (document.revision, document.answers, document.definition) == (0, {}, "1.1.0")
    assert not (tmp_path / "people").exists()


def test_what_is_saved_is_read_back_by_another_store(tmp_path):
    saved = store_at(tmp_path).save(AIGUL, PLAN, batch(put("title", "Жоба")), W)
    document = store_at(tmp_path).read(AIGUL, PLAN)
    assert (saved.revision, saved.applied, saved.conflicts, saved.document) == (1, 1, [], None)
    assert document.answers == {"title": "Жоба"}
    assert (document.lang, document.status, document.stamps) == (
        "kk",
        "draft",
        {"title": [1, "tab-1"]},
    )
    assert document.record_id
    assert document.created_at <= document.updated_at == saved.saved_at


def test_the_file_is_readable_json_with_a_digest(tmp_path):
    store = store_at(tmp_path)
    store.save(AIGUL, PLAN, batch(put("title", "Жоба")), W)
    path = store.folder(AIGUL, PLAN) / "answers.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    assert "Жоба" in path.read_text(encoding="utf-8")
    assert data.pop("sha256") == store.read(AIGUL, PLAN).sha256
    assert data == store.read(AIGUL, PLAN).to_json()


def test_files_and_folders_open_for_their_owner_only(tmp_path):
    store = store_at(tmp_path)
    store.save(AIGUL, PLAN, batch(put("title", "a")), W)
    store.save(AIGUL, PLAN, batch(put("title", "b"), base=1), W)
    modes = {
        one.name: stat.S_IMODE(one.stat().st_mode)
        for one in [tmp_path / "people", *(tmp_path / "people").rglob("*")]
    }
    assert modes == {
        "people": 0o700,
        "aigul-s": 0o700,
        "plan": 0o700,
        "answers.json": 0o600,
        "answers.prev.json": 0o600,
        "journal.jsonl": 0o600,
        ".answers.lock": 0o600,
    }


def test_a_retry_of_the_same_batch_changes_nothing(tmp_path):
    store = store_at(tmp_path)
    one = batch(put("title", "a"))
    first = store.save(AIGUL, PLAN, one, W)
    files = snapshot(tmp_path)
    again = store.save(AIGUL, PLAN, one, W)
    assert (again.repeated, again.revision, again.applied, again.conflicts) == (True, 1, 1, [])
    assert first.saved_at == again.saved_at
    assert again.document is None
    assert snapshot(tmp_path) == files


def test_a_retry_that_comes_after_others_does_not_overwrite_them(tmp_path):
    store = store_at(tmp_path)
    one = batch(put("title", "a"))
    store.save(AIGUL, PLAN, one, W)
    store.save(AIGUL, PLAN, batch(put("title", "b"), base=1, client="tab-2"), W)
    again = store.save(AIGUL, PLAN, one, W)
    assert again.repeated
    assert again.document is not None
    assert again.document.answers == {"title": "b"}


def test_a_retry_tells_again_what_was_declined(tmp_path):
    store = store_at(tmp_path)
    store.save(AIGUL, PLAN, batch(put("title", "theirs"), client="tab-2"), W)
    mine = batch(put("aim", "x"), put("title", "mine"))
    first = store.save(AIGUL, PLAN, mine, W)
    again = store.save(AIGUL, PLAN, mine, W)
    assert [one["index"] for one in first.conflicts] == [1]
    assert again.conflicts == first.conflicts
    assert again.applied == 1
    assert store.read(AIGUL, PLAN).answers == {"title": "theirs", "aim": "x"}


def test_a_batch_id_cannot_be_used_for_other_changes(tmp_path):
    store = store_at(tmp_path)
    store.save(AIGUL, PLAN, batch(put("title", "a"), id="same"), W)
    with pytest.raises(StoreError, match="bad_change"):
        store.save(AIGUL, PLAN, batch(put("title", "b"), id="same"), W)


def test_a_batch_that_says_nothing_new_makes_no_revision(tmp_path):
    store = store_at(tmp_path)
    store.save(AIGUL, PLAN, batch(put("title", "a")), W)
    saved = store.save(AIGUL, PLAN, batch(put("title", "a"), clear("aim"), base=1), W)
    assert (saved.revision, saved.applied, saved.document) == (1, 2, None)
    assert store.save(AIGUL, PLAN, batch(base=1), W).revision == 1


def test_an_empty_batch_to_nothing_leaves_no_document(tmp_path):
    store = store_at(tmp_path)
    saved = store.save(AIGUL, PLAN, batch(clear("title")), W)
    assert (saved.revision, saved.applied) == (0, 1)
    assert saved.saved_at
    assert store.read(AIGUL, PLAN).revision == 0


def test_status_and_language_are_saved(tmp_path):
    store = store_at(tmp_path)
    changes = [{"op": "status", "value": "ready"}, {"op": "lang", "value": "ru"}]
    store.save(AIGUL, PLAN, batch(*changes), W)
    document = store.read(AIGUL, PLAN)
    assert (document.status, document.lang) == ("ready", "ru")
    assert store.history(AIGUL, PLAN)[0].paths == ("#status", "#lang")


def test_others_changes_come_back_with_the_answer(tmp_path):
    store = store_at(tmp_path)
    store.save(AIGUL, PLAN, batch(put("title", "a"), client="tab-2"), W)
    saved = store.save(AIGUL, PLAN, batch(put("aim", "b")), W)
    assert saved.conflicts == []
    assert saved.document is not None
    assert saved.document.answers == {"title": "a", "aim": "b"}
    assert saved.to_json()["document"]["revision"] == 2
    assert "document" not in store.save(AIGUL, PLAN, batch(put("aim", "c"), base=2), W).to_json()


def test_a_conflict_hands_back_both_values_and_their_time(tmp_path):
    store = store_at(tmp_path)
    store.save(AIGUL, PLAN, batch(put("aim", "0")), W)
    theirs = store.save(AIGUL, PLAN, batch(put("title", "theirs"), base=1, client="tab-2"), W)
    store.save(AIGUL, PLAN, batch(put("aim", "1"), base=2), W)
    saved = store.save(AIGUL, PLAN, batch(put("title", "mine"), base=1), W)
    assert saved.conflicts == [
        {
            "index": 0,
            "change": put("title", "mine"),
            "theirs": "theirs",
            "theirs_at": theirs.saved_at,
        }
    ]
    assert (saved.applied, saved.revision) == (0, 3)
    assert saved.document is not None
    assert saved.document.answers["title"] == "theirs"


def test_mine_is_kept_by_sending_it_again_on_the_new_revision(tmp_path):
    store = store_at(tmp_path)
    store.save(AIGUL, PLAN, batch(put("title", "theirs"), client="tab-2"), W)
    refused = store.save(AIGUL, PLAN, batch(put("title", "mine")), W)
    kept = store.save(AIGUL, PLAN, batch(put("title", "mine"), base=refused.revision), W)
    assert (kept.conflicts, kept.applied) == ([], 1)
    assert store.read(AIGUL, PLAN).answers == {"title": "mine"}


def test_history_tells_who_changed_what_and_when(tmp_path):
    store = store_at(tmp_path)
    first = store.save(AIGUL, PLAN, batch(put("title", "a"), add_row("row001", action="x")), W)
    second = store.save(AIGUL, PLAN, batch(put("steps/row001/action", "y"), base=1), "oleg-k")
    assert [one.to_json() for one in store.history(AIGUL, PLAN)] == [
        {
            "revision": 1,
            "at": first.saved_at,
            "who": W,
            "paths": ["title", "steps/row001"],
            "restored": None,
            "aside": False,
        },
        {
            "revision": 2,
            "at": second.saved_at,
            "who": "oleg-k",
            "paths": ["steps/row001/action"],
            "restored": None,
            "aside": False,
        },
    ]


def test_there_is_no_history_before_the_first_save(tmp_path):
    assert store_at(tmp_path).history(AIGUL, PLAN) == []


def test_every_revision_can_be_looked_at(tmp_path):
    store = store_at(tmp_path)
    for revision, value in enumerate(["a", "b", "c"]):
        store.save(AIGUL, PLAN, batch(put("title", value), base=revision), W)
    assert [store.at(AIGUL, PLAN, revision) for revision in range(4)] == [
        {},
        {"title": "a"},
        {"title": "b"},
        {"title": "c"},
    ]


@pytest.mark.parametrize("revision", [4, -1])
def test_a_revision_that_never_was_is_refused(tmp_path, revision):
    store = store_at(tmp_path)
    store.save(AIGUL, PLAN, batch(put("title", "a")), W)
    with pytest.raises(StoreError, match="no_revision"):
        store.at(AIGUL, PLAN, revision)
    with pytest.raises(StoreError, match="no_revision"):
        store.restore(AIGUL, PLAN, revision, W)


def test_restoring_is_a_new_revision_that_can_be_undone(tmp_path):
    store = store_at(tmp_path)
    rows = [add_row("row001", action="x"), add_row("row002", "row001"), add_row("row003", "row002")]
    store.save(AIGUL, PLAN, batch(put("title", "a"), put("influence", None), *rows), W)
    before = store.at(AIGUL, PLAN, 1)
    changes = [
        put("title", "b"),
        clear("influence"),
        put("aim", "z"),
        remove_row("row001"),
        move_row("row003", None),
        put("steps/row002/action", "q"),
        add_row("row004", "row002"),
    ]
    store.save(AIGUL, PLAN, batch(*changes, base=1), W)
    after = store.at(AIGUL, PLAN, 2)
    back = store.restore(AIGUL, PLAN, 1, W)
    assert back.revision == 3
    assert back.document is not None
    assert back.document.answers == before == store.read(AIGUL, PLAN).answers
    store.restore(AIGUL, PLAN, 2, W)
    assert store.read(AIGUL, PLAN).answers == after
    assert [one.restored for one in store.history(AIGUL, PLAN)] == [None, None, 1, 2]


def test_restoring_what_stands_changes_nothing(tmp_path):
    store = store_at(tmp_path)
    store.save(AIGUL, PLAN, batch(put("title", "a")), W)
    assert (store.restore(AIGUL, PLAN, 1, W).revision, len(store.history(AIGUL, PLAN))) == (1, 1)


def test_a_page_that_did_not_see_a_restore_gets_a_conflict(tmp_path):
    store = store_at(tmp_path)
    store.save(AIGUL, PLAN, batch(put("title", "a")), W)
    store.save(AIGUL, PLAN, batch(put("title", "b"), base=1), W)
    store.restore(AIGUL, PLAN, 1, W)
    saved = store.save(AIGUL, PLAN, batch(put("title", "c"), base=2), W)
    assert saved.conflicts[0]["theirs"] == "a"


@pytest.mark.parametrize(
    "id",
    ["", "..", "a/b", "A", "-a", "a" * 33, "a\n", "a\0", "con", "nul", "lpt1", "é", "a.", "a "],
)
def test_no_name_leads_out_of_the_folder(tmp_path, id):
    store = store_at(tmp_path)
    for subject, workbook in [
        (Subject.person(id), PLAN),
        (Subject("group", id), PLAN),
        (AIGUL, id),
    ]:
        for call, more in (
            (store.read, ()),
            (store.save, (batch(put("title", "a")), W)),
            (store.history, ()),
            (store.folder, ()),
        ):
            with pytest.raises(StoreError, match="bad_name"):
                call(subject, workbook, *more)
    with pytest.raises(StoreError, match="bad_name"):
        store.save(AIGUL, PLAN, batch(put("title", "a")), id)
    assert list(tmp_path.iterdir()) == []


def test_unknown_kinds_and_workbooks_are_refused(tmp_path):
    store = store_at(tmp_path)
    with pytest.raises(StoreError, match="bad_name"):
        store.read(AIGUL, "focus")
    with pytest.raises(StoreError, match="bad_name"):
        store.folder(Subject("robot", "r2"), PLAN)


def test_groups_have_folders_that_no_person_has(tmp_path):
    store = store_at(tmp_path)
    group = Subject("group", "aigul-s")
    store.save(group, PLAN, batch(put("title", "ours")), W)
    assert store.read(AIGUL, PLAN).revision == 0
    assert store.read(group, PLAN).answers == {"title": "ours"}
    assert store.folder(group, PLAN) == tmp_path / "people" / "_group" / "aigul-s" / "plan"


def test_a_document_of_somebody_else_is_not_served(tmp_path):
    store = store_at(tmp_path)
    store.save(AIGUL, PLAN, batch(put("title", "a")), W)
    other = Subject.person("oleg-k")
    (tmp_path / "people" / "oleg-k").mkdir()
    store.folder(AIGUL, PLAN).rename(store.folder(other, PLAN))
    with pytest.raises(StoreError, match="unsafe"):
        store.read(other, PLAN)
    with pytest.raises(StoreError, match="unsafe"):
        store.save(other, PLAN, batch(put("title", "b")), "oleg-k")


def test_the_journal_stays_small_and_still_leads_to_the_answers(tmp_path, monkeypatch):
    monkeypatch.setattr("ustaz.answers.journal.MAX_JOURNAL_BYTES", 40_000)
    monkeypatch.setattr("ustaz.answers.journal.COMPACT_BYTES", 20_000)
    monkeypatch.setattr(
        "ustaz.answers.journal.compacted.__kwdefaults__", {"budget": 20_000, "exact": 64}
    )
    store = store_at(tmp_path)
    sizes = []
    for revision in range(150):
        store.save(AIGUL, PLAN, batch(put("aim", f"{revision} " * 150), base=revision), W)
        sizes.append((store.folder(AIGUL, PLAN) / "journal.jsonl").stat().st_size)
    assert max(sizes) < 42_000
    history = store.history(AIGUL, PLAN)
    assert history[-1].revision == 150
    assert len(history) >= 10
    assert store.at(AIGUL, PLAN, history[0].revision)["aim"].startswith(
        f"{history[0].revision - 1} "
    )
    (store.folder(AIGUL, PLAN) / "answers.json").unlink()
    (store.folder(AIGUL, PLAN) / "answers.prev.json").unlink()
    assert store_at(tmp_path).read(AIGUL, PLAN).answers == {"aim": "149 " * 150}


def test_a_journal_that_cannot_be_made_shorter_stays(tmp_path, monkeypatch):
    monkeypatch.setattr("ustaz.answers.journal.MAX_JOURNAL_BYTES", 0)
    monkeypatch.setattr("ustaz.answers.journal.compacted", lambda records: [])
    store = store_at(tmp_path)
    store.save(AIGUL, PLAN, batch(put("title", "a")), W)
    assert [one.revision for one in store.history(AIGUL, PLAN)] == [1]


def test_too_much_text_is_refused_and_nothing_changes(tmp_path):
    store = store_at(tmp_path)
    base = 0
    for row in range(20):
        base = store.save(
            AIGUL, PLAN, batch(add_row(f"row{row:03}", action="я" * 6000), base=base), W
        ).revision
    files = snapshot(tmp_path)
    with pytest.raises(StoreError, match="too_large"):
        store.save(AIGUL, PLAN, batch(put("aim", "я" * 12_000), base=base), W)
    assert snapshot(tmp_path) == files


def test_a_document_that_is_too_large_may_become_smaller(tmp_path, monkeypatch):
    store = store_at(tmp_path)
    store.save(AIGUL, PLAN, batch(put("aim", "я" * 10_000)), W)
    monkeypatch.setattr("ustaz.answers.writing.MAX_DOCUMENT_BYTES", 10_000)
    assert store.save(AIGUL, PLAN, batch(put("aim", "я" * 9_000), base=1), W).revision == 2


def test_a_table_holds_a_hundred_rows(tmp_path):
    store = store_at(tmp_path)
    store.save(AIGUL, PLAN, batch(*(add_row(f"row{row:03}") for row in range(100))), W)
    with pytest.raises(StoreError, match="too_large"):
        store.save(AIGUL, PLAN, batch(add_row("row999"), base=1), W)
    store.save(AIGUL, PLAN, batch(remove_row("row000"), add_row("row999"), base=1), W)
    assert len(store.read(AIGUL, PLAN).answers["steps"]) == 100


def test_only_the_last_batches_are_remembered(tmp_path):
    store = store_at(tmp_path)
    for revision in range(70):
        store.save(AIGUL, PLAN, batch(put("title", str(revision)), base=revision), W)
    assert len(store.read(AIGUL, PLAN).batches) == 64


def test_two_stores_in_one_process_wait_for_each_other(tmp_path):
    store, other = store_at(tmp_path), store_at(tmp_path, lock_seconds=0)
    store.save(AIGUL, PLAN, batch(put("title", "a")), W)
    with store._folders.writing(AIGUL, PLAN), pytest.raises(StoreError, match="busy"):
        other.save(AIGUL, PLAN, batch(put("title", "b"), base=1), W)


def test_times_come_from_the_clock_and_decide_nothing(tmp_path):
    store_at(tmp_path, now=lambda: "2030-01-01T00:00:00+00:00").save(
        AIGUL, PLAN, batch(put("title", "a")), W
    )
    store = store_at(tmp_path)
    saved = store.save(AIGUL, PLAN, batch(put("title", "b"), base=1), W)
    assert saved.saved_at < store.read(AIGUL, PLAN).created_at
    assert store.read(AIGUL, PLAN).answers == {"title": "b"}


def test_documents_are_read_together_and_one_that_is_not_there_is_empty(tmp_path):
    library = {**LIBRARY, "talks": replace(DEFINITION, id="talks")}
    store = store_at(tmp_path, library=library)
    store.save(AIGUL, PLAN, batch(put("title", "Жоба")), W)
    together = store.read_together(AIGUL, ["talks", PLAN])
    assert together[PLAN] == store.read(AIGUL, PLAN)
    assert together["talks"].revision == 0
    # Whoever held the locks has let go of them.
    assert store.save(AIGUL, PLAN, batch(put("title", "b"), base=1), W).revision == 2
