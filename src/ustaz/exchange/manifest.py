"""What a portfolio's round carries besides its own answers: a manifest of frozen parts and files.

A part is another workbook as it stood, projected to what staff may see, with its revision and a
digest of just that: a digest of the whole document would let somebody try out what a short private
answer was. Files are named by their hash; their bytes stay where they are, written once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import msgspec

from ustaz.answers import Document, content, dumps_canonical
from ustaz.base.evidence import SUFFIXES, TO_BE_BLURRED
from ustaz.course import Course
from ustaz.exchange.model import Manifest
from ustaz.exchange.projection import visible_to_staff
from ustaz.files import FileRefused, FileStore
from ustaz.workbook import Definition, Library, apply_upgrades, attachments
from ustaz.workbook.rubrics import rubric_of

#: Of a part, what its digest is about.
SEALED: Final = ("definition", "revision", "lang", "answers", "withheld")

Json = Mapping[str, Any]


def travels_with(course: Course, workbook: str) -> tuple[str, ...]:
    """Return the workbooks that a portfolio hands in along with it; none for any other."""
    if course.library[workbook].portfolio is None:
        return ()
    ids = {*course.assignments, *course.companions} - {workbook}
    return tuple(sorted(ids.intersection(course.library.ids)))


def digest(part: Json) -> str:
    """Return the SHA-256 of a part."""
    return hashlib.sha256(dumps_canonical({key: part[key] for key in SEALED})).hexdigest()


def manifest_of(
    course: Course,
    person: str,
    definition: Definition,
    answers: Json,
    documents: Mapping[str, Document],
    *,
    whole: bool = True,
) -> dict[str, Any]:
    """Return the manifest of a portfolio as it stands.

    Parameters
    ----------
    course : Course
    person : str
    definition : Definition
        The portfolio.
    answers : mapping
        Its own answers, projected.
    documents : mapping
        The other workbooks, of one moment. What was never written is left out.
    whole : bool
        Whether every file is read: what a receipt is given for is there. For comparing alone,
        their records say enough.
    """
    library = course.library
    parts: dict[str, dict[str, Any]] = {}
    for workbook, document in sorted(documents.items()):
        if not document.revision:
            continue
        part = {
            "definition": library[workbook].version,
            "revision": document.revision,
            "lang": document.lang,
            **visible_to_staff(library[workbook], document.answers),
        }
        parts[workbook] = {**part, "digest": digest(part)}
    rubric = rubric_of(definition)
    names = dict.fromkeys(named_files(library, definition, answers, parts))
    return {
        "rubric": {"id": rubric.id, "version": rubric.version},
        "parts": parts,
        "files": dict(_kept(course, person, names, whole=whole)),
    }


def named_files(
    library: Library, definition: Definition, answers: Json, parts: Mapping[str, Json]
) -> Iterator[str]:
    """Yield the hashes of the files that answers and parts show to others."""
    holders = [(definition, answers)]
    holders += [(library[workbook], part["answers"]) for workbook, part in parts.items()]
    for holder, values in holders:
        for attachment in attachments(holder, values):
            if attachment.visible != TO_BE_BLURRED:
                yield attachment.sha256


def _kept(
    course: Course, person: str, names: Iterable[str], *, whole: bool
) -> Iterator[tuple[str, Any]]:
    """Yield of each file that is there and whole what the manifest says of it."""
    store = FileStore(course.people_dir)
    for sha256 in sorted(names):
        record = store.record(person, sha256)
        if record is None:
            continue
        if whole:
            try:
                store.data(person, record)
            except FileRefused:
                continue  # the manifest lists what is there; the page says which file is missing
        yield sha256, {"size": record.size, "type": record.type}


def content_part(manifest: Json) -> dict[str, Any]:
    """Return what of a manifest makes two rounds different: answers and files."""
    return {
        "parts": {
            workbook: {
                "definition": part["definition"],
                "answers": content(part["answers"]),
                "withheld": sorted(part["withheld"]),
            }
            for workbook, part in manifest["parts"].items()
        },
        "files": sorted(manifest["files"]),
    }


def upgraded_manifest(library: Library, manifest: Json) -> dict[str, Any]:
    """Return a manifest with its parts in the shape of today's definitions."""
    parts = {
        workbook: {
            **part,
            "definition": library[workbook].version,
            "answers": apply_upgrades(library[workbook], part["answers"], part["definition"]),
        }
        for workbook, part in manifest["parts"].items()
    }
    return {**manifest, "parts": parts}


def problem_of(manifest: Any) -> str:  # noqa: ANN401 - what somebody sent
    """Return which part of a manifest is not built as ours are; empty where all is."""
    try:
        read = msgspec.convert(manifest, Manifest, strict=True)
    except msgspec.ValidationError:
        return "manifest"
    for part in read.parts.values():
        if digest(msgspec.to_builtins(part)) != part.digest:
            return "digest"
    return "files" if any(file.type not in SUFFIXES for file in read.files.values()) else ""
