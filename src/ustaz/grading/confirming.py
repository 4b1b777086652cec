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
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ustaz.base.ledger import Ledger
from ustaz.course import Course
from ustaz.exchange import Frozen, Refused, dropbox, read_round
from ustaz.grading.text import line
from ustaz.messages import N_, long_date, translator
from ustaz.messages import format as fill_in
from ustaz.roster.former import NAMES, name_of
from ustaz.workbook import Definition

KEPT: Final = "confirmed"  # in the metadata of a graded notebook
CONFIRMED: Final = N_("Confirmed by {name} on {when}")
WRITTEN_DOWN: Final = N_("Written down by {name} on {when}")


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
    course: Course, definition: Definition, frozen: Frozen
) -> dict[str, Confirmation] | None:
    """Return what was confirmed about a round, by field.

    None when there is nothing to confirm, or when this account may not read what was: then nothing
    is said, instead of "not confirmed yet".
    """
    parties = _parties(definition)
    if not parties:
        return None
    person, number = str(frozen.record["person"]), int(frozen.record["round"])
    try:
        found = _standing(course, definition, person, number)
    except PermissionError:
        return None
    standing = {}
    for field, (at, entry) in found.items():
        by = str(entry.get("by", ""))
        standing[field] = Confirmation(
            field=field,
            by=by,
            name=name_of(course.people, by),
            day=at.astimezone(course.timezone).date(),
            own_word=parties[field] == "facilitator" or entry.get("role") != "facilitator",
            earlier=number > 1 and at < frozen.received_at,
        )
    return standing


def kept(standing: dict[str, Confirmation] | None) -> list[list[str]]:
    """Return what a graded notebook keeps, to tell whether something was said since."""
    return sorted([one.field, one.by, one.day.isoformat()] for one in (standing or {}).values())


def said_since(
    course: Course, definition: Definition, person: str, notebook: Path, number: int
) -> bool:
    """Tell whether a graded notebook shows something else than what stands confirmed now."""
    if not _parties(definition):
        return False
    try:
        shown = json.loads(notebook.read_bytes())["metadata"]["ustaz"][KEPT]
    except (OSError, ValueError, KeyError, TypeError):
        shown = []
    now = _standing(course, definition, person, number)
    return bool(
        shown
        != sorted(
            [field, str(entry.get("by", "")), at.astimezone(course.timezone).date().isoformat()]
            for field, (at, entry) in now.items()
        )
    )


def told(confirmation: Confirmation | None, reader: str) -> str:
    """Return as HTML what is said of a confirmation, or of its absence."""
    words = translator(reader)
    if confirmation is None:
        return html.escape(words.gettext(N_("Not confirmed yet")))
    message = CONFIRMED if confirmation.own_word else WRITTEN_DOWN
    said = fill_in(
        html.escape(words.gettext(message)),
        name=line(
            confirmation.name
            if confirmation.by not in NAMES
            else words.gettext(NAMES[confirmation.by])
        ),
        when=html.escape(long_date(confirmation.day, reader)),
    )
    if confirmation.earlier:
        said += f" ({html.escape(words.gettext(N_('before this round was handed in')))})"
    return said


def _parties(definition: Definition) -> dict[str, str | None]:
    return {field.id: field.by for field in definition.fields if field.by is not None}


def _standing(
    course: Course, definition: Definition, person: str, number: int
) -> dict[str, tuple[dt.datetime, dict[str, Any]]]:
    """Return the line that stands for each field: the latest before the round after this one."""
    until = _next_round(course, person, definition.id, number)
    parties = _parties(definition)
    latest: dict[str, tuple[dt.datetime, dict[str, Any]]] = {}
    for at, entry in _lines(course, person):
        about = entry.get("workbook") == definition.id and entry.get("field") in parties
        if about and (until is None or at < until):
            latest[entry["field"]] = (at, entry)
    return {field: one for field, one in latest.items() if one[1].get("value") is True}


def _lines(course: Course, person: str) -> Iterator[tuple[dt.datetime, dict[str, Any]]]:
    """Yield the lines about a person that can be read; a torn one is nobody's word."""
    for entry in Ledger(course.dir / "confirmations").entries(person):
        try:
            at = dt.datetime.fromisoformat(entry["at"])
        except (ValueError, KeyError, TypeError):
            continue
        if at.tzinfo is not None:
            yield at, entry


def _next_round(course: Course, person: str, workbook: str, number: int) -> dt.datetime | None:
    """Return when the writer handed in the round after this one."""
    for later in dropbox.numbers(dropbox.shelf(course, person, workbook)):
        if later > number:
            try:
                return read_round(course, person, workbook, later).received_at
            except Refused:
                continue  # `collect` says what is wrong with it
    return None
