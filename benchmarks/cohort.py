"""The invented people whose plans are graded, and what they wrote."""

from __future__ import annotations

import copy
import datetime as dt
import random
from pathlib import Path
from typing import Any

from ustaz.answers import Batch, Subject
from ustaz.course import Course
from ustaz.course.identity import Identity
from ustaz.exchange import submit
from ustaz.roster.people import Person

WORKBOOK = "action-plan"


def make_course(folder: Path, people: int) -> Course:
    """Create a course in which `people` invented persons have handed in a plan."""
    from ustaz.admin.create import Plan, create_course

    roster = tuple(
        Person(f"person-{number:04d}", f"Person {number}", ("participant",), lang="en")
        for number in range(people)
    )
    course = create_course(
        folder,
        Plan(
            id="bench",
            name="Benchmark",
            start=dt.date(2026, 9, 1),
            end=dt.date(2027, 5, 31),
            people=roster,
            demo=True,
        ),
    )
    chance = random.Random(7)
    for person in roster:
        hand_in(course, person.person, chance)
    return course


def hand_in(course: Course, person: str, chance: random.Random) -> None:
    """Let one person write a plan (some leave parts empty) and hand it in."""
    people = [
        {"id": f"person{n}", "alias": f"Colleague {n}", "relation": "close_colleague"}
        for n in range(3)
    ]
    steps = []
    for section in course.library[WORKBOOK].sections:
        if section.id == "steps" and section.example:
            steps = copy.deepcopy(list(section.example.answers["steps"]))
    rows = [
        {"id": f"step{n:02d}"}
        | {key: value for key, value in step.items() if key != "who"}
        | {"who": ["self", "person0"]}
        for n, step in enumerate(steps)
    ]
    answers: dict[str, Any] = {
        "title": "The second attempt",
        "purpose_for_pupils": "Pupils read my comments and correct their mistakes themselves. " * 3,
        "success_signs": ["Half of the questions come from quiet pupils.", "Pupils say so."],
        "negotiated_with": ["person1"],
        "start": "2026-10-05",
        "end": "2027-03-19",
    }
    for name in chance.sample(sorted(answers), chance.randint(0, 2)):
        del answers[name]
    save(course, person, "people-map", {"people": people})
    save(course, person, "focus", {"focus_statement": "My pupils explain how they found it."})
    save(course, person, WORKBOOK, {**answers, "steps": rows[: chance.randint(2, len(rows))]})
    identity = Identity(person, frozenset({"participant"}))
    submit(course, person, WORKBOOK, identity=identity)


def save(course: Course, person: str, workbook: str, answers: dict[str, Any]) -> None:
    changes: list[dict[str, Any]] = []
    for field, value in answers.items():
        if course.library[workbook].field(field).kind == "table":
            after = None
            for row in value:
                cells = {key: cell for key, cell in row.items() if key != "id"}
                path = [field, row["id"]]
                changes.append({"op": "add_row", "path": path, "after": after, "value": cells})
                after = row["id"]
        else:
            changes.append({"op": "set", "path": [field], "value": value})
    batch = {"batch": f"{person}-{workbook}", "client": "bench", "base_revision": 0, "lang": "en"}
    course.store.save(
        Subject("person", person), workbook, Batch.from_json({**batch, "changes": changes}), person
    )
