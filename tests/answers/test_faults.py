"""Every operation of a save fails once, and dies once; what was acknowledged stays."""

from __future__ import annotations

import errno
import os
import random
import shutil
from contextlib import suppress
from pathlib import Path

import pytest

from tests.answers.helpers import (
    AIGUL,
    LIBRARY,
    OLDER,
    PLAN,
    Crash,
    FailingFs,
    MemoryFs,
    add_row,
    batch,
    outcome,
    put,
    snapshot,
    store_at,
    ticking,
)
from ustaz.answers import Batch, Document, Store, StoreError

W = "aigul-s"
ERRORS = {errno.ENOSPC: "full", errno.EDQUOT: "full", errno.EIO: "io", errno.EROFS: "readonly"}


def first(path: Path) -> Batch:
    return batch(put("title", "a"), add_row("row001", action="x"))


def later(path: Path) -> Batch:
    store = store_at(path)
    store.save(AIGUL, PLAN, batch(put("title", "0")), W)
    store.save(AIGUL, PLAN, batch(put("aim", "1"), base=1), W)
    return batch(put("title", "a"), add_row("row001", action="x"), base=2)


def upgrading(path: Path) -> Batch:
    store = store_at(path, library={"plan": OLDER})
    store.save(AIGUL, PLAN, batch(put("name", "0")), W)
    return batch(put("title", "a"), add_row("row001", action="x"), base=1)


def mending(path: Path) -> Batch:
    made = later(path)
    (store_at(path).folder(AIGUL, PLAN) / "answers.json").write_bytes(b"{half")
    return made


def interrupted(path: Path) -> Batch:
    """The journal is ahead of the file."""
    store = store_at(path)
    store.save(AIGUL, PLAN, batch(put("title", "0")), W)
    document = store.folder(AIGUL, PLAN) / "answers.json"
    before = document.read_bytes()
    store.save(AIGUL, PLAN, batch(put("aim", "1"), base=1), W)
    document.write_bytes(before)
    return batch(put("title", "a"), add_row("row001", action="x"), base=2)


def torn(path: Path) -> Batch:
    """The journal ends in half a line."""
    made = later(path)
    with (store_at(path).folder(AIGUL, PLAN) / "journal.jsonl").open("ab") as handle:
        handle.write(b'{"kind":"save","rev')
    return made


SITUATIONS = [first, later, upgrading, mending, interrupted, torn]


def count(tmp_path: Path, situation) -> int:
    made = situation(tmp_path / "count")
    fs = FailingFs()
    store_at(tmp_path / "count", fs).save(AIGUL, PLAN, made, W)
    return len(fs.calls)


def holds(path: Path, made: Batch, *, acknowledged: bool, refused: bool = False) -> None:
    """Check that the document is whole: all of the batch or nothing of it, nothing else gone."""
    document = store_at(path).read(AIGUL, PLAN)
    done = document.answers.get("title") == "a"
    assert done or not acknowledged
    assert not (done and refused)
    assert ("steps" in document.answers) == done
    if made.base_revision == 2:
        assert document.answers["aim"] == "1"
        assert document.revision == 2 + done
    if not done and made.base_revision:
        assert document.answers["title"] == "0"


@pytest.mark.parametrize("error", ERRORS, ids=errno.errorcode.get)
@pytest.mark.parametrize("situation", SITUATIONS)
def test_a_failed_operation_loses_nothing_and_a_retry_completes(tmp_path, situation, error):
    for n in range(1, count(tmp_path, situation) + 1):
        path = tmp_path / str(n)
        made = situation(path)
        # A disk that has no room left takes a part first, without an error.
        fs = FailingFs(n, error, short=error == errno.ENOSPC)
        said = outcome(store_at(path, fs), made)
        assert said in ("saved", ERRORS[error]), fs.calls[-1]
        holds(path, made, acknowledged=said == "saved", refused=said == "full")
        saved = store_at(path).save(AIGUL, PLAN, made, W)
        assert saved.conflicts == []
        holds(path, made, acknowledged=True)
        names = {one.name for one in store_at(path).folder(AIGUL, PLAN).iterdir()}
        assert not {name for name in names if name.endswith(".tmp")}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_a_failed_save_is_no_conflict_for_the_same_page(tmp_path, situation):
    """The page goes on typing and sends everything anew, under another batch id."""
    for n in range(1, count(tmp_path, situation) + 1):
        path = tmp_path / str(n)
        made = situation(path)
        outcome(store_at(path, FailingFs(n, errno.EIO)), made)
        anew = batch(put("title", "b"), add_row("row001", action="y"), base=made.base_revision)
        saved = store_at(path).save(AIGUL, PLAN, anew, W)
        assert saved.conflicts == []
        answers = store_at(path).read(AIGUL, PLAN).answers
        assert (answers["title"], answers["steps"]) == ("b", [{"id": "row001", "action": "y"}])


