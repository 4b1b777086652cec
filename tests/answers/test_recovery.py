"""Damaged, missing, replaced, linked: what the store makes of what it finds."""

from __future__ import annotations

import errno
import json
import logging
import os
import socket
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.answers.helpers import (
    AIGUL,
    IN_MEMORY,
    OLDER,
    PLAN,
    RENAME,
    FailingFs,
    add_row,
    batch,
    definition,
    put,
    snapshot,
    store_at,
)
from ustaz.answers import NOTICES, Document, StoreError, journal
from ustaz.answers.document import digest
from ustaz.answers.filesystem import Fs, PortableFs, default_fs
from ustaz.answers.typist import client_for, writer_of
from ustaz.workbook.model import Step, Upgrade

W = "aigul-s"
LAST = {"title": "2", "aim": "1"}


@pytest.fixture
def saved(tmp_path):
    """Three revisions; the folder."""
    store = store_at(tmp_path)
    store.save(AIGUL, PLAN, batch(put("title", "0")), W)
    store.save(AIGUL, PLAN, batch(put("aim", "1"), base=1), W)
    store.save(AIGUL, PLAN, batch(put("title", "2"), base=2), W)
    return store.folder(AIGUL, PLAN)


def read(tmp_path):
    return store_at(tmp_path).read(AIGUL, PLAN)


