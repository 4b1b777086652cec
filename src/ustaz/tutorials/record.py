"""The record of tutorials: in ``tutorials/<teacher>.jsonl``, lines that are only ever added.

A line says that a tutorial was begun, that an empty one was removed, or that a side confirms its
note and takes that back. The note itself is a document of answers whose subject is the tutorial.
Which teacher it belongs to is said here alone; who facilitates is asked of the list of people, so
that a group that gets another facilitator keeps its notes.
"""

from __future__ import annotations

import datetime as dt
import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Final

from ustaz.answers import Document, Subject
from ustaz.answers.document import content, digest
from ustaz.base.errors import KnownError
from ustaz.base.ledger import Ledger
from ustaz.course import Course
from ustaz.messages import N_
from ustaz.workbook import PlannedRow, evaluate
from ustaz.workbook.late import rows_of

FOLDER: Final = "tutorials"
WORKBOOK: Final = "tutorial"
TUTORIAL_ID: Final = re.compile(r"t[0-9a-f]{12}\Z")
SIDES: Final = ("teacher", "facilitator")
STEPS: Final = "agreed_next"
DATE: Final = "date"
#: Of a step: where it stands is not part of what was agreed.
STANDING: Final = "status"
#: More of one teacher in a course are a mistake.
MOST: Final = 24


