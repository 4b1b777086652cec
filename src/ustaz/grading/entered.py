"""What a round says of answers that somebody typed in for their writer, as staff read it.

A round lies where its writer's account can write, so its own word is not enough: a mark is shown
when the course's ledger knows it, and with the times of the ledger.
"""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Iterator
from typing import Any, Final

from ustaz.base.ledger import Ledger
from ustaz.course import Course
from ustaz.exchange import Submission
from ustaz.grading.text import line
from ustaz.messages import N_, long_date, translator
from ustaz.messages import format as fill_in
from ustaz.roster.former import name_of
from ustaz.transcription import marks
from ustaz.workbook import Definition, Section

TYPED: Final = N_(
    "Typed in from paper by {name} on {typed}, confirmed by the writer on {confirmed}:"
)
OPEN: Final = N_("Typed in from paper by {name} on {typed}; the writer had not confirmed it yet:")
#: Who typed, on which day, and the day on which the writer confirmed it (None: not yet then).
Statement = tuple[str, dt.date, dt.date | None]


def entered_html(
    course: Course, definition: Definition, frozen: Submission, section: str, reader: str
) -> str:
    """Return as HTML which answers of a section were typed in, by whom, and whether confirmed.

    Parameters
    ----------
    course : Course
    definition : Definition
        The round's workbook.
    frozen : Submission
    section : str
    reader : str
        Language of the sentence; labels are in the language of the answers, as beside them.

    Returns
    -------
    str
        Empty when nothing in the section was typed in by somebody else.
    """
    claimed = frozen.document.get("entered")
    shown = next((candidate for candidate in definition.sections if candidate.id == section), None)
    if not claimed or shown is None:
        return ""
    workbook, part = definition, shown
    if shown.embed:
        name, _, inner = shown.embed.partition("/")
        workbook = course.library[name]
        part = next(candidate for candidate in workbook.sections if candidate.id == inner)
    try:
        lines = list(Ledger(course.dir / marks.FOLDER).entries(frozen.record.person))
    except PermissionError:
        return ""
    words = translator(frozen.record.lang)
    groups: dict[Statement, list[str]] = {}
    for place, statement in _known(
        claimed.get(workbook.id, {}), workbook.id, lines, frozen, course
    ):
        label = _label(part, place)
        if label is not None:
            labels = groups.setdefault(statement, [])
            text = words.gettext(label)
            labels.extend([] if text in labels else [text])
    if not groups:
        return ""
    items = "".join(
        f"<li>{_sentence(course, statement, reader)} "
        f'<span lang="{html.escape(frozen.record.lang)}">'
        f"{html.escape(' · '.join(labels))}</span></li>"
        for statement, labels in groups.items()
    )
    return f'<ul class="uz-entered" lang="{html.escape(reader)}">{items}</ul>'


def _known(
    claimed: dict[str, Any],
    workbook: str,
    lines: list[dict[str, Any]],
    frozen: Submission,
    course: Course,
) -> Iterator[tuple[str, Statement]]:
    """Yield the round's marks that the ledger knows, with the ledger's days."""
    typed: dict[tuple[str, int, str], dt.date] = {}
    confirmed: dict[tuple[str, int], dt.date] = {}
    for entry in marks.about(lines, workbook):
        try:
            at = dt.datetime.fromisoformat(entry["at"])
        except (KeyError, TypeError, ValueError):
            continue
        if at > frozen.received_at:
            continue
        day = at.astimezone(course.timezone).date()
        for place, revision in entry["places"].items():
            if entry["kind"] == marks.TYPED:
                typed.setdefault((place, revision, str(entry.get("by"))), day)
            else:
                confirmed.setdefault((place, revision), day)
    for place, mark in claimed.items():
        day_typed = typed.get((place, mark["revision"], mark["by"]))
        if day_typed is not None:
            yield place, (mark["by"], day_typed, confirmed.get((place, mark["revision"])))


def _label(section: Section, place: str) -> str | None:
    name = place.partition("/")[0].removesuffix(marks.ORDER)
    return next((field.label for field in section.fields if field.id == name), None)


def _sentence(course: Course, statement: Statement, reader: str) -> str:
    by, typed, confirmed = statement
    words = translator(reader)
    # "23 November 2026": day first, as in the other two languages
    name = name_of(course.people, by, words.gettext)
    return fill_in(
        html.escape(words.gettext(TYPED if confirmed else OPEN)),
        name=line(name),
        typed=html.escape(long_date(typed, reader)),
        confirmed=html.escape(long_date(confirmed, reader)) if confirmed else "",
    )
