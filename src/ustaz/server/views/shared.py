"""What somebody shows to others, as pages say it: its name, its readers, and what they read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup

from ustaz.answers import Document, Subject
from ustaz.base.evidence import TO_BE_BLURRED
from ustaz.course import Course
from ustaz.files import FileStore
from ustaz.grading.render import render_answers, small_pictures
from ustaz.messages import N_
from ustaz.roster.former import name_of
from ustaz.server.access import Sight
from ustaz.server.i18n import Words
from ustaz.shares import Opening, Share, live, openings
from ustaz.workbook import Definition, attachments, project
from ustaz.workbook.conditions import is_blank
from ustaz.workbook.kinds import is_stored, kind_of, serves
from ustaz.workbook.kinds.entries import DATE
from ustaz.workbook.model import Field, Shareable
from ustaz.workbook.serialize import localized
from ustaz.workbook.sharing import linked_parts, places_of

#: To whom, on the page of whoever shows it.
TO: Final = {
    "group": N_("my group and its facilitator"),
    "school_link": N_("the director of my school"),
    "outside": N_("one reader outside, by a secret address"),
    "public": N_("everybody: the stories in the book"),
    "research": N_("research"),
}
#: For how long, in days from today; nothing is until its writer stops it.
TERMS: Final = {
    "14": N_("for 14 days"),
    "30": N_("for 30 days"),
    "90": N_("for 90 days"),
    "365": N_("for a year"),
    "": N_("until I stop it"),
}
MOST_SNIPPET: Final = 60
#: Whoever is shown a story reads it from its beginning to its end.
WHOLE: Final = 20_000
CELL: Final = N_("“{column}” of an entry")


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that may be shown, as the page offers it.

    Attributes
    ----------
    id : str
    title : str
    to : tuple of str
    rows : list of (str, str)
        The rows to choose from, with their first words; None for what has no rows.
    is_empty : bool
        There is nothing in it that could be shown yet.
    """

    id: str
    title: str
    to: tuple[str, ...]
    rows: list[tuple[str, str]] | None
    is_empty: bool


@dataclass(frozen=True, slots=True)
class SharedLine:
    """A share as the list of its owner says it."""

    share: Share
    title: str
    part: str
    to: str
    until: str
    openings: Opening | None
    permitted_by: str
    is_permitted: bool


def document_of(course: Course, owner: str, workbook: str) -> Document:
    """Return the document that a share is about."""
    return course.store.read(Subject.person(owner), workbook)


def linked_answers(course: Course, owner: str, workbook: str) -> dict[str, Mapping[str, Any]]:
    """Return the answers of the workbooks that one refers to."""
    return {
        name: document_of(course, owner, name).answers for name in course.library.linked(workbook)
    }


# -- what can be shown ----------------------------------------------------------------------------
def shareable(definition: Definition, part: str) -> Shareable | None:
    """Return what may be shown of a workbook by its id."""
    return next((entry for entry in definition.shares if entry.id == part), None)


def offers(course: Course, owner: str, definition: Definition, words: Words) -> Iterator[Offer]:
    """Yield what of a workbook may be shown."""
    answers = document_of(course, owner, definition.id).answers
    for entry in definition.shares:
        rows = None
        if entry.scope in ("row", "cell"):
            rows = [
                (str(row["id"]), snippet(definition, entry, row, words))
                for row in _rows(definition, entry, answers)
            ]
            is_empty = not rows
        else:
            places = places_of(definition, entry)
            is_empty = not any(not is_blank(answers.get(place)) for place in places)
        yield Offer(entry.id, part_name(definition, entry, words), entry.to, rows, is_empty)


def _rows(
    definition: Definition, entry: Shareable, answers: Mapping[str, Any]
) -> list[Mapping[str, Any]]:
    table, _, column = entry.name.partition(".")
    rows = [
        row
        for row in answers.get(table) or ()
        if (not is_blank(row.get(column)) if column else _first_words(definition, table, row))
    ]
    return sorted(rows, key=lambda row: str(row.get(DATE, "")), reverse=True)


def _first_words(definition: Definition, table: str, row: Mapping[str, Any]) -> str:
    texts = [column.id for column in definition.field(table).columns if serves(column, "title")]
    return next((str(row[name]) for name in texts if not is_blank(row.get(name))), "")


