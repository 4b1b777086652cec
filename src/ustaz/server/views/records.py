"""One person's workbook as the pages know it: document, evaluation, rounds, status.

Status is derived here, from rounds; a participant's file says at most "ready".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from ustaz import tutorials
from ustaz.answers import Document, Subject
from ustaz.answers.merge import STATUS_STAMP
from ustaz.cohort.schema import NOT_STARTED, STATUS_NAMES
from ustaz.course import Course
from ustaz.course.identity import Identity
from ustaz.exchange import Submission, SubmissionSummary, read_round, rounds
from ustaz.exchange.manifest import travels_with, upgraded_manifest
from ustaz.exchange.model import EVIDENCE_DIR
from ustaz.exchange.snapshot import content_of, frozen_submission
from ustaz.messages import N_
from ustaz.projects import NOWHERE, Floor, floors
from ustaz.server.access import Sight, require_typist
from ustaz.server.http import HTTPProblem, number
from ustaz.server.i18n import Words
from ustaz.server.site import Site
from ustaz.server.views import confirmations
from ustaz.shares import Share
from ustaz.transcription import marks
from ustaz.workbook import Definition, Evaluation, apply_upgrades, evaluate, late_rows

#: Of a companion, which nobody submits by itself.
READY: Final = N_("Ready")


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
    shares : tuple of Share
        What its owner shows to whoever reads it, besides.
    say : callable
        Translates for the reader what stands for the name of somebody who was erased.
    tutorial : str
        Id of the tutorial whose note it is; empty for a person's own workbook.
    """

    site: Site
    person: str
    workbook: str
    audience: str = "self"
    writer: str = ""
    shares: tuple[Share, ...] = ()
    say: Callable[[str], str] = str
    tutorial: str = ""

    @property
    def subject(self) -> Subject:
        """Return whose document it is."""
        return Subject("tutorial", self.tutorial) if self.tutorial else Subject.person(self.person)

    def page(self, **query: str) -> str:
        """Return the address of the page on which it is written."""
        if self.tutorial:
            return self.site.url("tutorials", self.person, self.tutorial, "write", **query)
        if self.writer:
            return self.site.url("people", self.person, self.workbook, "enter", **query)
        return self.site.url("workbooks", self.workbook, **query)

    @property
    def course(self) -> Course:
        """Return the course."""
        return self.site.course

    def places(self, workbook: str) -> frozenset[str]:
        """Return what of a workbook its owner shows to the reader besides the audience."""
        return Sight(self.audience, self.shares).places(workbook)

    @cached_property
    def definition(self) -> Definition:
        """Return the workbook's definition."""
        return self.course.library[self.workbook]

    @cached_property
    def document(self) -> Document:
        """Return the document, empty when nothing was written yet."""
        return self.course.store.read(self.subject, self.workbook)

    @cached_property
    def linked(self) -> dict[str, Document]:
        """Return the documents of the linked workbooks."""
        subject = Subject.person(self.person)
        linked = self.course.library.linked(self.workbook)
        return {name: self.course.store.read(subject, name) for name in linked}

    @cached_property
    def confirmations(self) -> list[dict[str, Any]]:
        """Return what others confirmed."""
        return confirmations.current(
            self.site.confirmations, self.course, self.person, self.workbook, self.say
        )

    def entered(self, document: Document | None = None) -> list[marks.Mark]:
        """Return what others typed in for the owner and this audience may see."""
        document = document or self.document
        definition = self.course.library[document.workbook]
        return marks.seen_by(self.audience, self.site.entered, definition, document)

    @cached_property
    def waiting(self) -> list[marks.Mark]:
        """Return what its owner still has to read: here, and in sections of other workbooks."""
        return [
            mark
            for document in (self.document, *self._embedded)
            for mark in self.entered(document)
            if mark.open
        ]

    @cached_property
    def evaluation(self) -> Evaluation:
        """Return what the rules say, about the whole document."""
        answers = {name: document.answers for name, document in self.linked.items()}
        return evaluate(self.definition, self.document.answers, self.course.context(answers))

    @cached_property
    def every_round(self) -> list[SubmissionSummary]:
        """Return what was submitted, oldest first, in earlier projects too."""
        return list(rounds(self.course, self.person, self.workbook))

    @cached_property
    def rounds(self) -> list[SubmissionSummary]:
        """Return what was submitted in the present project, oldest first."""
        return [known for known in self.every_round if known.round > self.floor.round]

    @cached_property
    def _floors(self) -> dict[str, Floor]:
        return floors(self.course, self.person)

    @property
    def floor(self) -> Floor:
        """Return where the present project begins in this workbook."""
        return self._floors.get(self.workbook, NOWHERE)

    @property
    def last(self) -> SubmissionSummary | None:
        """Return the last round."""
        return self.rounds[-1] if self.rounds else None

    @cached_property
    def changed(self) -> bool:
        """Tell whether what would be submitted now differs from the last round."""
        last = self.last
        if last is None:
            return False
        before = last.content
        if last.definition != self.definition.version:
            # The workbook's own new version is nothing that its writer has changed.
            frozen = read_round(self.course, self.person, self.workbook, last.round)
            before = content_of(self._today(frozen), frozen.evidence)
        return before != self._content()

    def _today(self, frozen: Submission) -> dict[str, Any]:
        """Return what was submitted, in the shape of today's definitions."""
        document, library = frozen.document, self.course.library
        linked = {
            name: {
                **part,
                "answers": apply_upgrades(library[name], part["answers"], part["definition"]),
            }
            for name, part in document["linked"].items()
        }
        answers = apply_upgrades(self.definition, document["answers"], document["definition"])
        upgraded = {
            **document,
            "definition": self.definition.version,
            "answers": answers,
            "linked": linked,
        }
        if "manifest" in document:
            upgraded["manifest"] = upgraded_manifest(library, document["manifest"])
        return upgraded

    def would_send(self) -> dict[str, Any]:
        """Return what submitting now would freeze: without private answers."""
        documents = {self.workbook: self.document, **self.linked}
        subject = Subject.person(self.person)
        for name in travels_with(self.course, self.workbook):
            documents.setdefault(name, self.course.store.read(subject, name))
        return frozen_submission(self.course, self.person, self.workbook, documents, whole=False)

    def _content(self) -> str:
        frozen = self.would_send()
        folder = self.course.store.folder(Subject.person(self.person), self.workbook)
        evidence = folder / EVIDENCE_DIR
        names = sorted(path.name for path in evidence.iterdir()) if evidence.is_dir() else []
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
        """Tell whether anything was ever written, in a section of another workbook too."""
        return any(
            document.revision > self._floors.get(document.workbook, NOWHERE).revision
            for document in (self.document, *self._embedded)
        )

    @property
    def _embedded(self) -> list[Document]:
        """Return the documents that the page shows sections of, to be filled in there."""
        shown = {
            section.embed.partition("/")[0] for section in self.definition.sections if section.embed
        }
        return [document for name, document in self.linked.items() if name in shown]

    @cached_property
    def late(self) -> list[tuple[str, str]]:
        """Return the steps of a plan that are past their date; none for who is on leave."""
        if self.course.person(self.person).status != "active":
            return []
        return late_rows(self.definition, self.document.answers, self.course.today())

    @property
    def ready(self) -> bool:
        """Tell whether its owner has marked as ready what was not submitted as it is now.

        After a round the mark of before counts no more: a living plan goes on, and asks for no
        other round until its owner says so.
        """
        if self.document.status != "ready":
            return False
        return self.last is None or (self.changed and self._marked_anew)

    @property
    def _marked_anew(self) -> bool:
        """Tell whether the mark "ready" is later than what was submitted."""
        if self.last is None:
            return True
        frozen = read_round(self.course, self.person, self.workbook, self.last.round)
        marked = self.document.stamps.get(STATUS_STAMP, [0])[0]
        return int(marked) > int(frozen.document.get("revision", 0))

    @cached_property
    def unread(self) -> bool:
        """Tell whether feedback came that its owner has not opened."""
        returned = [round_.round for round_ in self.every_round if round_.returned_at]
        if not returned:
            return False
        return returned[-1] > max(
            (
                number(str(line.get("round"))) or 0
                for line in self.site.seen.entries(self.person)
                if line.get("workbook") == self.workbook
            ),
            default=0,
        )

    def status_name(self, words: Words) -> str:
        """Return the status in words."""
        if self.status == "draft" and not self.started:
            return words.plain(NOT_STARTED)
        if self.status == "ready" and self.definition.companion:
            return words.plain(READY)
        return words.plain(STATUS_NAMES[self.status])


