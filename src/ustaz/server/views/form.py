"""A workbook's page as a document: what the form needs, from a record."""

from __future__ import annotations

import html
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from markupsafe import Markup

from ustaz.answers import Document
from ustaz.forms import Marks, Part, draw
from ustaz.messages import N_
from ustaz.messages import format as fill_in
from ustaz.roster.former import name_of
from ustaz.server.http import number
from ustaz.server.i18n import Words
from ustaz.server.views.closed import closed_questions
from ustaz.server.views.labels import bdi
from ustaz.server.views.records import Record
from ustaz.server.views.serialize import public
from ustaz.server.views.stories import opening
from ustaz.transcription.marks import AUDIENCE
from ustaz.workbook import Evaluation, evaluate

#: What the form's names begin with under which it posts what was read.
SEEN: Final = "seen/"


@dataclass(slots=True)
class Shown:
    """What a form shows beside the answers that are saved.

    Attributes
    ----------
    answers : dict
        By workbook: what was typed and could not be saved as it is, with all the rest.
    notices : list of str
        Sentences above the first section, escaped.
    again : str
        An action that takes back what was just done, for a button in the notice.
    spare : dict
        By a list's name: how many empty entries somebody asked for.
    advice : bool
        Whether what would help is said.
    """

    answers: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    notices: list[Markup] = field(default_factory=list)
    again: str = ""
    spare: dict[str, int] = field(default_factory=dict)
    advice: bool = False


def editable(record: Record) -> dict[str, Document]:
    """Return the documents that are filled in on a workbook's page, the own one first."""
    embedded = [
        section.embed.partition("/")[0] for section in record.definition.sections if section.embed
    ]
    others = {name: record.linked[name] for name in dict.fromkeys(embedded)}
    return {record.workbook: record.document, **others}


def sections(
    record: Record,
    words: Words,
    shown: Shown,
    read: Mapping[str, Sequence[tuple[str, str]]],
    beside: Mapping[tuple[str, str], str],
) -> list[Markup]:
    """Return the sections of the form as HTML.

    `read` is what the book says of them, `beside` what others wrote beside fields.
    """
    documents = {**record.linked, record.workbook: record.document}
    written = editable(record)
    library = record.course.library
    linked = {name: document.answers for name, document in documents.items()}
    parts = {}
    for name, document in documents.items():
        seen = public(record, document, library[name])
        answers = shown.answers.get(name, seen["answers"])
        parts[name] = Part(
            library[name],
            answers,
            seen["lang"],
            _evaluated(record, name, answers, linked) if name in written else None,
        )
    drawn = draw(
        parts,
        record.workbook,
        words.lang,
        lambda workbook, name: _address(record, workbook, name),
        Marks(
            confirmed=_confirmed(record, words),
            entered=_entered(record, written, words),
            closed=_closed(record) if record.writer else (),
            spare=shown.spare,
            advice=shown.advice,
            read=read,
            chip=bool(record.writer),
            beside=beside,
        ),
        opening(record, words),
    )
    return [Markup(section) for section in drawn]  # noqa: S704 - drawn escaped


def _evaluated(
    record: Record, workbook: str, answers: Mapping[str, Any], linked: Mapping[str, Any]
) -> Evaluation:
    if workbook == record.workbook and answers == record.document.answers:
        return record.evaluation
    return evaluate(record.course.library[workbook], answers, record.course.context(dict(linked)))


def writing(record: Record) -> str:
    """Return the language in which the workbook is written; before that, its owner's own."""
    document = record.document
    return document.lang if document.revision else record.course.person(record.person).lang


def new_batch() -> str:
    """Return the name of what a page will post; the same page sent twice is saved once."""
    return uuid.uuid4().hex


def _address(record: Record, workbook: str, name: str) -> str:
    hash_ = f"#uz-{workbook}-{name}" if name else ""
    if record.tutorial:
        return record.page() + hash_
    if record.writer:
        return record.site.url("people", record.person, workbook, "enter") + hash_
    return record.site.url("workbooks", workbook) + hash_