DAMAGE = {
    "empty": b"",
    "half": b'{"format": 1, "workbook": "pl',
    "zeros": bytes(900),
    "other_json": b"[1]",
    "not_utf8": b"\xff" * 20,
    "duplicate_key": b'{"format":1,"format":1}',
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_file_is_set_aside_and_made_anew(tmp_path, saved, damage, caplog):
    (saved / "answers.json").write_bytes(DAMAGE[damage])
    with caplog.at_level(logging.WARNING, "ustaz.answers"):
        document = read(tmp_path)
    assert (document.answers, document.notices) == (LAST, ("file_damaged",))
    assert "person aigul-s/plan: file_damaged" in caplog.text
    kept = [one.read_bytes() for one in saved.glob("answers.damaged-*.json")]
    assert kept == ([DAMAGE[damage]] if DAMAGE[damage] else [])
    again = read(tmp_path)
    assert (again, again.notices) == (document, ())


def test_an_edited_file_is_noticed_and_kept_aside(tmp_path, saved):
    path = saved / "answers.json"
    path.write_text(path.read_text().replace('"2"', '"edited"'))
    assert read(tmp_path).answers == LAST
    assert "edited" in next(saved.glob("answers.damaged-*.json")).read_text()


def test_a_save_mends_what_it_finds(tmp_path, saved):
    (saved / "answers.json").write_bytes(b"{half")
    done = store_at(tmp_path).save(AIGUL, PLAN, batch(put("aim", "3"), base=3), W)
    assert (done.revision, done.notices) == (4, ("file_damaged",))
    assert read(tmp_path).notices == ()
    assert list(saved.glob("answers.damaged-*.json"))


def test_only_some_damaged_files_are_kept(tmp_path, saved):
    for number in range(9):
        (saved / "answers.json").write_bytes(b"{half" + b" " * number)
        assert read(tmp_path).answers == LAST
    assert len(list(saved.glob("answers.damaged-*.json"))) == 5


def test_a_file_that_is_gone_comes_back(tmp_path, saved):
    (saved / "answers.json").unlink()
    document = read(tmp_path)
    assert (document.answers, document.notices) == (LAST, ("file_missing",))
    assert (saved / "answers.json").exists()


def test_without_the_journal_history_starts_anew_and_nothing_else_is_lost(tmp_path, saved):
    (saved / "journal.jsonl").unlink()
    document = read(tmp_path)
    assert (document.answers, document.notices) == (LAST, ("journal_behind",))
    store = store_at(tmp_path)
    store.save(AIGUL, PLAN, batch(put("aim", "3"), base=3), W)
    assert [one.revision for one in store.history(AIGUL, PLAN)] == [4]
    assert store.at(AIGUL, PLAN, 3) == LAST
    assert read(tmp_path).notices == ()


def test_a_journal_that_only_ends_badly_is_mended_by_reading(tmp_path, saved):
    path = saved / "journal.jsonl"
    lines = path.read_bytes().split(b"\n")
    path.write_bytes(b"\n".join([*lines[:2], b"", *lines[3:]]))
    (saved / "answers.prev.json").unlink()
    for _ in range(2):
        assert read(tmp_path).answers == LAST  # file and last line agree: nothing to mend yet
    path.write_bytes(path.read_bytes()[:-5])
    assert read(tmp_path).notices == ("journal_behind",)
    assert read(tmp_path).notices == ()
    assert store_at(tmp_path).at(AIGUL, PLAN, 3) == LAST


def test_the_generation_before_counts_when_nothing_else_is_left(tmp_path, saved):
    (saved / "answers.json").write_bytes(b"{half")
    (saved / "journal.jsonl").write_bytes(b"")
    document = read(tmp_path)
    assert document.answers == {"title": "0", "aim": "1"}
    assert document.notices == ("file_damaged", "from_previous")


def test_the_journal_alone_is_enough(tmp_path, saved):
    (saved / "answers.json").write_bytes(b"{half")
    (saved / "answers.prev.json").write_bytes(b"{half")
    assert read(tmp_path).answers == LAST


def test_the_generation_before_is_rolled_forward_over_a_damaged_beginning(tmp_path, saved):
    path = saved / "journal.jsonl"
    lines = path.read_bytes().split(b"\n")
    path.write_bytes(b"\n".join([b"x" + lines[0][1:], *lines[1:]]))
    (saved / "answers.json").write_bytes(b"{half")
    document = read(tmp_path)
    assert document.answers == LAST
    assert document.notices == ("journal_damaged", "file_damaged", "journal_behind")
    assert read(tmp_path).notices == ()
    store_at(tmp_path).save(AIGUL, PLAN, batch(put("aim", "3"), base=3), W)
    assert store_at(tmp_path).at(AIGUL, PLAN, 4) == {"title": "2", "aim": "3"}


def test_when_nothing_can_be_read_nothing_is_overwritten(tmp_path, saved):
    for name in ("answers.json", "answers.prev.json", "journal.jsonl"):
        (saved / name).write_bytes(b"{half")
    files = snapshot(tmp_path)
    store = store_at(tmp_path)
    with pytest.raises(StoreError, match="damaged"):
        store.read(AIGUL, PLAN)
    with pytest.raises(StoreError, match="damaged"):
        store.save(AIGUL, PLAN, batch(put("title", "a")), W)
    assert snapshot(tmp_path) == files


def test_half_of_a_first_save_is_nothing(tmp_path):
    folder = store_at(tmp_path).folder(AIGUL, PLAN)
    folder.mkdir(parents=True)
    (folder / "journal.jsonl").write_bytes(b'{"kind":"base","docu')
    assert read(tmp_path).revision == 0
    store_at(tmp_path).save(AIGUL, PLAN, batch(put("title", "a")), W)
    assert read(tmp_path).answers == {"title": "a"}


def test_a_torn_tail_is_healed_by_the_next_save(tmp_path, saved):
    path = saved / "journal.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole + whole.split(b"\n")[-2][:70])
    assert read(tmp_path).answers == LAST
    store_at(tmp_path).save(AIGUL, PLAN, batch(put("aim", "3"), base=3), W)
    parsed = journal.parse(path.read_bytes())
    assert (parsed.damaged, parsed.end) == (0, path.stat().st_size)
    assert path.read_bytes().startswith(whole)


def test_a_damaged_line_breaks_the_history_and_not_the_answers(tmp_path, saved):
    path = saved / "journal.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"aim"', b'"aIm"', 1))
    assert read(tmp_path).answers == LAST
    store = store_at(tmp_path)
    found = []
    for revision in range(3, 40):
        made = batch(put("aim", str(revision)), base=revision)
        found += store.save(AIGUL, PLAN, made, W).notices
    # Found when the whole journal is read the next time; history goes on from there.
    assert found == ["journal_damaged", "journal_behind"]
    assert [one.revision for one in store.history(AIGUL, PLAN)] == [1, *range(33, 41)]
    with pytest.raises(StoreError, match="no_revision"):
        store.at(AIGUL, PLAN, 2)
    assert store.at(AIGUL, PLAN, 36) == {"title": "2", "aim": "35"}


def test_an_older_copy_put_back_by_hand_is_rolled_forward(tmp_path, saved):
    """What was acknowledged comes back; ``restore`` is the way to go back."""
    (saved / "answers.prev.json").rename(saved / "answers.json")
    document = read(tmp_path)
    assert (document.answers, document.notices) == (LAST, ("rolled_forward",))


def test_a_newer_copy_from_elsewhere_counts(tmp_path, saved):
    document = read(tmp_path).with_(revision=9, answers={"title": "elsewhere"})
    (saved / "answers.json").write_bytes(document.encode())
    found = read(tmp_path)
    assert (found, found.notices) == (document, ("journal_behind",))
    store_at(tmp_path).save(AIGUL, PLAN, batch(put("aim", "3"), base=9), W)
    assert read(tmp_path).answers == {"title": "elsewhere", "aim": "3"}
    assert store_at(tmp_path).at(AIGUL, PLAN, 9) == {"title": "elsewhere"}


def test_another_copy_of_the_same_revision_counts(tmp_path, saved):
    document = read(tmp_path).with_(answers={"title": "elsewhere"})
    (saved / "answers.json").write_bytes(document.encode())
    assert read(tmp_path).answers == {"title": "elsewhere"}


def test_a_journal_that_lies_is_not_believed(tmp_path, saved):
    """A line with a right checksum that leads to another document than it says."""
    path = saved / "journal.jsonl"
    record = {
        "kind": "save", "first": 4, "revision": 4, "at": "", "who": W, "client": "x", "lang": "kk",
        "batches": {}, "changes": [put("title", "forged")], "document": "0" * 64,
    }  # fmt: skip
    path.write_bytes(path.read_bytes() + journal.encode_line(record))
    assert read(tmp_path).answers == LAST
    odd = {**record, "changes": [{"op": "eval"}]}
    path.write_bytes(path.read_bytes() + journal.encode_line(odd))
    assert read(tmp_path).answers == LAST
    base = {"kind": "base", "reason": "start", "document": {"format": 1}}
    path.write_bytes(path.read_bytes() + journal.encode_line(base))
    assert read(tmp_path).answers == LAST


def test_every_notice_is_explained():
    assert all(NOTICES.values())


@settings(max_examples=150)
@given(
    name=st.sampled_from(["answers.json", "answers.prev.json", "journal.jsonl"]),
    how=st.sampled_from(["cut", "flip", "zero", "remove"]),
    where=st.floats(0, 1, exclude_max=True),
    bit=st.integers(0, 7),
)
def test_whatever_happens_to_one_file_the_answers_come_back(
    tmp_path_factory, name, how, where, bit
):
    """Any one file cut, flipped, zeroed or removed: the newest answers, and a save works."""
    with tempfile.TemporaryDirectory(dir=IN_MEMORY) as folder:
        damage_and_check(Path(folder), name, how, where, bit)


def damage_and_check(path, name, how, where, bit):
    store = store_at(path)
    for number in range(3):
        store.save(AIGUL, PLAN, batch(put("title", str(number)), base=number), W)
    file = store.folder(AIGUL, PLAN) / name
    raw = bytearray(file.read_bytes())
    at = int(len(raw) * where)
    if how == "remove":
        file.unlink()
    else:
        if how == "cut":
            del raw[at:]
        elif how == "flip":
            raw[at] ^= 1 << bit
        else:
            raw[at:] = bytes(len(raw) - at)
        file.write_bytes(raw)
    assert store_at(path).read(AIGUL, PLAN).answers == {"title": "2"}
    store_at(path).save(AIGUL, PLAN, batch(put("title", "after"), base=3), W)
    after = store_at(path).read(AIGUL, PLAN)
    assert (after.answers, after.notices) == ({"title": "after"}, ())


# -- what does not belong there --------------------------------------------------------------------
def _link(path, target):
    path.unlink()
    path.symlink_to(target)


def _fifo(path, target):
    path.unlink()
    os.mkfifo(path)


def _socket(path, target, monkeypatch):
    path.unlink()
    monkeypatch.chdir(path.parent)  # the path of a socket is short
    server = socket.socket(socket.AF_UNIX)
    server.bind(path.name)
    server.close()


def _folder(path, target):
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("name", ["answers.json", "journal.jsonl", "answers.prev.json"])
@pytest.mark.parametrize("put_there", [_link, _fifo, _folder, _socket])
def test_only_regular_files_are_opened(tmp_path, saved, name, put_there, monkeypatch):
    target = tmp_path / "staff-file"
    target.write_text("staff")
    more = (monkeypatch,) if put_there is _socket else ()
    put_there(saved / name, target, *more)
    if name == "answers.prev.json":
        # It is looked at only when it is needed; it is replaced, never written through.
        (saved / "answers.json").write_bytes(b"{half")
    for call in (
        lambda: store_at(tmp_path).read(AIGUL, PLAN),
        lambda: store_at(tmp_path).save(AIGUL, PLAN, batch(put("title", "x"), base=3), W),
    ):
        with pytest.raises(StoreError) as refused:
            call()
        assert refused.value.id == "unsafe"
    assert target.read_text() == "staff"


def test_a_link_in_the_place_of_the_previous_file_is_replaced(tmp_path, saved):
    target = tmp_path / "staff-file"
    target.write_text("staff")
    _link(saved / "answers.prev.json", target)
    store_at(tmp_path).save(AIGUL, PLAN, batch(put("title", "x"), base=3), W)
    assert target.read_text() == "staff"
    assert not (saved / "answers.prev.json").is_symlink()


@pytest.mark.parametrize("kind", ["symlink", "hardlink"])
def test_a_link_in_the_place_of_the_temporary_file_is_not_written_through(tmp_path, saved, kind):
    target = tmp_path / "staff-file"
    target.write_text("staff")
    path = saved / "answers.json.tmp"
    if kind == "symlink":
        path.symlink_to(target)
    else:
        path.hardlink_to(target)
    store_at(tmp_path).save(AIGUL, PLAN, batch(put("title", "x"), base=3), W)
    assert target.read_text() == "staff"
    assert not path.exists()


@pytest.mark.parametrize("level", ["person", "workbook", "lock"])
def test_a_link_in_the_place_of_a_folder_is_refused(tmp_path, saved, level):
    elsewhere = tmp_path / "elsewhere"
    place = {"person": saved.parent, "workbook": saved, "lock": saved / ".answers.lock"}[level]
    place.rename(elsewhere)
    place.symlink_to(elsewhere)
    before = snapshot(elsewhere) if elsewhere.is_dir() else {}
    with pytest.raises(StoreError) as refused:
        store_at(tmp_path).save(AIGUL, PLAN, batch(put("title", "x"), base=3), W)
    assert refused.value.id == "unsafe"
    if elsewhere.is_dir():
        assert snapshot(elsewhere) == before


def test_the_people_folder_itself_may_be_a_link(tmp_path, saved):
    """Where a course keeps its people is for its operator to say."""
    (tmp_path / "people").rename(tmp_path / "disk")
    (tmp_path / "people").symlink_to(tmp_path / "disk")
    assert read(tmp_path).answers == LAST


# -- versions --------------------------------------------------------------------------------------
@pytest.fixture
def old(tmp_path):
    store = store_at(tmp_path, library={"plan": OLDER})
    store.save(AIGUL, PLAN, batch(put("name", "a"), add_row("row001", action="x")), W)
    store.save(AIGUL, PLAN, batch(put("name", "b"), base=1), W)
    return store.folder(AIGUL, PLAN)


def test_older_answers_are_read_in_todays_definition_and_the_file_stays(tmp_path, old):
    files = snapshot(tmp_path)
    document = read(tmp_path)
    assert (document.definition, document.revision) == ("1.1.0", 2)
    assert document.answers == {"title": "b", "steps": [{"id": "row001", "action": "x"}]}
    assert snapshot(tmp_path) == files


def test_the_first_save_after_an_upgrade_keeps_the_older_generation(tmp_path, old):
    before = (old / "answers.json").read_bytes()
    saved = store_at(tmp_path).save(AIGUL, PLAN, batch(put("aim", "z"), base=2), W)
    assert (saved.revision, saved.conflicts) == (3, [])
    assert (old / "answers.v1.0.0.json").read_bytes() == before
    assert read(tmp_path).answers["title"] == "b"
    store = store_at(tmp_path)
    assert [one.revision for one in store.history(AIGUL, PLAN)] == [1, 2, 3]
    assert store.at(AIGUL, PLAN, 1)["title"] == "a"
    assert store.restore(AIGUL, PLAN, 1, W).revision == 4
    assert read(tmp_path).answers["title"] == "a"


def test_the_journal_leads_through_an_upgrade(tmp_path, old):
    store_at(tmp_path).save(AIGUL, PLAN, batch(put("aim", "z"), base=2), W)
    wanted = read(tmp_path)
    (old / "answers.json").unlink()
    (old / "answers.prev.json").unlink()
    assert read(tmp_path) == wanted


def test_a_page_with_the_older_definition_gets_a_conflict(tmp_path, old):
    saved = store_at(tmp_path).save(AIGUL, PLAN, batch(put("title", "c"), base=1), W)
    assert saved.conflicts[0]["theirs"] == "b"
    with pytest.raises(StoreError, match="bad_change"):
        store_at(tmp_path).save(AIGUL, PLAN, batch(put("name", "c"), base=2), W)


def test_an_upgrade_that_changes_rows_stamps_those_rows(tmp_path, old):
    drop = Upgrade("1.1.0", "1.2.0", (Step("drop-action", "drop", {"field": "steps.action"}),))
    fields = tuple(one for one in definition().fields)
    newest = definition("1.2.0", fields, (RENAME, drop))
    store = store_at(tmp_path, library={"plan": newest})
    document = store.read(AIGUL, PLAN)
    assert document.answers["steps"] == [{"id": "row001"}]
    assert document.stamps == {"title": [2, "upgrade"], "steps/row001": [2, "upgrade"]}


def test_an_upgrade_leaves_the_stamps_of_rows_that_stay_as_they_are(tmp_path):
    store = store_at(tmp_path, library={"plan": OLDER})
    rows = [add_row("row001", action="x"), add_row("row002", "row001", state="a")]
    store.save(AIGUL, PLAN, batch(*rows), W)
    fields = definition().fields
    drop = Upgrade("1.0.0", "1.2.0", (Step("drop-action", "drop", {"field": "steps.action"}),))
    store = store_at(tmp_path, library={"plan": definition("1.2.0", tuple(fields), (drop,))})
    stamps = store.read(AIGUL, PLAN).stamps
    assert stamps == {"steps/row001": [1, "upgrade"], "steps/row002": [1, "tab-1"]}


def test_a_newer_definition_is_refused_and_nothing_changes(tmp_path, saved):
    store = store_at(tmp_path, library={"plan": OLDER})
    files = snapshot(tmp_path)
    for call in (
        lambda: store.read(AIGUL, PLAN),
        lambda: store.save(AIGUL, PLAN, batch(put("name", "x"), base=3), W),
        lambda: store.restore(AIGUL, PLAN, 1, W),
    ):
        with pytest.raises(StoreError, match="newer"):
            call()
    assert snapshot(tmp_path) == files


def test_a_newer_format_is_refused_and_nothing_changes(tmp_path, saved):
    data = json.loads((saved / "answers.json").read_text())
    data["format"] = 2
    data["feelings"] = {}
    (saved / "answers.json").write_text(json.dumps(data))
    files = snapshot(tmp_path)
    for call in (
        lambda: store_at(tmp_path).read(AIGUL, PLAN),
        lambda: store_at(tmp_path).save(AIGUL, PLAN, batch(put("title", "x"), base=3), W),
    ):
        with pytest.raises(StoreError, match="newer"):
            call()
    assert snapshot(tmp_path) == files


def test_an_upgrade_that_does_not_fit_is_told_and_nothing_changes(tmp_path, old):
    store = store_at(tmp_path, library={"plan": definition("1.1.0")})  # no step for `name`
    files = snapshot(tmp_path)
    with pytest.raises(StoreError) as refused:
        store.read(AIGUL, PLAN)
    assert (refused.value.id, refused.value.detail) == ("no_upgrade", "1.0.0: does_not_fit")
    assert snapshot(tmp_path) == files


# -- other systems ---------------------------------------------------------------------------------
def test_the_portable_operations_keep_the_same_promises(tmp_path):
    store = store_at(tmp_path, PortableFs())
    store.save(AIGUL, PLAN, batch(put("title", "0")), W)
    store.save(AIGUL, PLAN, batch(put("aim", "1"), base=1), W)
    (store.folder(AIGUL, PLAN) / "answers.json").write_bytes(b"{half")
    assert store.read(AIGUL, PLAN).answers == {"title": "0", "aim": "1"}
    assert list(store.folder(AIGUL, PLAN).glob("answers.damaged-*"))
    assert store_at(tmp_path).read(AIGUL, PLAN).notices == ()


@pytest.mark.parametrize("name", ["answers.json", "journal.jsonl"])
def test_the_portable_operations_refuse_links(tmp_path, saved, name):
    _link(saved / name, tmp_path / "nowhere")
    with pytest.raises(StoreError, match="unsafe"):
        store_at(tmp_path, PortableFs()).read(AIGUL, PLAN)


def test_the_portable_operations_refuse_linked_folders(tmp_path, saved):
    saved.rename(tmp_path / "elsewhere")
    saved.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreError, match="unsafe"):
        store_at(tmp_path, PortableFs()).read(AIGUL, PLAN)


