"""Tutorials of the demo: a note confirmed by both, one that waits for the teacher, one in work."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any, Final

from ustaz import tutorials
from ustaz.answers import Batch
from ustaz.course import Course
from ustaz.demo._clock import at
from ustaz.demo._people import AROUND, Teacher


@dataclass(frozen=True, slots=True)
class _Talk:
    """One tutorial: its day of the programme, what was written, and who has confirmed it."""

    day: int
    mode: str
    success: dict[str, str]
    looked_at: tuple[str, ...]
    steps: tuple[tuple[int, str, dict[str, str]], ...]
    confirmed: tuple[str, ...]


FIRST: Final = _Talk(
    64,
    "in_person",
    {
        "kk": "Екі әріптес сабаққа өздері сұранып келді.",
        "ru": "Два коллеги сами попросились на урок.",
    },
    ("focus", "action_plan"),
    (
        (76, "done", {"kk": "Жоспарды мектеп жетекшісіне көрсету.",
                      "ru": "Показать план руководителю в школе."}),
    ),
    ("facilitator", "teacher"),
)  # fmt: skip
LAST: Final = _Talk(
    218,
    "phone",
    {
        "kk": "Бұрын үндемейтін төрт оқушы осы аптада сұрақ қойды.",
        "ru": "На этой неделе спросили четверо, кто раньше молчал.",
    },
    ("evidence", "portfolio"),
    (
        (222, "open", {"kk": "Бір дәлелге қысқа түсінік жазу.",
                       "ru": "Написать короткое пояснение к одному свидетельству."}),
        (234, "open", {"kk": "Әріптесін сабақтың он минутына шақыру.",
                       "ru": "Позвать коллегу на десять минут урока."}),
    ),
    ("facilitator",),
)  # fmt: skip


def with_tutorials(course: Course, cast: list[Teacher]) -> None:
    """Let facilitators hold tutorials: in each group with the first three in the list."""
    by_group: dict[str, list[Teacher]] = {}
    for teacher in cast:
        by_group.setdefault(teacher.person.group, []).append(teacher)
    leaders = {person.group: person.person for person in AROUND if "facilitator" in person.roles}
    for group, own in by_group.items():
        for number, teacher in enumerate(own[:3]):
            talks = (FIRST, LAST) if number == 0 else (FIRST,) if number == 1 else (LAST,)
            for talk in talks:
                _hold(course, teacher, leaders[group], talk)


def _hold(course: Course, teacher: Teacher, leader: str, talk: _Talk) -> None:
    person, lang = teacher.person.person, teacher.person.lang
    day = course.start + dt.timedelta(days=talk.day)
    with at(dt.datetime.combine(day, dt.time(17, 40), course.timezone)):
        entry = tutorials.begin(course, person, leader)
        batch = Batch.from_json(
            {
                "batch": uuid.uuid4().hex,
                "client": "demo",
                "base_revision": 0,
                "lang": lang,
                "changes": list(_changes(course, talk, day, lang)),
            }
        )
        subject = tutorials.subject(entry.id)
        course.store.save(subject, tutorials.WORKBOOK, batch, who=leader)
        for side in talk.confirmed:
            by = leader if side == "facilitator" else person
            tutorials.confirm(course, entry, side, by, 1)


def _changes(course: Course, talk: _Talk, day: dt.date, lang: str) -> list[dict[str, Any]]:
    answers = {
        "date": day.isoformat(),
        "mode": talk.mode,
        "opened_with_success": talk.success[lang],
        "looked_at": list(talk.looked_at),
    }
    changes: list[dict[str, Any]] = [
        {"op": "set", "path": [name], "value": value} for name, value in answers.items()
    ]
    after = None
    for number, (due, status, action) in enumerate(talk.steps, 1):
        row = f"s{number:07d}"
        by = (course.start + dt.timedelta(days=due)).isoformat()
        value = {"action": action[lang], "by": by, "status": status}
        changes.append({"op": "add_row", "path": ["agreed_next", row], "after": after,
                        "value": value})  # fmt: skip
        after = row
    return changes
