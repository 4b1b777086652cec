"""Hand in a workbook: freeze, write to the drop box, read back, and only then give a receipt.

Every host calls :func:`submit`: the page, JupyterLab, the command line, nbgrader's button.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Final

import msgspec

from ustaz.answers import Subject, dumps_canonical
from ustaz.base import clock
from ustaz.base.ledger import Ledger
from ustaz.course import Course
from ustaz.course.identity import Identity
from ustaz.exchange import dropbox
from ustaz.exchange.attached import refuse_missing_files
from ustaz.exchange.model import (
    ANSWERS_CAP,
    EVIDENCE_DIR,
    FORMAT,
    Receipt,
    Refused,
    Submission,
    SubmissionRecord,
)
from ustaz.exchange.receipts import last_of, receipt_from, receipt_of
from ustaz.exchange.snapshot import (
    content_of,
    documents_of,
    entered_snapshot,
    frozen_submission,
)
from ustaz.files import FileRefused, FileStore
from ustaz.messages import N_
from ustaz.transcription.marks import FOLDER as ENTERED
from ustaz.workbook import Definition, Evaluation, evaluate

#: What a clock may be off without anybody having to look.
AHEAD: Final = dt.timedelta(days=1)
log = logging.getLogger("ustaz.exchange")


def submit(
    course: Course,
    person: str,
    workbook: str,
    *,
    identity: Identity,
    confirm: bool = False,
    claimed_at: str | None = None,
    revision: int | None = None,
) -> Receipt:
    """Hand in `person`'s answers of `workbook` as they are now.

    Rules do not block: people hand in what they have, and the receipt says how much that is.

    Parameters
    ----------
    course : Course
    person, workbook : str
    identity : Identity
        Who asks, as the system knows them. Their own workbook, or anybody's for staff.
    confirm : bool
        Needed for a further round when the content differs from the last one.
    claimed_at : str, optional
        ISO 8601, the time at which an offline page says that the person submitted. Kept beside
        the receipt's time; it decides nothing.
    revision : int, optional
        The revision that the person saw; refused when the document has moved on since.

    Returns
    -------
    Receipt
        For a round that is on disk. ``repeated`` when the last round has the same content.

    Raises
    ------
    Refused
        ``not_yours``, ``course_closed``, ``unknown_workbook``, ``companion``, ``nothing_yet``,
        ``changed``, ``older_round``, ``bad_claim``, ``not_stored``, ``file_missing``, or one about
        the evidence.
    """
    definition = _allowed(course, person, workbook, identity)
    claimed = _claim(claimed_at)
    with _files_stay(course, person, definition):
        record, answers, evidence = _taken(course, definition, person, revision)
        record |= {"claimed_at": claimed, "by": identity.person, "acting": identity.acting}
        return _deliver(course, record, answers, evidence, confirm=confirm)


@contextmanager
def _files_stay(course: Course, person: str, definition: Definition) -> Iterator[None]:
    """Hold a person's files while a portfolio that names them is handed in.

    Always before the locks of documents: who removes files that nothing names does the same.
    """
    store = FileStore(course.people_dir)
    if definition.portfolio is None or not store.folder(person).is_dir():
        yield
        return
    with ExitStack() as stack:
        try:
            stack.enter_context(store.locked(person))
        except FileRefused as busy:
            raise _not_stored() from busy
        yield


def _taken(
    course: Course, definition: Definition, person: str, revision: int | None
) -> tuple[dict[str, Any], bytes, dict[str, bytes]]:
    """Return the round's record as far as it is known, its answers and its evidence."""
    subject, workbook = Subject("person", person), definition.id
    documents = documents_of(course, person, workbook)
    document = documents[workbook].to_json()
    if not document["revision"] or not document["answers"]:
        raise Refused(
            "nothing_yet",
            N_("There is nothing to send yet."),
            N_("Write something first. It is saved by itself."),
        )
    if revision is not None and revision != document["revision"]:
        raise Refused(
            "changed",
            N_("The workbook was changed somewhere else since you opened it."),
            N_("Nothing is lost. Look at it once more, then submit."),
        )
    frozen = frozen_submission(course, person, workbook, documents)
    shown = {workbook: frozen["answers"]}
    for travelling in (frozen["linked"], frozen.get("manifest", {"parts": {}})["parts"]):
        shown |= {name: part["answers"] for name, part in travelling.items()}
    frozen |= entered_snapshot(
        course.library,
        {name: documents[name] for name in shown},
        shown,
        _entered(course, person),
    )
    linked = {name: documents[name].answers for name in course.library.linked(workbook)}
    evaluation = evaluate(definition, document["answers"], course.context(linked))
    evidence = dropbox.take_evidence(course.store.folder(subject, workbook) / EVIDENCE_DIR)
    record = {
        "format": FORMAT,
        "course": course.id,
        "person": person,
        "workbook": workbook,
        "definition": definition.version,
        "lang": frozen["lang"],
        "record_id": frozen["record_id"],
        "revision": frozen["revision"],
        **_progress(evaluation),
        "evidence": {name: len(data) for name, data in evidence.items()},
        "content": content_of(frozen, dict.fromkeys(evidence, 0)),
    }
    answers = dumps_canonical(frozen)
    if len(answers) > ANSWERS_CAP:
        raise Refused(
            "too_large",
            N_("This is more than can be submitted at once."),
            N_("Nothing is lost. Ask the course staff."),
        )
    return record, answers, evidence


