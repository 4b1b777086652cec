"""What another party confirmed about a round ("Talked through with my facilitator").

The word of the other party is a line in the course's own `confirmations/` and never travels with a
round: a round lies where its writer's account can write. So it is looked up when a round is shown,
and always with who said it and on which day. A round is shown with what stood while it was the last
one; what was said of a later round is not said of an earlier one.
"""

from __future__ import annotations

import datetime as dt
import html
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ustaz.base.ledger import Ledger
from ustaz.course import Course
from ustaz.exchange import Refused, Submission, dropbox, read_round
from ustaz.exchange.confirmations import (
    CONFIRMED,
    FOLDER,
    WRITTEN_DOWN,
    Standing,
    parties,
    standing,
)
from ustaz.grading.text import line
from ustaz.messages import N_, long_date, translator
from ustaz.messages import format as fill_in
from ustaz.roster.former import NAMES, name_of
from ustaz.workbook import Definition

KEPT: Final = "confirmed"  # in the metadata of a graded notebook


@dataclass(frozen=True, slots=True)
class Confirmation:
    """One field that somebody else has confirmed.

    Attributes
    ----------
    field : str
    by : str
        Id of the person who said so.
    name : str
        Their name in the roster; the id when they are not on it any more.
    day : date
        By the course's clock.
    own_word : bool
        False when a facilitator wrote down what a school leader link without an account said.
    earlier : bool
        True when the writer has handed in another round since.
    """

    field: str
    by: str
    name: str
    day: dt.date
    own_word: bool = True
    earlier: bool = False


def confirmations(
    course: Course, definition: Definition, frozen: Submission
) -> dict[str, Confirmation] | None:
    """Return what was confirmed about a round, by field.

    None when there is nothing to confirm, or when this account may not read what was: then nothing
    is said, instead of "not confirmed yet".
    """
    if not parties(definition):
        return None
    person, number = frozen.record.person, frozen.record.round
    try:
        stands = _standing(course, definition, person, number)
    except PermissionError:
        return None
    return {
        field: confirmation_of(course, known, earlier=number > 1 and known.at < frozen.received_at)
        for field, known in stands.items()
    }


def confirmation_of(course: Course, known: Standing, *, earlier: bool = False) -> Confirmation:
    """Return a confirmation as it is read: with a name, and the day by the course's clock."""
    return Confirmation(
        field=known.field,
        by=known.by,
        name=name_of(course.people, known.by),
        day=known.at.astimezone(course.timezone).date(),
        own_word=known.own_word,
        earlier=earlier,
    )


def kept(standing: dict[str, Confirmation] | None) -> list[list[str]]:
    """Return what a graded notebook keeps, to tell whether something was said since."""
    return sorted(
        [known.field, known.by, known.day.isoformat()] for known in (standing or {}).values()
    )


def said_since(
    course: Course, definition: Definition, person: str, notebook: Path, number: int
) -> bool:
    """Tell whether a graded notebook shows something else than what stands confirmed now."""
    if not parties(definition):
        return False
    try:
        shown = json.loads(notebook.read_bytes())["metadata"]["ustaz"][KEPT]
    except (OSError, ValueError, KeyError, TypeError):
        shown = []
    now = _standing(course, definition, person, number)
    return bool(
        shown
        != sorted(
            [field, known.by, known.at.astimezone(course.timezone).date().isoformat()]
            for field, known in now.items()
        )
    )


def confirmation_html(confirmation: Confirmation | None, reader: str) -> str:
    """Return as HTML what is said of a confirmation, or of its absence."""
    words = translator(reader)
    if confirmation is None:
        return html.escape(words.gettext(N_("Not confirmed yet")))
    message = CONFIRMED if confirmation.own_word else WRITTEN_DOWN
    sentence = fill_in(
        html.escape(words.gettext(message)),
        name=line(
            confirmation.name
            if confirmation.by not in NAMES
            else words.gettext(NAMES[confirmation.by])
        ),
        when=html.escape(long_date(confirmation.day, reader)),
    )
    if confirmation.earlier:
        sentence += f" ({html.escape(words.gettext(N_('before this round was handed in')))})"
    return sentence


def _standing(
    course: Course, definition: Definition, person: str, number: int
) -> dict[str, Standing]:
    """Return what stood confirmed when the round after this one was handed in."""
    lines = Ledger(course.dir / FOLDER).entries(person)
    return standing(definition, lines, _next_round(course, person, definition.id, number))


def _next_round(course: Course, person: str, workbook: str, number: int) -> dt.datetime | None:
    """Return when the writer handed in the round after this one."""
    for later in dropbox.numbers(dropbox.submissions_dir(course, person, workbook)):
        if later > number:
            try:
                return read_round(course, person, workbook, later).received_at
            except Refused:
                continue  # `collect` says what is wrong with it
    return None
