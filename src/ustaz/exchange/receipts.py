"""Look back at what was handed in: receipts, rounds and their status, codes read out by people."""

from __future__ import annotations

import datetime as dt
import logging
from pathlib import Path

from ustaz.answers import StrictError, loads_strict
from ustaz.course import Course
from ustaz.deadlines.due import is_late
from ustaz.exchange import dropbox, marks
from ustaz.exchange.model import (
    ROUND_FILE,
    Receipt,
    Refused,
    Submission,
    SubmissionRecord,
    SubmissionSummary,
)
from ustaz.exchange.receipt_code import code_of, tidy_code
from ustaz.exchange.validate import read_round

log = logging.getLogger("ustaz.exchange")


def latest(course: Course, person: str, workbook: str) -> Submission | None:
    """Return the last round that can be read, or None."""
    taken = dropbox.numbers(dropbox.submissions_dir(course, person, workbook))
    return last_of(course, person, workbook, taken)


def last_of(course: Course, person: str, workbook: str, taken: list[int]) -> Submission | None:
    """Return the last of the rounds with these numbers that can be read, or None."""
    for number in reversed(taken):
        try:
            return read_round(course, person, workbook, number)
        except Refused as refusal:
            log.warning("unreadable %s %s round %d: %s", person, workbook, number, refusal.id)
    return None


def receipt_of(course: Course, frozen: Submission, *, repeated: bool = False) -> Receipt:
    """Return the receipt of a round."""
    return receipt_from(course, frozen.record, frozen.received_at, repeated=repeated)


def receipt_from(
    course: Course, record: SubmissionRecord, received_at: dt.datetime, *, repeated: bool = False
) -> Receipt:
    """Return the receipt that a record stands for."""
    return Receipt(
        person=record.person,
        workbook=record.workbook,
        round=record.round,
        received_at=received_at,
        answered=record.answered,
        of=record.of,
        code=code_of(record.receipt_hash),
        sha256=record.receipt_hash,
        repeated=repeated,
        level=record.level,
        claimed_at=record.claimed_at,
        late=is_late(course, record.workbook, record.person, received_at),
    )


def rounds(course: Course, person: str, workbook: str) -> list[SubmissionSummary]:
    """Return a person's rounds of a workbook, the first one first.

    A round that cannot be read is left out and logged: `collect` lists it with its reason.
    """
    known = marks.load(course, person, workbook)
    graded = known["graded"] or {}
    collected = collected_round(course, person, workbook)
    summaries: list[SubmissionSummary] = []
    for number in dropbox.numbers(dropbox.submissions_dir(course, person, workbook)):
        try:
            frozen = read_round(course, person, workbook, number)
        except Refused as refusal:
            log.warning("unreadable %s %s round %d: %s", person, workbook, number, refusal.id)
            continue
        kept = known["rounds"].get(str(number), {})
        if kept.get("returned_at"):
            status = "returned"
        elif graded.get("round") == number:
            status = "marking"
        elif kept.get("marks"):
            status = "marked"
        else:
            status = "collected" if collected == number else "received"
        summaries.append(
            SubmissionSummary(
                receipt=receipt_of(course, frozen),
                definition=frozen.record.definition,
                content=frozen.record.content,
                lang=frozen.record.lang,
                status=status,
                marks=kept.get("marks"),
                returned_at=kept.get("returned_at"),
            )
        )
    return summaries


def feedback_dir(course: Course, person: str, workbook: str, number: int) -> Path:
    """Return where a person finds the feedback on a round as a file."""
    return course.people_dir / person / workbook / "returned" / f"{number:04d}"


def collected_round(course: Course, person: str, workbook: str) -> int | None:
    """Return the number of the round that lies in ``submitted/``."""
    path = course.dir / "submitted" / person / workbook / ROUND_FILE
    try:
        return int(loads_strict(path.read_bytes())["round"])
    except (OSError, StrictError, KeyError, TypeError, ValueError):
        return None


def verify_code(course: Course, typed: str) -> Receipt | None:
    """Return the receipt that bears the code a person reads out, or None.

    Every round is read and its hashes are computed again: a code that is found proves that the
    round is on disk as it was sent.
    """
    code = tidy_code(typed)
    if code is None:
        return None
    root = dropbox.inbound(course)
    if not root.is_dir():
        return None
    for person in course.people:
        for workbook in course.library.ids:
            for number in dropbox.numbers(root / person / workbook):
                try:
                    receipt = receipt_of(course, read_round(course, person, workbook, number))
                except Refused:
                    continue
                if receipt.code == code:
                    return receipt
    return None
