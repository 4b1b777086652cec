"""Checking many documents: each batch of them in one go, in one process or several."""

from __future__ import annotations

import concurrent.futures
import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Final

import click
import msgspec

from ustaz.base import clock
from ustaz.base.errors import UstazError
from ustaz.cli._documents import Place, Reader, beside, reader
from ustaz.course import Course, shipped_workbooks
from ustaz.messages import N_, Translator, translator
from ustaz.messages import format as fill
from ustaz.workbook import (
    Context,
    Definition,
    Evaluation,
    Evaluator,
    Finding,
    Library,
    apply_upgrades,
    finding_text,
)

MARKS: Final = {"missing": "○", "problem": "✗", "advice": "•"}
LEVELS: Final = {
    "draft": N_("draft"),
    "ready": N_("ready for a tutorial"),
    "complete": N_("complete"),
}
COUNTS: Final = N_("{answered} of {of} answered")
SECTION: Final = N_("{section}: {answered} of {of} answered, {passed} of {checks} checks")
#: Documents of a batch, and how many are worth a process of their own.
BATCH: Final = 200
WORTH_A_PROCESS: Final = 2000


@dataclass(slots=True)
class Batch:
    """What is said of some documents: lines, or the JSON of each, and what stopped it."""

    text: str = ""
    documents: list[bytes] = field(default_factory=list)
    complete: bool = True
    error: UstazError | None = None


def checked(
    course: Course | None, places: list[Place], *, lang: str, as_json: bool, jobs: int | None
) -> Iterator[Batch]:
    """Yield what is said of documents, in their order.

    Parameters
    ----------
    course : Course or None
        Outside of a course, the shipped workbooks are meant and the calendar is unknown.
    places : list of Place
    lang : str
        Language of the lines.
    as_json : bool
        Whether JSON is wanted, in the place of lines.
    jobs : int or None
        Processes; None for as many as pay.
    """
    make = partial(_Checker, lang=lang, as_json=as_json)
    workers = min(jobs or os.cpu_count() or 1, 1 + len(places) // WORTH_A_PROCESS)
    batches = _batches(places)
    if workers == 1 or (course is not None and course.database):
        yield from map(make(course), batches)
        return
    directory = None if course is None else os.fspath(course.dir)
    with concurrent.futures.ProcessPoolExecutor(
        workers,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_start_worker,
        initargs=(directory, make),
    ) as pool:
        yield from pool.map(_work, batches)


def _batches(places: Iterable[Place]) -> Iterator[list[Place]]:
    """Yield places in batches; documents of a person, which refer to each other, stay together."""
    batch: list[Place] = []
    for place in places:
        if len(batch) >= BATCH and place.person != batch[-1].person:
            yield batch
            batch = []
        batch.append(place)
    yield batch


_CHECKER: list[_Checker] = []


def _start_worker(directory: str | None, make: Callable[[Course | None], _Checker]) -> None:
    _CHECKER[:] = [make(None if directory is None else Course.open(directory))]


def _work(batch: list[Place]) -> Batch:
    return _CHECKER[0](batch)


class _Checker:
    """Reads documents, evaluates them and says what comes of it."""

    def __init__(self, course: Course | None, *, lang: str, as_json: bool) -> None:
        self.course = course
        self.as_json = as_json
        library = course.library if course else Library.from_dirs([shipped_workbooks()])
        words = translator(lang)
        self.workbooks = {name: _Workbook(library[name], library, words) for name in library}
        # A person's documents refer to each other, and come one after another.
        self.read: Reader = lru_cache(len(library))(reader(course))

    def __call__(self, places: list[Place]) -> Batch:
        batch = Batch()
        lines: list[str] = []
        for place in places:
            workbook = self.workbooks[place.workbook]
            try:
                evaluation, status = self._evaluate(place, workbook)
            except UstazError as error:
                batch.error = error
                break
            batch.complete = batch.complete and evaluation.complete
            if self.as_json:
                document = {"file": place.file, "workbook": place.workbook, "status": status}
                batch.documents.append(msgspec.json.encode(document | evaluation.to_json()))
            else:
                lines.append(click.style(place.file, bold=True))
                lines += workbook.lines(evaluation)
        batch.text = "\n".join(lines)
        return batch

    def _evaluate(self, place: Place, workbook: _Workbook) -> tuple[Evaluation, str]:
        definition = workbook.definition
        document = self.read(place) or {"answers": {}}
        answers = document["answers"]
        version = str(document.get("definition", definition.version))
        if version != definition.version:
            answers = apply_upgrades(definition, answers, version)
        linked = {}
        for other in workbook.linked:
            document_beside = self.read(beside(place, other))
            if document_beside is not None:
                linked[other] = document_beside["answers"]
        context = (
            self.course.context(linked)
            if self.course
            else Context(today=clock.today(), linked=linked)
        )
        return workbook.evaluator(answers, context), str(document.get("status", "draft"))


class _Workbook:
    """A workbook with what is the same for everybody's answers."""

    def __init__(self, definition: Definition, library: Library, words: Translator) -> None:
        self.definition = definition
        self.evaluator = Evaluator(definition)
        self.linked = library.linked(definition.id)
        self.words = words
        self.title = words.gettext(definition.title)
        self.sections = {
            section.id: words.gettext(section.title) for section in definition.sections
        }

    def lines(self, evaluation: Evaluation) -> Iterator[str]:
        """Yield what is said of one person's answers."""
        words = self.words
        level = words.gettext(LEVELS[evaluation.level])
        counts = fill(words.gettext(COUNTS), answered=evaluation.answered, of=evaluation.of)
        yield f"{self.title}: {counts} ({level})"
        for section in evaluation.sections:
            if not section.checks and not section.of:
                continue
            line = fill(
                words.gettext(SECTION),
                section=self.sections[section.id],
                answered=section.answered,
                of=section.of,
                passed=section.passed,
                checks=section.checks,
            )
            yield f"  {line}"
            for finding in section.findings:
                yield f"    {MARKS[finding.kind]} {self._sentence(finding)}"

    def _sentence(self, finding: Finding) -> str:
        place = self.words.gettext(self.definition.field(finding.field).label)
        if finding.column:
            column = self.definition.field(f"{finding.field}.{finding.column}")
            place = f"{place}, {self.words.gettext(column.label)}"
        rule = finding.id or finding.rule
        return f"{place}: {finding_text(finding, self.definition, self.words)} [{rule}]"
