"""Writing of transcriptions: what a facilitator types in, and what its owner confirms.

What is typed in is the facilitator's typing and the teacher's word: it is marked until the teacher
has confirmed or changed it. Typing in takes no words of the teacher's away, and never says "ready"
or submits: that stays with whose work it is. Who may type in for whom, the caller has asked.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any, Final

from ustaz.answers import Batch, Change, Document, Saved, StoreError, Subject
from ustaz.answers.typist import client_for, is_reserved
from ustaz.base.errors import UstazError
from ustaz.base.ledger import Ledger
from ustaz.course import Course
from ustaz.course.identity import Identity
from ustaz.transcription import marks
from ustaz.transcription.marks import AUDIENCE, Mark
from ustaz.workbook import Definition, Field
from ustaz.workbook.kinds import kind_of

MAX_SEEN: Final = 5000


class TranscriptionRefused(UstazError):
    """A change or a confirmation that is not for whoever asks; nothing was written.

    Attributes
    ----------
    id : str
        ``owner_only``, ``private_field``, ``owners_row``, ``typed_meanwhile`` or ``bad_request``.
    """

    def __init__(self, id: str) -> None:
        super().__init__(id, "This cannot be typed in or confirmed.")

    def __reduce__(self) -> tuple[object, ...]:
        """Survive a process border."""
        return (type(self), (self.id,))


# -- typing ---------------------------------------------------------------------------------------
def own_batch(batch: Batch) -> Batch:
    """Return a batch of the owner's own; refuse one that pretends to be somebody else's typing."""
    if is_reserved(batch.client):
        raise StoreError("bad_change", "client")
    return batch


def save(
    course: Course,
    ledger: Ledger,
    who: Identity,
    definition: Definition,
    person: str,
    batch: Batch,
) -> tuple[Saved, Document]:
    """Save what a facilitator typed in, marked in the same write; return the document after it."""
    subject = Subject.person(person)
    before = course.store.read(subject, definition.id)
    known = marks.marks(definition, before, ledger.entries(person))
    for change in batch.changes:
        check(definition, before, known, change)
    marked = replace(
        batch,
        client=client_for(who.person, batch.client),
        changes=tuple(_with_reader(definition, change) for change in batch.changes),
        # The answers are the teacher's, and so is their language.
        lang=before.lang if before.revision else course.person(person).lang,
    )
    saved = course.store.save(subject, definition.id, marked, who=who.person)
    after = course.store.read(subject, definition.id)
    # What is saved is saved: a disk that has no room for the line as well refuses nothing. Whoever
    # writes next writes it.
    with suppress(OSError, UstazError):
        note(ledger, definition, after, who=who, words=_words(definition, before, known))
    return saved, after


def check(definition: Definition, before: Document, known: list[Mark], change: Change) -> None:
    """Refuse a change that is not a facilitator's to make; the whole batch is then left alone."""
    if not change.path:
        raise TranscriptionRefused("owner_only")
    name, *rest = change.path
    if name not in {field.id for field in definition.fields}:
        return  # the store says what is wrong with it
    columns = list(change.value) if change.op == "add_row" else rest[1:]
    places = [name, *(f"{name}/{rest[0]}/{column}" for column in columns)]
    field = definition.field(name)
    for place in places:
        there = "/" not in place or field.column(place.rpartition("/")[2]) is not None
        if there and not marks.visible(definition, place, AUDIENCE, before.answers):
            raise TranscriptionRefused("private_field")
    if rest and not _open_row(field, before, change):
        raise TranscriptionRefused("private_field")
    if change.op == "remove_row" and not _typed_row(before, known, name, rest[0]):
        raise TranscriptionRefused("owners_row")


def _open_row(field: Field, before: Document, change: Change) -> bool:
    """Tell whether a row is one that a facilitator reads, and stays with the readers it has.

    Who reads a row is its owner's to say; what a facilitator types in, that facilitator has read.
    """
    name, row_id, *column = change.path
    rows = [row for row in before.answers.get(name) or () if row["id"] == row_id]
    if len(kind_of(field).visible_rows(field, rows, AUDIENCE)) < len(rows):
        return False
    readers = kind_of(field).row_readers
    if readers is None:
        return True
    if change.op == "add_row":
        return bool(change.value.get(readers, [AUDIENCE]) == [AUDIENCE])
    return column != [readers]


