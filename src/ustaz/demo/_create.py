"""Writing the demo course: everybody's acts, day by day."""

from __future__ import annotations

import datetime as dt
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from ustaz.admin.create import COMPANIONS, HANDED_IN, TIMEZONE, Plan, create_course
from ustaz.base import clock
from ustaz.base.errors import UstazError
from ustaz.course import Course
from ustaz.deadlines import extensions
from ustaz.demo._answers import Translator, aliases
from ustaz.demo._clock import at
from ustaz.demo._events import TODAY, with_events
from ustaz.demo._evidence import keeper
from ustaz.demo._meetings import with_meetings
from ustaz.demo._messages import with_messages
from ustaz.demo._people import AROUND, Teacher, facilitators, teachers
from ustaz.demo._returning import Returning
from ustaz.demo._school import with_school
from ustaz.demo._shares import with_shares
from ustaz.demo._story import Act, Story
from ustaz.demo._tutorials import with_tutorials
from ustaz.messages import N_

#: How long the programme is, and the day until which somebody in the demo has planned something.
LENGTH: Final = 270
STORY: Final = 255
#: Days of the programme by which the workbooks are expected that are handed in.
DUE: Final = {
    "focus": 35,
    "action-plan": 94,
    "half-way-review": 150,
    "vignette": 235,
    "portfolio": 252,
}
#: Who got more time: workbook, person, until, why, by whom, granted on which day.
EXTENSIONS: Final = (
    ("half-way-review", "aigul-s", 172, "Аудан бойынша сынып ауыстырды, уақыт керек",
     "zhanar-e", 148),
    ("half-way-review", "dina-k", 232, "Вела два класса за заболевшую коллегу", "irina-m", 196),
    ("focus", "yerlan-b", 170, "Топқа екінші жартыжылдықта қосылды", "zhanar-e", 146),
    ("action-plan", "yerlan-b", 233, "Топқа екінші жартыжылдықта қосылды", "zhanar-e", 146),
    ("half-way-review", "yerlan-b", 246, "Топқа екінші жартыжылдықта қосылды", "zhanar-e", 146),
)  # fmt: skip


def create(
    directory: str | os.PathLike[str],
    people: int = 30,
    seed: int = 1,
    progress: Callable[[int, int], None] | None = None,
    *,
    id: str = "ustaz-demo",
    name: str = "Teacher leadership: demo",
    start: dt.date | None = None,
    end: dt.date | None = None,
) -> Course:
    """Create a demo course.

    Parameters
    ----------
    directory : path
        New or empty.
    people : int
        How many teachers; the six of the cast come first.
    seed : int
        Decides names, topics and dates of the generated ones.
    progress : callable, optional
        Called with (teachers written, of all).
    id, name : str
        Of the course.
    start, end : date, optional
        The programme's window: the story of the demo must have room in it.

    Returns
    -------
    Course

    Raises
    ------
    UstazError
        ``bad_window``; nothing was made.
    """
    cast = teachers(people, seed)
    latest = clock.today() - dt.timedelta(days=TODAY)
    if start is None:
        start = latest if end is None else min(latest, end - dt.timedelta(days=LENGTH))
    end = end or start + dt.timedelta(days=LENGTH)
    if start > latest or end < start + dt.timedelta(days=STORY):
        raise UstazError(
            "bad_window",
            N_("The demo's story does not fit between these dates; nothing was made."),
            N_("--start: {latest} or before; --end: {days} days after it, or later."),
            exit_code=2,
            params={"latest": latest, "days": STORY},
        )
    course = create_course(
        Path(directory),
        Plan(
            id=id,
            name=name,
            start=start,
            end=end,
            due={workbook: start + dt.timedelta(days=day) for workbook, day in DUE.items()},
            assignments=HANDED_IN,
            companions=COMPANIONS,
            people=tuple(sorted((teacher.person for teacher in cast), key=_by_group)) + AROUND,
            demo=True,
            timezone=TIMEZONE,
        ),
    )
    course = with_events(course)
    _extend(course, cast)
    _live(course, cast, seed, progress or (lambda _done, _of: None))
    _lead(course, seed)
    with_shares(course)
    with_tutorials(course, cast)
    with_school(course)
    with_meetings(course, cast)
    with_messages(course, cast)
    return course


def _by_group(person: Any) -> tuple[str, ...]:  # noqa: ANN401
    return (person.group,)


def _extend(course: Course, cast: list[Teacher]) -> None:
    there = {teacher.person.person for teacher in cast}
    for workbook, person, until, reason, by, granted in EXTENSIONS:
        if person not in there:
            continue
        days = (course.start + dt.timedelta(days=day) for day in (until, granted))
        last, day = days
        with at(dt.datetime.combine(day, dt.time(16), course.timezone)):
            extensions.extend(course, workbook, "person", person, last, reason, by=by, how="page")


def _live(course: Course, cast: list[Teacher], seed: int, tell: Callable[[int, int], None]) -> None:
    """Let everybody's acts happen in the order of the days; feedback comes in between."""
    chance = random.Random(f"hours-{seed}")  # noqa: S311 - stories, not secrets
    timeline: list[tuple[dt.datetime, int, Story, Act]] = []
    for number, teacher in enumerate(cast):
        keep = keeper(course, teacher.person.person)
        translator = Translator(course.start, aliases(teacher.people), keep)
        story = Story(course, teacher, chance, translator)
        timeline += [(act.at, number, story, act) for act in story.acts()]
    timeline.sort(key=lambda entry: entry[:2])
    left = [sum(entry[1] == number for entry in timeline) for number in range(len(cast))]
    done = left.count(0)
    tell(done, len(cast))
    returning = Returning(course)
    for moment, number, story, act in timeline:
        returning.until(moment)
        story.perform(act)
        if act.does == "send":
            returning.sent(story.teacher, act.workbook)
        left[number] -= 1
        if not left[number]:
            done += 1
            tell(done, len(cast))
    yesterday = course.start + dt.timedelta(days=TODAY - 1)
    returning.until(dt.datetime.combine(yesterday, dt.time(12), course.timezone))


def _lead(course: Course, seed: int) -> None:
    """Let facilitators write what is theirs alone."""
    chance = random.Random(f"leading-{seed}")  # noqa: S311 - stories, not secrets
    for teacher in facilitators():
        story = Story(course, teacher, chance, Translator(course.start, {}))
        for act in story.acts():
            story.perform(act)