def test_a_file_that_somebody_reads_is_replaced_a_moment_later(tmp_path, monkeypatch):
    waits = []
    tries = {"left": 2}
    original = os.replace

    def held(source, target, **folders):
        if tries["left"]:
            tries["left"] -= 1
            raise PermissionError(errno.EACCES, "held open")
        return original(source, target, **folders)

    monkeypatch.setattr(os, "replace", held)
    store = store_at(tmp_path, PortableFs(pause=waits.append))
    assert store.save(AIGUL, PLAN, batch(put("title", "0")), W).revision == 1
    assert len(waits) == 2
    tries["left"] = 1000
    with pytest.raises(StoreError, match="readonly"):
        store.save(AIGUL, PLAN, batch(put("title", "1"), base=1), W)
    tries["left"] = 0
    assert store.save(AIGUL, PLAN, batch(put("title", "1"), base=1), W).conflicts == []


def test_the_safest_operations_of_the_system_are_used(monkeypatch):
    assert type(default_fs()) is Fs
    monkeypatch.setattr(os, "supports_dir_fd", set())
    assert type(default_fs()) is PortableFs


@pytest.mark.parametrize(("error", "fine"), [(errno.EINVAL, True), (errno.EIO, False)])
def test_a_system_that_cannot_sync_folders_is_lived_with(tmp_path, monkeypatch, error, fine):
    import stat

    original = os.fsync

    def fsync(fd):
        if stat.S_ISDIR(os.fstat(fd).st_mode):
            raise OSError(error, os.strerror(error))
        original(fd)

    monkeypatch.setattr(os, "fsync", fsync)
    store = store_at(tmp_path)
    if fine:
        assert store.save(AIGUL, PLAN, batch(put("title", "0")), W).revision == 1
    else:
        with pytest.raises(StoreError, match="io"):
            store.save(AIGUL, PLAN, batch(put("title", "0")), W)


