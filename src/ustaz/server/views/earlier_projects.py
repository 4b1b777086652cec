"""Earlier projects as pages show them: projected to the reader, with their whole history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from ustaz.answers import Document, HistoryEntry, Subject
from ustaz.base import clock
from ustaz.course import Course
from ustaz.projects import Project, earlier, store_of
from ustaz.projects.beginning import TO_THINK
from ustaz.server.http import HTTPProblem, number
from ustaz.server.i18n import Words
from ustaz.server.views.records import Record
from ustaz.workbook import project as projected

if TYPE_CHECKING:
    from ustaz.exchange import SubmissionSummary

#: Where a plan has the name of the project; the owner may write another.
NAMES: Final = (("action-plan", "title"), ("focus", "focus_statement"))


@dataclass(frozen=True, slots=True)
class Shown:
    """One workbook of an earlier project, for a reader.

    Attributes
    ----------
    project : Project
    document : Document
        Projected to the reader.
    body : Markup
        The answers as escaped HTML.
    history : list of HistoryEntry
        Newest first; of others than the owner empty.
    rounds : list of SubmissionSummary
        What was handed in of it.
    """

    project: Project
    document: Document
    body: Markup
    history: list[HistoryEntry]
    rounds: list[SubmissionSummary]


def find(course: Course, person: str, asked: str) -> Project:
    """Return an earlier project by its number in an address."""
    for known in earlier(course, person):
        if known.number == number(asked):
            return known
    raise HTTPProblem(404, "no_page")


def may_undo(project: Project) -> bool:
    """Tell whether the beginning after a project can still be taken back."""
    return clock.now() - project.closed_at <= TO_THINK


def title(project: Project, course: Course, words: Words) -> str:
    """Return what its owner called it, or until when it went on."""
    day = project.closed_at.astimezone(course.timezone).date()
    return project.title or words.gettext("A project until {when}", when=words.date(day))


def proposed_title(own: Sequence[Record]) -> str:
    """Return how the present project may be called."""
    by_workbook = {about.workbook: about.document.answers for about in own}
    for workbook, field in NAMES:
        text = by_workbook.get(workbook, {}).get(field)
        if isinstance(text, str) and text.strip():
            return text.strip()[:100]
    return ""


def show(record: Record, project: Project, revision: str, words: Words) -> Shown:
    """Return one workbook of an earlier project as the record's audience reads it.

    Parameters
    ----------
    revision : str
        An earlier state, which its owner alone looks back at; empty for the last one.
    """
    from ustaz.grading.render import render_answers, small_pictures

    workbook = record.workbook
    if workbook not in project.parts:
        raise HTTPProblem(404, "no_workbook")
    course, own = record.course, record.audience == "self"
    store, subject = store_of(course, project.number), Subject.person(record.person)
    document = store.read(subject, workbook)
    asked = number(revision) if own else None
    if asked is not None:
        document = document.with_(answers=store.at(subject, workbook, asked))
    seen = _seen(record, document)
    linked = {
        name: _seen(record, store.read(subject, name)).answers
        for name in course.library.linked(workbook)
    }
    body = render_answers(
        record.definition,
        seen.answers,
        lang=document.lang or words.lang,
        reader=words.lang,
        linked=linked,
        definitions={name: course.library[name] for name in linked},
        withheld=()
        if own
        else projected(record.definition, document.answers, record.audience)["withheld"],
        pictures=small_pictures(course.people_dir, record.person),
    )
    floor = _floor_before(course, record.person, project, workbook)
    part = project.parts[workbook]
    return Shown(
        project=project,
        document=seen,
        body=Markup(body),  # noqa: S704 - render_answers escapes every answer
        history=list(reversed(store.history(subject, workbook))) if own else [],
        rounds=[known for known in record.every_round if floor < known.round <= part.round],
    )


def _seen(record: Record, document: Document) -> Document:
    if record.audience == "self":
        return document
    definition = record.course.library[document.workbook]
    shown = projected(definition, document.answers, record.audience)
    return document.with_(answers=shown["answers"])


def _floor_before(course: Course, person: str, project: Project, workbook: str) -> int:
    """Return the last round of the workbook that is of a project before this one."""
    rounds = [
        known.parts[workbook].round
        for known in earlier(course, person)
        if known.number < project.number and workbook in (known.emptied or {})
    ]
    return max(rounds, default=0)


def closed_on(project: Project, course: Course) -> dt.date:
    """Return the day on which it was closed, where the course is."""
    return project.closed_at.astimezone(course.timezone).date()
