"""A course in which one teacher and one facilitator have left traces in every place."""

from __future__ import annotations

import hashlib
import sqlite3
import warnings
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.exchange import helpers
from tests.exchange.helpers import STAFF, fill, me, write
from tests.grading.support import mark
from tests.support.shared import shared
from ustaz import gallery, projects, shares
from ustaz.answers import Batch, Subject
from ustaz.base.ledger import Ledger
from ustaz.calendar import subscriptions
from ustaz.course import Course
from ustaz.course.identity import acting_as
from ustaz.enrolment import move, substitute
from ustaz.exchange import collect, submit
from ustaz.grading import feedback, grade, release_assignments, write_config
from ustaz.roster import reaching
from ustaz.schools import Terms, agreements, asks, check_ins, outcomes
from ustaz.server.views import confirmations
from ustaz.sessions import store as meetings
from ustaz.sessions.plan import Log, Plan
from ustaz.threads import Threads, drafts
from ustaz.transcription import marks, writing

AIGUL, MARAT, OLGA, DINA, SAULE = "aigul-s", "marat-t", "olga-p", "dina-f", "saule-m"
BOLAT = "bolat-k"
NOW = "2026-11-23T14:05:00+05:00"
#: Written by Aigul alone: a diary, a cell, an alias, evidence, an account.
WORDS = ("ҚҰПИЯ-diary", "ҚҰПИЯ-cell", "ҚҰПИЯ-alias", "ҚҰПИЯ-evidence", "ҚҰПИЯ-title")
ACCOUNT = "qalam17"
NAME = "Әйгүл Сапар"
#: Written by Marat.
OTHERS_WORDS = ("ӨЗГЕ-title", "ӨЗГЕ-diary")
#: Written by the director Bolat: a sentence back, an agreement, a check-in, a text of the school.
SCHOOLS_WORDS = ("МЕКТЕП-reply", "МЕКТЕП-room", "МЕКТЕП-talk", "МЕКТЕП-outcome")
CANARIES = (*WORDS, ACCOUNT, NAME, AIGUL)

ROSTER = f"""\
person,name,role,group,school,lang,account
{AIGUL},{NAME},participant,g1,s1,kk,{ACCOUNT}
marat-t,Marat T.,participant,g1,s1,ru,
olga-p,Olga P.,participant,g1,s2,en,
nurgul-a,Nurgul A.,participant,g2,s1,kk,
dina-f,Dina F.,facilitator,g1,,en,
yerlan-b,Yerlan B.,facilitator,g2,,en,
saule-m,Saule M.,staff operator,,,en,
bolat-k,Bolat K.,director,,s1,kk,
"""

AGREED = """\
      - {id: agreed, kind: confirmation, by: facilitator, label: Talked through}
      - {id: more, kind: text, label: More}
  - id: steps
"""


def released(folder: Path) -> Course:
    """Make the course, with its notebook released and nobody's words in it."""
    course = helpers.make_course(folder, roster=ROSTER)
    path = folder / "library" / "mini" / "workbook.yml"
    path.write_text(path.read_text().replace("  - id: steps\n    title", f"{AGREED}    title", 1))
    course = Course.open(folder)
    (folder / "people.csv").chmod(0o600)
    write_config(course)
    release_assignments(course)
    (folder / "gradebook.db").chmod(0o600)
    return course