def record(
    site: Site, person: str, workbook: str, audience: str = "self", writer: str = ""
) -> Record:
    """Return a person's workbook; refuse one that the course does not have."""
    if workbook not in site.course.library.ids:
        raise HTTPProblem(404, "no_workbook")
    known = site.course.people.get(person)
    definition = site.course.library[workbook]
    other = definition.role != "participant" and (not known or definition.role not in known.roles)
    if definition.subject != "person" or other:
        raise HTTPProblem(404, "no_workbook")
    return Record(site, person, workbook, audience, writer)


def tutorial_record(site: Site, person: str, id: str) -> Record:
    """Return the note of a tutorial; who may open it, the caller has asked."""
    entry = tutorials.find(site.course, person, id)
    return Record(site, person, tutorials.WORKBOOK, tutorial=entry.id)


def read_by(site: Site, sight: Sight, person: str, workbook: str) -> Record:
    """Return a person's workbook as somebody reads it."""
    about = record(site, person, workbook, sight.audience)
    about.shares = sight.shares
    return about


def entering_record(site: Site, who: Identity, person: str, workbook: str) -> Record:
    """Return a person's workbook for the facilitator who types in; refuse everybody else."""
    require_typist(site.course, who, person)
    return record(site, person, workbook, marks.AUDIENCE, who.person)


def find_round(about: Record, asked: str) -> SubmissionSummary:
    """Return a round by its number in an address."""
    for candidate in about.every_round:
        if candidate.round == number(asked):
            return candidate
    raise HTTPProblem(404, "no_round")
