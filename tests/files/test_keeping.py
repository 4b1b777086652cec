"""What was acknowledged is there, whatever is killed; what is kept is kept once, and there is an
end to how much."""

from __future__ import annotations

import hashlib
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import hostile_files as samples
from tests.support.forms import kept
from ustaz.base.evidence import JPEG, PDF
from ustaz.files import Beginning, FileRefused, FileStore, Uploads, store, uploads
from ustaz.files.content import Content
from ustaz.files.model import MOST_OF_A_PERSON, MOST_OF_A_PIECE, MOST_UNFINISHED, FileRecord
from ustaz.files.store import harmless_name

P = "aigul-s"
SENT = bytes(range(256)) * 4
UPLOAD = hashlib.sha256(SENT).hexdigest()
KEPT = Content(PDF, b"kept" * 20, pages=(Content(JPEG, b"page one", 10, 20),))


def beginning(data: bytes = SENT, **more: Any) -> Beginning:
    said = {"name": "Урок.pdf", "size": len(data), "visible": "none", **more}
    return Beginning(sha256=hashlib.sha256(data).hexdigest(), **said)


def at(folder: Path, convert: Callable[[bytes], Content] = lambda _: KEPT) -> Uploads:
    return Uploads(FileStore(folder), convert)


def send(service: Uploads, data: bytes = SENT, size: int = 300) -> FileRecord:
    known = beginning(data)
    offset = service.begin(P, known)
    assert isinstance(offset, int)
    while offset < len(data):
        offset = service.take(P, known.sha256, offset, data[offset : offset + size])
    return service.finish(P, known.sha256)


def refusal(call: Callable[..., object], *arguments: object) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        call(*arguments)
    return refused.value


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USTAZ_NOW", "2026-11-02T09:00:00+05:00")


def test_what_was_sent_in_pieces_is_kept_under_the_hash_of_what_is_kept(tmp_path: Path):
    record = send(at(tmp_path))
    assert record.sha256 == hashlib.sha256(KEPT.data).hexdigest()
    assert (record.type, record.name, record.original) == (PDF, "Урок.pdf", UPLOAD)
    files = FileStore(tmp_path)
    assert files.record(P, record.sha256) == record
    assert files.data(P, record) == KEPT.data
    (page,) = record.pages
    drawn = files.record(P, page)
    assert drawn is not None
    assert (drawn.type, drawn.of, drawn.width) == (JPEG, record.sha256, 10)
    left = {path.name for path in (tmp_path / P / "files").iterdir()}
    assert left == {record.sha256, f"{record.sha256}.json", page, f"{page}.json", "incoming",
                    ".files.lock"}  # fmt: skip
    assert not list((tmp_path / P / "files" / "incoming").iterdir())


def test_the_same_file_is_neither_sent_nor_kept_twice(tmp_path: Path):
    service = at(tmp_path)
    record = send(service)
    assert service.begin(P, beginning()) == record
    assert service.finish(P, UPLOAD) == record
    # Nor what came out of it.
    assert service.begin(P, beginning(KEPT.data)) == record


def test_a_file_is_written_once_and_read_back(tmp_path: Path):
    record = send(at(tmp_path))
    path = tmp_path / P / "files" / record.sha256
    before = path.stat().st_ino
    files = FileStore(tmp_path)
    files.keep(P, KEPT, name="b.pdf", original="0" * 64, visible="none")
    assert path.stat().st_ino == before
    path.write_bytes(b"rotten")
    assert refusal(files.data, P, record).id == "no_file"
    files.keep(P, KEPT, name="b.pdf", original="0" * 64, visible="none")
    assert files.data(P, record) == KEPT.data


@settings(max_examples=40, deadline=None)
@given(pieces=st.lists(st.tuples(st.integers(-3, 1030), st.integers(0, 500)), max_size=12))
def test_pieces_in_any_order_leave_no_gap_and_change_nothing_that_is_held(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[tuple[int, int]]
):
    service = at(tmp_path_factory.mktemp("odd"), lambda data: Content(PDF, data))
    service.begin(P, beginning())
    held = 0
    for offset, size in pieces:
        piece = SENT[max(0, offset) : max(0, offset) + size]
        if 0 <= offset <= held:
            now = service.take(P, UPLOAD, offset, piece)
            assert now == max(held, offset + len(piece))
            held = now
        else:
            refused = refusal(service.take, P, UPLOAD, offset, piece)
            assert (refused.id, refused.offset) == ("file_wrong_offset", held)
    assert service.held(P, UPLOAD) == held
    if held < len(SENT):
        assert refusal(service.finish, P, UPLOAD).offset == held
        service.take(P, UPLOAD, held, SENT[held:])
    assert service.finish(P, UPLOAD).sha256 == UPLOAD


