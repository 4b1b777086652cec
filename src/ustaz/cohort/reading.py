"""The one reader of a course's tables: for whoever asks, in files or in PostgreSQL.

How each person is read stands in a :class:`Sight`, which the access of the server decides. What
cannot be read is a row that says so, and never a row that is missing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ustaz.answers import Document, StoreError, Subject
from ustaz.base import clock
from ustaz.calendar import moves
from ustaz.calendar.entries import entries, span
from ustaz.cohort.schema import FRAMES, READERS
from ustaz.config_files.last_good import read_bytes
from ustaz.course import Course
from ustaz.deadlines.due import due, spelt
from ustaz.exchange import SubmissionSummary, rounds
from ustaz.projects import NOWHERE, Floor, floors
from ustaz.roster.people import ROSTER_FILE, Person, parse_table
from ustaz.sessions.attendance import attendance
from ustaz.workbook import Definition, PlainTable, late_rows, plain_tables, project
from ustaz.workbook.evaluate import Evaluator
from ustaz.workbook.evaluation import Answers

__all__ = ["Sight", "Tables", "everything", "offered"]

REGION: Final = "region"
UNREADABLE: Final = "unreadable"
#: What is wrong with one document, and not with the place where all of them are.
OF_THE_DOCUMENT: Final = frozenset({"damaged", "newer", "no_upgrade", "unsafe", "too_large"})


def _nothing(definition: Definition, answers: Answers) -> Collection[str]:  # noqa: ARG001
    return ()


@dataclass(frozen=True, slots=True)
class Sight:
    """As which audience somebody reads one person, and what that person shows them besides."""

    audience: str
    places: Callable[[Definition, Answers], Collection[str]] = _nothing


def everything(course: Course) -> dict[str, Sight]:
    """Return what course staff read: of every participant what the workbooks open to staff."""
    return {person.person: Sight("staff") for person in course.with_role("participant")}


def offered(course: Course) -> list[str]:
    """Return the workbooks of the course's year, those that they refer to included."""
    known = course.library.ids
    own = [name for name in (*course.assignments, *course.companions) if name in known]
    linked = [name for workbook in own for name in course.library.linked(workbook)]
    return list(dict.fromkeys([*own, *linked]))


@dataclass(slots=True)
class _Writings:
    """The documents of one person, each read once."""

    course: Course
    person: str
    links: Mapping[str, tuple[str, ...]]
    known: dict[str, Document | None] = field(default_factory=dict)

    def read(self, workbook: str) -> Document | None:
        """Return a document; None where it cannot be read."""
        if workbook not in self.known:
            try:
                read = self.course.store.read(Subject.person(self.person), workbook)
            except StoreError as error:
                if error.id not in OF_THE_DOCUMENT:
                    raise  # the whole place is away: half of a course would look like a course
                read = None
            self.known[workbook] = read
        return self.known[workbook]

    def linked(self, workbook: str) -> dict[str, Document | None]:
        """Return the documents of the workbooks that one refers to."""
        return {name: self.read(name) for name in self.links[workbook]}


