"""The portfolio of a person as one audience sees it, from their workbooks or from a submission."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ustaz.answers import Document, Subject
from ustaz.base.errors import UstazError
from ustaz.course import Course
from ustaz.exchange import Submission
from ustaz.exchange.manifest import travels_with
from ustaz.files import FileStore
from ustaz.messages import translator
from ustaz.portfolio.model import Answer, Evidence, Part, Portfolio, Row, Standing, StoryLine
from ustaz.portfolio.reading import Json, Reading
from ustaz.storyline import Event, first_written, in_order, of_workbook, undated_fields
from ustaz.workbook import Definition, Field, apply_upgrades, project
from ustaz.workbook.kinds import serves
from ustaz.workbook.kinds.levels import LEVEL, REASON
from ustaz.workbook.model import PARTS
from ustaz.workbook.rubrics import Rubric, rubric_of

#: Takes a workbook and its answers; returns those that are shown.
Projection = Callable[[Definition, Json], Json]
#: As which audience answers are projected. A portfolio is made to be handed on: what staff may not
#: see stands in none, not in its owner's either. A reviewer reads what was handed in.
SEEN_AS: Final = {"self": "staff", "reviewer": "staff"}
#: Characters of a moment's line, and of an answer on the one page.
LINE: Final = 160
LEVELS: Final = "levels"


def portfolio_workbook(course: Course) -> Definition | None:
    """Return the course's workbook that is a portfolio; None where it has none."""
    for workbook in (*course.assignments, *course.companions):
        if workbook in course.library.ids and course.library[workbook].portfolio is not None:
            return course.library[workbook]
    return None


def portfolio(
    course: Course,
    person: str,
    audience: str,
    *,
    lang: str,
    owner: str,
    submission: Submission | None = None,
    definition: Definition | None = None,
    projection: Projection | None = None,
) -> Portfolio:
    """Return a person's portfolio as an audience sees it.

    Parameters
    ----------
    course : Course
    person : str
    audience : str
        One of :data:`~ustaz.workbook.model.AUDIENCES`, or ``reviewer``.
    lang : str
        Language of everything but the answers.
    owner : str
        As whom the reader knows its owner: a name, or a pseudonym.
    submission : Submission, optional
        What was handed in; default the workbooks as they stand.
    definition : Definition, optional
        Which portfolio; default the course's.
    projection : callable, optional
        What of a workbook's answers is shown, where it is not the audience alone that decides:
        a share opens more to its reader.

    Raises
    ------
    LookupError
        The course has no portfolio.
    """
    workbook = definition or portfolio_workbook(course)
    if workbook is None:
        raise LookupError("portfolio")
    sources = (
        _handed_in(course, workbook, submission)
        if submission is not None
        else _as_it_stands(course, person, workbook)
    )
    return assembled(
        course,
        workbook,
        sources,
        projection or by_audience(audience),
        lang=lang,
        owner=owner,
        person=person,
        submission=submission,
    )


def by_audience(audience: str) -> Projection:
    """Return what projects answers to an audience."""
    seen_as = SEEN_AS.get(audience, audience)

    def projected(definition: Definition, answers: Json) -> Json:
        shown: Json = project(definition, answers, seen_as)["answers"]
        return shown

    return projected


@dataclass(frozen=True, slots=True)
class Source:
    """One workbook's answers, before they are projected."""

    answers: Json
    lang: str
    revision: int


def _as_it_stands(course: Course, person: str, definition: Definition) -> dict[str, Source]:
    subject = Subject.person(person)
    names = (definition.id, *travels_with(course, definition.id))
    documents = {name: course.store.read(subject, name) for name in names}
    started = {
        name: document
        for name, document in documents.items()
        if document.revision or name == definition.id
    }
    return sources_of(started)


def sources_of(documents: Mapping[str, Document]) -> dict[str, Source]:
    """Return documents as what a portfolio is assembled from."""
    return {
        name: Source(document.answers, document.lang, document.revision)
        for name, document in documents.items()
    }


def _handed_in(course: Course, definition: Definition, submission: Submission) -> dict[str, Source]:
    document, library = submission.document, course.library
    parts: dict[str, Any] = {
        definition.id: document,
        **{name: {**part, "lang": document["lang"]} for name, part in document["linked"].items()},
        **document.get("manifest", {"parts": {}})["parts"],
    }
    return {
        name: Source(
            apply_upgrades(library[name], part["answers"], part["definition"]),
            part["lang"],
            part.get("revision", 0),
        )
        for name, part in parts.items()
    }


def assembled(
    course: Course,
    definition: Definition,
    sources: Mapping[str, Source],
    projection: Projection,
    *,
    lang: str,
    owner: str,
    person: str,
    submission: Submission | None = None,
) -> Portfolio:
    """Return a portfolio of sources as a projection lets them be seen.

    Parameters are those of :func:`portfolio`; `person` is whose files are looked for.
    """
    projected = {
        name: projection(course.library[name], source.answers) for name, source in sources.items()
    }
    store = FileStore(course.people_dir)
    readings = {
        name: Reading(
            course.library[name],
            projected[name],
            projected,
            lang=lang,
            answered_in=source.lang,
            kept=lambda sha256: store.record(person, sha256) is not None,
        )
        for name, source in sources.items()
    }
    parts = {name: reading.part(sources[name].revision) for name, reading in readings.items()}
    own = parts.pop(definition.id)
    in_order = sorted(parts.values(), key=lambda part: _order(course, part))
    rubric = rubric_of(definition)
    evidence = tuple(_evidence(readings, [part.workbook for part in in_order], rubric))
    answers = {answer.place: answer for part in in_order for answer in part.answers}
    gathering, say = definition.portfolio, translator(lang).gettext
    if gathering is None:
        raise LookupError("portfolio")
    day = course.today()
    if submission is not None:
        day = submission.received_at.astimezone(course.timezone).date()
    return Portfolio(
        owner=owner,
        course=course.name,
        title=_title(own, say(definition.title)),
        lang=lang,
        round=submission.record.round if submission is not None else None,
        day=day,
        own=own,
        one_page=tuple(answers[place] for place in gathering.one_page if place in answers),
        criteria=tuple(_standings(rubric, gathering.criteria, answers, evidence, readings, say)),
        levels=tuple(map(say, rubric.levels)),
        story=_story(course, person, readings, day),
        parts=tuple(part for part in in_order if part.sections),
        evidence=evidence,
    )


