"""Confirmations: what another party recorded about a document, and which of it stands.

They are lines of the course's own ledger ``confirmations/`` and never part of a submission, which
lies where its writer's account can write. The latest line about a field decides; taking a
confirmation back is one more line. Pages, grading and exports all ask here.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from ustaz.base.ledger import Ledger
from ustaz.course import Course
from ustaz.exchange import dropbox
from ustaz.exchange.model import Frozen, Refused
from ustaz.exchange.validate import read_round
from ustaz.roster.former import name_of
from ustaz.workbook import Definition

FOLDER: Final = "confirmations"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A field that somebody else has confirmed.

    Attributes
    ----------
    field : str
    by : str
        Id of the person who confirmed it.
    name : str
        Their name in the roster; the id when they are not on it any more.
    at : datetime
        By the course's clock.
    role : str or None
        As which they confirmed it: ``facilitator`` or ``director``.
    own_word : bool
        False when a facilitator wrote down what a school leader link without an account said.
    earlier : bool
        True when the writer has submitted another round since.
    """

    field: str
    by: str
    name: str
    at: dt.datetime
    role: str | None = None
    own_word: bool = True
    earlier: bool = False

    @property
    def day(self) -> dt.date:
        """Return the day, by the course's clock."""
        return self.at.date()


def ledger_of(course: Course) -> Ledger:
    """Return the ledger of a course's confirmations."""
    return Ledger(course.dir / FOLDER)


def parties_of(definition: Definition) -> dict[str, str]:
    """Return the fields that somebody else confirms: id to party, in the workbook's order."""
    return {field.id: field.by for field in definition.fields if field.by is not None}


def standing(
    course: Course, definition: Definition, person: str, *, until: dt.datetime | None = None
) -> dict[str, Confirmation]:
    """Return the confirmations that stand, by field, in the workbook's order.

    Parameters
    ----------
    course : Course
    definition : Definition
    person : str
        Whose document it is.
    until : datetime, optional
        Lines at or after this moment do not count.

    Raises
    ------
    PermissionError
        When this account may not read the ledger.
    """
    parties = parties_of(definition)
    latest: dict[str, tuple[dt.datetime, dict[str, Any]]] = {}
    if parties:
        for at, line in _lines(course, person):
            about = line.get("workbook") == definition.id and line.get("field") in parties
            if about and (until is None or at < until):
                latest[line["field"]] = (at, line)
    confirmed: dict[str, Confirmation] = {}
    for field, party in parties.items():
        if field not in latest:
            continue
        at, line = latest[field]
        if line.get("value") is True:
            by = str(line.get("by", ""))
            confirmed[field] = Confirmation(
                field=field,
                by=by,
                name=name_of(course.people, by),
                at=at.astimezone(course.timezone),
                role=line.get("role"),
                own_word=party == "facilitator" or line.get("role") != "facilitator",
            )
    return confirmed


def standing_at(
    course: Course, definition: Definition, person: str, number: int
) -> dict[str, Confirmation]:
    """Return the confirmations that stood while a submission was the last one, by field."""
    until = _next_received(course, person, definition.id, number)
    return standing(course, definition, person, until=until)


def confirmations_of(
    course: Course, definition: Definition, submission: Frozen
) -> dict[str, Confirmation] | None:
    """Return what was confirmed about a submission, by field.

    None when there is nothing to confirm, or when this account may not read what was: nothing is
    shown then, instead of "not confirmed yet".
    """
    if not parties_of(definition):
        return None
    person, number = str(submission.record["person"]), int(submission.record["round"])
    try:
        confirmed = standing_at(course, definition, person, number)
    except PermissionError:
        return None
    if number == 1:
        return confirmed
    return {
        field: dataclasses.replace(confirmation, earlier=confirmation.at < submission.received_at)
        for field, confirmation in confirmed.items()
    }


def _lines(course: Course, person: str) -> Iterator[tuple[dt.datetime, dict[str, Any]]]:
    """Yield the readable lines about a person with their time; a torn line is nobody's word."""
    for line in ledger_of(course).entries(person):
        try:
            at = dt.datetime.fromisoformat(line["at"])
        except (ValueError, KeyError, TypeError):
            continue
        if at.tzinfo is not None:
            yield at, line


def _next_received(course: Course, person: str, workbook: str, number: int) -> dt.datetime | None:
    """Return when the submission after this one was received."""
    for later in dropbox.numbers(dropbox.shelf(course, person, workbook)):
        if later > number:
            try:
                return read_round(course, person, workbook, later).received_at
            except Refused:
                continue  # `collect` says what is wrong with it
    return None