@pytest.mark.parametrize("situation", SITUATIONS)
def test_a_disk_that_stays_full_loses_nothing(tmp_path, situation):
    for n in range(1, count(tmp_path, situation) + 1):
        path = tmp_path / str(n)
        made = situation(path)
        fs = FailingFs(n, errno.ENOSPC, until=10_000, roomless=True)
        said = outcome(store_at(path, fs), made)
        assert said in ("saved", "full")
        holds(path, made, acknowledged=said == "saved", refused=said == "full")
        store_at(path).save(AIGUL, PLAN, made, W)
        holds(path, made, acknowledged=True)


@pytest.mark.parametrize("situation", SITUATIONS)
def test_what_is_refused_for_want_of_room_is_not_there_later(tmp_path, situation):
    """Also where nothing can be taken back: then it is not called refused."""
    outcomes = set()
    for error in (errno.ENOSPC, errno.EDQUOT):
        for n in range(1, count(tmp_path, situation) + 1):
            path = tmp_path / f"{error}-{n}"
            made = situation(path)
            said = outcome(store_at(path, FailingFs(n, error, until=10_000)), made)
            outcomes.add(said)
            # A page that has typed on; whatever is read and written next.
            holds(path, made, acknowledged=said == "saved", refused=said == "full")
            other = batch(put("aim", "1"), base=made.base_revision, client="other")
            store_at(path).save(AIGUL, PLAN, other, W)
            holds(path, made, acknowledged=said == "saved", refused=said == "full")
        shutil.rmtree(tmp_path / "count")
    assert "full" in outcomes


@pytest.mark.parametrize("situation", SITUATIONS)
def test_dying_at_any_operation_leaves_a_whole_document(tmp_path, situation):
    for n in range(1, count(tmp_path, situation) + 1):
        path = tmp_path / str(n)
        made = situation(path)
        assert outcome(store_at(path, FailingFs(n, short=True)), made) == "died"
        holds(path, made, acknowledged=False)
        assert store_at(path).save(AIGUL, PLAN, made, W).conflicts == []
        holds(path, made, acknowledged=True)


@pytest.mark.parametrize("situation", [later, upgrading, interrupted, torn])
def test_whoever_only_copies_the_file_finds_a_whole_one_at_any_moment(tmp_path, situation):
    """The exchange, a kernel, an operator's backup: they read without the lock."""
    for n in range(1, count(tmp_path, situation) + 1):
        made = situation(tmp_path / str(n))
        store = store_at(tmp_path / str(n), FailingFs(n, short=True))
        assert outcome(store, made) == "died"
        Document.decode((store.folder(AIGUL, PLAN) / "answers.json").read_bytes())


@pytest.mark.parametrize("situation", [later, mending, interrupted, torn])
@pytest.mark.parametrize("error", [errno.EIO, errno.EROFS, 0], ids=["EIO", "EROFS", "death"])
def test_reading_never_harms(tmp_path, situation, error):
    made = situation(tmp_path / "count")
    fs = FailingFs()
    store_at(tmp_path / "count", fs).read(AIGUL, PLAN)
    for n in range(1, len(fs.calls) + 1):
        path = tmp_path / str(n)
        made = situation(path)
        with suppress(StoreError, Crash):
            store_at(path, FailingFs(n, error)).read(AIGUL, PLAN)
        holds(path, made, acknowledged=False)


