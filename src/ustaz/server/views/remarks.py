"""Remarks beside answers: where one may stand, and those that stand there, for one reader."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ustaz.course.identity import Identity
from ustaz.messages import N_
from ustaz.roster.former import name_of
from ustaz.server.access import members
from ustaz.server.http import HTTPProblem, Request
from ustaz.server.i18n import Words
from ustaz.server.site import Site
from ustaz.server.templates import render
from ustaz.server.views import messages
from ustaz.server.views.form import editable
from ustaz.server.views.records import Record, record
from ustaz.threads import Anchor, Standing, Thread, drafts, may_remark
from ustaz.threads.anchor import digest_of, quote_of
from ustaz.threads.model import MOST
from ustaz.workbook import project
from ustaz.workbook.graphemes import clipped
from ustaz.workbook.kinds import REGISTRY, Side, is_stored
from ustaz.workbook.serialize import localized

Json = Mapping[str, Any]
#: As whom a remark is written and its answer is compared: sharing adds nothing to it.
READER: Final = "facilitator"
SORT_NAMES: Final = {
    "notice": N_("What I notice"),
    "question": N_("A question"),
    "suggestion": N_("A suggestion"),
}
#: Signs of a quotation that are read without opening it.
GLANCE: Final = 200
#: How an answer stands today to what a remark was written about.
CHANGED: Final = N_("The answer has changed since.")
GONE: Final = N_("This answer is no longer there.")
UNKNOWN: Final = N_("This question is no longer in the workbook.")
EARLIER: Final = N_("This was about an earlier project.")
CLOSED: Final = N_("You may no longer read this answer.")


@dataclass(frozen=True, slots=True)
class Spot:
    """An answer beside which a facilitator may write.

    Attributes
    ----------
    place : str
        ``focus_statement``, or ``steps/ROW``.
    name : str
        The question, in the reader's language, with the number of a row.
    section : str
        Title of the section.
    quote : str
        How the answer begins.
    digest : str
    """

    place: str
    name: str
    section: str
    quote: str
    digest: str


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark as one reader sees it.

    Attributes
    ----------
    thread : Thread
    anchor : Anchor
    person : str
        Whose answer it is about.
    title : str
        The workbook's.
    where : str
        The question, in words; empty where the workbook has it no longer.
    quote : str
        What it was written about, where the reader may read it.
    state : str
        One sentence, where the answer is not what it was; else empty.
    url : str
        The page with the answer, at the remark.
    rights : Standing
    unread : int
    draft : str
        What the reader has begun to answer.
    lines : list
        As :func:`ustaz.server.views.messages.days` has them, without the days.
    """

    thread: Thread
    anchor: Anchor
    person: str
    title: str
    where: str
    quote: str
    state: str
    url: str
    rights: Standing
    unread: int
    draft: str
    lines: list[dict[str, Any]]

    @property
    def short(self) -> str:
        """Return how the quotation begins, where it is longer than a glance."""
        return clipped(self.quote, GLANCE)

    @property
    def kind(self) -> str:
        """Return what it is: a message for ``_``."""
        return SORT_NAMES[self.anchor.sort]


# -- where one may stand --------------------------------------------------------------------------
def spots(about: Record, words: Words) -> list[Spot]:
    """Return the answers of a workbook that its facilitators may read, in its order."""
    definition, document = about.definition, about.document
    shown = project(definition, document.answers, READER)["answers"]
    linked = {name: part.answers for name, part in about.linked.items()}
    side = Side(words.lang, linked)
    by_id = {field.id: field for field in definition.fields}
    rows: list[Spot] = []
    for section in localized(definition, words.lang)["sections"]:
        for json in section.get("fields") or ():
            field = by_id[json["id"]]
            if READER not in field.audiences or not is_stored(field):
                continue
            if field.columns:
                rows += _row_spots(json, shown.get(field.id) or (), section["title"], side)
                continue
            quote = REGISTRY[json["kind"]].in_words(side, json, shown)
            digest = digest_of(shown.get(field.id))
            rows.append(Spot(field.id, json["label"], section["title"], quote_of(quote), digest))
    return rows


def _row_spots(json: Json, rows: Iterable[Json], section: str, side: Side) -> Iterator[Spot]:
    for at, row in enumerate(rows, 1):
        texts = [REGISTRY[column["kind"]].in_words(side, column, row) for column in json["columns"]]
        quote = quote_of(" · ".join(text for text in texts if text))
        name = f"{json['label']}: {json['row_name']} {at}"
        content = {key: value for key, value in row.items() if key != "id"}
        yield Spot(f"{json['id']}/{row['id']}", name, section, quote, digest_of(content))


def value_of(person: str, workbook: str, place: str) -> str:
    """Return a place as a form posts it, and as a draft keeps it."""
    return f"remark:{person}/{workbook}/{place}"


def draft_key(person: str, workbook: str) -> str:
    """Return under which key the begun remark on somebody's workbook is kept."""
    return hashlib.sha256(f"remark:{person}/{workbook}".encode()).hexdigest()[:12]


