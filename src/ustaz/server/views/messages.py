"""Messages as pages show them: whom one can write to, the list, one thread, what is new."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from ustaz import messages as texts
from ustaz.base import clock
from ustaz.course.identity import Identity
from ustaz.messages import N_
from ustaz.roster import by_name
from ustaz.roster.former import name_of
from ustaz.server.access import members
from ustaz.server.i18n import Words
from ustaz.server.site import Site
from ustaz.threads import Standing, Thread, Threads, standing, way_to
from ustaz.threads.model import UNDO

STAFF: Final = N_("Course staff")
CONCERN: Final = N_("Course staff: a concern for the programme")
EXCERPT: Final = 90


@dataclass(frozen=True, slots=True)
class Entry:
    """A thread as it stands in a list.

    Attributes
    ----------
    thread : Thread
    name : str
        Whom or what it is with or about.
    url : str
    unread : int
    excerpt : str
        How the last message begins that the reader may read.
    news : str
        Who wrote last of what they have not opened, and to what; none of the words. Empty where
        nothing is unread.
    """

    thread: Thread
    name: str
    url: str
    unread: int
    excerpt: str
    news: str = ""


def threads(site: Site) -> Threads:
    """Return the store of the course."""
    return Threads(site.course.dir)


def is_sent(site: Site, key: str, batch: str) -> bool:
    """Tell whether the message of a form is sent; `key` is its draft's: a thread, or any other."""
    thread = threads(site).get(key)
    sent = (thread,) if thread is not None else threads(site)
    return any(message.id == batch for known in sent for message in known.messages)


def token() -> str:
    """Return the id that a form's message will have; sent twice, it is kept once."""
    return secrets.token_hex(8)


def own_threads(site: Site, who: Identity) -> Iterator[tuple[Thread, Standing]]:
    """Yield what somebody may read now and has to do with, with what they may do there."""
    # Most threads of a large course are remarks on others' answers: not asked one by one.
    answers = {who.person, *(member.person for member in members(site.course, who))}
    for thread in threads(site):
        if thread.anchor is not None and thread.people[0] not in answers:
            continue
        if not _is_about(thread, who):
            continue
        rights = standing(site.course, who, thread)
        if rights is not None:
            yield thread, rights


def recipients(site: Site, who: Identity, words: Words) -> list[tuple[str, str]]:
    """Return to whom somebody may write: value and name, as the table of access has it."""
    course = site.course
    people = [
        (f"person:{person.person}", person.name) for person in by_name(course.people.values())
    ]
    groups = sorted({name for person in course.taking_part() for name in person.groups})
    schools = sorted({person.school for person in course.people.values() if person.school})
    offered = [
        ("all", words.plain(N_("Announcement to everybody"))),
        *((f"group:{name}", f"{words.plain(N_('The whole group'))}: {name}") for name in groups),
        *((f"school:{name}", f"{words.plain(N_('A school'))}: {name}") for name in schools),
        ("staff", words.plain(STAFF)),
        ("concern", words.plain(CONCERN)),
    ]
    ways = [(to, name, way_to(course, who, to)) for to, name in (*people, *offered)]
    return [(to, name) for to, name, way in ways if way is not None]


def title(site: Site, who: Identity, thread: Thread, words: Words) -> str:
    """Return whom or what a thread is with or about, for one of its readers."""

    def named(person: str) -> str:
        return name_of(site.course.people, person, words.plain)

    if thread.kind == "announcement":
        return thread.title or words.plain(N_("Announcement"))
    if thread.kind == "group":
        return f"{words.plain(N_('The whole group'))}: {thread.target}"
    if thread.kind == "peer":
        owner = thread.people[0]
        label = words.plain(N_("What I show")) if owner == who.person else named(owner)
        return f"{label}: {_about(site, thread, words)}"
    if thread.anchor is not None:
        about = _about(site, thread, words)
        owner = thread.people[0]
        return about if owner == who.person else f"{named(owner)}: {about}"
    others = [named(person) for person in thread.people if person != who.person]
    if thread.kind != "two" and who.person in thread.people:
        return words.plain(CONCERN if thread.kind == "concern" else STAFF)
    name = ", ".join(others)
    return f"{name}: {words.plain(CONCERN)}" if thread.kind == "concern" else name


def _about(site: Site, thread: Thread, words: Words) -> str:
    """Return what a comment is about: a workbook, and the question beside which a remark stands."""
    library, anchor = site.course.library, thread.anchor
    workbook = anchor.workbook if anchor else thread.scope
    definition = library[workbook] if workbook in library.ids else None
    if anchor is None:
        return words.plain(definition.title) if definition else ""
    fields = {field.id: field for field in definition.fields} if definition else {}
    if definition is None or anchor.field not in fields:
        return words.plain(N_("Remark"))
    return f"{words.plain(definition.title)}, {words.plain(fields[anchor.field].label)}"


