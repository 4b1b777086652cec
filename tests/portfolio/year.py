"""A course with the workbooks of a whole year, and a person who has written in every field."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.support import hostile_files as samples
from tests.support.courses import course_at
from ustaz.answers import Batch, Subject
from ustaz.course import Course
from ustaz.files import FileRecord, FileStore
from ustaz.files.judging import content_of
from ustaz.workbook import Definition, Field
from ustaz.workbook.kinds import kind_of

OWNER = "aigul-s"
ROSTER = """\
person,name,role,group,school,lang,account
aigul-s,Әйгүл С.,participant,g1,s1,kk,
marat-t,Marat T.,participant,g2,s1,ru,
dina-f,Dina F.,facilitator,g1,,en,
saule-m,Saule M.,staff,,,en,
irina-m,Irina M.,reviewer,,,ru,
bakhyt-d,Bakhyt D.,director,,s1,kk,
"""
SETTINGS = """\
[workbooks]
assignments = ["focus", "action-plan", "half-way-review", "vignette", "portfolio"]
companions = ["starting-point", "culture", "people-map", "consultations", "participation",
  "network-notes", "project-review", "evidence", "proof"]
library = ["library"]
"""
#: Evidence that names criteria, with pictures, and with something private in each row.
PROOF = """\
format: 1
id: proof
code: T08
version: 1.0.0
title: Proof
summary: For tests.
minutes: 5
companion: yes
purpose: For tests.
visibility: [self, facilitator, staff]
retention: 12
sections:
  - id: pieces
    title: Pieces
    minutes: 5
    guidance: Collect.
    fields:
      - id: pieces
        kind: entries
        label: Pieces
        row_name: Piece
        columns:
          - {id: name, kind: text, label: Name}
          - {id: criteria, kind: choices, label: Criteria, options: [
              {id: t1, label: T1}, {id: t2, label: T2}, {id: t5, label: T5}, {id: t8, label: T8}]}
          - {id: photos, kind: file, label: Photos, max_items: 3}
          - {id: aside, kind: text, label: Aside, audiences: [self]}
"""


def make_course(folder: Path) -> Course:
    """Create the course."""
    library = folder / "library" / "proof"
    library.mkdir(parents=True)
    (library / "workbook.yml").write_text(PROOF, encoding="utf-8")
    return course_at(folder, "year", "A year", ROSTER, workbooks=SETTINGS)


def keep(course: Course, data: bytes, name: str, visible: str = "none") -> FileRecord:
    """Keep a file of the owner."""
    store = FileStore(course.people_dir)
    content = content_of(data)
    return store.keep(OWNER, content, name=name, original="0" * 64, visible=visible)


def shown(record: FileRecord, caption: str = "", visible: str = "none") -> dict[str, Any]:
    """Return what an answer holds of a file."""
    return {
        "hash": record.sha256,
        "name": record.name,
        "size": record.size,
        "type": record.type,
        "caption": caption,
        "visible": visible,
    }


def put(course: Course, workbook: str, person: str = OWNER, **answers: Any) -> None:
    """Save answers as a page would."""
    subject = Subject.person(person)
    changes: list[dict[str, Any]] = []
    for key, value in answers.items():
        if not course.library[workbook].field(key).columns:
            changes.append({"op": "set", "path": [key], "value": value})
            continue
        for row in value:
            cells = {name: cell for name, cell in row.items() if name != "id"}
            path = [key, row["id"]]
            changes.append({"op": "add_row", "path": path, "after": None, "value": cells})
    body = {
        "batch": str(uuid.uuid4()),
        "client": "test-client",
        "base_revision": course.store.read(subject, workbook).revision,
        "lang": "kk",
        "changes": changes,
    }
    course.store.save(subject, workbook, Batch.from_json(body), who=person)


def canary(*place: str) -> str:
    """Return a text that stands at one place and nowhere else."""
    return f"cnry-{'-'.join(place)}-yrnc"


def value_of(field: Field, place: tuple[str, ...], files: dict[str, Any]) -> Any:
    """Return an answer whose every text is a canary of its place; None where there is none."""
    here = (*place, field.id)
    match field.kind:
        case "text":
            return canary(*here)
        case "list":
            return [canary(*here)]
        case "choice":
            return field.option_ids[0]
        case "choices":
            return [field.option_ids[0]]
        case "scale":
            return field.low_value
        case "number":
            return field.min or 1
        case "date":
            return "2026-10-05"
        case "file":
            return [{**files["picture"], "caption": canary(*here)}]
    return None


def rows_of(field: Field, place: tuple[str, ...], files: dict[str, Any]) -> list[dict[str, Any]]:
    """Return two rows: of entries, one for others and one for their writer alone."""
    rows = []
    for name in ("open", "shut"):
        row: dict[str, Any] = {"id": f"row{name}"}
        for column in field.columns:
            value = value_of(column, (*place, field.id, name), files)
            if column.id == "readers":
                value = list(column.option_ids) if name == "open" else []
            if value is not None:
                row[column.id] = value
        rows.append(row)
    return rows


def fill(course: Course, person: str = OWNER) -> None:
    """Write a canary into every field of every workbook."""
    files = {"picture": shown(keep(course, samples.jpeg(), "photo.jpg"))}
    for workbook in (*course.assignments, *course.companions):
        definition = course.library[workbook]
        answers = {}
        for field in definition.fields:
            if not kind_of(field).stored:
                continue
            value = (
                rows_of(field, (workbook,), files)
                if field.columns
                else value_of(field, (workbook,), files)
            )
            if value is not None:
                answers[field.id] = value
        put(course, workbook, person, **answers)


def closed_canaries(definition: Definition, audience: str) -> Iterator[str]:
    """Yield what an audience may not read of a workbook that was filled by :func:`fill`."""
    for field in definition.fields:
        if not field.columns:
            if audience not in field.audiences:
                yield canary(definition.id, field.id)
            continue
        for column in field.columns:
            for name in ("open", "shut"):
                shut = kind_of(field).row_readers and name == "shut"
                both = audience in field.audiences and audience in column.audiences
                if shut or not both:
                    yield canary(definition.id, field.id, name, column.id)