def _allowed(course: Course, person: str, workbook: str, identity: Identity) -> Definition:
    if identity.person != person and not identity.has("staff", "operator"):
        raise Refused(
            "not_yours",
            N_("Only the person who wrote a workbook can submit it."),
            N_("Nothing was changed."),
        )
    refuse_when_ended(course)
    if course.person(person).status == "withdrawn":
        raise Refused(
            "withdrawn",
            N_("This person has left the course, so nothing is submitted for them."),
            N_("Nothing is lost. The course staff can take them back in the list of people."),
        )
    if workbook not in course.library.ids:
        raise Refused(
            "unknown_workbook",
            N_("There is no such workbook in this course."),
            N_("Open it from the home page."),
        )
    definition = course.library[workbook]
    if definition.companion:
        raise Refused(
            "companion",
            N_("This workbook is not submitted on its own."),
            N_("It goes along with the workbook that shows it."),
        )
    return definition


def refuse_when_ended(course: Course) -> None:
    """Refuse a new submission in a closed course: on every way, and to course staff too.

    What is marked is what was there at the end.

    Raises
    ------
    Refused
        ``course_closed``.
    """
    if course.standing != "open":
        raise Refused(
            "course_closed",
            N_("This course has ended, so nothing can be submitted any more."),
            N_(
                "Nothing is lost: what was written and submitted stays readable. If something is"
                " missing, write to the course staff: they can open the course again."
            ),
        )


def _entered(course: Course, person: str) -> list[dict[str, Any]]:
    """Return the course's own lines about what was typed in; none where only it may read them."""
    try:
        return list(Ledger(course.dir / ENTERED).entries(person))
    except PermissionError:
        return []


def _not_stored() -> Refused:
    return Refused(
        "not_stored",
        N_("The workbook could not be submitted just now."),
        N_(
            "Nothing is lost. Try again in a few minutes; if it happens again, tell the "
            "course staff."
        ),
    )


def _claim(claimed_at: str | None) -> str | None:
    if claimed_at is None:
        return None
    try:
        moment = dt.datetime.fromisoformat(claimed_at)
        if moment.tzinfo is None:
            raise ValueError
        return clock.stamp(moment, moment.tzinfo)
    except (ValueError, OverflowError):
        raise Refused("bad_claim", "claimed_at is not a time with an offset.") from None


def _progress(evaluation: Evaluation) -> dict[str, Any]:
    return {"answered": evaluation.answered, "of": evaluation.of, "level": evaluation.level}


def _moment(course: Course, last: Submission | None) -> dt.datetime:
    """Return when a round is received.

    A clock that was set back must not turn the order of the rounds around. One that was ahead
    once must not date every later round either: where it shows a day of the programme now, and
    the round before lies days after it, the clock of now counts. The order is in the numbers.
    """
    now = clock.now()
    if last is None or (ahead(last.received_at, now) and course.today() >= course.start):
        return now
    return max(now, last.received_at)


def ahead(moment: dt.datetime, now: dt.datetime) -> bool:
    """Tell whether a moment lies so far after now that a clock was wrong."""
    return moment - now > AHEAD


def _deliver(
    course: Course,
    record: dict[str, Any],
    answers: bytes,
    evidence: dict[str, bytes],
    *,
    confirm: bool,
) -> Receipt:
    person, workbook = record["person"], record["workbook"]
    submissions = dropbox.submissions_dir(course, person, workbook)
    pending: dropbox.PendingSubmission | None = None
    try:
        while True:
            # Looked at first: whoever comes in between takes the number, and we look again.
            taken = dropbox.numbers(submissions)
            last = last_of(course, person, workbook, taken)
            if last is not None and last.record.content == record["content"]:
                return receipt_of(course, last, repeated=True)
            if taken and not confirm:
                raise Refused(
                    "older_round",
                    N_("You have submitted this workbook before."),
                    N_(
                        "Nothing was changed. If you want to send it once more, confirm it; "
                        "what you sent before stays as it is."
                    ),
                    receipt=receipt_of(course, last) if last else None,
                )
            if pending is None:
                refuse_missing_files(course, person, workbook, answers)
                pending = dropbox.PendingSubmission(submissions, answers, evidence)
                pending.pack()
            moment = _moment(course, last)
            full = dropbox.sealed(
                {
                    **record,
                    "round": dropbox.next_number(taken),
                    "received_at": clock.stamp(moment),
                    "answers_sha256": hashlib.sha256(answers).hexdigest(),
                }
            )
            if pending.send(full):
                pending = None
                log.info("received %s %s round %d", person, workbook, full["round"])
                return receipt_from(course, msgspec.convert(full, SubmissionRecord), moment)
    except OSError as error:
        log.error("could not store %s %s: errno %s", person, workbook, error.errno)
        raise _not_stored() from error
    finally:
        if pending is not None:
            pending.discard()