def snippet(definition: Definition, entry: Shareable, row: Mapping[str, Any], words: Words) -> str:
    """Return by which words a row is known in a list: its day and how it begins."""
    table, _, column = entry.name.partition(".")
    text = str(row.get(column, "")) if column else _first_words(definition, table, row)
    text = " ".join(text.split())
    short = text if len(text) <= MOST_SNIPPET else text[: MOST_SNIPPET - 1] + "…"
    day = str(row.get(DATE) or "")
    return f"{words.date(day)}: {short}" if day else short


def part_name(definition: Definition, entry: Shareable | None, words: Words) -> str:
    """Return what something shareable is called."""
    compiled = localized(definition, words.lang)
    if entry is None:
        return str(compiled["title"])
    if entry.scope == "section":
        parts = {part["id"]: part["title"] for part in compiled["sections"]}
        return str(parts[entry.name])
    if entry.scope == "row":
        return words.plain(str(definition.field(entry.name).row_name))
    if entry.scope == "cell":
        return str(words.gettext(CELL, column=words.plain(definition.field(entry.name).label)))
    if entry.scope == "field":
        return words.plain(definition.field(entry.name).label)
    return str(compiled["title"])


# -- what is shown --------------------------------------------------------------------------------
def shown_answers(
    course: Course, share: Share, reader: Sight | None = None
) -> tuple[Document, dict[str, Any]]:
    """Return the document of a share, and what of it is read: nothing but what is shown."""
    document = document_of(course, share.owner, share.workbook)
    definition = course.library[share.workbook]
    reader = reader or Sight("outside", (share,))
    shown = project(definition, document.answers, reader.audience, reader.places(share.workbook))
    return document, shown


def rendering(course: Course, share: Share, words: Words) -> Markup:
    """Return what a share shows, as escaped HTML."""
    return read_as(course, share.owner, share.workbook, Sight("outside", (share,)), words)


def read_as(
    course: Course,
    owner: str,
    workbook: str,
    reader: Sight,
    words: Words,
    most_rows: int | None = None,
) -> Markup:
    """Return what somebody reads of a workbook, as escaped HTML; empty where it is nothing.

    Of a table with more than `most_rows` rows the rest is folded.
    """
    definition = course.library[workbook]
    document = document_of(course, owner, workbook)
    places = reader.places(workbook)
    shown = project(definition, document.answers, reader.audience, places)
    linked = linked_answers(course, owner, workbook)
    lent = linked_parts(definition, places, linked)
    only = _worth_reading(definition, shown["answers"], places, lent)
    if not only:
        return Markup("")
    body = render_answers(
        definition,
        shown["answers"],
        lang=document.lang or words.lang,
        reader=words.lang,
        linked=lent,
        definitions={name: course.library[name] for name in lent},
        withheld=shown["withheld"],
        pictures=small_pictures(course.people_dir, owner),
        only=only,
        clip=WHOLE,
        work=True,
        most_rows=most_rows,
    )
    return Markup(body)  # noqa: S704 - render_answers escapes every answer


def _worth_reading(
    definition: Definition,
    answers: Mapping[str, Any],
    places: Collection[str],
    lent: Mapping[str, Mapping[str, Any]],
) -> frozenset[str]:
    """Return the fields with something to read; what only repeats another workbook is none."""
    stored = {field.id for field in definition.fields if not is_blank(answers.get(field.id))}
    if not stored:
        return frozenset()
    refers = {
        field.id
        for field in definition.fields
        if not is_stored(field) and field.id in places and _lends(field, lent)
    }
    return frozenset(stored | refers)


def _lends(field: Field, lent: Mapping[str, Mapping[str, Any]]) -> bool:
    workbook, _, name = str(field.to or "").partition("/")
    return not is_blank(lent.get(workbook, {}).get(name))


