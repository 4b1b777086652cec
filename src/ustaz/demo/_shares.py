"""What members of the demo show to their groups, and what others of the group write about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from ustaz.answers import Subject
from ustaz.course import Course
from ustaz.demo._clock import at
from ustaz.demo._messages import talk
from ustaz.demo._reading import read
from ustaz.shares import show
from ustaz.workbook.model import Shareable
from ustaz.workbook.sharing import places_of

FILE: Final = "shown.yml"


def with_shares(course: Course) -> None:
    """Let members show something to their groups, and others of the group write about it."""
    for entry in read(FILE):
        if entry["owner"] in course.people:
            _show(course, entry)
            _comment(course, entry)


def _show(course: Course, entry: Mapping[str, Any]) -> None:
    definition, owner = course.library[entry["workbook"]], entry["owner"]
    part = next(part for part in definition.shares if part.id == entry["part"])
    row = _row(course, entry, part)
    places = places_of(definition, part, row)
    what = f"{part.id}#{row}" if row else part.id
    with at(_moment(course, entry["day"], 17)):
        show(course, owner, "group", workbook=definition.id, what=what, places=places)


def _row(course: Course, entry: Mapping[str, Any], part: Shareable) -> str:
    if "row" not in entry:
        return ""
    column, begins = entry["row"]
    document = course.store.read(Subject.person(entry["owner"]), entry["workbook"])
    rows = document.answers[part.name.partition(".")[0]]
    return next(str(row["id"]) for row in rows if row.get(column, "").startswith(begins))


def _comment(course: Course, entry: Mapping[str, Any]) -> None:
    messages = [
        (_moment(course, day, 20), by, text)
        for day, by, text in entry["comments"]
        if by in course.people
    ]
    if messages:
        owner = course.person(entry["owner"])
        line = {
            "kind": "peer",
            "by": messages[0][1],
            "people": [owner.person],
            "target": owner.group,
            "scope": entry["workbook"],
        }
        talk(course, line, messages)


def _moment(course: Course, day: int, hour: int) -> dt.datetime:
    date = course.start + dt.timedelta(days=day)
    return dt.datetime.combine(date, dt.time(hour, 10 + day % 40), course.timezone)