def seeded(course: Course) -> Course:
    """Let everybody write, hand in, be confirmed, graded and answered."""
    person = Subject.person(AIGUL)
    fill(course, AIGUL, title=WORDS[4], diary=WORDS[0])
    write(course, AIGUL, "mini", {"steps": [{"id": "step01", "private_note": WORDS[1]}]})
    write(course, AIGUL, "mini-people", {"people": [{"id": "person1", "alias": WORDS[2]}]})
    proof = WORDS[3].encode()
    evidence = course.store.folder(person, "mini") / "evidence"
    evidence.mkdir(mode=0o700)
    evidence.joinpath(hashlib.sha256(proof).hexdigest()).write_bytes(proof)
    fill(course, MARAT, title=OTHERS_WORDS[0], diary=OTHERS_WORDS[1])
    type_in(course, OLGA, "title", "Typed from paper")
    type_in(course, AIGUL, "begin", "2026-10-06")
    for about in (AIGUL, MARAT):
        confirm(course, about)
        write(course, about, "mini", {"more": WORDS[4] if about == AIGUL else OTHERS_WORDS[0]})
    for one in (AIGUL, MARAT):
        submit(course, one, "mini", identity=me(one))
    submit(course, OLGA, "mini", identity=STAFF)
    collect(course)
    grade(course)
    for one in (AIGUL, MARAT, OLGA):
        mark(course, one, 8, f"Well thought, {one}")
    feedback(course)
    write(course, AIGUL, "mini", {"title": f"{WORDS[4]} again"})
    submit(course, AIGUL, "mini", identity=me(AIGUL), confirm=True)
    collect(course)
    grade(course)
    mark(course, AIGUL, 9, "Better")
    feedback(course)
    for folder in ("nbgrader/trial/inbound", "cache/trial"):
        handed = course.exchange_dir / folder / f"{ACCOUNT}+ps1+2026-11-20 09:00:00 UTC"
        handed.mkdir(parents=True)
        (handed / "ps1.ipynb").write_text(f"{{}}{WORDS[1]}", encoding="utf-8")
    for one in (AIGUL, MARAT):
        Ledger(course.dir / "seen").append(one, {"workbook": "mini", "round": 1})
    more = {"workbook": "mini", "until": "2026-12-01", "how": "page"}
    about = {"scope": "person", "target": AIGUL, "reason": f"{NAME}: {WORDS[4]}", "by": SAULE}
    Ledger(course.dir / "shifts").append(AIGUL, more | about)
    talk = {"kind": "begun", "tutorial": "t0123456789ab", "by": DINA}
    Ledger(course.dir / "tutorials").append(AIGUL, talk)
    of_a_school(course)
    log = Log(present=(AIGUL, MARAT), worked=f"{NAME} began")
    meetings.create(course, "g1", Plan("Workshop 3", "2026-11-20", log=log), by=DINA)
    about = {"scope": "group", "target": "g1", "reason": "Frost", "by": DINA}
    Ledger(course.dir / "shifts" / "shared").append("groups-and-schools", more | about)
    reaching.write(course.dir, AIGUL, reaching.Reach(messenger=WORDS[4]))
    store = Threads(course.dir)
    for number, (by, people) in enumerate([(AIGUL, [AIGUL, DINA]), (DINA, [MARAT, DINA])]):
        text = f"{WORDS[4]} {number}" if by == AIGUL else "A facilitator's words"
        message = {"id": f"{number:012x}", "by": by, "text": text}
        store.begin({"kind": "two", "by": by, "people": people, "target": ""}, message)
    store.begin(
        {"kind": "group", "by": DINA, "target": "g1"},
        {"id": "a" * 12, "by": DINA, "text": "Bring your plans"},
    )
    (group,) = [thread.id for thread in store if thread.kind == "group"]
    store.read(group, AIGUL)
    store.say(group, {"id": "b" * 12, "by": AIGUL, "text": WORDS[4]})
    drafts.keep(course.dir, AIGUL, "new", WORDS[4])
    write(course, OLGA, "mini-people", {"people": [{"id": "person1", "alias": "A neighbour"}]})
    for one in (AIGUL, OLGA):
        # Both were begun and taken back: the copies stay.
        projects.begin(
            course, one, title=WORDS[4] if one == AIGUL else "x",
            workbooks=("mini", "mini-people"), keep=("mini",),
        )  # fmt: skip
        projects.undo(course, one)
    for one in (AIGUL, MARAT):
        subscriptions.open_address(course, one, steps=True)
        day = course.today()
        link, _ = shares.show(course, one, "outside", workbook="mini", places=["title"], until=day)
        shares.record_opening(course, link)
        story, _ = shares.show(course, one, "public", workbook="mini", places=["title", "more"])
        shares.permit(course, story, gallery.content_digest(course, story), by=SAULE)
    gallery.build(course)
    move(course, AIGUL, "g2", by=SAULE)
    move(course, MARAT, "g2", by=DINA)
    move(course, MARAT, "g1", by=SAULE)
    day = course.today()
    substitute(course, "g1", "yerlan-b", day, day, by=SAULE)
    (course.dir / "gradebook.db").chmod(0o600)
    return course


