"""Who is in the demo course: the six of the cast, generated teachers, and those around them."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from ustaz.roster.people import Person

HERE: Final = Path(__file__).parent
GROUPS: Final = ("almaly", "terek", "qaiyn")
SCHOOLS: Final = ("small-rural-1", "hub-1", "urban-1", "urban-2", "rural-1", "rural-2")
STAGES: Final = (
    "focus_draft",
    "plan_overdue",
    "focus_ready",
    "plan_submitted",
    "empty",
    "plan_draft",
    "focus_submitted",
    "plan_resubmitted",
    "focus_returned",
)
#: First names and letters that stand for a family name: no such person is meant.
KAZAKH: Final = (
    ("Әсел", "asel"), ("Ғалия", "galiya"), ("Қанат", "qanat"), ("Өмір", "omir"),
    ("Ұлжан", "ulzhan"), ("Гүлнұр", "gulnur"), ("Ілияс", "iliyas"), ("Жанар", "zhanar"),
    ("Нұрлан", "nurlan"), ("Сәуле", "saule"), ("Мақсат", "maqsat"), ("Шолпан", "sholpan"),
    ("Ерболат", "yerbolat"), ("Ботагөз", "botagoz"),
)  # fmt: skip
RUSSIAN: Final = (
    ("Елена", "yelena"), ("Сергей", "sergey"), ("Наталья", "natalya"), ("Ирина", "irina"),
    ("Алексей", "alexey"), ("Татьяна", "tatyana"), ("Марина", "marina"), ("Виктор", "viktor"),
    ("Светлана", "svetlana"), ("Юлия", "yuliya"),
)  # fmt: skip
LETTERS: Final = {
    "kk": (("Ә", "a"), ("Қ", "q"), ("Ө", "o"), ("Б", "b"), ("Ж", "zh"), ("Т", "t"), ("Н", "n")),
    "ru": (("А", "a"), ("К", "k"), ("М", "m"), ("С", "s"), ("Д", "d"), ("Ф", "f"), ("Щ", "shch")),
}

AROUND: Final = (
    Person("saule-n", "Saule N.", ("facilitator",), "almaly", "hub-1", "kk"),
    Person("natalya-v", "Natalya V.", ("facilitator",), "terek", "urban-1", "ru"),
    Person("timur-r", "Timur R.", ("facilitator",), "qaiyn", "rural-2", "kk"),
    Person("bolat-k", "Bolat K.", ("director",), "", "small-rural-1", "kk"),
    Person("zhanar-e", "Zhanar E.", ("staff", "reviewer"), "", "", "kk"),
    Person("irina-m", "Irina M.", ("staff",), "", "", "ru"),
)


@dataclass(frozen=True, slots=True)
class Teacher:
    """One invented teacher and what this person wrote.

    Attributes
    ----------
    person : Person
        The line of the roster.
    stage : str
        How far this person is; one of :data:`STAGES` or ``plan_returned``.
    people : list of (alias, relation, …)
        As :data:`~ustaz.demo._answers.CONTACT` names them.
    focus, plan : dict
        Answers in the short form of ``cast.yml``.
    comments : dict
        What a reader writes about each workbook.
    """

    person: Person
    stage: str
    people: list[list[Any]]
    focus: Mapping[str, Any]
    plan: Mapping[str, Any]
    comments: Mapping[str, str] = field(default_factory=dict)


@cache
def _read(name: str) -> Any:  # noqa: ANN401
    return yaml.safe_load((HERE / name).read_text(encoding="utf-8"))


def teachers(count: int, seed: int) -> list[Teacher]:
    """Return `count` invented teachers: the cast first, then generated ones."""
    teachers = [_cast(entry) for entry in _read("cast.yml")[:count]]
    taken = {teacher.person.person for teacher in teachers} | {teacher.person for teacher in AROUND}
    chance = random.Random(f"ustaz-{seed}")  # noqa: S311 - stories, not secrets
    generated = (_generated(index, chance, taken) for index in range(count - len(teachers)))
    return [*teachers, *generated]


def _cast(entry: Mapping[str, Any]) -> Teacher:
    person = Person(
        entry["id"], entry["name"], ("participant",), entry["group"], entry["school"], entry["lang"]
    )
    comments = {**_read("topics.yml")["comments"][entry["lang"]], **entry.get("comments", {})}
    return Teacher(person, entry["stage"], entry["people"], entry["focus"], entry["plan"], comments)


def _generated(index: int, chance: random.Random, taken: set[str]) -> Teacher:
    lang = "ru" if index % 5 in (1, 3) else "kk"
    name, person = _name(lang, chance, taken)
    taken.add(person)
    topic = chance.choice(_read("topics.yml")[lang])
    grade = str(chance.randint(2, 9))
    filled = _filled(topic, grade)
    plan = {**filled["plan"], "negotiated_with": [filled["people"][0][0]]}
    plan["start"] = chance.randint(18, 26)
    plan["end"] = chance.randint(170, 230)
    plan["steps"] = list(_timed(plan, filled["people"], chance))
    line = Person(
        person, name, ("participant",), GROUPS[index % 3], SCHOOLS[index % len(SCHOOLS)], lang
    )
    stage = STAGES[index % len(STAGES)]
    comments = _read("topics.yml")["comments"][lang]
    return Teacher(line, stage, filled["people"], filled["focus"], plan, comments)


def _name(lang: str, chance: random.Random, taken: set[str]) -> tuple[str, str]:
    names = KAZAKH if lang == "kk" else RUSSIAN
    for _ in range(200):
        first, latin = chance.choice(names)
        letter, short = chance.choice(LETTERS[lang])
        if f"{latin}-{short}" not in taken:
            return f"{first} {letter}.", f"{latin}-{short}"
    number = len(taken)
    return f"{first} {letter}. ({number})", f"{latin}-{short}-{number}"


def _filled(value: Any, grade: str) -> Any:  # noqa: ANN401
    if isinstance(value, str):
        return re.sub(r"\{grade\}", grade, value)
    if isinstance(value, list):
        return [_filled(inner, grade) for inner in value]
    if isinstance(value, dict):
        return {key: _filled(inner, grade) for key, inner in value.items()}
    return value


def _timed(
    plan: Mapping[str, Any], people: list[list[str]], chance: random.Random
) -> Iterator[dict[str, Any]]:
    """Give a topic's steps dates and a state, as of the demo's day 84."""
    day = plan["start"]
    for number, step in enumerate(plan["steps"]):
        due = day + (chance.randint(35, 50) if step["strand"] == "try_out" else 10)
        who = ["self"] if number % 2 == 0 else ["self", people[0][0]]
        timed = {**step, "who": who, "start": day, "due": due, "status": "not_started"}
        if due < 84 - 7:
            timed |= {"status": "done", "done_on": due - chance.randint(0, 3)}
        elif day < 84:
            timed["status"] = "doing"
        yield timed
        day = due + chance.randint(1, 4)