class Tables:
    """The tables of a course for one reader.

    Parameters
    ----------
    course : Course
    sights : mapping
        Who is in them, and how each is read.
    role : str
        ``facilitator`` or ``staff``: which columns there are.
    groups : collection of str, optional
        Whose meetings are in them; default every group's.
    lang : str
        Of titles.
    say : callable
        Translates a workbook's title.
    """

    def __init__(
        self,
        course: Course,
        sights: Mapping[str, Sight],
        *,
        role: str = "staff",
        groups: Collection[str] | None = None,
        lang: str = "en",
        say: Callable[[str], str] = str,
    ) -> None:
        if role not in READERS:
            raise ValueError(role)
        self.course = course
        self.sights = sights
        self.role = role
        self.lang = lang
        self.say = say
        own = {group for person in course.with_role("participant") for group in person.groups}
        self.groups = sorted(own if groups is None else own.intersection(groups))
        self._people = [course.people[person] for person in sights if person in course.people]
        # What follows from the workbooks alone is worked out once, and not for each person.
        self._offered = offered(course)
        links = {name: tuple(course.library.linked(name)) for name in self._offered}
        self._evaluators: dict[str, Evaluator] = {}
        self._empty: dict[str, tuple[int, int]] = {}
        self._floors: dict[str, Mapping[str, Floor]] = {}
        self._writings = {
            person.person: _Writings(course, person.person, links) for person in self._people
        }
        self._rounds: dict[tuple[str, str], list[SubmissionSummary]] = {}

    # -- tables of the course ---------------------------------------------------------------------
    def frames(self, names: Iterable[str] = FRAMES) -> list[PlainTable]:
        """Return the tables of the course, without answers; each is there without rows too."""
        makers: dict[str, Callable[[], Iterator[dict[str, Any]]]] = {
            "people": self._people_rows,
            "workbooks": self._workbook_rows,
            "rounds": self._round_rows,
            "sessions": self._session_rows,
            "attendance": self._attendance_rows,
            "calendar": self._calendar_rows,
        }
        return [self._plain(name, makers[name]()) for name in names]

    def _plain(self, name: str, rows: Iterator[dict[str, Any]]) -> PlainTable:
        columns = FRAMES[name].for_role(self.role)
        return PlainTable(
            name,
            tuple((column.name, column.type) for column in columns),
            [[row.get(column.name) for column in columns] for row in rows],
        )

    def _people_rows(self) -> Iterator[dict[str, Any]]:
        regions = _regions(self.course)
        for person in self._people:
            yield {
                "person": person.person,
                "name": person.name,
                "group": person.group,
                "school": person.school,
                "region": regions.get(person.person, ""),
                "lang": person.lang,
                "status": person.status,
            }

    def _workbook_rows(self) -> Iterator[dict[str, Any]]:
        for person in self._people:
            low = self._low(person.person)
            for workbook in self._offered:
                present = [
                    sent
                    for sent in self._sent(person.person, workbook)
                    if sent.round > low.get(workbook, NOWHERE).round
                ]
                yield {
                    "person": person.person,
                    "workbook": workbook,
                    "title": self.say(self.course.library[workbook].title),
                    **self._progress(person, workbook, present),
                    **self._expected(person, workbook, present),
                    "rounds": len(present),
                    "submitted_at": _iso(present[-1].receipt.received_at) if present else None,
                    "returned_at": max(
                        (sent.returned_at for sent in present if sent.returned_at), default=None
                    ),
                }

    def _progress(
        self, person: Person, workbook: str, sent: list[SubmissionSummary]
    ) -> dict[str, Any]:
        writings, definition = self._writings[person.person], self.course.library[workbook]
        document, linked = writings.read(workbook), writings.linked(workbook)
        if document is None or None in linked.values():
            return {"status": UNREADABLE}
        documents = {name: other for name, other in linked.items() if other is not None}
        answered, of = self._counted(definition, document, documents)
        late = late_rows(definition, document.answers, self.course.today())
        return {
            "status": self._status(person.person, document, documents, sent),
            "answered": answered,
            "of": of,
            "revision": document.revision,
            "lang": document.lang if document.revision else "",
            "updated_at": document.updated_at if document.revision else None,
            "late_steps": len(late) if person.status == "active" else 0,
        }

    def _counted(
        self, definition: Definition, document: Document, linked: Mapping[str, Document]
    ) -> tuple[int, int]:
        """Return how many questions are answered, and of how many.

        Most workbooks of most people are empty, and what is empty counts alike for everybody.
        """
        empty = not document.answers and not any(other.answers for other in linked.values())
        if empty and definition.id in self._empty:
            return self._empty[definition.id]
        evaluator = self._evaluators.get(definition.id)
        if evaluator is None:
            evaluator = self._evaluators[definition.id] = Evaluator(definition)
        counted = evaluator(
            document.answers,
            self.course.context({name: other.answers for name, other in linked.items()}),
        )
        if empty:
            self._empty[definition.id] = (counted.answered, counted.of)
        return counted.answered, counted.of

    def _low(self, person: str) -> Mapping[str, Floor]:
        """Return where a person's present project begins, read once."""
        if person not in self._floors:
            self._floors[person] = floors(self.course, person)
        return self._floors[person]

    def _status(
        self,
        person: str,
        document: Document,
        linked: Mapping[str, Document],
        sent: list[SubmissionSummary],
    ) -> str:
        if sent:
            last = sent[-1].status
            return last if last in {"returned", "accepted"} else "submitted"
        low = self._low(person)
        sections = self.course.library[document.workbook].sections
        embedded = {section.embed.partition("/")[0] for section in sections if section.embed}
        begun = any(
            written.revision > low.get(written.workbook, NOWHERE).revision
            for written in (document, *(linked[name] for name in embedded if name in linked))
        )
        return document.status if begun or document.status != "draft" else "none"

    def _expected(
        self, person: Person, workbook: str, sent: list[SubmissionSummary]
    ) -> dict[str, Any]:
        every = self._sent(person.person, workbook)
        named = due(self.course, workbook, person.person)
        if named is None or (every and not sent):
            # Its day was met by an earlier project; nothing is late about a second one.
            return {"due": None, "extended": False, "overdue": False}
        waits = not every and person.status == "active"
        return {
            "due": named.day.isoformat(),
            "extended": named.shift is not None,
            "overdue": waits and named.is_late(clock.now()),
        }

    def _sent(self, person: str, workbook: str) -> list[SubmissionSummary]:
        key = (person, workbook)
        if key not in self._rounds:
            handed_in = workbook in self.course.assignments
            self._rounds[key] = list(rounds(self.course, *key)) if handed_in else []
        return self._rounds[key]

    def _round_rows(self) -> Iterator[dict[str, Any]]:
        for person in self._people:
            low = self._low(person.person)
            for workbook in self._offered:
                floor = low.get(workbook, NOWHERE).round
                for sent in self._sent(person.person, workbook):
                    receipt = sent.receipt
                    yield {
                        "person": person.person,
                        "workbook": workbook,
                        "round": sent.round,
                        "present": sent.round > floor,
                        "received_at": _iso(receipt.received_at),
                        "late": receipt.late,
                        "answered": receipt.answered,
                        "of": receipt.of,
                        "lang": sent.lang,
                        "definition": sent.definition,
                        "status": sent.status,
                        "returned_at": sent.returned_at,
                        "days_to_feedback": _days(receipt.received_at, sent.returned_at),
                    }

    def _session_rows(self) -> Iterator[dict[str, Any]]:
        shared = moves.shared(self.course)
        for event in self.course.events:
            for group in self.groups or [""]:
                names = spelt(self.course, "group", group) if group else []
                if event.groups and not set(event.groups).intersection(names):
                    continue
                standing = (shared.for_("group", name, event.id) for name in names)
                moved = next((move for move in standing if move), None)
                slot = moved.slot if moved else event.slot
                start, end, _ = span(slot, self.course.timezone)
                yield {
                    "event": event.id,
                    "kind": event.kind,
                    "title": event.title(self.lang),
                    "group": group,
                    "day": slot.day.isoformat(),
                    "start": _iso(start),
                    "end": _iso(end),
                    "minutes": round((end - start).total_seconds() / 60) if start and end else None,
                    "place": slot.place,
                    "moved": moved is not None,
                    "cancelled": slot.cancelled,
                }

    def _attendance_rows(self) -> Iterator[dict[str, Any]]:
        for meeting in attendance(self.course):
            kept = meeting.meeting
            if meeting.person in self.sights and kept.group in self.groups:
                yield {
                    "person": meeting.person,
                    "group": kept.group,
                    "event": kept.plan.event,
                    "title": kept.plan.title,
                    "day": meeting.day.isoformat(),
                    "present": meeting.present,
                }

    def _calendar_rows(self) -> Iterator[dict[str, Any]]:
        for person in self._people:
            for entry in entries(self.course, person.person, steps=False):
                if entry.kind == "due":
                    named = due(self.course, entry.workbook, person.person)
                    moved = named is not None and named.shift is not None
                else:
                    moved = entry.move is not None
                yield {
                    "person": person.person,
                    "kind": entry.kind,
                    "what": entry.event.id if entry.event else entry.workbook,
                    "title": entry.title(self.lang, self.say),
                    "day": entry.day.isoformat(),
                    "start": _iso(entry.start),
                    "moved": moved,
                    "cancelled": entry.slot.cancelled,
                }

    # -- tables of answers ------------------------------------------------------------------------
    def fields(self, workbook: str) -> list[PlainTable]:
        """Return the tidy tables of a workbook, each person's answers projected to the reader.

        Who has not begun, and who does not open any of it to this reader, has no rows. A document
        that cannot be read is none either: `workbooks` has it as unreadable.
        """
        definition = self.course.library[workbook]
        return list(plain_tables(definition, self._answers(definition)))

    def _answers(self, definition: Definition) -> Iterator[tuple[str, Answers]]:
        for person in self._people:
            document = self._writings[person.person].read(definition.id)
            if document is None or not document.revision:
                continue
            reader = self.sights[person.person]
            places = frozenset(reader.places(definition, document.answers))
            yield (
                person.person,
                project(definition, document.answers, reader.audience, places)["answers"],
            )


def _iso(when: dt.datetime | None) -> str | None:
    return None if when is None else when.astimezone(dt.UTC).isoformat(timespec="seconds")


def _days(received: dt.datetime, returned: str | None) -> float | None:
    if not returned:
        return None
    waited = dt.datetime.fromisoformat(returned) - received
    return round(max(waited.total_seconds(), 0.0) / 86400, 2)


def _regions(course: Course) -> dict[str, str]:
    """Return the cells of a column "region" of people.csv, where there is one."""
    path = course.dir / ROSTER_FILE
    if not course.people or course.roster_fault is not None:
        return {}
    rows = parse_table(read_bytes(path, "bad_roster"), path).rows
    return {person: (row.get(REGION) or "").strip() for person, row in rows.items()}