def of_a_school(course: Course) -> None:
    """Let the director answer, agree, and write down a check-in and what the school tells."""
    reply, room, talk, words = SCHOOLS_WORDS
    asks.ask(course, AIGUL, "plan", WORDS[4])
    asks.answer(course, asks.read(course, AIGUL)[0], asks.NOT_NOW, reply, by=BOLAT)
    agreements.write(course, "s1", Terms(place=room, keeps=(0, 1, 2, 3, 4)), base=0, by=BOLAT)
    known = agreements.current(course, "s1")
    assert known is not None
    agreements.confirm(course, known, "director", 1, by=BOLAT, own=True)
    check_ins.add(course, "s1", "2026-11-20", talk, by=BOLAT, side="director")
    check_ins.add(
        course, "s1", "2026-11-20", "A facilitator's check-in", by=DINA, side="facilitator"
    )
    outcomes.write(course, "s1", None, "One hour", {"changed": words}, lang="kk", base=0, by=BOLAT)
    (text,) = outcomes.read(course)
    outcomes.show(course, text, outcomes.PUBLIC, 1, by=BOLAT)
    outcomes.permit(course, outcomes.read(course)[0], 1, by=DINA)


def seeded_dir(factory: pytest.TempPathFactory) -> Path:
    """Return such a course's directory, made once in a run; read only."""

    def make(folder: Path) -> None:
        with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of nbgrader's database layer
            patch.setenv("USTAZ_NOW", NOW)
            seeded(released(folder / "course"))

    return shared(factory, "privacy", make) / "course"


def type_in(course: Course, about: str, field: str, value: str) -> None:
    """Type an answer in for somebody, as Dina does."""
    revision = course.store.read(Subject.person(about), "mini").revision
    change = {"op": "set", "path": [field], "value": value}
    body = {"batch": f"typed-{about}", "client": "page", "base_revision": revision}
    writing.save(
        course,
        Ledger(course.dir / marks.FOLDER),
        acting_as(course, DINA),
        course.library["mini"],
        about,
        Batch.from_json({**body, "changes": [change]}),
    )


def confirm(course: Course, about: str) -> None:
    """Confirm a plan, as Dina does."""
    confirmations.record(
        Ledger(course.dir / "confirmations"),
        course,
        acting_as(course, DINA),
        about=about,
        workbook="mini",
        field="agreed",
        value=True,
    )


# -- looking --------------------------------------------------------------------------------------
def residue(root: Path, *words: str) -> list[str]:
    """Return every file below a folder, and every name, that holds one of the words."""
    found = []
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        data = path.read_bytes() if path.is_file() else b""
        found += [f"{name}: {word}" for word in words if word in name or word.encode() in data]
    return found


def state(root: Path) -> dict[str, Any]:
    """Return what a directory holds: bytes of files, rows of databases; locks and secrets aside."""
    found: dict[str, Any] = {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if not path.is_file() or path.suffix == ".lock":
            continue
        if path.suffix in {".db", ".sqlite"}:
            with closing(sqlite3.connect(path)) as connection:
                found[name] = sorted(connection.iterdump())
        else:
            found[name] = path.read_bytes()
    return found
