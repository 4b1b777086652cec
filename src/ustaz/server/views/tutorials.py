"""Tutorials as pages show them: the note, whose word is there, and the steps that were agreed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup

from ustaz import tutorials
from ustaz.course import Course
from ustaz.roster.former import name_of
from ustaz.server.i18n import Words
from ustaz.server.site import Site
from ustaz.server.views import reviews
from ustaz.server.views.records import tutorial_record
from ustaz.tutorials import Tutorial
from ustaz.tutorials.record import SIDES, day_of

NO_ANSWERS: Final = Markup()


@dataclass(frozen=True, slots=True)
class Word:
    """What one side says of a note.

    Attributes
    ----------
    side : str
    state : str
        ``missing``, ``confirmed`` or ``changed``: confirmed, and the note has changed since.
    name, when : str
        Of whoever confirmed it; empty where nobody has.
    """

    side: str
    state: str
    name: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True)
class TutorialView:
    """One tutorial for a page.

    Attributes
    ----------
    entry : Tutorial
    name : str
        The teacher's.
    url : str
    day : date or None
        As the note has it.
    revision : int
        Of the note; 0 where nothing is written.
    words : dict
        Side to its word.
    complete : bool
        Everything is there that is needed to confirm it.
    answers : Markup
        The note; empty in a list.
    """

    entry: Tutorial
    name: str
    url: str
    day: dt.date | None
    revision: int
    words: dict[str, Word]
    complete: bool
    answers: Markup = NO_ANSWERS

    def waits_for(self, side: str) -> bool:
        """Tell whether the word of a side is all that is asked of it now."""
        return bool(self.complete and self.words[side].state != "confirmed")

    @property
    def settled(self) -> bool:
        """Tell whether both have confirmed the note as it stands."""
        return all(word.state == "confirmed" for word in self.words.values())


def view(site: Site, entry: Tutorial, words: Words, *, whole: bool = True) -> TutorialView:
    """Return a tutorial; with its note where it is wanted whole."""
    course = site.course
    record = tutorial_record(site, entry.person, entry.id)
    document = record.document
    return TutorialView(
        entry=entry,
        name=name_of(course.people, entry.person, words.plain),
        url=site.url("tutorials", entry.person, entry.id),
        day=day_of(document),
        revision=document.revision,
        words={side: _word(course, entry, side, document, words) for side in SIDES},
        complete=bool(document.revision) and tutorials.confirmable(course, document),
        answers=reviews.saved_answers(record, words) if whole and document.revision else Markup(),
    )


def _word(course: Course, entry: Tutorial, side: str, document: Any, words: Words) -> Word:  # noqa: ANN401
    known = entry.confirmed.get(side)
    if known is None:
        return Word(side, "missing")
    state = "confirmed" if entry.holds(document, side) else "changed"
    name = name_of(course.people, known.by, words.plain)
    return Word(side, state, name, str(words.moment(known.at)))


def of_person(site: Site, person: str, words: Words) -> list[TutorialView]:
    """Return the tutorials of a teacher for a list, the newest first."""
    if tutorials.WORKBOOK not in site.course.library.ids:
        return []
    entries = tutorials.read(site.course, person)
    return [view(site, entry, words, whole=False) for entry in reversed(entries)]
