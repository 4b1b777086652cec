"""Rounds of a survey: slips with codes, answers until the round ends, then the report alone.

In ``surveys/`` a round has ``<id>.json`` (school, days, hashes of the codes) and, while it is open,
``<id>.open``: which codes are used, and beside that the answers. Both lists are written anew in
another order with each answer, in one file of a fixed size with a fixed time, so that neither
says which answer came when or by which code. A backup leaves that file out: two backups would tell
what was answered between them. When the round ends, ``<id>.report.json`` is written once and the
answers are gone.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, Final

from filelock import FileLock

from ustaz.base import files
from ustaz.base.errors import KnownError
from ustaz.base.spoken_code import ALPHABET, grouped, normalized
from ustaz.base.suppression import FEWEST
from ustaz.course import Course
from ustaz.messages import N_
from ustaz.surveys import restored
from ustaz.surveys.definitions import SURVEYS, Survey
from ustaz.surveys.reports import Report, report
from ustaz.surveys.restored import Restored
from ustaz.surveys.tables import HIGHEST, LOWEST, MOST_COMMENT, ROLES, Answers

FOLDER: Final = "surveys"
OPEN_SUFFIX: Final = ".open"
ROUND_ID: Final = re.compile(r"[0-9a-f]{12}\Z")
#: 60 bits, and a slow hash: nobody guesses one, and hashes give none away.
LENGTH: Final = 12
SALT: Final = b"ustaz: code of a survey"
MOST_SLIPS: Final = 200
#: Days from the end of one round to the beginning of the next.
FEWEST_DAYS: Final = 90
#: Bytes for one person's answers in the open file, and for one used code.
RECORD: Final = 10_000
MARK: Final = 72


class SurveyError(KnownError):
    """Nothing was changed, and the id says why."""

    texts: ClassVar[Mapping[str, tuple[str, str]]] = {
        "survey_open": (
            N_("This survey is open in this school already."),
            N_("End it first, or make more slips for it."),
        ),
        "survey_early": (
            N_("The last survey of this kind ended less than 90 days ago."),
            N_("A school changes slowly. Begin the next survey on {day} or later."),
        ),
        "survey_restored": (
            N_("The course was brought back from a backup less than 90 days ago. A result may have"
               " been shown that the backup does not know."),
            N_("Begin on {day} or later. Where the course staff is sure that no result of this"
               " survey was shown, they can begin it now."),
        ),
        "survey_slips": (
            N_("This number of slips cannot be made."),
            N_("A survey has 5 to 200 slips, one for each person."),
        ),
        "survey_few": (
            N_("Fewer than five people have answered, so nothing can be shown."),
            N_(
                "Nothing is lost, and the survey stays open. Give the others more time, make more"
                " slips, or talk about the statements without numbers and end the survey without"
                " a result."
            ),
        ),
        "survey_over": (
            N_("This survey has ended."),
            N_("Its result stands, and nothing can be added to it."),
        ),
        "survey_closed": (
            N_("This course has ended, so no answers are taken any more."),
            N_("Nothing was sent, and the slip stays unused. Ask whoever gave it to you."),
        ),
        "survey_used": (
            N_("This slip has been used already."),
            N_(
                "If it was you, your answers have arrived, and there is nothing more to do. If not,"
                " ask for another slip."
            ),
        ),
        "survey_answers": (
            N_("These answers could not be read, and nothing was sent."),
            N_("Load the page of your slip again and tick once more. A remark has at most 300"
               " letters."),
        ),
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Round:
    """One time that a school is asked.

    Attributes
    ----------
    id : str
    survey : str
    school : str
        As the roster names it; empty where the whole course is asked.
    number : int
        1 is the start; the school's later rounds follow.
    opened : date
    closed : date or None
    codes : frozenset of str
        Hashes of the codes on the slips.
    restored : bool
        It was open in a backup that was brought back, which ended it.
    """

    id: str
    survey: str
    school: str
    number: int
    opened: dt.date
    closed: dt.date | None
    codes: frozenset[str]
    restored: bool = False

    @property
    def definition(self) -> Survey:
        """Return what is asked."""
        return SURVEYS[self.survey]


@dataclass(frozen=True, slots=True)
class Place:
    """A slip's place in an open round.

    Attributes
    ----------
    round : Round
    digest : str
    used : bool
    """

    round: Round
    digest: str
    used: bool


# -- files -----------------------------------------------------------------------------------
def _folder(course: Course) -> Path:
    return course.dir / FOLDER


def _path(course: Course, round_id: str, suffix: str) -> Path:
    if not ROUND_ID.match(round_id):
        raise ValueError("not a round's id")
    return _folder(course) / f"{round_id}{suffix}"


@contextmanager
def _locked(course: Course) -> Iterator[None]:
    files.make_folder(_folder(course))
    with FileLock(_folder(course) / "surveys.lock", timeout=10, mode=0o600):
        yield


def _write_round(course: Course, known: Round) -> None:
    value = {
        "format": 1,
        "survey": known.survey,
        "school": known.school,
        "number": known.number,
        "opened": known.opened.isoformat(),
        "closed": known.closed.isoformat() if known.closed else None,
        "codes": sorted(known.codes),
    }
    files.replace(_path(course, known.id, ".json"), _bytes(value))


def _bytes(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def rounds(course: Course) -> list[Round]:
    """Return every round, the latest first."""
    known = []
    brought_back = restored.read(_folder(course))
    for path in _folder(course).glob("*.json"):
        if ROUND_ID.match(path.stem):
            with suppress(OSError, ValueError, KeyError, TypeError):
                known.append(_round(path, brought_back))
    return sorted(known, key=lambda round_: (round_.opened, round_.number, round_.id), reverse=True)


def _round(path: Path, brought_back: Restored | None) -> Round:
    value = json.loads(path.read_bytes())
    if value["survey"] not in SURVEYS:
        raise ValueError("an unknown survey")
    closed = value["closed"]
    ended = closed is None and brought_back is not None and path.stem in brought_back.ended
    if ended and brought_back is not None:
        closed = brought_back.day.isoformat()
    return Round(
        path.stem,
        value["survey"],
        str(value["school"]),
        int(value["number"]),
        dt.date.fromisoformat(value["opened"]),
        dt.date.fromisoformat(closed) if closed else None,
        frozenset(map(str, value["codes"])),
        restored=ended,
    )


def _read_open(course: Course, known: Round) -> tuple[list[str], list[dict[str, Any]]]:
    """Return the used codes and the answers; none where the file is not there (a backup)."""
    try:
        value = json.loads(_path(course, known.id, OPEN_SUFFIX).read_bytes())
    except FileNotFoundError:
        return [], []
    return list(value["used"]), list(value["answers"])


def _write_open(
    course: Course, known: Round, used: Iterable[str], answers: list[dict[str, Any]]
) -> None:
    shuffled = list(answers)
    secrets.SystemRandom().shuffle(shuffled)
    data = json.dumps({"used": sorted(used), "answers": shuffled}, ensure_ascii=False).encode()
    size = 100 + len(known.codes) * (RECORD + MARK)
    path = _path(course, known.id, OPEN_SUFFIX)
    files.replace(path, data.ljust(size))
    # When somebody answered last is nobody's business: the file is as old as its round.
    moment = dt.datetime.combine(known.opened, dt.time(), course.timezone).timestamp()
    for place in (path, path.parent):
        os.utime(place, (moment, moment))


# -- slips -----------------------------------------------------------------------------------
def digest_of(code: str) -> str:
    """Return under which hash a code is kept."""
    return hashlib.scrypt(code.encode(), salt=SALT, n=2**12, r=8, p=1, dklen=32).hex()


def _new_codes(count: int) -> list[str]:
    return [grouped("".join(secrets.choice(ALPHABET) for _ in range(LENGTH))) for _ in range(count)]


def open_round(
    course: Course, survey: str, school: str, slips: int, *, sure: bool = False
) -> tuple[Round, list[str]]:
    """Open a round and return it with the codes of its slips, this once.

    Parameters
    ----------
    sure : bool
        Course staff say that no result was shown which a backup that was brought back lacks.

    Raises
    ------
    SurveyError
        ``survey_slips``, ``survey_open``, ``survey_early``, ``survey_restored``.
    """
    if not FEWEST <= slips <= MOST_SLIPS:
        raise SurveyError("survey_slips")
    today = course.today()
    with _locked(course):
        earlier = [
            known for known in rounds(course) if (known.survey, known.school) == (survey, school)
        ]
        if any(round_.closed is None for round_ in earlier):
            raise SurveyError("survey_open")
        _refuse_early(
            today, "survey_early", (round_.closed for round_ in earlier if not round_.restored)
        )
        if not sure:
            unseen = [round_.closed for round_ in earlier if round_.restored]
            brought_back = restored.read(_folder(course))
            if brought_back is not None and brought_back.unseen:
                unseen.append(brought_back.day)
            _refuse_early(today, "survey_restored", unseen)
        codes = _new_codes(slips)
        number = max((round_.number for round_ in earlier), default=0) + 1
        hashes = frozenset(map(digest_of, codes))
        known = Round(secrets.token_hex(6), survey, school, number, today, None, hashes)
        _write_round(course, known)
        _write_open(course, known, [], [])
    return known, codes


def _refuse_early(today: dt.date, id: str, days: Iterable[dt.date | None]) -> None:
    known = [day for day in days if day is not None]
    first = max(known) + dt.timedelta(days=FEWEST_DAYS) if known else today
    if today < first:
        raise SurveyError(id, day=first.isoformat())


def add_slips(course: Course, round_id: str, slips: int) -> list[str]:
    """Make more slips for an open round and return their codes, this once."""
    with _locked(course):
        known = _open(course, round_id)
        if not 1 <= slips <= MOST_SLIPS - len(known.codes):
            raise SurveyError("survey_slips")
        codes = _new_codes(slips)
        fresh = replace(known, codes=known.codes | set(map(digest_of, codes)))
        _write_round(course, fresh)
        _write_open(course, fresh, *_read_open(course, fresh))
    return codes


def _open(course: Course, round_id: str) -> Round:
    known = next((round_ for round_ in rounds(course) if round_.id == round_id), None)
    if known is None or known.closed is not None:
        raise SurveyError("survey_over")
    return known


def place_of_code(course: Course, typed: str) -> Place | None:
    """Return which round a code belongs to; None for one that was never made or whose round ended.

    It takes as long for a wrong code as for a right one.
    """
    digest = digest_of(normalized(typed, LENGTH) or "no code")
    for known in rounds(course):
        if known.closed is None and digest in known.codes:
            return Place(known, digest, digest in _read_open(course, known)[0])
    return None


# -- answers ---------------------------------------------------------------------------------
def _checked(survey: Survey, answers: Answers) -> dict[str, Any]:
    ids = {dimension.id for dimension in survey.dimensions}
    good = (
        len(answers.ratings) == len(survey.statements)
        and all(
            rating is None or (type(rating) is int and LOWEST <= rating <= HIGHEST)
            for rating in answers.ratings
        )
        and answers.role in ROLES
        and set(answers.comments) <= ids
        and all(len(text) <= MOST_COMMENT for text in answers.comments.values())
    )
    if not good:
        raise SurveyError("survey_answers")
    comments = {key: text for key, text in answers.comments.items() if text}
    return {"ratings": list(answers.ratings), "role": answers.role, "comments": comments}


def answer(course: Course, place: Place, answers: Answers) -> None:
    """Keep somebody's answers and mark the code as used: both at once, and neither by the other.

    Raises
    ------
    SurveyError
        ``survey_answers``, ``survey_used``, ``survey_over``, ``survey_closed``.
    """
    record = _checked(place.round.definition, answers)
    if course.standing != "open":
        raise SurveyError("survey_closed")
    with _locked(course):
        known = _open(course, place.round.id)
        if report_of(course, known.id) is not None:  # its end broke off, and counts
            raise SurveyError("survey_over")
        used, others = _read_open(course, known)
        if place.digest not in known.codes or place.digest in used:
            raise SurveyError("survey_used")
        _write_open(course, known, [*used, place.digest], [*others, record])


def given_answers(course: Course, known: Round) -> int:
    """Return how many people have answered an open round so far."""
    return len(_read_open(course, known)[0])


# -- the end ---------------------------------------------------------------------------------
def close(course: Course, round_id: str) -> Report:
    """End a round: its report is written, once and for good, and the answers are removed.

    Raises
    ------
    SurveyError
        ``survey_few``, ``survey_over``; the round stays as it is.
    """
    with _locked(course):
        known = _open(course, round_id)
        path = _path(course, round_id, ".report.json")
        if not path.exists():  # else an earlier end broke off after it
            _, records = _read_open(course, known)
            answers = [
                Answers(tuple(record["ratings"]), record["role"], record["comments"])
                for record in records
            ]
            computed = report(known.definition, answers)
            if computed is None:
                raise SurveyError("survey_few")
            files.replace(_path(course, round_id, ".comments.json"), _bytes(_comments(answers)))
            files.write_once(path, _bytes(computed.to_json()))
        _end(course, known)
    published = report_of(course, round_id)
    if published is None:
        raise SurveyError("survey_over")
    return published


def _comments(answers: Iterable[Answers]) -> dict[str, list[str]]:
    """Return remarks by dimension, each list by the alphabet: which are one person's is lost."""
    lists: dict[str, list[str]] = {}
    for person in answers:
        for dimension, text in person.comments.items():
            lists.setdefault(dimension, []).append(text)
    return {dimension: sorted(texts) for dimension, texts in sorted(lists.items())}