def begun(site: Site, kept: Mapping[str, drafts.Draft], words: Words) -> Iterator[tuple[str, str]]:
    """Yield the remarks that somebody has begun and not sent: address and name."""
    course = site.course
    for draft in kept.values():
        sort, _, place = draft.to.partition(":")
        person, _, rest = place.partition("/")
        workbook = rest.partition("/")[0]
        if sort == "remark" and person in course.people and workbook in course.library.ids:
            name = name_of(course.people, person, words.plain)
            title = words.plain(course.library[workbook].title)
            yield site.url("people", person, workbook) + "#remark", f"{name}: {title}"


# -- those that stand -----------------------------------------------------------------------------
def of_person(
    site: Site, who: Identity, person: str, words: Words, workbooks: Iterable[str] | None = None
) -> list[Remark]:
    """Return the remarks on somebody's answers that `who` may read, as they were written."""
    return of_people(site, who, [person], words, workbooks)[person]


def of_people(
    site: Site,
    who: Identity,
    people: Collection[str],
    words: Words,
    workbooks: Iterable[str] | None = None,
) -> dict[str, list[Remark]]:
    """Return the same for several people, by person; the threads are looked through once."""
    only = None if workbooks is None else frozenset(workbooks)
    begun = drafts.read(site.course.dir, who.person)
    known: dict[tuple[str, str], tuple[Record, dict[str, Spot]]] = {}
    remarks: dict[str, list[Remark]] = {person: [] for person in people}
    for thread, rights in messages.own_threads(site, who):
        anchor = thread.anchor
        if anchor is None or thread.people[0] not in remarks:
            continue
        if only is not None and anchor.workbook not in only:
            continue
        place = (thread.people[0], anchor.workbook)
        if place not in known:
            known[place] = _spots_in(site, *place, words)
        about, by_place = known[place]
        draft = begun[thread.id].text if thread.id in begun else ""
        spot = by_place.get(anchor.place)
        remarks[about.person].append(_remark(who, thread, rights, about, spot, words, draft))
    return {
        person: sorted(those, key=lambda remark: remark.thread.at)
        for person, those in remarks.items()
    }


def of_thread(site: Site, who: Identity, thread: Thread, words: Words) -> Remark | None:
    """Return a thread as the remark that it is; None for any other one."""
    if thread.anchor is None:
        return None
    wanted = of_person(site, who, thread.people[0], words, (thread.anchor.workbook,))
    return next((remark for remark in wanted if remark.thread.id == thread.id), None)


def _spots_in(
    site: Site, person: str, workbook: str, words: Words
) -> tuple[Record, dict[str, Spot]]:
    try:
        about = record(site, person, workbook)
    except HTTPProblem:  # the course has the workbook no longer
        return Record(site, person, workbook), {}
    return about, {spot.place: spot for spot in spots(about, words)}


def _remark(
    who: Identity,
    thread: Thread,
    rights: Standing,
    about: Record,
    spot: Spot | None,
    words: Words,
    draft: str,
) -> Remark:
    anchor, site = thread.anchor, about.site
    assert anchor is not None  # noqa: S101 - the caller has looked
    own = who.person == about.person
    state = _state(about, anchor, spot, own=own)
    title = where = ""
    if about.workbook in site.course.library.ids:
        title = words.plain(about.definition.title)
        where = spot.name if spot else _question(about, anchor, words)
    at = ("workbooks", anchor.workbook) if own else ("people", about.person, anchor.workbook)
    days = messages.days(site, who, thread, rights, words)
    return Remark(
        thread=thread,
        anchor=anchor,
        person=about.person,
        title=title,
        where=where,
        quote="" if state == CLOSED else anchor.quote,
        state=state,
        url=f"{site.url(*at)}#r-{thread.id}",
        rights=rights,
        unread=thread.unread(who.person, rights.since),
        draft=draft,
        lines=[{**line, "day": day} for day, lines in days for line in lines],
    )


def _state(about: Record, anchor: Anchor, spot: Spot | None, *, own: bool) -> str:
    if about.workbook not in about.course.library.ids:
        return UNKNOWN
    if anchor.revision <= about.floor.revision and about.floor.revision:
        return EARLIER
    fields = {field.id: field for field in about.definition.fields}
    if anchor.field not in fields:
        return UNKNOWN
    if spot is not None:
        if spot.digest == anchor.digest:
            return ""
        return CHANGED if spot.digest else GONE
    if not _is_there(about, anchor):
        return GONE
    return "" if own else CLOSED


def _is_there(about: Record, anchor: Anchor) -> bool:
    """Tell whether the answer is there for its writer, whoever else may read it."""
    value = about.document.answers.get(anchor.field)
    if not anchor.row or not isinstance(value, list):
        return value not in (None, "", [], {})
    return any(row["id"] == anchor.row for row in value)


def _question(about: Record, anchor: Anchor, words: Words) -> str:
    for field in about.definition.fields:
        if field.id == anchor.field:
            return words.plain(field.label)
    return ""


