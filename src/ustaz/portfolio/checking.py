"""What a portfolio still lacks, for its owner: green where something is there, amber where not.

Nothing here blocks: a portfolio can be handed in as it is. Each line says where to go.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ustaz.answers import Document, Subject
from ustaz.base.evidence import TO_BE_BLURRED
from ustaz.course import Course
from ustaz.exchange.manifest import travels_with
from ustaz.files import FileStore
from ustaz.messages import N_, translator
from ustaz.messages import format as fill_in
from ustaz.portfolio.model import Portfolio
from ustaz.workbook import Definition, attachments, evaluate


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the contents check.

    Attributes
    ----------
    good : bool
        Green; else amber: something is missing, or worth a look.
    text : str
    workbooks : tuple of (str, str)
        Where to go: id and title.
    """

    good: bool
    text: str
    workbooks: tuple[tuple[str, str], ...] = ()


def contents_check(course: Course, person: str, model: Portfolio) -> list[Check]:
    """Return what the owner's portfolio holds and what it lacks, amber first."""
    subject = Subject.person(person)
    names = (model.own.workbook, *travels_with(course, model.own.workbook))
    documents = {name: course.store.read(subject, name) for name in names}
    checker = _Checker(course, person, model, documents)
    checks = [*checker.own(), *checker.criteria(), *checker.workbooks(), *checker.files()]
    return sorted(checks, key=lambda check: check.good)


@dataclass(frozen=True, slots=True)
class _Checker:
    course: Course
    person: str
    model: Portfolio
    documents: dict[str, Document]

    def say(self, message: str, **params: object) -> str:
        return fill_in(translator(self.model.lang).gettext(message), **params)

    def ngettext(self, singular: str, plural: str, number: int, **params: object) -> str:
        text = translator(self.model.lang).ngettext(singular, plural, number)
        return fill_in(text, n=number, **params)

    def where(self, *workbooks: str) -> tuple[tuple[str, str], ...]:
        return tuple(
            (workbook, self.say(self.course.library[workbook].title))
            for workbook in dict.fromkeys(workbooks)
            if workbook in self.documents
        )

    def open(self, definition: Definition) -> int:
        """Return how many things are missing in a workbook or do not fit."""
        linked = {
            name: self.documents[name].answers
            for name in self.course.library.linked(definition.id)
            if name in self.documents
        }
        answers = self.documents[definition.id].answers
        findings = evaluate(definition, answers, self.course.context(linked)).findings
        return sum(finding.kind != "advice" for finding in findings)

    def own(self) -> Iterator[Check]:
        definition = self.course.library[self.model.own.workbook]
        missing = self.open(definition)
        where = self.where(definition.id)
        if missing:
            text = self.ngettext(
                "Your own page of the portfolio: {n} question is open.",
                "Your own page of the portfolio: {n} questions are open.",
                missing,
            )
            yield Check(False, text, where)
        else:
            yield Check(True, self.say(N_("Your own page of the portfolio is filled in.")), where)

    def criteria(self) -> Iterator[Check]:
        for standing in self.model.criteria:
            where = self.where(*(place.partition("/")[0] for place in standing.places))
            name = f"{standing.code} {standing.label}"
            if not standing.shown:
                text = self.say(N_("{criterion}: nothing speaks for it yet."), criterion=name)
                yield Check(False, text, where)
            elif self.model.evidence and not standing.evidence:
                text = self.say(N_("{criterion}: no piece of evidence yet."), criterion=name)
                logs = (piece.place.partition("/")[0] for piece in self.model.evidence)
                yield Check(False, text, self.where(*logs))
            else:
                text = self.say(N_("{criterion}: something speaks for it."), criterion=name)
                yield Check(True, text)

    def workbooks(self) -> Iterator[Check]:
        for workbook, document in self.documents.items():
            definition = self.course.library[workbook]
            if workbook == self.model.own.workbook:
                continue
            title = self.say(definition.title)
            where = self.where(workbook)
            if not document.revision:
                # What is filled in where it is of use lacks nothing where it was of none.
                if not definition.companion:
                    text = self.say(N_("{workbook}: nothing is written yet."), workbook=title)
                    yield Check(False, text, where)
                continue
            missing = self.open(definition)
            if missing:
                text = self.ngettext(
                    "{workbook}: {n} question is open.",
                    "{workbook}: {n} questions are open.",
                    missing,
                    workbook=title,
                )
                yield Check(False, text, where)
            else:
                yield Check(True, self.say(N_("{workbook} is filled in."), workbook=title))

    def files(self) -> Iterator[Check]:
        store = FileStore(self.course.people_dir)
        for workbook, document in self.documents.items():
            shown = list(attachments(self.course.library[workbook], document.answers))
            hidden = sum(file.visible == TO_BE_BLURRED for file in shown)
            gone = sum(store.record(self.person, file.sha256) is None for file in shown)
            where = self.where(workbook)
            if hidden:
                text = self.ngettext(
                    "{n} file stays here: somebody in it can still be recognised.",
                    "{n} files stay here: somebody in them can still be recognised.",
                    hidden,
                )
                yield Check(False, text, where)
            if gone:
                text = self.ngettext(
                    "{n} file cannot be found any more. Please attach it again.",
                    "{n} files cannot be found any more. Please attach them again.",
                    gone,
                )
                yield Check(False, text, where)