def test_what_is_said_wrongly_is_refused(tmp_path: Path):
    service = at(tmp_path)
    assert refusal(service.begin, P, beginning(visible="everybody")).id == "file_bad_request"
    assert refusal(service.begin, P, beginning(b"")).id == "file_empty"
    assert refusal(service.begin, P, beginning(size=6 << 20)).id == "file_too_large"
    assert refusal(service.take, P, UPLOAD, 0, b"x").id == "file_no_upload"
    assert refusal(service.take, P, "../" + "a" * 61, 0, b"x").id == "file_no_upload"
    assert refusal(service.held, "../x", UPLOAD).id == "no_file"
    service.begin(P, beginning())
    assert refusal(service.take, P, UPLOAD, 0, b"x" * 2000).id == "file_too_large"
    too_long = b"x" * (MOST_OF_A_PIECE + 1)
    assert refusal(service.take, P, UPLOAD, 0, too_long).id == "file_bad_request"
    service.take(P, UPLOAD, 0, b"x" * len(SENT))
    assert refusal(service.finish, P, UPLOAD).id == "file_wrong_hash"
    assert refusal(service.held, P, UPLOAD).id == "file_no_upload"
    assert service.begin(P, beginning()) == 0


def test_a_file_that_cannot_be_used_goes_and_one_that_waits_its_turn_stays(tmp_path: Path):
    reasons = iter(["file_busy", "file_damaged"])

    def convert(_: bytes) -> Content:
        raise FileRefused(next(reasons))

    service = at(tmp_path, convert)
    service.begin(P, beginning())
    service.take(P, UPLOAD, 0, SENT)
    assert refusal(service.finish, P, UPLOAD).id == "file_busy"
    assert service.held(P, UPLOAD) == len(SENT)
    assert refusal(service.finish, P, UPLOAD).id == "file_damaged"
    assert refusal(service.held, P, UPLOAD).id == "file_no_upload"


def test_there_is_an_end_to_how_much_one_person_keeps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    files = FileStore(tmp_path)
    assert files.room(P) == MOST_OF_A_PERSON
    monkeypatch.setattr(store, "MOST_OF_A_PERSON", 1500)
    service = at(tmp_path)
    send(service)
    assert refusal(service.begin, P, beginning(b"z" * 1430)).id == "file_no_room"
    big = at(tmp_path, lambda _: Content(PDF, b"x" * 1500))
    assert refusal(send, big, b"y" * 100).id == "file_no_room"
    monkeypatch.setattr(store, "MOST_FILES", 1)
    assert refusal(service.begin, P, beginning(b"z")).id == "file_too_many"
    # Another person has their own room.
    assert service.begin("olga-p", beginning(b"z")) == 0


