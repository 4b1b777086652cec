"""One person's workbook as the pages know it: document, evaluation, rounds, status.

Status is derived here, from rounds; a participant's file says at most "ready".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from ustaz import messages
from ustaz.answers import Document, Subject
from ustaz.course import Course
from ustaz.entered import Mark
from ustaz.exchange import Round, rounds
from ustaz.exchange.model import EVIDENCE_DIR
from ustaz.exchange.snapshot import content_of, freeze, linked_snapshot, visible_to_staff
from ustaz.identity import Identity
from ustaz.messages import N_
from ustaz.server import confirmations, entering
from ustaz.server.http import Refusal, Visit
from ustaz.server.site import Site
from ustaz.server.words import Words, zoned
from ustaz.workbook import Definition, Evaluation, evaluate, project

STATUS_NAMES: Final = {
    "draft": N_("In work"),
    "ready": N_("Ready to submit"),
    "submitted": N_("Submitted"),
    "returned": N_("Feedback has come"),
    "accepted": N_("Accepted"),
}
NOT_STARTED: Final = N_("Not started yet")
PUBLIC_KEYS: Final = (
    "format",
    "workbook",
    "definition",
    "subject",
    "lang",
    "status",
    "revision",
    "created_at",
    "updated_at",
    "answers",
)


@dataclass
class Record:
    """A person's workbook, read when it is asked for.

    Attributes
    ----------
    site : Site
    person, workbook : str
    audience : str
        As which audience it is read; everything shown is projected to it. A ``reviewer`` reads
        submitted rounds, projected as for staff.
    writer : str
        Who types in for the owner; empty where nobody does.
    say : callable
        Translates for the reader what stands for the name of somebody who was erased.
    """

    site: Site
    person: str
    workbook: str
    audience: str = "self"
    writer: str = ""
    say: Callable[[str], str] = str

    @property
    def course(self) -> Course:
        """Return the course."""
        return self.site.course

    @cached_property
    def definition(self) -> Definition:
        """Return the workbook's definition."""
        return self.course.library[self.workbook]

    @cached_property
    def document(self) -> Document:
        """Return the document, empty when nothing was written yet."""
        return self.course.store.read(Subject.person(self.person), self.workbook)

    @cached_property
    def linked(self) -> dict[str, Document]:
        """Return the documents of the linked workbooks."""
        subject = Subject.person(self.person)
        linked = self.course.library.linked(self.workbook)
        return {one: self.course.store.read(subject, one) for one in linked}

    @cached_property
    def confirmations(self) -> list[dict[str, Any]]:
        """Return what others confirmed."""
        return confirmations.current(
            self.site.confirmations, self.course, self.person, self.workbook, self.say
        )

    def entered(self, document: Document | None = None) -> list[Mark]:
        """Return what others typed in for the owner and this audience may see."""
        return entering.seen_by(
            self.audience, self.site.entered, self.course, document or self.document
        )

    @cached_property
    def waiting(self) -> list[Mark]:
        """Return what its owner still has to read: here, and in sections of other workbooks."""
        shown = {one.embed.partition("/")[0] for one in self.definition.sections if one.embed}
        documents = [self.document, *(one for name, one in self.linked.items() if name in shown)]
        return [mark for one in documents for mark in self.entered(one) if mark.open]

    @cached_property
    def evaluation(self) -> Evaluation:
        """Return what the rules say, about the whole document."""
        answers = {name: one.answers for name, one in self.linked.items()}
        return evaluate(self.definition, self.document.answers, self.course.context(answers))

    @cached_property
    def rounds(self) -> list[Round]:
        """Return what was submitted, oldest first."""
        return list(rounds(self.course, self.person, self.workbook))

    @property
    def last(self) -> Round | None:
        """Return the last round."""
        return self.rounds[-1] if self.rounds else None

    @cached_property
    def changed(self) -> bool:
        """Tell whether what would be submitted now differs from the last round."""
        return self.last is not None and self.last.content != self._content()

    def _content(self) -> str:
        answers = visible_to_staff(self.definition, self.document.answers)
        library = self.course.library
        shown = linked_snapshot(
            self.definition,
            answers["answers"],
            library,
            lambda one: (library[one].version, self.linked[one].answers),
        )
        frozen = freeze(self.definition, self.document.to_json(), shown, answers)
        folder = self.course.store.folder(Subject.person(self.person), self.workbook)
        evidence = folder / EVIDENCE_DIR
        names = sorted(one.name for one in evidence.iterdir()) if evidence.is_dir() else []
        return content_of(frozen, dict.fromkeys(names, 0))

    @property
    def status(self) -> str:
        """Return the status: a round decides, else what the owner says."""
        if self.last is not None:
            if self.last.status in {"returned", "accepted"}:
                return self.last.status
            return "submitted"
        return self.document.status

    @property
    def started(self) -> bool:
        """Tell whether anything was ever written."""
        return self.document.revision > 0

    @cached_property
    def unread(self) -> bool:
        """Tell whether feedback came that its owner has not opened."""
        returned = [one.round for one in self.rounds if one.returned_at]
        if not returned:
            return False
        return returned[-1] > max(
            (
                int(line.get("round", 0))
                for line in self.site.seen.entries(self.person)
                if line.get("workbook") == self.workbook
            ),
            default=0,
        )

    def status_name(self, words: Words) -> str:
        """Return the status in words."""
        if self.status == "draft" and not self.started:
            return words.plain(NOT_STARTED)
        return words.plain(STATUS_NAMES[self.status])

    # -- what is given out ------------------------------------------------------------------
    def public(self, document: Document, definition: Definition) -> dict[str, Any]:
        """Return a document without bookkeeping, projected to the audience."""
        data = {key: value for key, value in document.to_json().items() if key in PUBLIC_KEYS}
        for key in ("created_at", "updated_at"):
            data[key] = zoned(data[key], self.course.timezone)
        if not document.revision:
            # Nobody has written yet: people are expected to write in their own language.
            data["lang"] = self.course.person(self.person).lang
        if self.audience != "self":
            shown = project(definition, document.answers, self.audience)
            data["answers"] = shown["answers"]
            data["withheld"] = shown["withheld"]
        marks = self.entered(document)
        if marks:
            data["entered"] = [entering.told(one, self.course, self.say) for one in marks]
        return data

    def evaluation_json(self) -> dict[str, Any]:
        """Return the evaluation; another reader gets no findings about what is withheld."""
        data = self.evaluation.to_json()
        if self.audience != "self":
            hidden = set(project(self.definition, self.document.answers, self.audience)["withheld"])
            for section in data["sections"]:
                section["findings"] = [
                    one for one in section["findings"] if one["field"] not in hidden
                ]
        for section in data["sections"]:
            if self.audience != "staff":
                section.pop("points", None)
                section.pop("score", None)
        return data

    def rounds_json(self) -> list[dict[str, Any]]:
        """Return the rounds as the front end lists them."""
        listed = []
        for one in self.rounds:
            data = one.to_dict(self.course.timezone)
            data["current"] = one is self.last and not self.changed
            data["feedback"] = one.returned_at is not None
            listed.append(data)
        return listed

    def progress(self) -> dict[str, Any]:
        """Return the counts and the status: what home pages show."""
        due = self.course.due(self.workbook)
        last = self.last
        return {
            "workbook": self.workbook,
            "answered": self.evaluation.answered,
            "of": self.evaluation.of,
            "status": self.status,
            "started": self.started,
            "changed": self.changed,
            "due": due.isoformat() if due else None,
            "days_left": (due - self.course.today()).days if due else None,
            "round": last.round if last else None,
            "submitted_at": last.receipt.received_at.astimezone(self.course.timezone).isoformat(
                timespec="seconds"
            )
            if last
            else None,
            "feedback": self._feedback(),
            "entered": len(self.waiting),
        }

    def _feedback(self) -> dict[str, Any] | None:
        returned = [one for one in self.rounds if one.returned_at]
        if not returned:
            return None
        one = returned[-1]
        return {"round": one.round, "returned_at": one.returned_at, "unread": self.unread}

    def page_data(self, words: Words, mode: str) -> dict[str, Any]:
        """Return everything that a workbook page starts with."""
        translate = self.say = words.plain
        library = self.course.library
        person = self.course.people.get(self.person)
        return {
            "api": f"{self.site.base}api/v1",
            "workbook": self.workbook,
            "lang": words.lang,
            "draft": words.draft,
            "mode": mode,
            "about": None if self.audience == "self" else self.person,
            "xsrf_cookie": "_xsrf",
            "definition": self.definition.compiled(translate),
            "document": self.public(self.document, self.definition),
            "linked": {
                name: {
                    "definition": library[name].compiled(translate),
                    "document": self.public(document, library[name]),
                }
                for name, document in self.linked.items()
            },
            "evaluation": self.evaluation_json(),
            "status": self.status,
            "rounds": self.rounds_json(),
            "confirmations": self.confirmations,
            "context": {
                "today": self.course.today().isoformat(),
                "programme_start": self.course.start.isoformat(),
                "programme_end": self.course.end.isoformat(),
            },
            "person": {"id": self.person, "name": person.name if person else self.person},
            "writer": self.writer or (self.person if mode == "edit" else None),
            "home": self.site.base,
            "languages": list(self.course.languages),
            "assignment": self.workbook in self.course.assignments,
        }


def record(
    site: Site, person: str, workbook: str, audience: str = "self", writer: str = ""
) -> Record:
    """Return a person's workbook; refuse one that the course does not have."""
    if workbook not in site.course.library.ids:
        raise Refusal(404, "no_workbook")
    return Record(site, person, workbook, audience, writer)


def entering_record(site: Site, who: Identity, person: str, workbook: str) -> Record:
    """Return a person's workbook for the facilitator who types in; refuse everybody else."""
    entering.require(site.course, who, person)
    return record(site, person, workbook, entering.AUDIENCE, who.person)


def page_data(visit: Visit, one: Record, mode: str) -> dict[str, Any]:
    """Return what a page of a workbook starts with, its words and for whom it is made included."""
    data = one.page_data(visit.words, mode)
    data["messages"] = messages.frontend(visit.lang)
    data["reader"] = visit.who.person
    return data


def find_round(one: Record, number: str) -> Round:
    """Return a round by its number in an address."""
    for candidate in one.rounds:
        if candidate.round == int(number):
            return candidate
    raise Refusal(404, "no_round")
