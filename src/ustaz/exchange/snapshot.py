"""What a round carries: the projected answers, and of other workbooks only what is referred to.

Private text never leaves: the answers are projected to what staff may see, and a private answer
that the rules ask for travels as its field's id in ``withheld``. Of a linked workbook a round
holds the one field that a reference shows and the rows of the people it names.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from ustaz.answers import Document, Subject, content, dumps_canonical
from ustaz.course import Course
from ustaz.exchange.manifest import content_part, manifest_of, travels_with
from ustaz.exchange.model import FORMAT
from ustaz.exchange.projection import AUDIENCE, visible_to_staff
from ustaz.transcription.marks import ORDER, Mark, marks, visible
from ustaz.transcription.marks import frozen as as_kept
from ustaz.workbook import Definition, Field, Library

# Of the document's own keys these travel; stamps and batches tell of private fields and devices.
CARRIED: Final = (
    "workbook",
    "definition",
    "subject",
    "record_id",
    "lang",
    "status",
    "revision",
    "created_at",
    "updated_at",
)

Answers = dict[str, Any]


def all_fields(definition: Definition) -> Iterator[tuple[Field, Field | None]]:
    """Give every field, then every column of a table with its table."""
    for field in definition.fields:
        yield field, None
        for column in field.columns:
            yield column, field


def people_used(definition: Definition, answers: Mapping[str, Any]) -> dict[str, set[str]]:
    """Return the row ids that person fields name, by the table they come from."""
    used: dict[str, set[str]] = {}
    for field, table in all_fields(definition):
        if not field.from_:
            continue
        here = used.setdefault(field.from_, set())
        holders = [answers] if table is None else answers.get(table.id) or []
        for holder in holders:
            here.update(row for row in holder.get(field.id) or [] if row != "self")
    return used


def linked_snapshot(
    definition: Definition,
    answers: Mapping[str, Any],
    library: Library,
    read: Callable[[str], tuple[str, Answers]],
) -> dict[str, dict[str, Any]]:
    """Return of each linked workbook what this round shows of it, projected.

    Parameters
    ----------
    definition, answers
        The workbook that is handed in; answers projected already.
    library : Library
    read : callable
        Takes a workbook's id and returns the version and the answers of its document.
    """
    wanted: dict[str, set[str]] = {}
    for field, _ in all_fields(definition):
        if field.to:
            workbook, _, target = field.to.partition("/")
            wanted.setdefault(workbook, set()).add(target)
    rows = people_used(definition, answers)
    snapshot: dict[str, dict[str, Any]] = {}
    for workbook in library.linked(definition.id):
        version, full = read(workbook)
        projected = visible_to_staff(library[workbook], full)
        shown = wanted.get(workbook, set())
        kept = {key: value for key, value in projected["answers"].items() if key in shown}
        for source, ids in rows.items():
            if source.partition("/")[0] == workbook:
                table = source.partition("/")[2]
                people = projected["answers"].get(table) or []
                kept[table] = [row for row in people if row["id"] in ids]
        snapshot[workbook] = {
            "definition": version,
            "answers": kept,
            "withheld": [name for name in projected["withheld"] if name.partition(".")[0] in shown],
        }
    return snapshot


def entered_snapshot(
    library: Library,
    documents: Mapping[str, Document],
    shown: Mapping[str, Answers],
    lines: Iterable[Mapping[str, Any]],
) -> dict[str, Any]:
    """Return which of the answers that travel were typed in by somebody else; ``{}`` for none.

    Who, when, and when the owner confirmed it: as it stood when this was handed in. It says nothing
    about the content, so a later confirmation makes no new round.

    Parameters
    ----------
    library : Library
    documents : mapping
        The documents as they stand, by workbook.
    shown : mapping
        The answers that travel, by workbook.
    lines : iterable of dict
        The ledger's lines about their owner.
    """
    kept: dict[str, Any] = {}
    known = list(lines)
    for workbook, document in documents.items():
        travelling = [
            mark
            for mark in marks(library[workbook], document, known)
            if visible(library[workbook], mark.place, AUDIENCE, document.answers)
            and _travels(mark, shown[workbook])
        ]
        if travelling:
            kept[workbook] = as_kept(travelling)
    return {"entered": kept} if kept else {}


def _travels(mark: Mark, answers: Answers) -> bool:
    name, _, rest = mark.place.removesuffix(ORDER).partition("/")
    if not rest:
        return mark.empty or name in answers
    row = rest.partition("/")[0]
    return any(entry["id"] == row for entry in answers.get(name) or ())


def submission_document(
    library: Library, document: Mapping[str, Any], linked: Mapping[str, Answers]
) -> dict[str, Any]:
    """Return the ``answers.json`` that submitting a document now would freeze.

    Parameters
    ----------
    library : Library
    document : mapping
        The workbook's document as JSON.
    linked : mapping
        The answers of the linked workbooks, by workbook.
    """
    definition = library[document["workbook"]]
    projected = visible_to_staff(definition, document["answers"])
    shown = linked_snapshot(
        definition,
        projected["answers"],
        library,
        lambda workbook: (library[workbook].version, linked[workbook]),
    )
    return _frozen(definition, document, shown, projected)


def documents_of(course: Course, person: str, workbook: str) -> dict[str, Document]:
    """Return a person's workbook and every other that is handed in or shown with it.

    Those of a portfolio are all of one moment.
    """
    subject, linked = Subject.person(person), course.library.linked(workbook)
    along = travels_with(course, workbook)
    if along:
        return course.store.read_together(subject, {workbook, *linked, *along})
    return {name: course.store.read(subject, name) for name in (workbook, *linked)}


def frozen_submission(
    course: Course,
    person: str,
    workbook: str,
    documents: Mapping[str, Document],
    *,
    whole: bool = True,
) -> dict[str, Any]:
    """Return the ``answers.json`` that handing in would freeze, with a portfolio's manifest.

    Parameters
    ----------
    course : Course
    person, workbook : str
    documents : mapping
        As :func:`documents_of` returns them.
    whole : bool
        As of :func:`~ustaz.exchange.manifest.manifest_of`.
    """
    library = course.library
    linked = {name: documents[name].answers for name in library.linked(workbook)}
    frozen = submission_document(library, documents[workbook].to_json(), linked)
    along = travels_with(course, workbook)
    if along:
        parts = {name: documents[name] for name in along}
        frozen["manifest"] = manifest_of(
            course, person, library[workbook], frozen["answers"], parts, whole=whole
        )
    return frozen


def _frozen(
    definition: Definition,
    document: Mapping[str, Any],
    linked: Mapping[str, Any],
    projected: Mapping[str, Any],
) -> dict[str, Any]:
    return {
        "format": FORMAT,
        **{key: document[key] for key in CARRIED if key in document},
        "definition": definition.version,
        "answers": projected["answers"],
        "withheld": projected["withheld"],
        "linked": dict(linked),
    }


def content_of(frozen: Mapping[str, Any], evidence: Mapping[str, int]) -> str:
    """Return the hash of what was handed in, time stamps left out.

    Two rounds with the same content are the same round: equal answers, equal definition version,
    equal evidence, and the same of other workbooks shown; of a portfolio, equal parts and files.
    """
    parts: dict[str, Any] = {
        "workbook": frozen["workbook"],
        "definition": frozen["definition"],
        "answers": content(frozen["answers"]),
        "withheld": sorted(frozen["withheld"]),
        "linked": {
            workbook: {"answers": content(part["answers"]), "withheld": sorted(part["withheld"])}
            for workbook, part in frozen["linked"].items()
        },
        "evidence": sorted(evidence),
    }
    if "manifest" in frozen:
        parts["manifest"] = content_part(frozen["manifest"])
    return hashlib.sha256(dumps_canonical(parts)).hexdigest()
