"""The meetings of the demo's year: seven workshops, three tutorials, two network events."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Final

from ustaz.calendar import moves, writing
from ustaz.course import Course
from ustaz.course.events import Event, Slot
from ustaz.demo._clock import at

#: Day of the programme on which the demo is opened.
TODAY: Final = 224
WEDNESDAY: Final = 2
SATURDAY: Final = 5


#: Weekday, beginning, end, place and address of each kind of meeting.
USUAL: Final = {
    "workshop": (WEDNESDAY, dt.time(15), dt.time(17), "Мектеп кітапханасы", ""),
    "tutorial": (WEDNESDAY, dt.time(17), dt.time(17, 40), "", "https://meet.example/tutorial"),
    "network_event": (SATURDAY, dt.time(10), dt.time(15), "Тірек мектебі, мәжіліс залы", ""),
}


@dataclass(frozen=True, slots=True)
class _Planned:
    """A meeting, planned for the first usual weekday from a day of the programme on."""

    id: str
    kind: str
    day: int
    en: str
    ru: str
    kk: str

    def event(self, start: dt.date) -> Event:
        """Return it in the year that begins on `start`."""
        weekday, begins, ends, place, link = USUAL[self.kind]
        first = start + dt.timedelta(days=self.day)
        day = first + dt.timedelta(days=(weekday - first.weekday()) % 7)
        titles = {"en": self.en, "ru": self.ru, "kk": self.kk}
        return Event(self.id, self.kind, titles, Slot(day, begins, ends, place, link))


YEAR: Final = (
    _Planned("workshop-1", "workshop", 6, "What matters to us", "Что для нас важно",
             "Біз үшін не маңызды"),
    _Planned("workshop-2", "workshop", 20, "From a concern to a plan", "От беспокойства к плану",
             "Толғандыратын мәселеден жоспарға"),
    _Planned("network-event-1", "network_event", 46, "Network event: our questions",
             "Сетевая встреча: наши вопросы", "Желілік кездесу: біздің сұрақтар"),
    _Planned("tutorial-1", "tutorial", 62, "First tutorial: focus and plan",
             "Первая консультация: фокус и план", "Бірінші кеңес: фокус пен жоспар"),
    _Planned("workshop-3", "workshop", 76, "Leading without a post", "Лидерство без должности",
             "Лауазымсыз көшбасшылық"),
    _Planned("workshop-4", "workshop", 90, "Evidence that exists anyway",
             "Свидетельства, которые и так есть", "Онсыз да бар дәлелдер"),
    _Planned("tutorial-2", "tutorial", 118, "Second tutorial: half-way",
             "Вторая консультация: на полпути", "Екінші кеңес: жарты жол"),
    _Planned("workshop-5", "workshop", 132, "Looking back half-way", "Взгляд назад на полпути",
             "Жарты жолда артқа қарау"),
    _Planned("workshop-6", "workshop", 167, "Telling the story of a project",
             "Рассказать историю проекта", "Жоба тарихын айту"),
    _Planned("network-event-2", "network_event", 193, "Network event: posters and stories",
             "Сетевая встреча: плакаты и истории", "Желілік кездесу: плакаттар мен әңгімелер"),
    _Planned("tutorial-3", "tutorial", 216, "Third tutorial: the portfolio",
             "Третья консультация: портфолио", "Үшінші кеңес: портфолио"),
    _Planned("workshop-7", "workshop", 230, "What we take along", "Что мы берём с собой",
             "Өзімізбен не алып кетеміз"),
)  # fmt: skip
#: Which group meets on another day, and why: a week later, announced some days before.
MOVED: Final = (
    ("workshop-4", "terek", "natalya-v", 80, "Педсовет в школе, перенесли на неделю"),
    ("workshop-7", "almaly", "saule-n", 221, "Ауданда олимпиада, бір аптаға шегердік"),
)


def with_events(course: Course) -> Course:
    """Enter the year's meetings, and return the course opened again."""
    events = {planned.id: planned.event(course.start) for planned in YEAR}
    writing.add(course, *events.values())
    again = Course.open(course.dir)
    groups = {group for person in again.taking_part() for group in person.groups}
    for id_, group, by, announced, reason in MOVED:
        if group not in groups:
            continue
        moved = events[id_]
        slot = replace(moved.slot, day=moved.slot.day + dt.timedelta(days=7))
        day = course.start + dt.timedelta(days=announced)
        with at(dt.datetime.combine(day, dt.time(16), course.timezone)):
            moves.move(again, moved, "group", group, slot, reason, by=by)
    return again
