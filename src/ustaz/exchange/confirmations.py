"""What another party confirmed about a document: the line of the ledger that stands, by field.

Recorded beside the document, never in it. Taking a confirmation back is one more line, so the
latest line about a field decides; pages, grading and exports read it here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ustaz.messages import N_
from ustaz.workbook import Definition

FOLDER: Final = "confirmations"
CONFIRMED: Final = N_("Confirmed by {name} on {when}")
WRITTEN_DOWN: Final = N_("Written down by {name} on {when}")


@dataclass(frozen=True, slots=True)
class Standing:
    """A confirmation that stands.

    Attributes
    ----------
    field : str
    by : str
        Id of the person who recorded it.
    role : str
        In which role: ``facilitator`` or ``director``.
    at : datetime
        With an offset.
    own_word : bool
        False where a facilitator wrote down what a school leader link without an account said.
    """

    field: str
    by: str
    role: str
    at: dt.datetime
    own_word: bool


def parties(definition: Definition) -> dict[str, str]:
    """Return who confirms which field: ``facilitator`` or ``school_link``, in their order."""
    return {field.id: field.by for field in definition.fields if field.by is not None}


def standing(
    definition: Definition, lines: Iterable[Mapping[str, Any]], until: dt.datetime | None = None
) -> dict[str, Standing]:
    """Return what stands confirmed in a workbook, in the order of its fields.

    Parameters
    ----------
    definition : Definition
    lines : iterable of mapping
        The ledger's lines about the document's owner, oldest first. One whose time cannot be read
        is nobody's word.
    until : datetime, optional
        Later lines do not count.
    """
    by_field = parties(definition)
    latest: dict[str, tuple[dt.datetime, Mapping[str, Any]]] = {}
    before = latest
    for line in lines:
        at = _moment(line.get("at"))
        if "project" in line:
            # A second project: what was agreed was about the first one; taken back, it is again.
            if line.get("workbook") == definition.id and (until is None or (at and at < until)):
                before, latest = (latest, {}) if line.get("begun") else ({}, before | latest)
            continue
        about = line.get("workbook") == definition.id and line.get("field") in by_field
        if at is not None and about and (until is None or at < until):
            latest[line["field"]] = (at, line)
    return {
        field: Standing(
            field=field,
            by=str(latest[field][1].get("by", "")),
            role=str(latest[field][1].get("role") or ""),
            at=latest[field][0],
            own_word=party == "facilitator" or latest[field][1].get("role") != "facilitator",
        )
        for field, party in by_field.items()
        if field in latest and latest[field][1].get("value") is True
    }


def _moment(text: object) -> dt.datetime | None:
    try:
        moment = dt.datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