def _closed(record: Record) -> list[str]:
    """Return the fields that whoever types in may not see, as the front end knows them."""
    library, fields = record.course.library, []
    for field_ in (field_ for name in editable(record) for field_ in library[name].fields):
        if AUDIENCE not in field_.audiences:
            fields.append(field_.id)
        fields += [
            f"{field_.id}.{column.id}"
            for column in field_.columns
            if AUDIENCE not in column.audiences
        ]
    return fields


def _confirmed(record: Record, words: Words) -> dict[str, str]:
    lines = {}
    for confirmation in record.confirmations:
        verb = (
            words.gettext(N_("Written down by"))
            if confirmation["own_word"] is False
            else words.gettext(N_("Confirmed by"))
        )
        day = words.date(str(confirmation["at"])[:10])
        name = bdi(str(confirmation["by_name"]))
        lines[str(confirmation["field"])] = f"{verb} {name}, {html.escape(day)}"
    return lines


def _entered(
    record: Record, written: Mapping[str, Document], words: Words
) -> dict[tuple[str, str], str]:
    lines = {}
    for workbook, document in written.items():
        for mark in record.entered(document):
            if mark.confirmed_at is not None:
                continue
            name = name_of(record.course.people, mark.by, words.plain)
            message = words.plain(N_("Typed in by {name}, not confirmed yet"))
            lines[workbook, mark.place] = fill_in(message, name=name)
    return lines


@dataclass(frozen=True, slots=True)
class Entered:
    """What was typed in for the owner and waits to be read, for a page without its script.

    Attributes
    ----------
    sentences : list of Markup
        One for each person who typed in.
    seen : dict
        By the name under which the form posts it: the revision that stands on this page.
    """

    sentences: list[Markup]
    seen: dict[str, int]


def entered(record: Record, words: Words) -> Entered:
    """Return what the owner of a page still has to read and confirm; empty for everybody else."""
    waiting = {
        f"{SEEN}{workbook}/{mark.place}": mark
        for workbook, document in editable(record).items()
        for mark in (record.entered(document) if record.audience == "self" else ())
        if mark.open
    }
    counts = Counter(mark.by for mark in waiting.values())
    sentences = [
        words.ngettext(
            "{name} typed in one answer from your paper. Please read it.",
            "{name} typed in {count} answers from your paper. Please read them.",
            count,
            name=bdi(name_of(record.course.people, by, words.plain)),
            count=count,
        )
        for by, count in counts.items()
    ]
    return Entered(sentences, {name: mark.revision for name, mark in waiting.items()})


def seen_places(fields: Mapping[str, Sequence[str]], workbook: str) -> dict[str, int]:
    """Return what a form says was read of a workbook: places and the revision that was shown."""
    start = f"{SEEN}{workbook}/"
    return {
        name.removeprefix(start): number(texts[-1]) or 0
        for name, texts in fields.items()
        if name.startswith(start) and texts
    }


def finish(record: Record, words: Words) -> Markup:
    """Return one sentence on where the workbook stands: a draft, ready, or submitted."""
    last = record.last
    if last is None:
        return words.gettext(
            N_("Marked as ready. You can still change everything.")
            if record.document.status == "ready"
            else N_("This is a draft. Nobody waits for it, and nothing has to be perfect.")
        )
    day = words.date(last.receipt.received_at.astimezone(record.course.timezone).date())
    if last.returned_at:
        message = N_("Feedback has come for round {round}, submitted on {date}.")
    elif record.changed:
        message = N_(
            "Round {round} was submitted on {date} and stays as it was. You have changed something "
            "since; you need not submit again."
        )
    else:
        message = N_("Submitted on {date}, round {round}.")
    return words.gettext(message, round=last.round, date=day)


def stays(record: Record, words: Words) -> dict[str, Any]:
    """Return which questions do not leave with a submission, for the page before it."""
    closed = closed_questions(record.course.library, record.definition, words.plain)
    return {
        "none": not closed,
        "here": [question for question in closed if not question["staff"]],
        "staff_only": [question["label"] for question in closed if question["staff"]],
    }
