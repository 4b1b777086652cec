"""Writing the demo course, person by person, week by week."""

from __future__ import annotations

import datetime as dt
import os
import random
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from ustaz.admin.create import COMPANIONS, HANDED_IN, TIMEZONE, Plan, create_course
from ustaz.base import clock
from ustaz.base.errors import UstazError
from ustaz.course import Course
from ustaz.course.identity import acting_as
from ustaz.demo import _answers as stories
from ustaz.demo._clock import at
from ustaz.demo._events import with_events
from ustaz.demo._people import AROUND, Teacher, teachers
from ustaz.demo._returning import give_back
from ustaz.demo._year import DUE, changes, writings
from ustaz.messages import N_

#: Day of the programme on which the demo is opened, and how long the programme is.
TODAY: Final = 84
LENGTH: Final = 270
#: Until this day somebody in the demo has planned something.
STORY: Final = 240
#: Days on which things happened.
FOCUS_DAY, FOCUS_SENT, PLAN_DAY, PLAN_SENT, PLAN_AGAIN = 9, 17, 20, 72, 79
BATCH: Final = 12


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
            due={
                "focus": start + dt.timedelta(days=35),
                "action-plan": start + dt.timedelta(days=TODAY + 10),
                **{workbook: start + dt.timedelta(days=day) for workbook, day in DUE.items()},
            },
            assignments=HANDED_IN,
            companions=COMPANIONS,
            people=tuple(sorted((teacher.person for teacher in cast), key=_by_group)) + AROUND,
            demo=True,
            timezone=TIMEZONE,
        ),
    )
    course = with_events(course)
    writer = _Writer(course, seed)
    returned = [teacher for teacher in cast if teacher.stage.endswith("_returned")]
    others = [teacher for teacher in cast if not teacher.stage.endswith("_returned")]
    tell = progress or (lambda _done, _of: None)
    tell(0, len(cast))
    for done, teacher in enumerate(returned, 1):
        writer.write(teacher)
        tell(done, len(cast))
    # The others hand in afterwards, so that staff find something to collect.
    give_back(course, returned, writer.moment)
    for done, teacher in enumerate(others, len(returned) + 1):
        writer.write(teacher)
        tell(done, len(cast))
    for teacher in cast:
        writer.write_year(teacher)
    return course


def _by_group(person: Any) -> tuple[str, ...]:  # noqa: ANN401
    return (person.group,)


class _Writer:
    """Saves and hands in as a page would."""

    def __init__(self, course: Course, seed: int) -> None:
        self.course = course
        self.day = stories.day_of(course.start)
        self.chance = random.Random(f"hours-{seed}")  # noqa: S311 - stories, not secrets

    def moment(self, day: int, hour: int | None = None) -> dt.datetime:
        """Return a moment on a day of the programme, in school hours."""
        date = self.course.start + dt.timedelta(days=day)
        time = dt.time(hour or self.chance.randint(9, 17), self.chance.randint(0, 59))
        return dt.datetime.combine(date, time, self.course.timezone)

    def write(self, teacher: Teacher) -> None:
        """Write everything that one teacher has done so far."""
        person, stage = teacher.person.person, teacher.stage
        if stage == "empty":
            return
        with at(self.moment(FOCUS_DAY)):
            until = "concern_raw" if stage == "focus_draft" else None
            self.save(teacher, "focus", stories.focus(teacher.focus, until=until))
            if stage == "focus_draft":
                return
            self.save(teacher, "focus", [{"op": "status", "value": "ready"}])
        if stage != "focus_ready":
            with at(self.moment(FOCUS_SENT)):
                self.confirm(person, "focus", "focus_agreed_with_facilitator")
                self.hand_in(person, "focus")
        if stage.startswith("plan_"):
            self.write_plan(teacher)

    def write_plan(self, teacher: Teacher) -> None:
        """Write the people map and the plan; hand it in where the stage says so."""
        person, stage = teacher.person.person, teacher.stage
        people, rows = stories.contacts(teacher.people)
        changes = stories.plan(teacher.plan, rows, self.day)
        with at(self.moment(PLAN_DAY)):
            self.save(teacher, "people-map", people)
            self.save(teacher, "action-plan", changes)
        if stage in {"plan_draft", "plan_overdue"}:
            return
        with at(self.moment(PLAN_SENT)):
            self.save(teacher, "action-plan", [{"op": "status", "value": "ready"}])
            self.hand_in(person, "action-plan")
        if stage == "plan_resubmitted":
            with at(self.moment(PLAN_AGAIN)):
                signs = list(teacher.plan["success_signs"])
                again: list[dict[str, Any]] = [
                    {"op": "set", "path": ["success_signs"], "value": signs[::-1]},
                ]
                self.save(teacher, "action-plan", again)
                self.confirm(person, "action-plan", "agreed_by_school_link")
                self.hand_in(person, "action-plan")

    def write_year(self, teacher: Teacher) -> None:
        """Write the other workbooks of the year, as far as this person has come."""
        _, rows = stories.contacts(teacher.people)
        for writing in writings(teacher.person.person):
            definition = self.course.library[writing.workbook]
            own = changes(definition, writing.answers, rows, self.course.start)
            if writing.ready or writing.sent is not None:
                own.append({"op": "status", "value": "ready"})
            with at(self.moment(writing.day)):
                self.save(teacher, writing.workbook, own)
            if writing.sent is not None:
                with at(self.moment(writing.sent, 8)):
                    self.hand_in(teacher.person.person, writing.workbook)

    def save(self, teacher: Teacher, workbook: str, changes: Sequence[dict[str, Any]]) -> None:
        """Save changes in a few batches, in the teacher's language."""
        from ustaz.answers import Batch, Subject

        subject = Subject.person(teacher.person.person)
        revision = self.course.store.read(subject, workbook).revision
        for first in range(0, len(changes), BATCH):
            batch = Batch.from_json(
                {
                    "batch": str(uuid.UUID(int=self.chance.getrandbits(128), version=4)),
                    "client": "demo",
                    "base_revision": revision,
                    "lang": teacher.person.lang,
                    "changes": list(changes[first : first + BATCH]),
                }
            )
            saved = self.course.store.save(subject, workbook, batch, teacher.person.person)
            revision = saved.revision

    def hand_in(self, person: str, workbook: str) -> None:
        """Hand in what is there now."""
        from ustaz.exchange import submit

        submit(
            self.course,
            person,
            workbook,
            identity=acting_as(self.course, person),
            confirm=True,
        )

    def confirm(self, person: str, workbook: str, field: str) -> None:
        """Let the group's facilitator confirm what was talked about."""
        from ustaz.base.ledger import Ledger
        from ustaz.server.views.confirmations import record

        group = self.course.person(person).group
        leads = [person for person in self.course.with_role("facilitator") if person.group == group]
        for facilitator in leads[:1]:
            record(
                Ledger(self.course.dir / "confirmations"),
                self.course,
                acting_as(self.course, facilitator.person),
                about=person,
                workbook=workbook,
                field=field,
                value=True,
            )
