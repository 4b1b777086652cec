"""The school agreement: its terms, the pledge, and the words of director and school leader link.

In ``schools/agreements.jsonl`` a line says that terms are written, confirmed, or that an agreement
ends. A confirmation is of one revision, so that a later change is said and has to be confirmed
again. The next year's agreement has the next number and begins from the terms of the last one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, ClassVar, Final

from ustaz.base.errors import KnownError
from ustaz.base.ledger import Ledger
from ustaz.course import Course
from ustaz.course.events import clock_time
from ustaz.deadlines.scoped import one_line
from ustaz.messages import N_

FOLDER: Final = "schools"
AGREEMENTS: Final = "agreements"
SIDES: Final = ("director", "link")
TIMES: Final = ("within_hours", "paid_extra", "own_time", "mixed")
#: The words of the sheet to print (``facilitator_notes/handouts/agreement.md``); a test compares.
COMMITMENTS: Final = (
    N_("We come to the induction."),
    N_("We keep the time and the room free."),
    N_("We ask for no extra reports."),
    N_("The projects are voluntary."),
    N_("We talk with the facilitators twice in the year."),
    N_("We listen to requests, and answer them."),
    N_("We come to the last meeting."),
    N_("We celebrate what was done."),
)
PLEDGE: Final = N_(
    "Nothing that a teacher says or writes in this group is used for appraisal or attestation,"
    " unless that teacher asks for it."
)
FEWEST_COMMITMENTS: Final = 5
#: Characters of each.
BOUNDS: Final = {"link": 60, "facilitators": 160, "place": 120}
TEACHERS: Final = (4, 15)
MINUTES: Final = (60, 150)
WEEKDAYS: Final = range(1, 7)
MOST_REASON: Final = 300


class AgreementError(KnownError):
    """Nothing was written, and the id says why."""

    texts: ClassVar[Mapping[str, tuple[str, str]]] = {
        "agreement_long": (
            N_("Nothing is saved yet: a line is too long. Please shorten it."),
            N_("What you wrote stands below."),
        ),
        "agreement_number": (
            N_("Nothing is saved yet: 4 to 15 teachers take part, and a meeting takes 60 to 150"
               " minutes from a time such as 15:00."),
            N_("What you wrote stands below. Correct it, then save again."),
        ),
        "agreement_few": (
            N_("Nothing is saved yet: at least five promises are needed."),
            N_("Tick what the school can keep. If fewer can be kept, talk with the facilitators"
               " first."),
        ),
        "agreement_changed": (
            N_("The agreement has changed since you opened this page. Nothing was confirmed."),
            N_("Read it once more, then confirm it."),
        ),
        "agreement_pledge": (
            N_("Nothing was confirmed: the sentence on appraisal belongs to the agreement."),
            N_("Tick it if you agree. It cannot be left out."),
        ),
        "agreement_same": (
            N_("Nothing was confirmed: one person cannot be both."),
            N_("If the director is the school leader link as well, leave that line empty."),
        ),
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Terms:
    """What is agreed.

    Attributes
    ----------
    link : str
        A short name of the school leader link; empty where it is the director.
    facilitators, place : str
    teachers, minutes : int
    weekday : int
        1 is Monday.
    start : str
        ``HH:MM``.
    time : str
        One of :data:`TIMES`.
    keeps : tuple of int
        Which of :data:`COMMITMENTS`.
    """

    link: str = ""
    facilitators: str = ""
    place: str = ""
    teachers: int = 10
    weekday: int = 3
    start: str = "15:00"
    minutes: int = 120
    time: str = "within_hours"
    keeps: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Word:
    """Who confirmed for a side, when, and whether it is that side's own word."""

    by: str
    at: str
    own: bool


@dataclass(frozen=True, slots=True)
class Agreement:
    """One year's agreement of a school.

    Attributes
    ----------
    school : str
    number : int
        1 for the first year.
    revision : int
        How often its terms were written.
    terms : Terms
    at : str
        When the terms were written last, ISO 8601.
    words : mapping
        Side to its word on these terms.
    ended : Word or None
        Who ended it, and when.
    reason : str
        Why it was ended.
    """

    school: str
    number: int
    revision: int
    terms: Terms
    at: str
    words: Mapping[str, Word] = field(default_factory=dict)
    ended: Word | None = None
    reason: str = ""

    @property
    def sides(self) -> tuple[str, ...]:
        """Return whose word is needed."""
        return SIDES if self.terms.link else SIDES[:1]

    @property
    def agreed(self) -> bool:
        """Tell whether it is in force."""
        return self.ended is None and all(side in self.words for side in self.sides)


