"""A second year: what somebody takes along from their own export of an earlier course.

Read is the file that "Download everything that is mine" gave, or one ``answers.json`` out of it.
Whoever has it is its owner, and it goes into their own workbooks alone, where nothing stands yet.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Collection, Mapping
from typing import Final

from ustaz.answers import (
    Batch,
    Document,
    DocumentError,
    StoreError,
    Subject,
    content,
    difference,
)
from ustaz.answers.document import MAX_FILE_BYTES
from ustaz.answers.validate import upgraded
from ustaz.course import Course
from ustaz.workbook import Definition, Library

CLIENT: Final = "second-year"
#: Where an export has the documents of a course.
_PLACE: Final = re.compile(r"(?:.*/)?data/answers/[a-z][a-z0-9-]{0,31}/answers\.json\Z")
#: So many entries of an archive are looked at, and so many bytes of its documents.
MOST_ENTRIES: Final = 20_000
MOST_BYTES: Final = 8 * 1024 * 1024
#: Evidence is no part of the answers: a hash would lead to nothing here.
LEFT: Final = "file"


class NoExport(ValueError):
    """The file is no export of ours, or nothing in it can be read."""


def documents_in(data: bytes, library: Library) -> dict[str, Document]:
    """Return the documents of an export, in the shape of today's definitions.

    Raises
    ------
    NoExport
    """
    try:
        texts = _texts(data)
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError):
        raise NoExport from None
    except RuntimeError:  # encrypted
        raise NoExport from None
    documents = {}
    for text in texts:
        try:
            document = Document.decode(text)
            if document.workbook in library.ids and document.subject.is_person:
                documents[document.workbook] = upgraded(library[document.workbook], document)
        except (DocumentError, StoreError):
            continue
    if not documents:
        raise NoExport
    return documents


def _texts(data: bytes) -> list[bytes]:
    if not data.startswith(b"PK"):
        return [data]
    texts, rest = [], MOST_BYTES
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        if len(entries) > MOST_ENTRIES:
            raise NoExport
        for entry in entries:
            if not _PLACE.match(entry.filename):
                continue
            with archive.open(entry) as file:
                text = file.read(min(MAX_FILE_BYTES, rest) + 1)
            rest -= len(text)
            if len(text) > MAX_FILE_BYTES or rest < 0:
                raise NoExport
            texts.append(text)
    return texts


def take_along(
    course: Course, person: str, documents: Mapping[str, Document], chosen: Collection[str]
) -> dict[str, int]:
    """Write what was chosen into workbooks in which nothing stands; return their revisions."""
    subject, revisions = Subject.person(person), {}
    for workbook in chosen:
        if workbook not in documents:
            continue
        here = course.store.read(subject, workbook)
        if content(here.answers):
            continue
        definition, earlier = course.library[workbook], documents[workbook]
        tables = [field.id for field in definition.fields if field.columns]
        changes = difference(here.answers, _without_files(definition, earlier), tables)
        if not changes:
            continue
        name = hashlib.sha256(f"{earlier.sha256} {here.revision}".encode()).hexdigest()[:32]
        batch = Batch(f"year-{name}", CLIENT, here.revision, changes, lang=earlier.lang)
        revisions[workbook] = course.store.save(subject, workbook, batch, who=person).revision
    return revisions


def undo(course: Course, person: str, workbook: str, revision: int) -> bool:
    """Take back what one workbook was given; what was written there since stays."""
    subject = Subject.person(person)
    stamps = course.store.read(subject, workbook).stamps.values()
    if [revision, CLIENT] not in [list(stamp) for stamp in stamps]:
        return False
    course.store.take_back(subject, workbook, revision, who=person)
    return True


def _without_files(definition: Definition, document: Document) -> dict[str, object]:
    kinds = {field.id: field.kind for field in definition.fields}
    columns = {
        field.id: {column.id for column in field.columns if column.kind == LEFT}
        for field in definition.fields
        if field.columns
    }
    return {
        name: [
            {key: cell for key, cell in row.items() if key not in columns[name]} for row in value
        ]
        if name in columns
        else value
        for name, value in content(document.answers).items()
        if kinds.get(name) != LEFT
    }
