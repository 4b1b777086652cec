"""Judge a round that lies in the drop box: whether it is whole, theirs, and can be read.

Nothing in a round's files is believed because it stands there: the folder, the record, the
document and the owner given by the operating system must tell the same story, and every hash must
be that of the bytes that were read.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, TypeVar

import msgspec

from ustaz.answers import StrictError, loads_strict
from ustaz.course import Course
from ustaz.exchange import dropbox, files
from ustaz.exchange.manifest import problem_of
from ustaz.exchange.model import (
    ANSWERS_CAP,
    ANSWERS_FILE,
    EVIDENCE_DIR,
    FORMAT,
    ROUND_CAP,
    ROUND_FILE,
    Submission,
    SubmissionDocument,
    SubmissionRecord,
    TranscriptionMarks,
)
from ustaz.exchange.snapshot import content_of
from ustaz.roster.former import NAMES
from ustaz.roster.people import Person
from ustaz.workbook import Definition, ValueProblem, check_value, version_key

CLAIM_SLACK: Final = dt.timedelta(minutes=5)
_HASH: Final = re.compile(r"[0-9a-f]{64}\Z")
_VERSION: Final = re.compile(r"[0-9]{1,4}\.[0-9]{1,4}\.[0-9]{1,4}\Z")
_FIELD: Final = re.compile(r"at `\$\.(\w+)")
_Shape = TypeVar("_Shape", SubmissionRecord, SubmissionDocument)


def read_round(
    course: Course, person: str, workbook: str, number: int, owners: set[int] | None = None
) -> Submission:
    """Read and judge one round; raise :class:`Refused` with the reason."""
    with files.open_folder(
        os.fspath(dropbox.submissions_dir(course, person, workbook))
    ) as submissions:
        return judge(course, person, workbook, number, submissions, owners)


def judge(
    course: Course,
    person: str,
    workbook: str,
    number: int,
    submissions: int,
    owners: set[int] | None,
) -> Submission:
    """Read and judge one round of an open submissions."""
    raw, evidence, status = dropbox.read_raw(submissions, number, owners)
    return _judged(course, person, workbook, number, raw, evidence, status)


def read_collected(course: Course, person: str, workbook: str) -> Submission:
    """Read and judge the round that lies in ``submitted/``, as it is graded."""
    with files.open_folder(os.fspath(course.dir / "submitted" / person / workbook)) as folder:
        record, status = files.read_file(folder, ROUND_FILE, ROUND_CAP)
        answers, _ = files.read_file(folder, ANSWERS_FILE, ANSWERS_CAP)
        evidence: dict[str, bytes] = {}
        if EVIDENCE_DIR in files.names_in(folder, 100):
            with files.open_folder(EVIDENCE_DIR, folder) as inner:
                evidence = dropbox.read_evidence(inner, None)
    raw = {ROUND_FILE: record, ANSWERS_FILE: answers}
    return _judged(course, person, workbook, None, raw, evidence, status)


def _judged(
    course: Course,
    person: str,
    workbook: str,
    number: int | None,
    raw: dict[str, bytes],
    evidence: dict[str, bytes],
    status: os.stat_result,
) -> Submission:
    record, _ = parsed(raw[ROUND_FILE], ROUND_CAP, SubmissionRecord, ROUND_FILE)
    _, document = parsed(raw[ANSWERS_FILE], ANSWERS_CAP, SubmissionDocument, ANSWERS_FILE)
    _resealed(course, record, status)
    _same_story(course, person, workbook, number, record, document)
    _hashes(record, document, raw[ANSWERS_FILE], evidence)
    check_document(course, workbook, document)
    received, notes = _time(course, record, status)
    return Submission(
        record=record,
        document=document,
        evidence={name: len(data) for name, data in evidence.items()},
        raw={**raw, **{f"evidence/{name}": data for name, data in evidence.items()}},
        received_at=received,
        notes=notes,
    )


def _same_story(
    course: Course,
    person: str,
    workbook: str,
    number: int | None,
    record: SubmissionRecord,
    document: Mapping[str, Any],
) -> None:
    if record.person != person or document["subject"] != {"kind": "person", "id": person}:
        raise files.refuse("wrong_person", "The round says that it is somebody else's.")
    if record.workbook != workbook or document["workbook"] != workbook:
        raise files.refuse("wrong_workbook", "The round is of another workbook.")
    if number is not None and record.round != number:
        raise files.refuse("wrong_round", "The round bears another number.")
    if record.course != course.id:
        raise files.refuse("wrong_course", "The round is from another course.")
    sender = course.people.get(record.by)
    resealed = record.receipt_sha256 is not msgspec.UNSET
    gone = record.by in NAMES and resealed  # staff who were erased since
    if record.by != person and not (gone or (sender and may_send_for_others(sender))):
        raise files.refuse("wrong_person", "Somebody sent the round who may not.")
    if any(
        getattr(record, key) != document[key]
        for key in ("definition", "lang", "record_id", "revision")
    ):
        raise files.refuse("wrong_hash", "The record and the answers do not belong together.")


def _resealed(course: Course, record: SubmissionRecord, status: os.stat_result) -> None:
    """Refuse a seal made anew by anybody but the course's account: it says which code fits."""
    if record.receipt_sha256 is msgspec.UNSET:
        return
    if not _HASH.match(record.receipt_sha256) or status.st_uid not in course_uids(course):
        raise files.refuse("wrong_hash", "The round is not what was sent.")