def parsed(form: Mapping[str, str], keeps: Iterable[str]) -> Terms:
    """Return the terms of a form.

    Raises
    ------
    AgreementError
        ``agreement_long``, ``agreement_number``, ``agreement_few``.
    """
    texts = {name: one_line(form.get(name, ""), most + 1) for name, most in BOUNDS.items()}
    if any(len(texts[name]) > most for name, most in BOUNDS.items()):
        raise AgreementError("agreement_long")
    numbers = {name: _number(form.get(name, "")) for name in ("teachers", "minutes", "weekday")}
    start = clock_time(form.get("start", ""))
    bounds = {"teachers": TEACHERS, "minutes": MINUTES, "weekday": (WEEKDAYS[0], WEEKDAYS[-1])}
    fits = all(low <= numbers[name] <= high for name, (low, high) in bounds.items())
    if start is None or not fits or form.get("time") not in TIMES:
        raise AgreementError("agreement_number")
    ticked = {_number(text) for text in keeps if text}
    kept = tuple(at for at in range(len(COMMITMENTS)) if at in ticked)
    if len(kept) < FEWEST_COMMITMENTS:
        raise AgreementError("agreement_few")
    return Terms(
        link=texts["link"],
        facilitators=texts["facilitators"],
        place=texts["place"],
        teachers=numbers["teachers"],
        weekday=numbers["weekday"],
        start=f"{start:%H:%M}",
        minutes=numbers["minutes"],
        time=form["time"],
        keeps=kept,
    )


def _number(text: str) -> int:
    plain = text.strip()
    return int(plain) if plain.isascii() and plain.isdecimal() and len(plain) < 5 else -1


def ledger(course: Course) -> Ledger:
    """Return the lines about schools."""
    return Ledger(course.dir / FOLDER)


def history(course: Course, school: str) -> list[Agreement]:
    """Return the agreements of a school, one a year, the latest first."""
    known: dict[int, Agreement] = {}
    for line in ledger(course).entries(AGREEMENTS):
        number = line.get("number")
        if line.get("school") != school or type(number) is not int:
            continue
        changed = _changed(known.get(number), line, number)
        if changed is not None:
            known[number] = changed
    return [known[number] for number in sorted(known, reverse=True)]


def current(course: Course, school: str) -> Agreement | None:
    """Return the agreement of this year; None where nothing is written yet."""
    return next(iter(history(course, school)), None)


def _changed(known: Agreement | None, line: Mapping[str, Any], number: int) -> Agreement | None:
    action, at, by = line.get("do"), str(line.get("at", "")), str(line.get("by", ""))
    if action == "write":
        terms = _terms(line.get("terms"))
        if terms is None:
            return known
        revision = known.revision + 1 if known else 1
        return Agreement(str(line["school"]), number, revision, terms, at)
    if known is None:
        return None
    side = line.get("side")
    if action == "confirm" and side in SIDES and line.get("revision") == known.revision:
        word = Word(by, at, line.get("own") is True)
        return replace(known, words={**known.words, side: word})
    if action == "take_back":
        return replace(known, words={s: word for s, word in known.words.items() if s != side})
    if action == "end":
        return replace(known, ended=Word(by, at, own=True), reason=str(line.get("text", "")))
    return known


def _terms(value: object) -> Terms | None:
    if not isinstance(value, dict):
        return None
    try:
        return Terms(**{**value, "keeps": tuple(value["keeps"])})
    except (TypeError, KeyError):
        return None


def write(course: Course, school: str, terms: Terms, *, base: int, by: str) -> None:
    """Write the terms of this year, or of the next one where this year's agreement has ended.

    Parameters
    ----------
    base : int
        The revision that the form showed; another one counts where somebody wrote in between.

    Raises
    ------
    AgreementError
        ``agreement_changed``.
    """
    known = current(course, school)
    if known is not None and known.ended is None:
        if known.revision != base:
            raise AgreementError("agreement_changed")
        if known.terms == terms:
            return
    number = 1 if known is None else known.number + (known.ended is not None)
    line = {"do": "write", "school": school, "number": number, "terms": asdict(terms), "by": by}
    ledger(course).append(AGREEMENTS, line)


def confirm(
    course: Course, known: Agreement, side: str, revision: int, *, by: str, own: bool
) -> None:
    """Record the word of one side on the terms as it read them.

    Raises
    ------
    AgreementError
        ``agreement_changed``, ``agreement_same``.
    """
    if known.ended is not None or known.revision != revision or side not in known.sides:
        raise AgreementError("agreement_changed")
    if any(word.by == by for other, word in known.words.items() if other != side and word.own):
        raise AgreementError("agreement_same")
    if side not in known.words:
        _append(course, known, do="confirm", side=side, revision=revision, by=by, own=own)


def take_back(course: Course, known: Agreement, side: str, *, by: str) -> None:
    """Record that one side takes its word back."""
    if side in known.words and known.ended is None:
        _append(course, known, do="take_back", side=side, by=by)


def end(course: Course, known: Agreement, text: str, *, by: str) -> None:
    """End an agreement: it is withdrawn, or its year is over and the next one may be written."""
    if known.ended is None:
        _append(course, known, do="end", text=one_line(text, MOST_REASON), by=by)


def carry(course: Course, names: Collection[str], into: str) -> None:
    """Let what is said of several spellings of one school belong to the one that stays."""
    ledger(course).respell("school", names, into)


def _append(course: Course, known: Agreement, **values: Any) -> None:  # noqa: ANN401
    line = {"school": known.school, "number": known.number, **values}
    ledger(course).append(AGREEMENTS, line)