# -- the list of its owner ------------------------------------------------------------------------
def line(course: Course, share: Share, words: Words, content: str = "") -> SharedLine:
    """Return a share as its owner's list says it.

    `content` is the digest of what a published text says now.
    """
    title, part = names(course, share, words)
    permission = share.permission
    return SharedLine(
        share=share,
        title=title,
        part=part,
        to=recipient(share, words),
        until=words.date(share.until) if share.until else "",
        openings=openings(course, share) if share.to == "outside" else None,
        permitted_by=name_of(course.people, permission.by, words.plain) if permission else "",
        is_permitted=permission is not None and permission.content == content,
    )


def names(course: Course, share: Share, words: Words) -> tuple[str, str]:
    """Return the workbook's title, and which part of it is shown; empty for the whole."""
    if share.workbook not in course.library.ids:
        return "", ""
    definition = course.library[share.workbook]
    title = words.plain(definition.title)
    entry = shareable(definition, share.part)
    if entry is None or entry.scope == "document":
        return title, ""
    if not share.row:
        return title, part_name(definition, entry, words)
    table = entry.name.partition(".")[0]
    answers = document_of(course, share.owner, share.workbook).answers
    row = next((row for row in answers.get(table) or () if row["id"] == share.row), None)
    short = snippet(definition, entry, row, words) if row else ""
    name = part_name(definition, entry, words)
    return title, f"{name}: {short}" if short else name


def recipient(share: Share, words: Words) -> str:
    """Return to whom something is shown, in words."""
    name = words.plain(TO[share.to])
    return f"{name} ({share.target})" if share.target else name


def last_day(today: dt.date, term: str) -> dt.date | None:
    """Return the last day of a term of :data:`TERMS`. Raise KeyError for another one."""
    TERMS[term]
    return today + dt.timedelta(int(term)) if term else None


def labels(definition: Definition, words: Words) -> dict[str, str]:
    """Return what is written by hand is called, by ``field`` and ``table.column``."""
    named = {field.id: field for field in definition.fields if not field.columns}
    for field in definition.fields:
        named |= {f"{field.id}.{column.id}": column for column in field.columns}
    return {
        name: words.plain(field.label)
        for name, field in named.items()
        if not any(serves(field, role) for role in ("options", "people", "date"))
    }


def lent_texts(course: Course, share: Share, words: Words) -> list[tuple[str, str, str]]:
    """Return the texts of other workbooks that a share shows: workbook, its title, text."""
    definition = course.library[share.workbook]
    linked = linked_answers(course, share.owner, share.workbook)
    return [
        (workbook, words.plain(course.library[workbook].title), value)
        for workbook, lent in linked_parts(definition, share.places, linked).items()
        for value in lent.values()
        if isinstance(value, str)
    ]


def shareable_workbooks(course: Course, words: Words) -> list[tuple[str, str]]:
    """Return the workbooks of which something may be shown, with their titles."""
    offered = [*course.assignments, *course.companions]
    return [
        (workbook, words.plain(course.library[workbook].title))
        for workbook in dict.fromkeys(offered)
        if workbook in course.library.ids and course.library[workbook].shares
    ]


def open_entries(course: Course, person: str, words: Words) -> list[tuple[str, str, int]]:
    """Return journals of which entries name readers: workbook, title, and how many entries."""
    journals = []
    for workbook, title in shareable_workbooks(course, words):
        definition = course.library[workbook]
        tables = [field for field in definition.fields if kind_of(field).row_readers]
        if not tables:
            continue
        answers = document_of(course, person, workbook).answers
        count = sum(
            bool(row.get(str(kind_of(table).row_readers)))
            for table in tables
            for row in answers.get(table.id) or ()
        )
        if count:
            journals.append((workbook, title, count))
    return journals


def as_group(course: Course, person: str) -> Sight:
    """Return how somebody's group reads what is theirs."""
    return Sight("group", tuple(live(course, person, ("group",))))


def files(course: Course, share: Share) -> list[tuple[str, str]]:
    """Return the files that a share shows: hash and name."""
    definition = course.library[share.workbook]
    _, shown = shown_answers(course, share)
    store = FileStore(course.people_dir)
    named = {
        attachment.sha256
        for attachment in attachments(definition, shown["answers"])
        if attachment.visible != TO_BE_BLURRED
    }
    records = (store.record(share.owner, sha256) for sha256 in sorted(named))
    return [(record.sha256, record.name) for record in records if record is not None]