def may_send_for_others(person: Person) -> bool:
    """Tell whether a member of the roster may hand in somebody else's workbook."""
    return not {"staff", "operator"}.isdisjoint(person.roles)


def _hashes(
    record: SubmissionRecord,
    document: Mapping[str, Any],
    answers: bytes,
    evidence: Mapping[str, bytes],
) -> None:
    expected = record.evidence
    if expected != {name: len(data) for name, data in evidence.items()}:
        raise files.refuse("wrong_hash", "The evidence is not what the record lists.")
    if (
        not _HASH.match(record.sha256)
        or dropbox.sealed(msgspec.to_builtins(record))["sha256"] != record.sha256
        or hashlib.sha256(answers).hexdigest() != record.answers_sha256
    ):
        raise files.refuse("wrong_hash", "The round is not what was sent.")
    try:
        content = content_of(document, dict.fromkeys(evidence, 0))
    except (KeyError, TypeError, AttributeError):
        raise files.refuse(
            "damaged", "The answers are not built as they should be.", "linked"
        ) from None
    if content != record.content:
        raise files.refuse("wrong_hash", "The round is not what was sent.")


def _time(
    course: Course, record: SubmissionRecord, status: os.stat_result
) -> tuple[dt.datetime, tuple[str, ...]]:
    """Return the time that counts, and whether the record's own differs.

    A record that the course's account wrote tells the server's clock. In one that a person's own
    account wrote it is a claim; the inode's change time, which nobody can set, decides.
    """
    try:
        received = dt.datetime.fromisoformat(record.received_at)
        if record.claimed_at is not None:
            dt.datetime.fromisoformat(record.claimed_at)
    except ValueError:
        raise files.refuse("damaged", "The time is not one.", "received_at") from None
    if received.tzinfo is None:
        raise files.refuse("damaged", "The time is not one.", "received_at")
    if status.st_uid in course_uids(course):
        return received.astimezone(dt.UTC), ()
    changed = dt.datetime.fromtimestamp(status.st_ctime, dt.UTC).replace(microsecond=0)
    notes = ("claim_differs",) if abs(changed - received) > CLAIM_SLACK else ()
    return changed, notes


def course_uids(course: Course) -> set[int]:
    """Return the account that the course belongs to."""
    return {course.dir.stat().st_uid}


def owners_for(course: Course, person: Person) -> set[int]:
    """Return the accounts whose files may lie in a person's folder."""
    owners = course_uids(course)
    try:
        import pwd

        owners.add(pwd.getpwnam(person.account or person.person).pw_uid)
    except (ImportError, KeyError):
        pass
    return owners


