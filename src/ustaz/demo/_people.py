"""Who is in the demo course: the six of the cast, generated teachers, and those around them."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Final

from ustaz.demo._answers import SELF
from ustaz.demo._events import TODAY
from ustaz.demo._reading import CAST, entries, person_file, read
from ustaz.roster.people import Person

GROUPS: Final = ("almaly", "terek", "qaiyn")
SCHOOLS: Final = ("small-rural-1", "hub-1", "urban-1", "urban-2", "rural-1", "rural-2")
#: How far a generated teacher has come; most are in the middle of the way, some joined late.
STAGES: Final = (
    "half_way_returned",
    "plan_overdue",
    "plan_sent",
    "focus_draft",
    "plan_returned",
    "focus_sent",
    "plan_draft",
    "empty",
    "half_way_sent",
    "focus_ready",
    "plan_overdue",
    "plan_resubmitted",
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
#: Facilitators with a file of their own.
WRITING: Final = ("saule-n", "natalya-v")


@dataclass(frozen=True, slots=True)
class Teacher:
    """One invented teacher, or facilitator, and what this person wrote.

    Attributes
    ----------
    person : Person
        The line of the roster.
    stage : str
        How far this person is; one of :data:`STAGES`, and for the cast a word of its own.
    year : dict
        For each workbook what was written and when, as ``people/*.yml`` has it.
    comments : dict
        What a reader writes about each workbook.
    file : str
        Where it stands, for complaints; empty for generated teachers.
    """

    person: Person
    stage: str
    year: Mapping[str, Mapping[str, Any]]
    comments: Mapping[str, str] = field(default_factory=dict)
    file: str = ""

    @property
    def people(self) -> list[Any]:
        """Return the rows of the people map."""
        entry = self.year.get("people-map", {})
        later = (again["answers"].get("people", []) for again in entry.get("later", ()))
        return [*entry.get("answers", {}).get("people", []), *chain.from_iterable(later)]


def teachers(count: int, seed: int) -> list[Teacher]:
    """Return `count` invented teachers: the cast first, then generated ones."""
    teachers = [_cast(person) for person in CAST[:count]]
    taken = {teacher.person.person for teacher in teachers} | {teacher.person for teacher in AROUND}
    chance = random.Random(f"ustaz-{seed}")  # noqa: S311 - stories, not secrets
    generated = (_generated(index, chance, taken) for index in range(count - len(teachers)))
    return [*teachers, *generated]


def facilitators() -> list[Teacher]:
    """Return the facilitators who wrote something of themselves, with what they wrote."""
    return [
        Teacher(
            person, "", read(person_file(person.person))["year"], file=person_file(person.person)
        )
        for person in AROUND
        if person.person in WRITING
    ]


def _cast(id_: str) -> Teacher:
    file = person_file(id_)
    entry = read(file)
    entries(entry["year"], file)
    person = Person(
        entry["id"], entry["name"], ("participant",), entry["group"], entry["school"], entry["lang"]
    )
    comments = read("topics.yml")["comments"][entry["lang"]]
    own = {
        workbook: written["returned"]
        for workbook, written in entry["year"].items()
        if "returned" in written
    }
    return Teacher(person, entry["stage"], entry["year"], {**comments, **own}, file)


def _generated(index: int, chance: random.Random, taken: set[str]) -> Teacher:
    lang = "ru" if index % 5 in (1, 3) else "kk"
    name, person = _name(lang, chance, taken)
    taken.add(person)
    topic = chance.choice(read("topics.yml")[lang])
    filled = _filled(topic, str(chance.randint(2, 9)))
    line = Person(
        person, name, ("participant",), GROUPS[index % 3], SCHOOLS[index % len(SCHOOLS)], lang
    )
    stage = STAGES[index % len(STAGES)]
    year = _year(filled, stage, chance)
    return Teacher(line, stage, year, read("topics.yml")["comments"][lang])


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


def _year(
    topic: Mapping[str, Any], stage: str, chance: random.Random
) -> dict[str, Mapping[str, Any]]:
    """Return what a generated teacher has written, as far as the stage says."""
    if stage == "empty":
        return {}
    late = stage in {"focus_draft", "focus_ready", "focus_sent"}
    begun = chance.randint(205, 212) if late else chance.randint(8, 12)
    focus: dict[str, Any] = {"day": begun, "ready": True, "answers": topic["focus"]}
    year: dict[str, Mapping[str, Any]] = {"focus": focus}
    if stage == "focus_draft":
        fields = list(topic["focus"])
        kept = fields[: fields.index("concern_raw") + 1]
        return {"focus": {"day": begun, "answers": {name: topic["focus"][name] for name in kept}}}
    if stage == "focus_ready":
        return year
    sent = begun + 8
    focus |= {"sent": [sent], "agreed": {"focus_agreed_with_facilitator": sent - 1}}
    if late:
        return year
    plan = {**topic["plan"], "negotiated_with": [topic["people"][0][0]]}
    plan["start"] = chance.randint(18, 26)
    plan["end"] = chance.randint(225, 240)
    plan["steps"] = list(_timed(plan, topic["people"], chance))
    entry: dict[str, Any] = {"day": 20, "answers": plan}
    year |= {
        "people-map": {"day": 20, "answers": {"people": topic["people"]}},
        "action-plan": entry,
    }
    if stage in {"plan_draft", "plan_overdue"}:
        return year
    entry |= {"ready": True, "sent": [217 if stage == "plan_sent" else chance.randint(68, 78)]}
    if stage == "plan_resubmitted":
        entry["sent"].append(218)
        signs = plan["success_signs"][::-1]
        entry["agreed"] = {"agreed_by_school_link": 216}
        entry["later"] = [{"day": 217, "answers": {"success_signs": signs}}]
    if stage.startswith("half_way"):
        day = chance.randint(140, 147) if stage == "half_way_returned" else 219
        steps = [{**step, "by": day + 14 * number} for number, step in enumerate(topic["next"], 1)]
        review = {**topic["half_way"], "next_steps": steps, "with_me": [topic["people"][0][0]]}
        year["half-way-review"] = {"day": day, "ready": True, "sent": [day + 2], "answers": review}
    return year


def _timed(
    plan: Mapping[str, Any], people: list[list[str]], chance: random.Random
) -> Iterator[dict[str, Any]]:
    """Give a topic's steps dates and a state, as of the demo's today."""
    day = plan["start"]
    for number, step in enumerate(plan["steps"]):
        due = day + (chance.randint(50, 70) if step["strand"] == "try_out" else 26)
        due = min(due, plan["end"])
        who = [SELF] if number % 2 == 0 else [SELF, people[0][0]]
        timed = {**step, "who": who, "start": day, "due": due, "status": "not_started"}
        if due < TODAY - 14:
            timed |= {"status": "done", "done_on": due - chance.randint(0, 3)}
        elif day < TODAY:
            timed["status"] = "doing"
        yield timed
        day = min(due + chance.randint(2, 9), plan["end"])
