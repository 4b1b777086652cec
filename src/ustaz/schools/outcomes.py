"""What a school tells of its year: narrative outcomes, short texts by its director.

In ``schools/outcomes.jsonl`` a line says that a text is written, shown to somebody, no longer
shown, that somebody of the programme agrees to its publication, or that it is removed. Showing is
of one revision: a text that changes is shown to nobody until its writer shows it again.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar, Final

from ustaz.base.errors import KnownError
from ustaz.base.ledger import Ledger
from ustaz.base.suppression import is_enough
from ustaz.course import Course
from ustaz.deadlines.scoped import one_line
from ustaz.messages import N_
from ustaz.schools.agreements import FOLDER, ledger

OUTCOMES: Final = "outcomes"
OUTCOME_ID: Final = re.compile(r"[0-9a-f]{12}\Z")
#: The pieces of a text, in order, with their headings.
PARTS: Final = {
    "before": N_("How it was at the beginning of the year"),
    "began": N_("What teachers began"),
    "changed": N_("What is different now, and how we know it"),
    "next": N_("What we do next"),
}
NEEDED: Final = "changed"
#: The own teachers and facilitators, schools with teachers in one of the same groups, course
#: staff, everybody.
SCHOOL, SCHOOLS, STAFF, PUBLIC = "school", "schools", "staff", "public"
READERS: Final = (SCHOOL, SCHOOLS, STAFF, PUBLIC)
MOST_TITLE: Final = 90
MOST_TEXT: Final = 600
#: Of one school, removed ones not counted.
MOST: Final = 12


class OutcomeError(KnownError):
    """Nothing was written or shown, and the id says why."""

    texts: ClassVar[Mapping[str, tuple[str, str]]] = {
        "outcome_empty": (
            N_("Nothing is saved yet: a title is needed, and what is different now."),
            N_("What you wrote stands below. A sentence is enough to begin with."),
        ),
        "outcome_long": (
            N_("Nothing is saved yet: a title has at most 90 letters, a part at most 600."),
            N_("What you wrote stands below. Please shorten it."),
        ),
        "outcome_many": (
            N_("Nothing is saved yet: the school tells twelve things already."),
            N_("Remove one of them first. What you wrote stands below."),
        ),
        "outcome_changed": (
            N_("The text has changed since you opened this page. Nothing was saved or shown."),
            N_("Read it once more as it stands now."),
        ),
        "outcome_unread": (
            N_("Nothing was shown: the sentence above the button is not ticked."),
            N_("Read the text once more, then tick it and choose who may read it."),
        ),
        "outcome_own": (
            N_("Nothing was published: who wrote a text cannot agree for the programme as well."),
            N_("Ask a facilitator of the school or the course staff to read it."),
        ),
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Text:
    """A text as it stood after one change.

    Attributes
    ----------
    title, lang : str
    parts : mapping
        By :data:`PARTS`, empty ones left out.
    by, at : str
        Who wrote it, and when, ISO 8601.
    """

    title: str
    lang: str
    parts: Mapping[str, str]
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class Showing:
    """That the present text is shown to somebody.

    Attributes
    ----------
    by, at : str
    named : bool
        Of a publication: the school's name may stand there.
    """

    by: str
    at: str
    named: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """Something that a school tells of its year.

    Attributes
    ----------
    school, id : str
    texts : tuple of Text
        The present one last.
    shown : mapping
        One of :data:`READERS` to its showing.
    permitted : Showing or None
        The programme's word on the publication of the present text.
    """

    school: str
    id: str
    texts: tuple[Text, ...]
    shown: Mapping[str, Showing] = field(default_factory=dict)
    permitted: Showing | None = None

    @property
    def text(self) -> Text:
        """Return the present text."""
        return self.texts[-1]

    @property
    def revision(self) -> int:
        """Return how often it was written."""
        return len(self.texts)

    @property
    def is_published(self) -> bool:
        """Tell whether everybody may read it: by the school's word and the programme's."""
        return PUBLIC in self.shown and self.permitted is not None


def parsed(form: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """Return title and parts of a form.

    Raises
    ------
    OutcomeError
        ``outcome_long``, ``outcome_empty``.
    """
    title = one_line(form.get("title", ""), MOST_TITLE + 1)
    texts = {name: one_line(form.get(name, ""), MOST_TEXT + 1) for name in PARTS}
    if len(title) > MOST_TITLE or any(len(text) > MOST_TEXT for text in texts.values()):
        raise OutcomeError("outcome_long")
    if not title or not texts[NEEDED]:
        raise OutcomeError("outcome_empty")
    return title, {name: text for name, text in texts.items() if text}


def read(course: Course) -> list[Outcome]:
    """Return what the schools tell, by school and in the order in which it was begun."""
    known = _outcomes_in(ledger(course).entries(OUTCOMES))
    return sorted(known.values(), key=lambda outcome: outcome.school.casefold())


def of_school(course: Course, school: str) -> list[Outcome]:
    """Return what one school tells."""
    return [outcome for outcome in read(course) if outcome.school == school]


def _outcomes_in(lines: Iterable[Mapping[str, Any]]) -> dict[str, Outcome]:
    outcomes: dict[str, Outcome] = {}
    for line in lines:
        id, action = str(line.get("id")), line.get("do")
        known = outcomes.get(id)
        if action == "write" and OUTCOME_ID.match(id):
            text = _text(line)
            before = known.texts if known else ()
            outcomes[id] = Outcome(str(line.get("school", "")), id, (*before, text))
        elif known is None:
            continue
        elif action == "remove":
            del outcomes[id]
        else:
            outcomes[id] = _changed(known, line)
    return outcomes


def _text(line: Mapping[str, Any]) -> Text:
    parts = line.get("parts")
    texts = parts if isinstance(parts, dict) else {}
    title, lang, by, at = (str(line.get(key, "")) for key in ("title", "lang", "by", "at"))
    return Text(title, lang, {name: str(texts[name]) for name in PARTS if texts.get(name)}, by, at)


def _changed(known: Outcome, line: Mapping[str, Any]) -> Outcome:
    action, reader = line.get("do"), line.get("to")
    is_present = line.get("revision") == known.revision
    word = Showing(str(line.get("by", "")), str(line.get("at", "")), line.get("named") is True)
    if action == "show" and is_present and reader in READERS:
        return replace(known, shown={**known.shown, reader: word})
    if action == "hide":
        shown = {name: word for name, word in known.shown.items() if name != reader}
        # A publication that is stopped and begun anew is read anew by the programme.
        return replace(known, shown=shown, permitted=known.permitted if PUBLIC in shown else None)
    if action == "permit" and is_present and PUBLIC in known.shown:
        return replace(known, permitted=word)
    return replace(known, permitted=None) if action == "refuse" else known


def _append(course: Course, known: Outcome, **values: Any) -> None:  # noqa: ANN401
    line = {"id": known.id, "school": known.school, **values}
    ledger(course).append(OUTCOMES, line)


def write(
    course: Course,
    school: str,
    known: Outcome | None,
    title: str,
    parts: Mapping[str, str],
    *,
    lang: str,
    base: int,
    by: str,
) -> str:
    """Write a text, or change one, which nobody else reads then; return its id.

    Parameters
    ----------
    known : Outcome or None
        None for a new one.
    base : int
        The revision that the form showed; another one counts where somebody wrote in between.

    Raises
    ------
    OutcomeError
        ``outcome_changed``, ``outcome_many``.
    """
    there = of_school(course, school)
    if known is None:
        for earlier in there:
            if (earlier.text.title, earlier.text.parts) == (title, parts):  # it was sent twice
                return earlier.id
        if len(there) >= MOST:
            raise OutcomeError("outcome_many")
    elif known.revision != base:
        raise OutcomeError("outcome_changed")
    elif (known.text.title, known.text.parts, known.text.lang) == (title, parts, lang):
        return known.id
    id = known.id if known else secrets.token_hex(6)
    line = {"do": "write", "id": id, "school": school, "title": title, "parts": dict(parts)}
    ledger(course).append(OUTCOMES, {**line, "lang": lang, "by": by})
    return id


def show(
    course: Course, known: Outcome, to: str, revision: int, *, named: bool = False, by: str
) -> None:
    """Show the text as it was read.

    Raises
    ------
    OutcomeError
        ``outcome_changed``; ``outcome_unread`` for nobody.
    """
    if to not in READERS:
        raise OutcomeError("outcome_unread")
    if known.revision != revision:
        raise OutcomeError("outcome_changed")
    if to not in known.shown:
        _append(course, known, do="show", to=to, revision=revision, named=named, by=by)


def hide(course: Course, known: Outcome, to: str, *, by: str) -> None:
    """No longer show a text to somebody."""
    if to in known.shown:
        _append(course, known, do="hide", to=to, by=by)


def permit(course: Course, known: Outcome, revision: int, *, by: str) -> None:
    """Agree for the programme to the publication of the text as it was read.

    Raises
    ------
    OutcomeError
        ``outcome_changed``; ``outcome_own`` for whoever wrote the text or shows it.
    """
    if known.revision != revision or PUBLIC not in known.shown:
        raise OutcomeError("outcome_changed")
    if by in {known.shown[PUBLIC].by, *(text.by for text in known.texts)}:
        raise OutcomeError("outcome_own")
    if known.permitted is None:
        _append(course, known, do="permit", revision=revision, by=by)


def refuse(course: Course, known: Outcome, *, by: str) -> None:
    """Take the programme's word back."""
    if known.permitted is not None:
        _append(course, known, do="refuse", by=by)


