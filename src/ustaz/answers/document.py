"""A person's answers to one workbook: what is kept, how it is written, what counts as equal."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from ustaz.answers.shape import FORMAT, DocumentError, Json, checked
from ustaz.answers.strict import StrictError, dumps_canonical, dumps_readable, loads_strict

__all__ = [
    "MAX_DOCUMENT_BYTES",
    "MAX_FILE_BYTES",
    "REMEMBERED_BATCHES",
    "Document",
    "DocumentError",
    "Json",
    "Subject",
    "content",
    "content_hash",
    "digest",
    "same_content",
]

#: Cap on the file, everything in it, unless a kind of the workbook's fields needs more.
MAX_DOCUMENT_BYTES: Final = 256 * 1024
#: A file of ours is never larger; what is, was not written by us.
MAX_FILE_BYTES: Final = 8 * MAX_DOCUMENT_BYTES
#: How many batches are remembered to recognise one that comes again.
REMEMBERED_BATCHES: Final = 64


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose document it is: a person, a group, a school, or a tutorial of two."""

    kind: str
    id: str

    @classmethod
    def person(cls, id: str) -> Subject:
        """Return a person as a subject."""
        return cls("person", id)

    @property
    def is_person(self) -> bool:
        """Tell whether it is a person's own document."""
        return self == Subject.person(self.id)

    def to_json(self) -> Json:
        """Return the JSON form."""
        return {"kind": self.kind, "id": self.id}


@dataclass(frozen=True, slots=True)
class Document:
    """One generation of answers. Never changed in place.

    Attributes
    ----------
    workbook, definition : str
        The workbook's id and the version of its definition that the answers fit.
    subject : Subject
    record_id : str
        Made once, at the first save; empty before.
    lang, status : str
        Language of the answers; ``draft`` or ``ready``, as the owner says.
    revision : int
        0 before the first save, then one more at each.
    created_at, updated_at : str
        ISO 8601 with an offset; for people, never for order.
    answers : dict
    stamps : dict
        Path -> [revision, client] of the last change there.
    batches : dict
        Batch id -> [revision, digest of its changes, index of each declined change ...].
    notices : tuple of str
        What had to be mended to read it; not part of the file.
    """

    workbook: str
    definition: str
    subject: Subject
    record_id: str = ""
    lang: str = "en"
    status: str = "draft"
    revision: int = 0
    created_at: str = ""
    updated_at: str = ""
    answers: Json = field(default_factory=dict)
    stamps: dict[str, list[Any]] = field(default_factory=dict)
    batches: dict[str, list[Any]] = field(default_factory=dict)
    notices: tuple[str, ...] = field(default=(), compare=False)

    def with_(self, **changed: Any) -> Document:  # noqa: ANN401
        """Return a copy with some attributes changed."""
        return replace(self, **changed)

    def to_json(self) -> Json:
        """Return the JSON form without the digest; key order is reading order."""
        return {
            "format": FORMAT,
            "workbook": self.workbook,
            "definition": self.definition,
            "subject": self.subject.to_json(),
            "record_id": self.record_id,
            "lang": self.lang,
            "status": self.status,
            "revision": self.revision,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
            "answers": self.answers,
            "stamps": self.stamps,
            "batches": self.batches,
        }

    @property
    def sha256(self) -> str:
        """Return the digest of everything that the file holds."""
        return digest(self.to_json())

    def encode(self) -> bytes:
        """Return the file's bytes: readable, one fact a line, with its digest at the end."""
        data = self.to_json()
        data["sha256"] = digest(data)
        # Keys of `answers` keep their order of writing; the digest is of the canonical form.
        return dumps_readable(data)

    @classmethod
    def from_json(cls, data: object) -> Document:
        """Return the document that `data` (with or without digest) describes.

        Raises
        ------
        DocumentError
            For anything unknown, missing or of another type; ``newer_format`` first of all.
        """
        data = checked(data)
        return cls(
            workbook=data["workbook"],
            definition=data["definition"],
            subject=Subject(data["subject"]["kind"], data["subject"]["id"]),
            record_id=data["record_id"],
            lang=data["lang"],
            status=data["status"],
            revision=data["revision"],
            created_at=data["created_at"],
            updated_at=data["updated_at"],
            answers=data["answers"],
            stamps=data["stamps"],
            batches=data["batches"],
        )

    @classmethod
    def decode(cls, data: bytes, *, max_bytes: int = MAX_FILE_BYTES) -> Document:
        """Return the document in a file's bytes; its digest must fit."""
        try:
            value = loads_strict(data, max_bytes=max_bytes)
        except StrictError as error:
            raise DocumentError(
                error.id, "" if error.position is None else f"byte {error.position}"
            ) from None
        document = cls.from_json(value)
        rest = {key: part for key, part in value.items() if key != "sha256"}
        if value.get("sha256") != digest(rest):
            raise DocumentError("digest", "sha256")
        return document


def digest(value: object) -> str:
    """Return the SHA-256 of a JSON value's canonical bytes, in hexadecimal."""
    return hashlib.sha256(dumps_canonical(value)).hexdigest()


# -- equal content ----------------------------------------------------------------------------
def content(answers: Mapping[str, Any]) -> Json:
    """Return answers without what says nothing: empty texts, lists and rows' empty cells.

    A row stays, even an empty one; so does null, which is the answer "cannot say".
    """

    def full(pairs: Mapping[str, Any]) -> Json:
        return {
            key: [full(row) if isinstance(row, dict) else row for row in value]
            if isinstance(value, list)
            else value
            for key, value in pairs.items()
            if value not in ("", [])
        }

    return full(answers)


def same_content(left: Document, right: Document) -> bool:
    """Tell whether two documents say the same, whenever and by whomever they were written."""
    return (left.workbook, left.definition) == (right.workbook, right.definition) and (
        dumps_canonical(content(left.answers)) == dumps_canonical(content(right.answers))
    )


def content_hash(document: Document, evidence: Iterable[str] = ()) -> str:
    """Return what identifies a document's content: answers, evidence, definition version.

    Parameters
    ----------
    document : Document
    evidence : iterable of str
        Hashes of the evidence files, in any order.
    """
    return digest(
        {
            "workbook": document.workbook,
            "definition": document.definition,
            "answers": content(document.answers),
            "evidence": sorted(set(evidence)),
        }
    )