def _order(course: Course, part: Part) -> tuple[int, str]:
    return PARTS.index(course.library[part.workbook].part), part.code


def _title(own: Part, default: str) -> str:
    """Return what the project is called: the first answer that is shown from elsewhere."""
    return next((answer.text for answer in own.answers if answer.text), default)


def _standings(
    rubric: Rubric,
    places: Mapping[str, tuple[str, ...]],
    answers: Mapping[str, Answer],
    evidence: tuple[Evidence, ...],
    readings: Mapping[str, Reading],
    say: Any,  # noqa: ANN401 - gettext
) -> Iterator[Standing]:
    own = _own_levels(readings, rubric, say)
    for criterion in rubric.criteria:
        wanted = places[criterion.id]
        yield Standing(
            criterion.id,
            criterion.code,
            say(criterion.label),
            tuple(map(say, criterion.descriptors)),
            wanted,
            tuple(answers[place] for place in wanted if place in answers),
            tuple(piece for piece in evidence if criterion.id in piece.criteria),
            *own.get(criterion.id, ("", "")),
        )


def _own_levels(
    readings: Mapping[str, Reading],
    rubric: Rubric,
    say: Any,  # noqa: ANN401 - gettext
) -> dict[str, tuple[str, str]]:
    """Return the level that the owner sees in each criterion, and why, where a workbook asks."""
    levels: dict[str, tuple[str, str]] = {}
    criteria = {criterion.id for criterion in rubric.criteria}
    for reading in readings.values():
        for field in reading.definition.fields:
            value = reading.answers.get(field.id)
            if field.kind != LEVELS or not value or not criteria.issuperset(value):
                continue
            for criterion, answer in value.items():
                place = str(answer.get(LEVEL, ""))
                if place.isdecimal() and int(place) < len(rubric.levels):
                    reason = str(answer.get(REASON, "")).strip()
                    levels[criterion] = (say(rubric.levels[int(place)]), reason)
    return levels


def evidence_tables(
    definition: Definition, criteria: frozenset[str]
) -> Iterator[tuple[Field, Field]]:
    """Yield each table whose rows name criteria, with the column in which they do."""
    for field in definition.fields:
        for column in field.columns:
            options = column.option_ids
            if serves(column, "options") and options and criteria.issuperset(options):
                yield field, column


def _evidence(
    readings: Mapping[str, Reading], order: list[str], rubric: Rubric
) -> Iterator[Evidence]:
    criteria = frozenset(criterion.id for criterion in rubric.criteria)
    number = 0
    for workbook in order:
        reading = readings[workbook]
        for table, column in evidence_tables(reading.definition, criteria):
            json = reading.field_json(table.id)
            for row in reading.answers.get(table.id) or ():
                shown = reading.row(json, row)
                if not shown.cells and not shown.files:
                    continue
                number += 1
                chosen = row.get(column.id) or ()
                yield Evidence(
                    number,
                    _first_text(table, row),
                    _day(table, row),
                    tuple([chosen] if isinstance(chosen, str) else chosen),
                    f"{workbook}/{table.id}",
                    reading.lang,
                    _without(shown, str(_label(json, column.id))),
                )


def _without(row: Row, label: str) -> Row:
    return Row(tuple(cell for cell in row.cells if cell[0] != label), row.files)


def _label(json: Json, column_id: str) -> str:
    return next(str(column["label"]) for column in json["columns"] if column["id"] == column_id)


def _first_text(table: Field, row: Json) -> str:
    for column in table.columns:
        value = row.get(column.id)
        if serves(column, "title") and isinstance(value, str) and value.strip():
            return _clipped(value)
    return ""


def _day(table: Field, row: Json) -> dt.date | None:
    """Return the last of a row's days that is filled in: of a step, when it was done."""
    days = [
        row[column.id]
        for column in table.columns
        if serves(column, "date") and isinstance(row.get(column.id), str) and row[column.id]
    ]
    try:
        return dt.date.fromisoformat(days[-1]) if days else None
    except ValueError:
        return None


def _clipped(text: str, most: int = LINE) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def _story(course: Course, person: str, readings: Mapping[str, Reading], day: dt.date) -> StoryLine:
    """Return the project along the year: what its reader sees of each workbook, by day."""
    events: list[Event] = []
    for reading in readings.values():
        events += of_workbook(
            reading.definition,
            reading.answers,
            title=reading.title,
            written=_written(course, person, reading.definition),
            today=day,
            # Whoever carries a portfolio away hands it on: to a moderator, to an employer.
            late=False,
        )
    sources = {name: (reading.title, reading.lang) for name, reading in readings.items()}
    return StoryLine(tuple(in_order(events)), course.start, course.end, sources)


def _written(course: Course, person: str, definition: Definition) -> dict[str, dt.date]:
    fields = undated_fields(definition)
    if not fields:
        return {}
    try:
        history = course.store.history(Subject.person(person), definition.id)
    except UstazError:  # what is wrong with it is said where it is opened
        return {}
    return first_written(((save.at, save.paths) for save in history), fields, course.timezone)