def _with_reader(definition: Definition, change: Change) -> Change:
    """Return a change that adds a row to a journal with the facilitator as its reader."""
    if change.op != "add_row" or change.path[0] not in {field.id for field in definition.fields}:
        return change
    readers = kind_of(definition.field(change.path[0])).row_readers
    if readers is None or readers in change.value:
        return change
    return replace(change, value={**change.value, readers: [AUDIENCE]})


def _typed_row(before: Document, known: list[Mark], table: str, row_id: str) -> bool:
    """Tell whether a row is nobody's words but those typed in and not confirmed yet."""
    row = next((row for row in before.answers.get(table) or () if row["id"] == row_id), None)
    if row is None:
        return True
    path = f"{table}/{row_id}"
    if not is_reserved(str(before.stamps.get(path, (0, ""))[1])):
        return False
    open_ = {mark.place for mark in known if mark.open and not mark.empty}
    lost = any(mark.empty and mark.place.startswith(path + "/") for mark in known)
    return not lost and all(
        column == "id" or marks.is_blank(value) or f"{path}/{column}" in open_
        for column, value in row.items()
    )


def note(
    ledger: Ledger,
    definition: Definition,
    document: Document,
    *,
    who: Identity | None = None,
    words: frozenset[str] = frozenset(),
) -> None:
    """Write down what was typed in and does not stand in the ledger yet.

    A process may die between the document and the ledger; until the next line is written, the mark
    is read without its time.
    """
    person = document.subject.id
    lines = list(marks.about(ledger.entries(person), definition.id))
    known = {
        pair for line in lines if line["kind"] == marks.TYPED for pair in line["places"].items()
    }
    over = marks.covered(lines) | words
    missing: dict[str, dict[str, int]] = {}
    for place, writer, revision, empty in marks.stamped(definition, document):
        if (place, revision) not in known and (not empty or place in over):
            missing.setdefault(writer, {})[place] = revision
    for writer, places in missing.items():
        line: dict[str, Any] = {
            "kind": marks.TYPED,
            "workbook": definition.id,
            "by": writer,
            "places": places,
        }
        covered = sorted(words.intersection(places))
        if covered:
            line["over"] = covered
        if who is not None and who.acting:
            line["acting"] = True
        ledger.append(person, line)


def _words(definition: Definition, document: Document, known: list[Mark]) -> frozenset[str]:
    """Return the places where the owner's own words stand, or such as the owner has confirmed."""
    typed = {mark.place for mark in known if mark.open}
    words = set()
    for field in definition.fields:
        value = document.answers.get(field.id, "")
        if not field.columns:
            words |= set() if marks.is_blank(value) else {field.id}
            continue
        for row in value or ():
            words |= {
                f"{field.id}/{row['id']}/{column}"
                for column, inner in row.items()
                if column != "id" and not marks.is_blank(inner)
            }
    return frozenset(words - typed)


# -- confirming -----------------------------------------------------------------------------------
def confirm(
    ledger: Ledger,
    who: Identity,
    definition: Definition,
    document: Document,
    seen: object,
) -> int:
    """Record that the owner has read what stands at these places; return how many were new.

    Parameters
    ----------
    seen : object
        Place to the revision that the owner's page shows. One that does not stand any more
        refuses the whole: nothing is confirmed that was not read.
    """
    if (
        not isinstance(seen, dict)
        or not 0 < len(seen) <= MAX_SEEN
        or any(type(revision) is not int for revision in seen.values())
    ):
        raise TranscriptionRefused("bad_request")
    stand = {mark.place: mark for mark in marks.standing(ledger, definition, document)}
    places = {}
    for place, revision in seen.items():
        mark = stand.get(place)
        if mark is None or mark.revision != revision:
            raise TranscriptionRefused("typed_meanwhile")
        if mark.open:
            places[place] = revision
    if places:
        note(ledger, definition, document)
        line: dict[str, Any] = {
            "kind": marks.CONFIRMED,
            "workbook": definition.id,
            "by": who.person,
            "places": places,
        }
        if who.acting:
            line["acting"] = True
        ledger.append(document.subject.id, line)
    return len(places)