# -- what a submission's files hold ----------------------------------------------------------------
def parsed(data: bytes, cap: int, shape: type[_Shape], name: str) -> tuple[_Shape, dict[str, Any]]:
    """Return the record in the bytes of a submission's file, typed and as it stands there.

    Parameters
    ----------
    data : bytes
    cap : int
        More bytes than this are refused.
    shape : type
        What the file holds: these fields, and no others.
    name : str
        Of the file, for the error.

    Raises
    ------
    Refused
        ``damaged`` or ``newer_format``.
    """
    try:
        value = loads_strict(data, max_bytes=cap)
    except StrictError as error:
        raise files.refuse("damaged", f"{name} cannot be read.", error.id) from None
    if not isinstance(value, dict):
        raise files.refuse("damaged", f"{name} cannot be read.", "not_an_object")
    format_ = value.get("format")
    if isinstance(format_, int) and not isinstance(format_, bool) and format_ > FORMAT:
        raise files.refuse("newer_format", f"{name} was written by a newer Ustaz.", str(format_))
    required, allowed = _keys(shape)
    if not required <= value.keys() <= allowed:
        raise files.refuse("damaged", f"{name} has other fields than it should.", "keys")
    try:
        record = msgspec.convert(value, shape, strict=True)
    except msgspec.ValidationError as error:
        field = _FIELD.search(str(error))
        detail = field[1] if field else "keys"
        raise files.refuse("damaged", f"{name} holds a value of the wrong kind.", detail) from None
    if format_ != FORMAT:
        raise files.refuse("damaged", f"{name} has a format that never was.", "format")
    return record, value


@lru_cache
def _keys(shape: type[msgspec.Struct]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the keys that a file must have, and those that it may have."""
    fields = msgspec.structs.fields(shape)  # evaluates all annotations each time
    return (
        frozenset(field.name for field in fields if field.required),
        frozenset(field.name for field in fields),
    )


def check_document(course: Course, workbook: str, document: Mapping[str, Any]) -> None:
    """Refuse answers that do not fit the course's workbooks, linked ones included."""
    definition = course.library[workbook]
    check_answers(definition, document["definition"], document["answers"], document["withheld"])
    for linked, part in document["linked"].items():
        if linked not in course.library.ids or part.keys() != {"definition", "answers", "withheld"}:
            raise files.refuse("damaged", "The round shows a workbook that there is not.", "linked")
        check_answers(course.library[linked], part["definition"], part["answers"], part["withheld"])
    parts = _checked_parts(course, definition, document)
    _check_entered(document.get("entered", {}), {workbook, *document["linked"], *parts})


def _checked_parts(
    course: Course, definition: Definition, document: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Return the parts of a portfolio's manifest; refuse one that is not built as ours are."""
    if "manifest" not in document:
        return {}
    manifest = document["manifest"]
    problem = "manifest" if definition.portfolio is None else problem_of(manifest)
    if problem == "digest":
        raise files.refuse("wrong_hash", "The round is not what was sent.", "manifest")
    if problem:
        raise files.refuse("damaged", "The answers are not built as they should be.", problem)
    parts: Mapping[str, Any] = manifest["parts"]
    for name, part in parts.items():
        if name not in course.library.ids:
            raise files.refuse("damaged", "The round shows a workbook that there is not.", name)
        check_answers(course.library[name], part["definition"], part["answers"], part["withheld"])
    return parts


def _check_entered(entered: Mapping[str, Any], workbooks: set[str]) -> None:
    """Refuse marks that are not built as ours are; whether they are true the ledger says."""
    try:
        msgspec.convert(entered, TranscriptionMarks, strict=True)
    except msgspec.ValidationError:
        sound = False
    else:
        sound = workbooks.issuperset(entered)
    if not sound:
        raise files.refuse("damaged", "The answers are not built as they should be.", "entered")


def check_answers(definition: Definition, version: Any, answers: Any, withheld: Any) -> None:  # noqa: ANN401
    """Refuse answers that are not built as the definition of their version says."""
    if not isinstance(version, str) or not _VERSION.match(version):
        raise files.refuse("damaged", "The version of the workbook is not one.", "definition")
    if version_key(version) > version_key(definition.version):
        raise files.refuse("newer_definition", "The answers belong to a newer workbook.", version)
    if not isinstance(answers, dict) or not isinstance(withheld, list):
        raise files.refuse("damaged", "The answers are not built as they should be.", "answers")
    if not all(isinstance(name, str) for name in withheld):
        raise files.refuse("damaged", "The answers are not built as they should be.", "withheld")
    if version != definition.version:
        return  # an older shape: upgraded, and judged again, when it is graded
    known = {field.id for field in definition.fields}
    if not known.issuperset(name.partition(".")[0] for name in withheld):
        raise files.refuse("damaged", "The answers are not built as they should be.", "withheld")
    for field, value in answers.items():
        try:
            check_value(definition, [field], value)
        except ValueProblem as problem:
            raise files.refuse(
                "bad_value", "A value is not of the field's kind.", problem.id
            ) from None
