"""The director of the demo: asks, the agreement, a check-in, surveys, what the school tells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Final

from ustaz import surveys
from ustaz.course import Course
from ustaz.demo._clock import at
from ustaz.demo._events import TODAY
from ustaz.demo._people import AROUND
from ustaz.schools import Terms, agreements, asks, check_ins, outcomes
from ustaz.shares import show as share
from ustaz.workbook.sharing import places_of

#: Day of the programme, teacher, kind, what is asked; day of the answer, answer, a sentence.
ASKED: Final = (
    (70, "aigul-s", "plan", "Жоспарымды қарап, келісіміңізді берсеңіз.", 72, asks.AGREED, ""),
    (110, "aigul-s", "time", "Бейсенбі күнгі алтыншы сабақтан кейінгі сағатты бос қалдырсаңыз.",
     112, asks.NOT_NOW, "Кесте қаңтарда өзгереді. Сол кезде осы сағатты белгілейміз."),
    (216, "aigul-s", "obstacle", "Кітапхананың кілті сабақтан кейін де қолжетімді болса екен.",
     0, "", ""),
)  # fmt: skip
TERMS: Final = Terms(
    facilitators="Saule N.", place="№7 кабинет", teachers=6, keeps=(0, 1, 2, 3, 4, 5, 7)
)
CHECK_IN: Final = "Сағат бос қалады. Кабинеттің кілтін хатшы береді."

PARTS_OF_TEXT: Final = {
    "before": "Қыркүйекте мұғалімдер сабақты жеке дайындайтын. Бір-бірінің сабағына кіруге уақыт"
    " та, себеп те жоқ еді.",
    "began": "Екі мұғалім бастауыш сыныпта оқушыларды толық сөйлеммен жауап беруге үйретуді қолға"
    " алды. Кестеде бейсенбі күні бір сағат бос қалды.",
    "changed": "Қазір бес мұғалім бір-бірінің сабағына кіреді. Дәптерде толық жауап көбейді:"
    " қазанда үш оқушы, сәуірде он бір оқушы жазды.",
    "next": "Келесі жылы бұл сағат кестеде қалады. Ата-аналардан да не байқағанын сұраймыз.",
}
TITLE: Final = "Бейсенбідегі бір сағат"
SHOWN: Final = (outcomes.SCHOOL, outcomes.SCHOOLS, outcomes.PUBLIC)
#: What the adults of the school tick: about what most of them choose, statement by statement.
START: Final = (3, 2, 2, 2, 3, 2, 3, 4, 3, 3, 2, 2, 2, 3, 3, 3, 2, 4, 2, 3, 2)
END: Final = (4, 3, 2, 3, 3, 3, 4, 4, 3, 4, 3, 3, 2, 4, 3, 3, 3, 4, 3, 4, 3)
PROGRAMME: Final = (3, 2, 2, 4, 3, 2, 2, 3, 3, 2, 2, 3)
#: How far people are from that, and where somebody cannot say.
APART: Final = (0, 1, -1, 0, 1, 2, 0, -1, 1, None, -2)
OF_THE_SCHOOL: Final = ("teacher",) * 6 + ("leader", "leader", "support", "support", "prefer_not")
REMARK: Final = {"teams": "Бірге дайындалуға уақыт табылса, бәріміз келер едік."}


def _shown_plan(course: Course, person: str) -> None:
    """Show the action plan to the director who is asked to agree to it."""
    definition = course.library["action-plan"]
    part = definition.shares[0]
    places = places_of(definition, part)
    share(course, person, "school_link", workbook=definition.id, what=part.id, places=places)


def _asked(course: Course, survey: str, school: str, usual: tuple[int, ...], people: int) -> str:
    """Open a round, let people answer it, and return its id."""
    known, _ = surveys.open_round(course, survey, school, people + 2)
    for number, digest in enumerate(sorted(known.codes)[:people]):
        apart = [APART[(number * 4 + at * 3) % len(APART)] for at in range(len(usual))]
        ratings = tuple(
            None if step is None else min(max(rating + step, 1), 5)
            for rating, step in zip(usual, apart, strict=True)
        )
        role = OF_THE_SCHOOL[number % len(OF_THE_SCHOOL)] if school else "prefer_not"
        remarks = REMARK if school and number == 1 else {}
        slip = surveys.Place(known, digest, used=False)
        surveys.answer(course, slip, surveys.Answers(ratings, role, remarks))
    return known.id


def _with_surveys(course: Course, school: str, on: Callable[[int], dt.datetime]) -> None:
    """Ask the school at the start of the year and again at its end, and the course's teachers."""
    with at(on(6)):
        start = _asked(course, "school", school, START, len(OF_THE_SCHOOL))
        programme = _asked(course, "programme", "", PROGRAMME, 8)
    with at(on(13)):
        surveys.close(course, start)
        surveys.close(course, programme)
    with at(on(TODAY - 4)):
        _asked(course, "school", school, END, 6)


def with_school(course: Course) -> None:
    """Let the director of the demo be asked and answer, and agree with the school's teachers."""
    director = next(person for person in AROUND if "director" in person.roles)
    school, by = director.school, director.person

    def on(day: int) -> dt.datetime:
        return dt.datetime.combine(
            course.start + dt.timedelta(days=day), dt.time(16), course.timezone
        )

    with at(on(3)):
        agreements.write(course, school, TERMS, base=0, by=by)
        known = agreements.current(course, school)
        if known is not None:
            agreements.confirm(course, known, "director", known.revision, by=by, own=True)
    _with_surveys(course, school, on)
    with at(on(TODAY - 3)):
        id = outcomes.write(course, school, None, TITLE, PARTS_OF_TEXT, lang="kk", base=0, by=by)
    with at(on(TODAY - 2)):
        (known_text,) = [text for text in outcomes.read(course) if text.id == id]
        for reader in SHOWN:
            outcomes.show(course, known_text, reader, known_text.revision, named=True, by=by)
    with at(on(96)):
        day = course.today().isoformat()
        check_ins.add(course, school, day, CHECK_IN, by=by, side="director")
    for asked, person, kind, text, answered, answer, reply in ASKED:
        if person not in course.people:
            continue
        with at(on(asked)):
            if kind == "plan":
                _shown_plan(course, person)
            id = asks.ask(course, person, kind, text)
        if answer:
            with at(on(answered)):
                known_ask = next(ask for ask in asks.live(course, person) if ask.id == id)
                asks.answer(course, known_ask, answer, reply, by=by)