class TutorialError(KnownError):
    """Nothing was written, and the id says why."""

    texts: ClassVar[Mapping[str, tuple[str, str]]] = {
        "tutorial_unknown": (
            N_("There is no such tutorial."),
            N_("Go back to the home page. The tutorials that you can open stand there."),
        ),
        "tutorial_changed": (
            N_("The note has changed since you opened this page. Nothing was confirmed."),
            N_("Read it once more, then confirm it."),
        ),
        "tutorial_unfinished": (
            N_("Something is still missing in the note, so it cannot be confirmed yet."),
            N_("It needs the day, how you talked, a success, and one next step with a day."),
        ),
        "tutorial_written": (
            N_("Something is written in this note, so it was not removed."),
            N_("Notes of two people stay. You can change what is written."),
        ),
        "tutorial_many": (
            N_("There are very many tutorials of this teacher already."),
            N_("Open the last one and write there."),
        ),
    }


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The word of one side on a note.

    Attributes
    ----------
    by : str
        Id of the person.
    at : str
        ISO 8601.
    revision : int
        Of the document, as it was read.
    digest : str
        Of what was agreed to.
    """

    by: str
    at: str
    revision: int
    digest: str


@dataclass(frozen=True, slots=True)
class Tutorial:
    """One tutorial of a teacher.

    Attributes
    ----------
    person : str
        The teacher.
    id : str
    number : int
        Counts the tutorials of this teacher, from 1.
    by : str
        Id of the facilitator who began it.
    at : str
        When, ISO 8601.
    confirmed : mapping
        Side (one of :data:`SIDES`) to its confirmation, whether or not the note changed since.
    """

    person: str
    id: str
    number: int
    by: str
    at: str
    confirmed: Mapping[str, Confirmation] = field(default_factory=dict)

    def holds(self, note: Document, side: str) -> bool:
        """Tell whether a side has confirmed the note as it stands."""
        known = self.confirmed.get(side)
        return known is not None and known.digest == agreed_digest(note)


@dataclass(frozen=True, slots=True)
class AgreedStep:
    """A next step that was agreed in a tutorial."""

    tutorial: Tutorial
    step: PlannedRow
    revision: int


def subject(id: str) -> Subject:
    """Return a tutorial as a subject of answers."""
    return Subject("tutorial", id)


def _ledger(course: Course) -> Ledger:
    return Ledger(course.dir / FOLDER)


def read(course: Course, person: str) -> list[Tutorial]:
    """Return the tutorials of a teacher, oldest first; without those that were removed."""
    known: dict[str, Tutorial] = {}
    for line in _ledger(course).entries(person):
        id, kind, by = str(line.get("tutorial")), line.get("kind"), str(line.get("by"))
        if not TUTORIAL_ID.match(id):
            continue
        if kind == "begun":
            known.setdefault(id, Tutorial(person, id, 0, by, str(line.get("at"))))
        elif kind == "removed":
            known.pop(id, None)
        elif id in known and line.get("side") in SIDES:
            known[id] = _with_word(known[id], line)
    return [replace(entry, number=number) for number, entry in enumerate(known.values(), 1)]


def _with_word(entry: Tutorial, line: Mapping[str, Any]) -> Tutorial:
    words, side = dict(entry.confirmed), str(line["side"])
    revision = line.get("revision")
    if line.get("kind") == "confirmed" and isinstance(revision, int):
        words[side] = Confirmation(
            str(line.get("by")), str(line.get("at")), revision, str(line.get("digest"))
        )
    elif line.get("kind") == "taken_back":
        words.pop(side, None)
    return replace(entry, confirmed=words)


def find(course: Course, person: str, id: str) -> Tutorial:
    """Return one tutorial of a teacher.

    Raises
    ------
    TutorialError
        ``tutorial_unknown``.
    """
    for entry in read(course, person):
        if entry.id == id:
            return entry
    raise TutorialError("tutorial_unknown")


def document(course: Course, entry: Tutorial) -> Document:
    """Return the note of a tutorial, empty where nothing was written yet."""
    return course.store.read(subject(entry.id), WORKBOOK)


def held(course: Course, person: str) -> list[tuple[Tutorial, Document]]:
    """Return the tutorials of a teacher in which something is written, with their notes."""
    notes = ((entry, document(course, entry)) for entry in read(course, person))
    return [(entry, note) for entry, note in notes if note.revision]


def day_of(note: Document) -> dt.date | None:
    """Return the day that a note gives for its tutorial."""
    try:
        return dt.date.fromisoformat(str(note.answers.get(DATE)))
    except ValueError:
        return None


# -- writing ------------------------------------------------------------------------------------
def begin(course: Course, person: str, by: str) -> Tutorial:
    """Begin a tutorial; one in which nobody has written anything yet is taken instead.

    Raises
    ------
    TutorialError
        ``tutorial_many``.
    """
    known = read(course, person)
    for entry in known:
        if not document(course, entry).revision:
            return entry
    if len(known) >= MOST:
        raise TutorialError("tutorial_many")
    id = f"t{secrets.token_hex(6)}"
    _ledger(course).append(person, {"kind": "begun", "tutorial": id, "by": by})
    return find(course, person, id)


def drop(course: Course, entry: Tutorial, by: str) -> None:
    """Remove a tutorial that was begun by mistake.

    Raises
    ------
    TutorialError
        ``tutorial_written`` where there is anything in its note.
    """
    if document(course, entry).revision:
        raise TutorialError("tutorial_written")
    line = {"kind": "removed", "tutorial": entry.id, "by": by}
    _ledger(course).append(entry.person, line)


def agreed_digest(note: Document) -> str:
    """Return a digest of what two people agree to: the note without where its steps stand."""
    answers = content(note.answers)
    steps = answers.get(STEPS)
    if isinstance(steps, list):
        answers[STEPS] = [
            {key: value for key, value in row.items() if key != STANDING} for row in steps
        ]
    return digest(answers)


def confirmable(course: Course, note: Document) -> bool:
    """Tell whether everything is there that a note needs."""
    judged = evaluate(course.library[WORKBOOK], note.answers, course.context({}))
    return judged.level != "draft"


def confirm(course: Course, entry: Tutorial, side: str, by: str, revision: int) -> None:
    """Record that one side confirms the note as it read it.

    Raises
    ------
    TutorialError
        ``tutorial_changed``, ``tutorial_unfinished``.
    """
    note = document(course, entry)
    if note.revision != revision:
        raise TutorialError("tutorial_changed")
    if not confirmable(course, note):
        raise TutorialError("tutorial_unfinished")
    if entry.holds(note, side):
        return
    line: dict[str, Any] = {"kind": "confirmed", "tutorial": entry.id, "by": by, "side": side}
    line |= {"revision": revision, "digest": agreed_digest(note)}
    _ledger(course).append(entry.person, line)


def take_back(course: Course, entry: Tutorial, side: str, by: str) -> None:
    """Record that one side takes its word back."""
    if side in entry.confirmed:
        line = {"kind": "taken_back", "tutorial": entry.id, "by": by, "side": side}
        _ledger(course).append(entry.person, line)


# -- steps --------------------------------------------------------------------------------------
def agreed_steps(course: Course, person: str) -> Iterator[AgreedStep]:
    """Yield the next steps that a teacher has agreed and that have a day."""
    if WORKBOOK not in course.library.ids:
        return
    table = course.library[WORKBOOK].field(STEPS)
    for entry, note in held(course, person):
        for step in rows_of(table, note.answers.get(STEPS) or []):
            yield AgreedStep(entry, step, note.revision)
