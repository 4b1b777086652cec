"""Meetings of the demo: one that was planned, run and logged, and one that is planned."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Final

from ustaz.base import clock
from ustaz.course import Course
from ustaz.demo._clock import at
from ustaz.demo._events import MOVED, TODAY, YEAR
from ustaz.demo._people import AROUND, Teacher
from ustaz.sessions import store
from ustaz.sessions.plan import FollowUp, Log, Plan, from_runbook
from ustaz.sessions.run import Run
from ustaz.sessions.runbooks import Runbook, runbooks

#: Which workshop was held, and which one is next.
HELD: Final = ("workshop-6", "workshop-6")
PLANNED: Final = ("workshop-7", "workshop-7")
#: Minutes that a block took longer than planned, in the order of the blocks.
LONGER: Final = (2, 0, 4, -3, 0, -2)

WORKED: Final = {
    "kk": "Жұптағы әңгіме: бәрі бір-бірін соңына дейін тыңдады.",
    "ru": "Разговор в парах: все дослушали друг друга до конца.",
    "en": "The talk in pairs: everybody was heard to the end.",
}
OPEN: Final = {
    "kk": "Қарсы әріптестерді қалай шақырамыз?",
    "ru": "Как позвать тех коллег, кто против?",
    "en": "How do we invite colleagues who are against it?",
}
CARDS: Final = {
    "kk": "Келесі кездесуге карточкалар әкелу.",
    "ru": "Принести карточки на следующую встречу.",
    "en": "Bring the cards to the next meeting.",
}
ROOM: Final = {
    "kk": "Кітапхананы бір сағатқа сұрау.",
    "ru": "Попросить библиотеку на час.",
    "en": "Ask for the library for an hour.",
}


def with_meetings(course: Course, cast: list[Teacher]) -> None:
    """Let the facilitator of each group have held one workshop, and planned the next one."""
    leaders = {person.group: person for person in AROUND if "facilitator" in person.roles}
    by_group: dict[str, list[str]] = {}
    for teacher in cast:
        by_group.setdefault(teacher.person.group, []).append(teacher.person.person)
    for group, members in by_group.items():
        leader = leaders[group]
        books = {book.page: book for book in runbooks(leader.lang)}
        held = _plan(course, group, books[HELD[0]], HELD[1], members, leader.person)
        day = dt.date.fromisoformat(held.day)
        with at(dt.datetime.combine(day, dt.time(14), course.timezone)):
            plan_id = store.create(course, group, held, by=leader.person)
        with at(dt.datetime.combine(day, dt.time(17, 30), course.timezone)):
            run = _run(held, day, course)
            store.save_run(course, plan_id, run)
            log = _log(held, run, members, leader.person, leader.lang, day)
            logged = replace(held, log=log)
            store.save(course, plan_id, logged, base=1, by=leader.person)
        eve = course.start + dt.timedelta(days=TODAY - 2)
        with at(dt.datetime.combine(eve, dt.time(19), course.timezone)):
            planned = _plan(course, group, books[PLANNED[0]], PLANNED[1], members, leader.person)
            store.create(course, group, planned, by=leader.person)


def _plan(
    course: Course, group: str, book: Runbook, event: str, members: list[str], leader: str
) -> Plan:
    meeting = next(planned for planned in YEAR if planned.id == event).event(course.start)
    moved = any((event, group) == known[:2] for known in MOVED)
    day = meeting.slot.day + dt.timedelta(days=7 if moved else 0)
    start = meeting.slot.start or dt.time(15)
    return from_runbook(
        book,
        day=day.isoformat(),
        start=f"{start:%H:%M}",
        event=event,
        people=max(1, min(40, len(members))),
        leads=(leader,),
    )


def _run(plan: Plan, day: dt.date, course: Course) -> Run:
    """Return a run that took a little longer here and there."""
    longer = (*LONGER, *(0 for _ in plan.blocks))
    spent = {
        block.id: max(60, 60 * (block.minutes + more))
        for block, more in zip(plan.blocks, longer, strict=False)
    }
    began = dt.datetime.combine(day, dt.time.fromisoformat(plan.start), course.timezone)
    began = began.astimezone(clock.UTC)
    ended = began + dt.timedelta(seconds=sum(spent.values()))
    return Run(
        step=len(spent) + 1,
        device="demo",
        began=began.isoformat(timespec="seconds"),
        block="",
        since=ended.isoformat(timespec="seconds"),
        spent=spent,
        people=max(1, plan.people - 1),
        ended=ended.isoformat(timespec="seconds"),
    )


def _log(plan: Plan, run: Run, members: list[str], leader: str, lang: str, day: dt.date) -> Log:
    """Return a log: everybody but the last of the list came."""
    came = members[:-1] or members
    return Log(
        minutes=run.real_minutes(plan),
        present=tuple(came),
        members=tuple(members),
        worked=WORKED[lang],
        left_open=OPEN[lang],
        follow_ups=(
            FollowUp(came[0], CARDS[lang], (day + dt.timedelta(days=63)).isoformat()),
            FollowUp(leader, ROOM[lang], (day + dt.timedelta(days=7)).isoformat(), done=True),
        ),
        energy=4,
    )
