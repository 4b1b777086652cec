"""What a teacher asks of the director, and the answer: in ``asks/<teacher>.jsonl``.

A line says that something is asked, answered, or no longer asked. A later answer counts, and the
earlier one stays. What is asked ends with the project and the school that it was asked in, so that
a director never reads it after the teacher has gone on.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Final

from ustaz.base.errors import KnownError
from ustaz.base.ledger import Ledger
from ustaz.course import Course
from ustaz.deadlines.scoped import whole_line
from ustaz.messages import N_
from ustaz.projects.earlier import present

FOLDER: Final = "asks"
ASK_ID: Final = re.compile(r"[0-9a-f]{12}\Z")
KINDS: Final = ("plan", "time", "obstacle")
AGREED: Final = "agreed"
NOT_NOW: Final = "not_now"
ANSWERS: Final = (AGREED, NOT_NOW)
MOST_TEXT: Final = 300
#: Without an answer, of one teacher.
MOST_OPEN: Final = 12


class AskError(KnownError):
    """Nothing was written, and the id says why."""

    texts: ClassVar[Mapping[str, tuple[str, str]]] = {
        "ask_school": (
            N_("There is no director whom you could ask here."),
            N_("The list of people names no school for you, or no director of it. Ask the course"
               " staff."),
        ),
        "ask_text": (
            N_("Nothing was sent yet: one or two sentences are needed, with at most 300 letters."),
            N_("What you wrote stands below. Change it, then send it again."),
        ),
        "ask_many": (
            N_("You have asked very many things that wait for an answer."),
            N_("Take one back, or talk with your director. What you wrote stands below."),
        ),
        "ask_gone": (
            N_("This is no longer asked of you, so nothing was sent."),
            N_("The teacher has taken it back or begun another project."),
        ),
        "ask_reply": (
            N_("Nothing was sent yet: “not now” needs a sentence, with at most 300 letters."),
            N_("Say why, and what would have to change. What you wrote stands below."),
        ),
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ask:
    """Something that a teacher asks of the director.

    Attributes
    ----------
    owner, id : str
    kind : str
        One of :data:`KINDS`.
    text, school, at : str
        In the teacher's words; of which school; when, ISO 8601.
    project : int
        See :func:`ustaz.projects.earlier.present`.
    answer : str
        One of :data:`ANSWERS`; empty where there is none.
    reply, by, answered : str
        The director's sentence, id, and when it was said.
    withdrawn : bool
    earlier : tuple of (str, str, str)
        Answers before this one: answer, sentence, when.
    """

    owner: str
    id: str
    kind: str
    text: str
    school: str
    at: str
    project: int
    answer: str = ""
    reply: str = ""
    by: str = ""
    answered: str = ""
    withdrawn: bool = False
    earlier: tuple[tuple[str, str, str], ...] = ()


def _ledger(course: Course) -> Ledger:
    return Ledger(course.dir / FOLDER)


def read(course: Course, owner: str) -> list[Ask]:
    """Return everything that a teacher has asked, the latest first."""
    return list(reversed(_asks_in(owner, _ledger(course).entries(owner))))


def _asks_in(owner: str, lines: Iterable[Mapping[str, Any]]) -> list[Ask]:
    asks: dict[str, Ask] = {}
    for line in lines:
        id, action = str(line.get("id")), line.get("do")
        known = asks.get(id)
        if action == "ask" and known is None and line.get("kind") in KINDS and ASK_ID.match(id):
            kind, text, school, at = (
                str(line.get(key, "")) for key in ("kind", "text", "school", "at")
            )
            project = line.get("project")
            number = project if type(project) is int else 0
            asks[id] = Ask(owner, id, kind, text, school, at, number)
        elif known is not None and action == "answer" and line.get("answer") in ANSWERS:
            before = ((known.answer, known.reply, known.answered),) if known.answer else ()
            answer, reply, by, at = (
                str(line.get(key, "")) for key in ("answer", "text", "by", "at")
            )
            asks[id] = replace(
                known,
                answer=answer,
                reply=reply,
                by=by,
                answered=at,
                earlier=(*known.earlier, *before),
            )
        elif known is not None and action == "withdraw":
            asks[id] = replace(known, withdrawn=True)
    return list(asks.values())


def live(course: Course, owner: str) -> list[Ask]:
    """Return what a teacher asks now, the latest first: of this school, and in this project."""
    person = course.people.get(owner)
    if person is None or person.status == "withdrawn" or "participant" not in person.roles:
        return []
    project = present(course, owner)
    return [
        ask
        for ask in read(course, owner)
        if not ask.withdrawn and ask.school == person.school and ask.project == project
    ]


def directors_of(course: Course, school: str) -> list[str]:
    """Return the ids of a school's directors today."""
    people = course.taking_part("director") if school else []
    return [person.person for person in people if person.school == school]


def ask(course: Course, owner: str, kind: str, text: str) -> str:
    """Ask the director for something and return its id.

    Raises
    ------
    AskError
        ``ask_school``, ``ask_text``, ``ask_many``.
    """
    school = course.person(owner).school
    if not [person for person in directors_of(course, school) if person != owner]:
        raise AskError("ask_school")
    words = whole_line(text, MOST_TEXT)
    if kind not in KINDS or not words:
        raise AskError("ask_text")
    if sum(not known.answer for known in live(course, owner)) >= MOST_OPEN:
        raise AskError("ask_many")
    id = secrets.token_hex(6)
    line = {"do": "ask", "id": id, "kind": kind, "text": words, "school": school}
    _ledger(course).append(owner, {**line, "project": present(course, owner)})
    return id


def withdraw(course: Course, owner: str, id: str) -> None:
    """Take back what was asked; the director no longer sees it."""
    if any(known.id == id for known in live(course, owner)):
        _ledger(course).append(owner, {"do": "withdraw", "id": id})


def answer(course: Course, known: Ask, answer: str, text: str, *, by: str) -> None:
    """Answer what is asked; the same answer once more changes nothing.

    Raises
    ------
    AskError
        ``ask_gone``, ``ask_reply``.
    """
    now = next((ask for ask in live(course, known.owner) if ask.id == known.id), None)
    if now is None:
        raise AskError("ask_gone")
    words = whole_line(text, MOST_TEXT)
    if answer not in ANSWERS or (not words and (answer == NOT_NOW or text.strip())):
        raise AskError("ask_reply")
    if (now.answer, now.reply) != (answer, words):
        line = {"do": "answer", "id": now.id, "answer": answer, "text": words, "by": by}
        _ledger(course).append(now.owner, line)


def carry(course: Course, names: Collection[str], into: str) -> None:
    """Let what was asked in several spellings of one school belong to the one that stays."""
    _ledger(course).respell("school", names, into)