def remove(course: Course, known: Outcome, *, by: str) -> None:
    """Remove a text with all that it said before: nobody reads it, and its words are gone."""
    _append(course, known, do="remove", by=by)

    def without(line: dict[str, Any]) -> dict[str, Any]:
        words = {"title": "", "parts": {}}
        is_text = line.get("id") == known.id and line.get("do") == "write"
        return {**line, **words} if is_text else line

    ledger(course).rewrite(OUTCOMES, without)


def may_be_named(course: Course, school: str) -> bool:
    """Tell whether a school's name may stand under a published text.

    Of fewer than five teachers it would say who they are.
    """
    return is_enough(sum(person.school == school for person in course.taking_part()))


def is_named(course: Course, outcome: Outcome) -> bool:
    """Tell whether the school's name stands under it where it is published."""
    showing = outcome.shown.get(PUBLIC)
    return showing is not None and showing.named and may_be_named(course, outcome.school)


def groups_of(course: Course, school: str) -> set[str]:
    """Return the groups of a school's teachers today."""
    people = [person for person in course.taking_part() if school and person.school == school]
    return {group for person in people for group in person.groups}


def end_public(directory: Path) -> int:
    """End every publication of a course directory that may be older than its end; return how many.

    See :func:`ustaz.shares.record.end_outside`.
    """
    book = Ledger(directory / FOLDER)
    lines = [
        {"do": "hide", "id": known.id, "school": known.school, "to": PUBLIC}
        for known in _outcomes_in(book.entries(OUTCOMES)).values()
        if PUBLIC in known.shown
    ]
    book.append_all(OUTCOMES, lines)
    return len(lines)
