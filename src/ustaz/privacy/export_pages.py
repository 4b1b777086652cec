"""The pages of an export: answers, rounds and an overview, to be read without our programs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ustaz import tutorials
from ustaz.answers import Document, Subject
from ustaz.base.errors import UstazError
from ustaz.base.ledger import Ledger
from ustaz.course import Course
from ustaz.exchange import Submission, read_round, rounds
from ustaz.exchange.confirmations import standing
from ustaz.grading.confirming import Confirmation, confirmation_of
from ustaz.grading.evaluating import judge_round, rendered
from ustaz.grading.render import ANSWERS_CSS, render_answers, small_pictures
from ustaz.messages import N_, long_date, translator
from ustaz.messages import format as fill_in
from ustaz.portfolio import portfolio
from ustaz.portfolio.assembling import portfolio_workbook
from ustaz.portfolio.html import blocks_html
from ustaz.portfolio.layout import blocks
from ustaz.privacy.course_data import CONFIRMATIONS
from ustaz.privacy.file_trees import put
from ustaz.privacy.model import Member
from ustaz.projects import earlier, store_of
from ustaz.storyline import PAPER_STYLE
from ustaz.workbook import Definition
from ustaz.workbook.serialize import localized

_PAGES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
UNREADABLE: Final = N_("It could not be read; its files lie in the folder “data” as they are.")


@dataclass(frozen=True, slots=True)
class ExportEntry:
    """One line of an overview."""

    text: str
    href: str = ""
    note: str = ""


@dataclass(slots=True)
class Part:
    """One part of an overview."""

    title: str
    text: str = ""
    items_: list[ExportEntry] = field(default_factory=list)


def page(
    lang: str, title: str, *, subtitle: str = "", body: str = "", parts: list[Part] | None = None
) -> bytes:
    """Return a page; `body` is HTML of ours, everything else is escaped."""
    text = _PAGES.get_template("page.html.j2").render(
        lang=lang,
        css=Markup(ANSWERS_CSS),  # noqa: S704 - our own style sheet
        title=title,
        subtitle=subtitle,
        body=Markup(body),  # noqa: S704 - escaped by whoever made it
        parts=parts or [],
    )
    return text.encode()


def moment(lang: str, when: dt.datetime, course: Course) -> str:
    """Return a time in words, by the course's clock."""
    local = when.astimezone(course.timezone)
    return f"{long_date(local.date(), lang)}, {local:%H:%M}"


def answers(member: Member, to: Path) -> Iterator[ExportEntry]:
    """Write a page for each workbook in which there is anything, and yield where it is."""
    course, subject = member.course, Subject.person(member.person)
    by_workbook: dict[str, Document] = {}
    for workbook in course.library.ids:
        try:
            by_workbook[workbook] = course.store.read(subject, workbook)
        except UstazError:
            yield ExportEntry(
                _title(course, workbook, member.lang), note=_say(member.lang, UNREADABLE)
            )
    linked_answers = {
        name: document.answers for name, document in by_workbook.items() if document.revision
    }
    for workbook in linked_answers:
        document = by_workbook[workbook]
        body = render_answers(
            course.library[workbook],
            document.answers,
            lang=document.lang,
            linked=linked_answers,
            definitions={name: course.library[name] for name in linked_answers},
            confirmed=_confirmed(member, workbook),
            reader=member.lang,
            pictures=small_pictures(course.people_dir, member.person),
        )
        title = _title(course, workbook, member.lang)
        put(to / f"{workbook}.html", page(member.lang, title, body=body))
        yield ExportEntry(title, quote(f"{to.name}/{workbook}.html"))
    gathering = portfolio_workbook(course)
    if gathering is not None and linked_answers:
        title = _say(member.lang, N_("The whole portfolio"))
        # No workbook's id has a full stop.
        name = f"{gathering.id}.whole.html"
        put(to / name, page(member.lang, title, body=_assembled(member, gathering)))
        yield ExportEntry(title, quote(f"{to.name}/{name}"))


def tutorial_notes(member: Member, to: Path) -> Iterator[ExportEntry]:
    """Write a page for each note of a tutorial of a teacher, and yield where it is."""
    course = member.course
    if tutorials.WORKBOOK not in course.library.ids:
        return
    definition = course.library[tutorials.WORKBOOK]
    for entry, note in tutorials.held(course, member.person):
        body = render_answers(definition, note.answers, lang=note.lang, reader=member.lang)
        text = _say(member.lang, N_("Tutorial {n}"))
        title = fill_in(text, n=entry.number)
        put(to / f"{entry.number}.html", page(member.lang, title, body=body))
        yield ExportEntry(title, quote(f"{to.name}/{entry.number}.html"))


