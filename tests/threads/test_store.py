"""The store: kept once, never changed, taken back unread, erased, and hostile text refused."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest

from ustaz.threads import Thread, ThreadError, Threads, drafts
from ustaz.threads.model import MOST, checked

START = {"kind": "two", "by": "aigul-s", "people": ["aigul-s", "dina-f"]}


def said(number: int, by: str = "aigul-s", text: str = "A message that is long enough") -> dict:
    return {"id": f"{number:012x}", "by": by, "text": text}


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Threads:
    monkeypatch.setenv("USTAZ_NOW", "2026-11-23T14:05:00+05:00")
    return Threads(tmp_path)


def only(store: Threads) -> Thread:
    (thread,) = store
    return thread


def test_the_same_message_sent_twice_is_kept_once(store: Threads) -> None:
    id = store.begin(START, said(1))
    assert store.begin(START, said(1)) == id
    store.say(id, said(2))
    store.say(id, said(2, text="Other words under the same id"))
    assert [message.text for message in only(store).messages] == [said(1)["text"]] * 2


def test_a_torn_last_line_loses_nothing_that_was_sent(store: Threads) -> None:
    id = store.begin(START, said(1))
    with store.ledger.path(id).open("ab") as file:
        file.write(b'{"do":"say","id":"0000')
    store.say(id, said(2))
    assert len(only(store).messages) == 2


def test_a_message_is_taken_back_by_its_author_until_somebody_has_read_it(
    store: Threads, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = store.begin(START, said(1))
    with pytest.raises(ThreadError):
        store.take_back(id, said(1)["id"], "dina-f")
    store.take_back(id, said(1)["id"], "aigul-s")
    message = only(store).messages[0]
    assert (message.text, bool(message.taken_back)) == ("", True)
    assert said(1)["text"].encode() not in store.ledger.path(id).read_bytes()
    store.say(id, said(2))
    store.read(id, "dina-f")
    with pytest.raises(ThreadError):
        store.take_back(id, said(2)["id"], "aigul-s")
    store.say(id, said(3))
    monkeypatch.setenv("USTAZ_NOW", "2026-11-23T14:15:01+05:00")
    with pytest.raises(ThreadError):
        store.take_back(id, said(3)["id"], "aigul-s")


def test_what_is_new_is_new_until_it_is_opened(store: Threads) -> None:
    id = store.begin(START, said(1))
    assert (only(store).unread("dina-f"), only(store).unread("aigul-s")) == (1, 0)
    store.read(id, "dina-f")
    size = store.ledger.path(id).stat().st_size
    store.read(id, "dina-f")
    assert store.ledger.path(id).stat().st_size == size
    assert only(store).unread("dina-f") == 0
    assert only(store).readers_of(0) == ["dina-f"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("short", "message_short"),
        (" \n\t" * 200, "message_short"),
        ("x" * (MOST + 1), "message_long"),
        ("A text with a \x00 in it", "message_signs"),
        ("A text with \x1b[31m in it", "message_signs"),
        ("A text with \ud800 in it", "message_signs"),
    ],
)
def test_what_does_not_fit_is_refused_whole(text: str, why: str) -> None:
    with pytest.raises(ThreadError) as refused:
        checked(text)
    assert refused.value.id == why


def test_damaged_lines_show_nothing_and_break_nothing(store: Threads) -> None:
    id = store.begin(START, said(1))
    hostile = ['{"do":"say","id":7,"text":[]}', '{"do":"read","seen":"x"}', "[" * 5000, "null"]
    with store.ledger.path(id).open("a") as file:
        file.write("\n".join(hostile) + "\n")
    (store.folder / ("f" * 12 + ".jsonl")).write_text('{"do":"begin","kind":"two","people":[1]}\n')
    assert len(only(store).messages) == 1


def test_an_erasure_takes_words_and_id_and_what_is_about_the_person_alone(store: Threads) -> None:
    two = store.begin(START, said(1))
    group = store.begin({"kind": "group", "by": "dina-f", "target": "g1"}, said(2, "dina-f"))
    store.say(group, said(3, "aigul-s", "Words of Aigul for all"))
    store.erase("aigul-s", "former-member")
    assert store.get(two) is None
    assert [message.erased for message in only(store).messages] == [False, True]
    assert b"Aigul" not in store.ledger.path(group).read_bytes()
    assert b"aigul-s" not in store.ledger.path(group).read_bytes()
    other = store.begin({**START, "by": "dina-f"}, said(4, "dina-f", "Words of Dina, for one"))
    store.say(other, said(5, "aigul-s", "Words that stay with Aigul"))
    store.erase("dina-f", "former-facilitator")
    kept = store.get(other)
    assert kept is not None
    assert [message.text for message in kept.messages] == ["", "Words that stay with Aigul"]
    assert kept.people == ("aigul-s", "former-facilitator")


def _writes(folder: str, number: int) -> None:
    Threads(Path(folder)).begin(
        {**START, "kind": "help"}, said(100 + number), only=lambda thread: thread.kind == "help"
    )


def test_two_that_begin_at_once_write_into_one_thread(store: Threads, tmp_path: Path) -> None:
    with multiprocessing.get_context("fork").Pool(4) as pool:
        pool.starmap(_writes, [(str(tmp_path), number) for number in range(8)])
    assert len(only(store).messages) == 8


def test_a_draft_is_kept_replaced_and_gone_when_it_is_empty(tmp_path: Path) -> None:
    assert drafts.keep(tmp_path, "aigul-s", "new", "Бастадым", "staff")
    assert drafts.keep(tmp_path, "aigul-s", "new", "Бастадым да", "staff")
    assert drafts.read(tmp_path, "aigul-s")["new"].text == "Бастадым да"
    assert drafts.read(tmp_path, "dina-f") == {}
    for key, text in (("../x", "a"), ("new", "x" * 9000), ("", "a")):
        assert not drafts.keep(tmp_path, "aigul-s", key, text)
    assert drafts.keep(tmp_path, "aigul-s", "new", " ")
    assert drafts.read(tmp_path, "aigul-s") == {}
