"""What people write to each other comes back from an archive: messages, meetings, notes of two."""

from __future__ import annotations

from pathlib import Path

import pytest

from ustaz import tutorials
from ustaz.answers import Batch
from ustaz.backup import make_backup, restore, verify
from ustaz.course import Course
from ustaz.course.identity import acting_as
from ustaz.sessions import store
from ustaz.sessions.plan import Log, Plan
from ustaz.threads import Anchor, Threads, drafts, standing

AIGUL, DINA = "aigul-s", "dina-f"
TWO = {"kind": "two", "by": AIGUL, "people": [AIGUL, DINA], "target": ""}


def said(number: int, by: str, text: str) -> dict[str, str]:
    return {"id": f"{number:012x}", "by": by, "text": text}


@pytest.fixture
def written(course: Course) -> Course:
    """The course after a term: conversations, a meeting with its log, a note of two."""
    threads = Threads(course.dir)
    two = threads.begin(TWO, said(1, AIGUL, "Сабаққа қашан келесіз?"))
    threads.say(two, said(2, DINA, "В четверг, на третий урок"))
    threads.read(two, AIGUL)
    line = {"do": "hand_on", "by": DINA, "from": 2}
    threads.say(two, said(3, DINA, "Please look at the date with us"), line)
    group = {"kind": "group", "by": DINA, "people": [], "target": "g1"}
    back = threads.begin(group, said(4, DINA, "Taken back before anybody has read it"))
    threads.take_back(back, said(4, DINA, "")["id"], DINA)
    anchor = Anchor("focus", "focus_statement", "question", "Оқушылар жұппен сөйлеседі").to_json()
    remark = {"kind": "remark", "by": DINA, "people": [AIGUL], "anchor": anchor}
    id = threads.begin(remark, said(5, DINA, "Which class is this about?"))
    threads.mark(id, "settle", AIGUL)
    news = {"kind": "announcement", "by": "saule-m", "target": "all", "scope": "all",
            "title": "Thursday", "until": "2026-12-01"}  # fmt: skip
    threads.mark(threads.begin(news, said(6, "saule-m", "We meet at three")), "dismiss", AIGUL)
    drafts.keep(course.dir, AIGUL, "new", "Begun and not sent", to=f"person:{DINA}")
    plan = store.create(course, "g1", Plan("Meeting three", day="2026-11-25"), by=DINA)
    log = Log(present=(AIGUL,), worked="The maps")
    store.save(course, plan, Plan("Meeting three", day="2026-11-25", log=log), base=1, by=DINA)
    entry = tutorials.begin(course, AIGUL, DINA)
    change = {"op": "set", "path": ["opened_with_success"], "value": "Four children asked"}
    body = {"batch": "b1", "client": "page", "base_revision": 0, "lang": "kk", "changes": [change]}
    subject = tutorials.subject(entry.id)
    course.store.save(subject, tutorials.WORKBOOK, Batch.from_json(body), who=DINA)
    return course


def everything(course: Course) -> dict[str, object]:
    """Return what can be read of all this, by the stores that the pages ask."""
    threads = list(Threads(course.dir))
    people = [person.person for person in course.people.values()]
    return {
        "threads": threads,
        "rights": {
            (person, thread.id): standing(course, acting_as(course, person), thread)
            for person in people
            for thread in threads
        },
        "drafts": drafts.read(course.dir, AIGUL),
        "plans": store.plans(course),
        "earlier": [store.version(course, kept.id, 1) for kept in store.plans(course)],
        "notes": [
            (entry, document.answers, document.stamps)
            for entry, document in tutorials.held(course, AIGUL)
        ],
    }


def test_messages_meetings_remarks_and_notes_come_back_as_they_were(
    written: Course, shelf: Path, tmp_path: Path
):
    before = everything(written)
    assert len(before["threads"]) == 4  # type: ignore[arg-type]
    archive = make_backup(written.dir, shelf).path
    assert verify(archive).findings == []
    assert restore(archive, tmp_path / "back").verified.findings == []
    back = Course.open(tmp_path / "back")
    assert everything(back) == before
    # And they go on from there.
    (two,) = [thread for thread in Threads(back.dir) if thread.kind == "two"]
    Threads(back.dir).say(two.id, said(7, AIGUL, "Рақмет, күтемін"))
    assert len(Threads(written.dir).get(two.id).messages) == 3  # type: ignore[union-attr]
    assert len(Threads(back.dir).get(two.id).messages) == 4  # type: ignore[union-attr]
    for path in (back.dir / "threads").rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path


def test_a_backup_in_the_middle_of_a_message_has_it_whole_or_not_at_all(
    written: Course, shelf: Path, tmp_path: Path
):
    before = everything(written)["threads"]
    (two,) = [thread for thread in Threads(written.dir) if thread.kind == "two"]
    with Threads(written.dir).ledger.path(two.id).open("ab") as file:
        file.write('{"do":"say","id":"000000000007","by":"aigul-s","text":"Рақ'.encode())
    restore(make_backup(written.dir, shelf).path, tmp_path / "back")
    assert list(Threads(tmp_path / "back")) == before
    Threads(tmp_path / "back").say(two.id, said(7, AIGUL, "Рақмет, күтемін"))
    messages = Threads(tmp_path / "back").get(two.id).messages  # type: ignore[union-attr]
    assert [message.text for message in messages][-1] == "Рақмет, күтемін"
