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
from typing import Any, Final

from ustaz.course import Course
from ustaz.exchange import dropbox, files, shape
from ustaz.exchange.model import (
    ANSWERS_CAP,
    ANSWERS_FILE,
    EVIDENCE_DIR,
    ROUND_CAP,
    ROUND_FILE,
    Submission,
)
from ustaz.exchange.snapshot import content_of
from ustaz.roster.former import NAMES
from ustaz.roster.people import Person

CLAIM_SLACK: Final = dt.timedelta(minutes=5)
_HASH: Final = re.compile(r"[0-9a-f]{64}\Z")


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
    record = shape.parsed(
        raw[ROUND_FILE], ROUND_CAP, shape.RECORD, ROUND_FILE, {shape.RESEALED: str}
    )
    document = shape.parsed(
        raw[ANSWERS_FILE], ANSWERS_CAP, shape.DOCUMENT, ANSWERS_FILE, shape.OPTIONAL
    )
    _resealed(course, record, status)
    _same_story(course, person, workbook, number, record, document)
    _hashes(record, document, raw[ANSWERS_FILE], evidence)
    shape.check_document(course, workbook, document)
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
    record: Mapping[str, Any],
    document: Mapping[str, Any],
) -> None:
    if record["person"] != person or document["subject"] != {"kind": "person", "id": person}:
        raise files.refuse("wrong_person", "The round says that it is somebody else's.")
    if record["workbook"] != workbook or document["workbook"] != workbook:
        raise files.refuse("wrong_workbook", "The round is of another workbook.")
    if number is not None and record["round"] != number:
        raise files.refuse("wrong_round", "The round bears another number.")
    if record["course"] != course.id:
        raise files.refuse("wrong_course", "The round is from another course.")
    sender = course.people.get(record["by"])
    gone = record["by"] in NAMES and shape.RESEALED in record  # staff who were erased since
    if record["by"] != person and not (gone or (sender and may_send_for_others(sender))):
        raise files.refuse("wrong_person", "Somebody sent the round who may not.")
    if any(record[key] != document[key] for key in ("definition", "lang", "record_id", "revision")):
        raise files.refuse("wrong_hash", "The record and the answers do not belong together.")


def _resealed(course: Course, record: Mapping[str, Any], status: os.stat_result) -> None:
    """Refuse a seal made anew by anybody but the course's account: it says which code fits."""
    if shape.RESEALED not in record:
        return
    if not _HASH.match(record[shape.RESEALED]) or status.st_uid not in course_uids(course):
        raise files.refuse("wrong_hash", "The round is not what was sent.")


def may_send_for_others(person: Person) -> bool:
    """Tell whether a member of the roster may hand in somebody else's workbook."""
    return not {"staff", "operator"}.isdisjoint(person.roles)


def _hashes(
    record: Mapping[str, Any],
    document: Mapping[str, Any],
    answers: bytes,
    evidence: Mapping[str, bytes],
) -> None:
    expected = record["evidence"]
    if expected != {name: len(data) for name, data in evidence.items()}:
        raise files.refuse("wrong_hash", "The evidence is not what the record lists.")
    if (
        not _HASH.match(record["sha256"])
        or dropbox.sealed(record)["sha256"] != record["sha256"]
        or hashlib.sha256(answers).hexdigest() != record["answers_sha256"]
    ):
        raise files.refuse("wrong_hash", "The round is not what was sent.")
    try:
        content = content_of(document, dict.fromkeys(evidence, 0))
    except (KeyError, TypeError, AttributeError):
        raise files.refuse(
            "damaged", "The answers are not built as they should be.", "linked"
        ) from None
    if content != record["content"]:
        raise files.refuse("wrong_hash", "The round is not what was sent.")


def _time(
    course: Course, record: Mapping[str, Any], status: os.stat_result
) -> tuple[dt.datetime, tuple[str, ...]]:
    """Return the time that counts, and whether the record's own differs.

    A record that the course's account wrote tells the server's clock. In one that a person's own
    account wrote it is a claim; the inode's change time, which nobody can set, decides.
    """
    try:
        said = dt.datetime.fromisoformat(record["received_at"])
        if record["claimed_at"] is not None:
            dt.datetime.fromisoformat(record["claimed_at"])
    except ValueError:
        raise files.refuse("damaged", "The time is not one.", "received_at") from None
    if said.tzinfo is None:
        raise files.refuse("damaged", "The time is not one.", "received_at")
    if status.st_uid in course_uids(course):
        return said.astimezone(dt.UTC), ()
    changed = dt.datetime.fromtimestamp(status.st_ctime, dt.UTC).replace(microsecond=0)
    notes = ("claim_differs",) if abs(changed - said) > CLAIM_SLACK else ()
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