def _assembled(member: Member, definition: Definition, submission: Submission | None = None) -> str:
    """Return a portfolio as HTML, with its small pictures inside."""
    course = member.course
    model = portfolio(
        course,
        member.person,
        "self",
        lang=member.lang,
        owner=member.name,
        submission=submission,
        definition=definition,
    )
    small = small_pictures(course.people_dir, member.person)
    body = blocks_html(blocks(model), member.lang, picture=lambda file: small(file.sha256), top=2)
    return f"<style>{PAPER_STYLE}</style>{body}"


def earlier_projects(member: Member, to: Path) -> Iterator[ExportEntry]:
    """Write a page for each workbook of each earlier project, and yield where it is."""
    course, subject = member.course, Subject.person(member.person)
    for project in earlier(course, member.person):
        store = store_of(course, project.number)
        closed = project.closed_at.astimezone(course.timezone).date()
        name = project.title or long_date(closed, member.lang)
        documents = {workbook: store.read(subject, workbook) for workbook in project.parts}
        linked = {workbook: document.answers for workbook, document in documents.items()}
        for workbook, document in documents.items():
            body = render_answers(
                course.library[workbook],
                document.answers,
                lang=document.lang,
                linked=linked,
                definitions={other: course.library[other] for other in linked},
                reader=member.lang,
                pictures=small_pictures(course.people_dir, member.person),
            )
            title = _title(course, workbook, member.lang)
            file = f"{project.number}-{workbook}.html"
            put(to / file, page(member.lang, title, subtitle=name, body=body))
            yield ExportEntry(f"{name}: {title}", quote(f"{to.name}/{file}"))


def handed_in(member: Member, to: Path) -> Iterator[tuple[ExportEntry, dict[str, Any]]]:
    """Write a page for each round; yield where it is, and its receipt."""
    course = member.course
    for workbook in course.library.ids:
        try:
            summaries = rounds(course, member.person, workbook)
        except UstazError:
            continue
        for summary in summaries:
            frozen = read_round(course, member.person, workbook, summary.round)
            when = moment(member.lang, summary.receipt.received_at, course)
            title = _title(course, workbook, member.lang)
            subtitle = fill_in(
                _say(member.lang, N_("Round {n}, received on {when}")), n=summary.round, when=when
            )
            if summary.receipt.late:
                subtitle += f" · {_say(member.lang, N_('Late'))}"
            name = f"{workbook}-{summary.round:04d}.html"
            definition = course.library[workbook]
            if definition.portfolio is not None:
                body = _assembled(member, definition, frozen)
            else:
                body = rendered(course, judge_round(course, frozen), reader=member.lang)
            put(to / name, page(member.lang, title, subtitle=subtitle, body=body))
            code = fill_in(_say(member.lang, N_("receipt {code}")), code=summary.receipt.code)
            yield (
                ExportEntry(f"{title}: {subtitle}", quote(f"{to.name}/{name}"), code),
                summary.receipt.to_dict(course.timezone),
            )


def returned(member: Member, data: Path) -> Iterator[ExportEntry]:
    """Yield where the feedback lies that was copied with the answers."""
    for path in sorted(data.glob("answers/*/returned/*/*.html")):
        workbook, number = path.parts[-4], path.parts[-2]
        title = _title(member.course, workbook, member.lang)
        href = quote(path.relative_to(data.parent).as_posix())
        yield ExportEntry(f"{title}, {int(number)}", href)


def _title(course: Course, workbook: str, lang: str) -> str:
    if workbook not in course.library.ids:
        return workbook
    return str(localized(course.library[workbook], lang)["title"])


def _say(lang: str, message: str) -> str:
    return translator(lang).gettext(message)


def _confirmed(member: Member, workbook: str) -> dict[str, Confirmation]:
    """Return what stands confirmed, as the person's own pages show it."""
    lines = Ledger(member.course.dir / CONFIRMATIONS).entries(member.person)
    stands = standing(member.course.library[workbook], lines)
    return {field: confirmation_of(member.course, known) for field, known in stands.items()}


__all__ = [
    "ExportEntry",
    "Part",
    "answers",
    "earlier_projects",
    "handed_in",
    "moment",
    "page",
    "returned",
]