def test_an_acknowledged_save_needs_no_room_for_making_the_journal_shorter(tmp_path, monkeypatch):
    monkeypatch.setattr("ustaz.answers.journal.MAX_JOURNAL_BYTES", 100)
    made = later(tmp_path / "count")
    fs = FailingFs()
    store_at(tmp_path / "count", fs).save(AIGUL, PLAN, made, W)
    for error in (errno.ENOSPC, 0):
        for n in range(1, len(fs.calls) + 1):
            path = tmp_path / f"{error}-{n}"
            made = later(path)
            said = outcome(store_at(path, FailingFs(n, error)), made)
            holds(path, made, acknowledged=said == "saved")
            store_at(path).save(AIGUL, PLAN, made, W)
            store_at(path).save(AIGUL, PLAN, batch(put("aim", "2"), base=3), W)
            assert store_at(path).at(AIGUL, PLAN, 3)["title"] == "a"


# -- power cuts --------------------------------------------------------------------------------
def _memory_store(fs: MemoryFs) -> Store:
    return Store(Path("/people"), LIBRARY, fs=fs, now=ticking(), new_id=lambda: "record")


def _session(fs: MemoryFs, acknowledged: list[str]) -> None:
    store = _memory_store(fs)
    for revision in range(4):
        value = f"value {revision} " * 40
        store.save(AIGUL, PLAN, batch(put("title", value), base=revision, id=f"b{revision}"), W)
        acknowledged.append(value)


def _length() -> int:
    fs = MemoryFs()
    _session(fs, [])
    return fs.calls


@pytest.mark.parametrize("at", range(1, _length() + 1))
def test_a_power_cut_at_any_moment_loses_nothing_acknowledged(at):
    """At each prefix of the operations: every mixture of what was synced and what was not."""
    fs = MemoryFs(cut_at=at)
    acknowledged: list[str] = []
    with pytest.raises(Crash):
        _session(fs, acknowledged)
    extremes = [lambda n: 0, lambda n: 1, lambda n: n - 1, lambda n: min(2, n - 1)]
    mixed = [random.Random(seed).randrange for seed in range(20)]
    for choose in [*extremes, *mixed]:
        found = fs.after_power_cut(choose)
        document = _memory_store(found).read(AIGUL, PLAN)
        count = len(acknowledged)
        # The save under way may be there, too; never anything between.
        assert document.revision in (count, count + 1)
        if document.revision == count and acknowledged:
            assert document.answers == {"title": acknowledged[-1]}
        store = _memory_store(found)
        base = document.revision
        saved = store.save(AIGUL, PLAN, batch(put("aim", "on"), base=base, id="on"), W)
        assert (saved.revision, saved.conflicts) == (base + 1, [])
        assert store.read(AIGUL, PLAN).answers == {**document.answers, "aim": "on"}
        assert store.read(AIGUL, PLAN).notices == ()


def test_two_power_cuts_in_a_row_lose_nothing_acknowledged():
    for seed in range(300):
        rng = random.Random(seed)
        fs = MemoryFs()
        acknowledged = value = ""
        for _ in range(6):
            fs.cut_at = fs.calls + rng.randrange(1, 40)
            store = _memory_store(fs)
            # Where it dies, the value on its way may be there or not.
            with suppress(Crash):
                for _ in range(3):
                    base = store.read(AIGUL, PLAN).revision
                    value = str(rng.random())
                    store.save(
                        AIGUL, PLAN, batch(put("title", value), base=base, id=f"b{rng.random()}"), W
                    )
                    acknowledged = value
            fs = fs.after_power_cut(rng.randrange)
            found = _memory_store(fs).read(AIGUL, PLAN).answers.get("title", "")
            assert found in (acknowledged, value)
            acknowledged = found


def test_a_read_only_disk_is_read(tmp_path):
    """Without a lock: nobody can write there."""
    made = mending(tmp_path)

    class ReadOnly(FailingFs):
        def lock(self, path, timeout=0):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    files = snapshot(tmp_path)
    store = store_at(tmp_path, ReadOnly())
    assert store.read(AIGUL, PLAN).answers == {"title": "0", "aim": "1"}
    assert len(store.history(AIGUL, PLAN)) == 2
    with pytest.raises(StoreError, match="readonly"):
        store.save(AIGUL, PLAN, made, W)
    assert snapshot(tmp_path) == files