def test_what_nobody_goes_on_with_is_removed_after_some_days(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    service = at(tmp_path)
    for number in range(MOST_UNFINISHED):
        service.begin(P, beginning(b"%d" % number))
    assert refusal(service.begin, P, beginning()).id == "file_too_many_unfinished"
    assert service.begin(P, beginning(b"0")) == 0
    monkeypatch.setenv("USTAZ_NOW", "2026-11-09T10:00:00+05:00")
    assert service.begin(P, beginning()) == 0
    assert len(list((tmp_path / P / "files" / "incoming").iterdir())) == 1


def test_only_what_nothing_names_and_was_sent_long_ago_is_dropped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    record = send(at(tmp_path))
    files = FileStore(tmp_path)
    assert files.drop_unnamed(P, list) == 0
    monkeypatch.setenv("USTAZ_NOW", "2027-02-01T09:00:00+05:00")
    assert files.drop_unnamed(P, lambda: {record.sha256}) == 0
    assert files.drop_unnamed(P, list) == 2
    assert files.records(P) == []
    assert send(at(tmp_path)).sha256 == record.sha256


@pytest.mark.parametrize(
    ("name", "harmless"),
    [
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\photos\\a.HEIC", "a.jpg"),
        ("photo.jpg.exe", "photo.jpg.jpg"),
        ("\u202egpj.exe", "gpj.jpg"),
        ('a"b\r\nSet-Cookie: x.png', "a bSet-Cookie x.jpg"),
        ("....", "file.jpg"),
        ("", "file.jpg"),
        ("Ә" * 300 + ".png", "Ә" * 116 + ".jpg"),
    ],
)
def test_a_name_is_made_harmless(name: str, harmless: str):
    assert harmless_name(name, JPEG) == harmless


# -- killed --------------------------------------------------------------------------------------
CALLS = ("open", "write", "fsync", "replace", "link", "unlink", "mkdir", "rmdir", "close")


def dying(path: Path, number: int, report: int) -> None:
    """In a child: upload, and die before the n-th call to the system; say what was acknowledged."""
    left = [number]

    def counted(real: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: Any, **more: Any) -> object:
            left[0] -= 1
            if left[0] <= 0:
                os.kill(os.getpid(), 9)
            return real(*arguments, **more)

        return call

    tell = os.write
    service = at(path)
    for name in CALLS:
        setattr(os, name, counted(getattr(os, name)))
    offset = service.begin(P, beginning())
    while isinstance(offset, int) and offset < len(SENT):
        offset = service.take(P, UPLOAD, offset, SENT[offset : offset + 400])
        tell(report, offset.to_bytes(2, "big"))
    service.finish(P, UPLOAD)
    tell(report, b"\xff\xff")


def acknowledged(path: Path, number: int) -> tuple[int, bool]:
    """Return what a child acknowledged before it died, and whether it came to the end."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        try:
            dying(path, number, write)
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as reports:
        words = reports.read()
    os.waitpid(child, 0)
    offsets = [int.from_bytes(words[at : at + 2], "big") for at in range(0, len(words), 2)]
    done = bool(offsets) and offsets[-1] == 0xFFFF
    return max([0, *[offset for offset in offsets if offset != 0xFFFF]]), done


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
@pytest.mark.parametrize("stride", kept([4], [1]))
def test_a_kill_at_any_step_loses_no_acknowledged_byte(tmp_path: Path, stride: int):
    deaths = 0
    for number in range(1, 2000, stride):
        path = tmp_path / str(number)
        path.mkdir()
        count, done = acknowledged(path, number)
        service = at(path)
        offset = service.begin(P, beginning())
        if isinstance(offset, int):
            assert not done
            assert offset >= count
            pieces = uploads._pieces(path / P / "files" / "incoming" / UPLOAD)
            assert b"".join(piece.read_bytes() for piece in pieces) == SENT[:offset]
            while offset < len(SENT):
                offset = service.take(P, UPLOAD, offset, SENT[offset : offset + 200])
            record = service.finish(P, UPLOAD)
        else:
            record = offset
        files = FileStore(path)
        assert files.data(P, record) == KEPT.data
        (page,) = record.pages
        drawn = files.record(P, page)
        assert drawn is not None
        assert files.data(P, drawn) == b"page one"
        if done:
            break
        deaths += 1
    assert done
    assert deaths * stride > 60


@pytest.mark.parametrize("seed", kept([1], range(2, 12)))
def test_a_picture_sent_in_random_pieces_with_breaks_arrives(tmp_path: Path, seed: int):
    rng = random.Random(seed)
    data = samples.packed(samples.gradient(1200, 900), "JPEG", quality=95)
    known = beginning(data)
    service = Uploads(FileStore(tmp_path))
    offset = service.begin(P, known)
    while isinstance(offset, int) and offset < len(data):
        if rng.random() < 0.3:  # the answer was lost: the page asks again
            offset = service.begin(P, known)
        piece = data[offset : offset + rng.randrange(1, 9000)]
        offset = service.take(P, known.sha256, offset, piece)
    record = service.finish(P, known.sha256)
    assert (record.type, record.width, record.height) == (JPEG, 1200, 900)
