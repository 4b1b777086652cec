"""The director of the demo: asked for a plan, a time and an obstacle; the agreement; a check-in."""

from __future__ import annotations

import datetime as dt
from typing import Final

from ustaz.course import Course
from ustaz.demo._clock import at
from ustaz.demo._people import AROUND
from ustaz.schools import Terms, agreements, asks, check_ins

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
    with at(on(96)):
        day = course.today().isoformat()
        check_ins.add(course, school, day, CHECK_IN, by=by, side="director")
    for asked, person, kind, text, answered, answer, reply in ASKED:
        if person not in course.people:
            continue
        with at(on(asked)):
            id = asks.ask(course, person, kind, text)
        if answer:
            with at(on(answered)):
                known_ask = next(ask for ask in asks.live(course, person) if ask.id == id)
                asks.answer(course, known_ask, answer, reply, by=by)
