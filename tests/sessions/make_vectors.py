"""Write `tests/vectors/timetable.json`: plans, and what Python makes of them.

PYTHONPATH=. python tests/sessions/make_vectors.py
"""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

from ustaz.book.groupings import GROUPINGS
from ustaz.sessions.plan import Block, Plan, from_runbook
from ustaz.sessions.runbooks import runbooks
from ustaz.sessions.timetable import clock_of, groups_of, minute_of, offers, timetable

FILE: Final = Path(__file__).resolve().parents[1] / "vectors" / "timetable.json"
#: What of a block both halves work with.
NAMES: Final = (
    "id", "title", "kind", "minutes", "grouping", "talk", "intro", "lock", "shorten", "drop",
)  # fmt: skip


def plans() -> dict[str, Plan]:
    """Return plans by what they show."""
    book = next(book for book in runbooks("en") if book.page == "workshop-3")
    workshop = from_runbook(book, people=10)
    tea = Block("tea", "Tea", 15, kind="break", lock="16:10")
    bus = Block("bus", "To the bus", 5, kind="break", lock="17:00")
    spare = Block("spare", "Spare time", 10, kind="buffer", drop=True)
    locked = (*workshop.blocks[:3], tea, *workshop.blocks[3:5], spare, bus)
    return {
        "a workshop as the runbook has it": workshop,
        "nine come": replace(workshop, people=9),
        "tea and a bus hold their times": replace(workshop, blocks=locked),
        "tea is late by what comes before": replace(
            workshop, blocks=(replace(tea, lock="15:00"), *workshop.blocks), start="14:55"
        ),
        "a block was left out, another one shortened": replace(
            workshop,
            blocks=tuple(
                replace(block, minutes={"b5": 0, "b6": 8}.get(block.id, block.minutes))
                for block in workshop.blocks
            ),
        ),
        "past midnight": Plan(
            "Late", start="23:30", blocks=(Block("b1", "One", 45, talk=30), Block("b2", "Two", 3))
        ),
        "nothing": Plan("Nothing"),
    }


def case(name: str, plan: Plan) -> dict[str, Any]:
    """Return a plan and what follows from it."""
    shown = timetable(plan)
    running = [
        (block.id, now, spent)
        for block, now, spent in zip(
            plan.blocks[1:4],
            ("15:40", "16:12", "16:30"),
            (0, 10, 60),
            strict=False,
        )
    ]
    late = []
    for current, now, spent in running:
        end, ways = offers(plan, current, minute_of(now), spent)
        late.append(
            {
                "current": current,
                "now": now,
                "spent": spent,
                "end": clock_of(end),
                "ways": [[way.block.id, way.minutes, clock_of(way.end)] for way in ways],
            }
        )
    document = asdict(plan)
    return {
        "name": name,
        "plan": {
            "start": plan.start,
            "people": plan.people,
            "blocks": [{key: block[key] for key in NAMES} for block in document["blocks"]],
        },
        "rows": [
            [row.block.id, clock_of(row.start), clock_of(row.end), row.gap, row.overrun,
             list(row.groups)]
            for row in shown.rows
        ],
        "end": shown.end,
        "minutes": shown.minutes,
        "talk": shown.talk,
        "share": shown.share,
        "talks_much": shown.talks_much,
        "late": late,
    }  # fmt: skip


def vectors() -> dict[str, Any]:
    """Return all of the file."""
    return {
        "plans": [case(name, plan) for name, plan in plans().items()],
        "groups": [
            [grouping, people, list(groups_of(grouping, people))]
            for grouping in GROUPINGS
            for people in (0, 1, *range(4, 16))
        ],
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(vectors(), indent=1) + "\n", encoding="utf-8")