def _news(site: Site, who: Identity, thread: Thread, rights: Standing, words: Words) -> str:
    unopened = thread.unopened(who.person, rights.since)
    if not unopened:
        return ""
    by, owner = unopened[-1].by, thread.people[0] if thread.people else ""
    people = site.course.people
    return texts.format(
        words.plain(_sentence(thread, who.person, by)),
        name=name_of(people, by, words.plain),
        owner=name_of(people, owner, words.plain),
        group=thread.target,
        about=_about(site, thread, words),
    )


def _sentence(thread: Thread, reader: str, by: str) -> str:
    """Return who wrote to what, as a sentence for one of the readers of a thread."""
    own, inside = reader in thread.people, by in thread.people
    if thread.kind == "group":
        return N_("{name} wrote to the group {group}")
    if thread.kind == "peer":
        if own:
            return N_("{name} wrote about what you show: {about}")
        if inside:
            return N_("{name} answered about their own work: {about}")
        return N_("{name} wrote about what {owner} shows: {about}")
    if thread.anchor is not None:
        if own:
            return N_("{name} wrote beside your answer: {about}")
        if inside:
            return N_("{name} answered a remark: {about}")
        return N_("{name} left a remark: {owner}, {about}")
    if own:
        return N_("{name} wrote to you") if inside else N_("{name} wrote to you as course staff")
    if not inside:
        return N_("{name} answered as course staff: {owner}")
    if thread.kind == "concern":
        return N_("{name} wrote about a concern for the programme")
    return N_("{name} wrote to the course staff")


def address(site: Site, who: Identity, thread: Thread) -> str:
    """Return where a thread is read: a remark beside its answer."""
    anchor = thread.anchor
    if anchor is None or anchor.workbook not in site.course.library.ids:
        return site.url("messages", thread.id)
    owner = thread.people[0]
    place = ("workbooks",) if owner == who.person else ("people", owner)
    return f"{site.url(*place, anchor.workbook)}#r-{thread.id}"


def entries(site: Site, who: Identity, words: Words) -> list[Entry]:
    """Return somebody's threads: unread ones first, then the latest."""
    rows = []
    for thread, rights in own_threads(site, who):
        readable = [message for message in thread.messages[rights.since :] if message.text]
        text = " ".join(readable[-1].text.split()) if readable else ""
        rows.append(
            Entry(
                thread,
                title(site, who, thread, words),
                address(site, who, thread),
                thread.unread(who.person, rights.since),
                text if len(text) <= EXCERPT else text[:EXCERPT].rstrip() + "…",
                _news(site, who, thread, rights, words),
            )
        )
    rows.sort(key=lambda row: row.thread.last_at, reverse=True)
    return sorted(rows, key=lambda row: not row.unread)


def _is_about(thread: Thread, who: Identity) -> bool:
    """Tell whether a thread is for somebody's list, and new to them on home.

    What is written about the work of one member is new to that member and to those who write
    there; the others find it on the group's page when they look.
    """
    if thread.kind != "peer":
        return True
    return who.person in (*thread.people, *(message.by for message in thread.messages))


def is_current(site: Site, thread: Thread) -> bool:
    """Tell whether an announcement still stands."""
    return not thread.ended and (thread.until is None or thread.until >= site.course.today())


def fresh(site: Site, who: Identity, words: Words) -> dict[str, Any]:
    """Return what is new for somebody: what they have not opened, and announcements that stand."""
    readable = entries(site, who, words)
    announced = [
        entry
        for entry in readable
        if entry.thread.kind == "announcement"
        and is_current(site, entry.thread)
        and who.person not in entry.thread.dismissed
        and entry.thread.by != who.person
    ]
    unread = [entry for entry in readable if entry.unread and entry.thread.kind != "announcement"]
    return {"unread": unread, "announced": announced, "count": len(unread) + len(announced)}


def days(
    site: Site, who: Identity, thread: Thread, rights: Standing, words: Words
) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return what is to be read in a thread, by the day on which it was written."""
    course, now = site.course, clock.now()
    rows: dict[str, list[dict[str, Any]]] = {}

    def on(at: str) -> list[dict[str, Any]]:
        day = dt.datetime.fromisoformat(at).astimezone(course.timezone).date()
        return rows.setdefault(words.date(day), [])

    handed = {number: (by, at) for by, at, number in thread.handed_on}
    for number, message in enumerate(thread.messages):
        if number in handed:
            on(handed[number][1]).append({"message": None, "handed_on": handed[number][0]})
        if number < rights.since:
            continue
        readers = thread.readers_of(number)
        age = now - dt.datetime.fromisoformat(message.at)
        on(message.at).append(
            {
                "message": message,
                "handed_on": "",
                "own": message.by == who.person,
                "clock": words.clock(dt.datetime.fromisoformat(message.at)),
                "readers": readers,
                "undo": message.by == who.person
                and bool(message.text)
                and not readers
                and age <= UNDO
                and who.status != "withdrawn",
            }
        )
    return list(rows.items())
