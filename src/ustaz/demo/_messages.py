"""Messages of the demo: a talk of two, a word to the group, an announcement, a remark."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable, Mapping
from typing import Final

from ustaz.answers import Subject
from ustaz.course import Course
from ustaz.demo._clock import at
from ustaz.demo._people import AROUND, Teacher
from ustaz.threads import Anchor, Threads
from ustaz.threads.anchor import digest_of, quote_of

Words = dict[str, str]
TO_GROUP: Final[Words] = {
    "kk": "Жұмада кездесеміз. Әрқайсыңыз бір оқушының жұмысын ала келіңіз, бірге қараймыз.",
    "ru": "Встречаемся в пятницу. Возьмите с собой одну работу ученика, посмотрим вместе.",
}
FROM_GROUP: Final[Words] = {
    "kk": "Мен 3-сыныптың дәптерін ала келемін.",
    "ru": "Я возьму тетрадь из пятого класса.",
}
TO_MEMBER: Final[Words] = {
    "kk": "Екі әріптесіңіз сабақтан соң не айтты? Соны бір-екі сөйлеммен жазып қойсаңыз.",
    "ru": "Что сказали коллеги после урока? Хорошо бы записать это в двух предложениях.",
}
FROM_MEMBER: Final[Words] = {
    "kk": "Біреуі үнсіз балалар да сөйлегенін айтты. Бүгін кешке жазамын.",
    "ru": "Одна заметила, что заговорили и тихие ученики. Вечером запишу.",
}
REMARK: Final[Words] = {
    "kk": "Мұны неден байқайсыз? Осы сөйлемге бір белгі қосуға бола ма?",
    "ru": "По чему вы это увидите? Можно ли добавить в это предложение один признак?",
}
REPLY: Final[Words] = {
    "kk": "Балалардың толық сөйлеммен жауап бергенін санаймын. Жоспарда жаздым.",
    "ru": "Буду считать ответы полным предложением. В плане это уже есть.",
}
ANNOUNCED: Final = (
    "Қорытынды кездесу · Итоговая встреча",
    "Қорытынды кездесудің күні күнтізбеде тұр. Дата итоговой встречи стоит в календаре.",
)
STAFF: Final = "zhanar-e"
#: On which days of the programme they were written.
DAYS: Final = {"remark": 214, "group": 218, "two": 221, "announcement": 222}


def with_messages(course: Course, cast: list[Teacher]) -> None:
    """Let people write to each other: in each group the facilitator and the first in the list."""
    leaders = {person.group: person for person in AROUND if "facilitator" in person.roles}
    by_group: dict[str, Teacher] = {}
    for teacher in cast:
        by_group.setdefault(teacher.person.group, teacher)
    for group, teacher in by_group.items():
        leader, member = leaders[group], teacher.person
        _remark(course, member.person, leader.person, member.lang)
        to_all = {"kind": "group", "by": leader.person, "target": group}
        lines = [(leader.person, TO_GROUP[leader.lang]), (member.person, FROM_GROUP[member.lang])]
        _write(course, "group", to_all, lines)
        both = [member.person, leader.person]
        two = {"kind": "two", "by": leader.person, "people": both}
        lines = [(leader.person, TO_MEMBER[member.lang]), (member.person, FROM_MEMBER[member.lang])]
        _write(course, "two", two, lines)
    title, text = ANNOUNCED
    until = (course.start + dt.timedelta(days=DAYS["announcement"] + 14)).isoformat()
    line = {"kind": "announcement", "by": STAFF, "target": "all", "scope": "all"}
    _write(course, "announcement", {**line, "title": title, "until": until}, [(STAFF, text)])


def _remark(course: Course, person: str, leader: str, lang: str) -> None:
    """Let a facilitator ask beside the focus, where there is one, and its writer answer."""
    document = course.store.read(Subject.person(person), "focus")
    value = document.answers.get("focus_statement")
    if not value:
        return
    anchor = Anchor(
        "focus", "focus_statement", "question", quote_of(value), digest_of(value), document.revision
    )
    line = {"kind": "remark", "by": leader, "people": [person], "anchor": anchor.to_json()}
    _write(course, "remark", line, [(leader, REMARK[lang]), (person, REPLY[lang])])


def _write(
    course: Course, sort: str, line: Mapping[str, object], messages: list[tuple[str, str]]
) -> None:
    """Begin a thread and answer it in one evening."""
    day = course.start + dt.timedelta(days=DAYS[sort])
    begun = dt.datetime.combine(day, dt.time(18, 10), course.timezone)
    timed = [
        (begun + dt.timedelta(minutes=25 * number), by, text)
        for number, (by, text) in enumerate(messages)
    ]
    talk(course, line, timed)


def talk(
    course: Course, line: Mapping[str, object], messages: Iterable[tuple[dt.datetime, str, str]]
) -> None:
    """Begin a thread and answer it; each author had read what stood before."""
    store = Threads(course.dir)
    id = ""
    for moment, by, text in messages:
        message = {"id": secrets.token_hex(8), "by": by, "text": text}
        with at(moment):
            if not id:
                id = store.begin(dict(line), message)
            else:
                store.read(id, by)
                store.say(id, message)