def discard(course: Course, round_id: str) -> None:
    """End a round without a result; the answers are removed unread."""
    with _locked(course):
        _end(course, _open(course, round_id))


def _end(course: Course, known: Round) -> None:
    _path(course, known.id, OPEN_SUFFIX).unlink(missing_ok=True)
    _write_round(course, replace(known, closed=course.today(), codes=frozenset()))


def report_of(course: Course, round_id: str) -> Report | None:
    """Return the report of a round that has ended; None where it ended without one."""
    try:
        return Report.from_json(json.loads(_path(course, round_id, ".report.json").read_bytes()))
    except FileNotFoundError:
        return None


def comments_of(course: Course, round_id: str) -> dict[str, list[str]]:
    """Return the remarks of a round that has ended, by dimension: for the course staff."""
    if report_of(course, round_id) is None:
        return {}
    try:
        value = json.loads(_path(course, round_id, ".comments.json").read_bytes())
    except FileNotFoundError:
        return {}
    return {str(dimension): list(map(str, texts)) for dimension, texts in value.items()}


def carry(course: Course, names: Iterable[str], into: str) -> None:
    """Let rounds of several spellings of one school belong to the one that stays."""
    spellings = {*names} - {into}
    if not _folder(course).is_dir():
        return
    with _locked(course):
        for known in rounds(course):
            if known.school in spellings:
                _write_round(course, replace(known, school=into))