def settled_last(remarks: Iterable[Remark]) -> list[Remark]:
    """Return remarks with those that are dealt with at the end."""
    return sorted(remarks, key=lambda remark: bool(remark.thread.settled))


def groups(
    request: Request, remarks: Iterable[Remark], about: Record | None = None
) -> dict[str, Any]:
    """Return what the page of remarks shows: by the workbook that they are about."""
    course, words = request.site.course, request.words
    parts: dict[tuple[str, str], list[Remark]] = {}
    for remark in remarks:
        parts.setdefault((remark.person, remark.title), []).append(remark)
    return {
        "parts": [
            ("" if person == request.who.person else name_of(course.people, person, words.plain))
            + (": " if person != request.who.person and title else "")
            + title
            for person, title in parts
        ],
        "by_part": list(parts.values()),
        "about": about,
        "target_of": (lambda remark: target(about, remark.anchor)) if about else None,
        "most": MOST,
        "token": messages.token,
    }


def readable(site: Site, who: Identity, words: Words) -> list[Remark]:
    """Return every remark that somebody may read, by person and workbook, open ones first."""
    people = [who.person] if who.has("participant") else []
    people += [member.person for member in members(site.course, who)] if who.roles else []
    seen = [
        person
        for person in dict.fromkeys(people)
        if person == who.person or may_remark(site.course, who, person)
    ]
    by_person = of_people(site, who, seen, words)
    return [remark for person in seen for remark in settled_last(by_person[person])]


# -- beside the answers ---------------------------------------------------------------------------
def on_page(request: Request, about: Record) -> list[Remark]:
    """Return the remarks on the answers that a workbook's page shows."""
    if about.writer or about.tutorial:
        return []
    shown = editable(about)
    return of_person(request.site, request.who, about.person, request.words, shown)


def beside(
    request: Request, about: Record, remarks: Iterable[Remark]
) -> tuple[dict[tuple[str, str], str], list[Remark]]:
    """Return HTML by workbook and field for a form, and the remarks that have no field there."""
    fields = {
        (name, field.id) for name in editable(about) for field in about.course.library[name].fields
    }
    by_field: dict[tuple[str, str], list[Remark]] = {}
    rest = []
    for remark in remarks:
        place = (remark.anchor.workbook, remark.anchor.field)
        if place in fields and remark.state != EARLIER:
            by_field.setdefault(place, []).append(remark)
        else:
            rest.append(remark)
    drawn = {place: _drawn(request, about, those) for place, those in by_field.items()}
    return drawn, settled_last(rest)


def _drawn(request: Request, about: Record, remarks: list[Remark]) -> str:
    body = render(
        request.site,
        request.words,
        "remarks_beside.html",
        identity=request.identity,
        path=request.path,
        xsrf=request.xsrf,
        remarks=settled_last(remarks),
        target=target(about, remarks[0].anchor),
        most=MOST,
        token=messages.token,
    )
    return body.decode().strip()


def target(about: Record, anchor: Anchor) -> str:
    """Return the id of the element beside which a remark stands on a page."""
    between = () if anchor.workbook == about.workbook else (anchor.workbook,)
    return "-".join(("uz", about.workbook, *between, anchor.field))


def writing(request: Request, about: Record, text: str = "", to: str = "") -> dict[str, Any]:
    """Return what the form for a new remark holds: what was refused, or begun before."""
    who, key = request.who, draft_key(about.person, about.workbook)
    begun_before = drafts.read(request.site.course.dir, who.person).get(key)
    kept = begun_before or drafts.Draft("")
    return {
        "remark_key": key,
        "remark_text": text or kept.text,
        "remark_to": to or kept.to,
        "remark_sort": request.form.get("sort", ""),
        "remark_place": lambda spot: value_of(about.person, about.workbook, spot.place),
        "target_of": lambda remark: target(about, remark.anchor),
        "most": MOST,
        "token": messages.token,
    }


def on_reading_page(
    request: Request, about: Record, beside_: list[Remark], refused: tuple[str, str] | None
) -> dict[str, Any]:
    """Return what a page that is read says of remarks; the form is there where it is asked for.

    Most visits read: they load neither its script nor its style.
    """
    fields = writing(request, about, *(refused or ("", "")))
    places = offered(request, about)
    asked = bool(beside_ or refused or fields["remark_text"] or "remarks" in request.query)
    return {**fields, "spots": places if asked else [], "may_remark": bool(places)}


def offered(request: Request, about: Record) -> list[tuple[str, list[Spot]]]:
    """Return by section the answers beside which whoever asks may write; none for most readers."""
    if about.tutorial or not may_remark(about.course, request.who, about.person):
        return []
    sections: dict[str, list[Spot]] = {}
    for spot in spots(about, request.words):
        sections.setdefault(spot.section, []).append(spot)
    return list(sections.items())


def mark_read(request: Request, remarks: Iterable[Remark]) -> None:
    """Note that somebody has opened the page on which remarks stand."""
    store = messages.threads(request.site)
    for remark in remarks:
        if remark.unread:
            store.read(remark.thread.id, request.who.person)