def test_a_write_that_takes_nothing_is_a_full_disk(tmp_path):
    class Nothing(FailingFs):
        def write(self, fd, data):
            return 0

    with pytest.raises(StoreError, match="full"):
        store_at(tmp_path, Nothing()).save(AIGUL, PLAN, batch(put("title", "0")), W)


def test_a_document_whose_digest_was_made_to_fit_is_only_the_owners_word(tmp_path, saved):
    """A digest finds accidents; it is no signature, and nothing is decided by it."""
    data = json.loads((saved / "answers.json").read_text())
    del data["sha256"]
    data["answers"]["title"] = "by hand"
    data["revision"] = 4
    data["sha256"] = digest(data)
    (saved / "answers.json").write_text(json.dumps(data))
    assert read(tmp_path).answers["title"] == "by hand"
    assert isinstance(read(tmp_path), Document)


def test_an_upgrade_keeps_the_mark_of_what_somebody_typed_in(tmp_path):
    store = store_at(tmp_path, library={"plan": OLDER})
    typist = client_for("dina-f", "tab-1")
    store.save(AIGUL, PLAN, batch(put("name", "Typed"), client=typist), who="dina-f")
    store.save(AIGUL, PLAN, batch(put("aim", "Own"), base=1), who="aigul-s")
    stamps = store_at(tmp_path).read(AIGUL, PLAN).stamps
    assert writer_of(stamps["title"][1]) == "dina-f"
    assert writer_of(stamps["aim"][1]) is None
