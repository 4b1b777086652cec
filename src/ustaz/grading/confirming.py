"""Confirmations in the pages of grading: as HTML, and in a graded notebook's metadata."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from ustaz.course import Course
from ustaz.exchange.confirmations import Confirmation, parties_of, standing_at
from ustaz.grading.text import line
from ustaz.messages import N_, long_date, translator
from ustaz.messages import format as fill_in
from ustaz.roster.former import NAMES
from ustaz.workbook import Definition

KEPT: Final = "confirmed"  # in the metadata of a graded notebook
CONFIRMED: Final = N_("Confirmed by {name} on {when}")
WRITTEN_DOWN: Final = N_("Written down by {name} on {when}")


def confirmation_metadata(confirmed: Iterable[Confirmation]) -> list[list[str]]:
    """Return what a graded notebook's metadata hold of the confirmations that it shows."""
    return sorted(
        [confirmation.field, confirmation.by, confirmation.day.isoformat()]
        for confirmation in confirmed
    )


def confirmations_changed(
    course: Course, definition: Definition, person: str, notebook: Path, number: int
) -> bool:
    """Tell whether a graded notebook shows something else than what stands confirmed now."""
    if not parties_of(definition):
        return False
    try:
        shown = json.loads(notebook.read_bytes())["metadata"]["ustaz"][KEPT]
    except (OSError, ValueError, KeyError, TypeError):
        shown = []
    now = standing_at(course, definition, person, number)
    return bool(shown != confirmation_metadata(now.values()))


def confirmation_html(confirmation: Confirmation | None, reader: str) -> str:
    """Return a confirmation, or its absence, as a sentence of HTML."""
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
