"""Who came to which meeting, and what was agreed there: read from the logs, the one source."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ustaz.course import Course
from ustaz.sessions.plan import FollowUp, Log
from ustaz.sessions.store import Kept, plans


@dataclass(frozen=True, slots=True)
class Attendance:
    """Whether a member came to a meeting that was logged.

    Attributes
    ----------
    meeting : Kept
    day : date
        Of the plan; of the log's last change where the plan names none.
    person : str
    present : bool
    """

    meeting: Kept
    day: dt.date
    person: str
    present: bool


@dataclass(frozen=True, slots=True)
class Agreed:
    """A follow-up of a meeting: its place in the log counts from 0."""

    meeting: Kept
    place: int
    line: FollowUp


def held(course: Course) -> list[Kept]:
    """Return the meetings that were logged, the oldest first; none that was put away."""
    known = [kept for kept in plans(course) if kept.plan.log is not None and not kept.hidden]
    return sorted(known, key=lambda kept: (day_of(kept), kept.plan.start, kept.id))


def day_of(kept: Kept) -> dt.date:
    """Return the day of a meeting."""
    if kept.plan.day:
        return dt.date.fromisoformat(kept.plan.day)
    return dt.datetime.fromisoformat(kept.at).date()


def attendance(course: Course) -> Iterator[Attendance]:
    """Yield who came and who did not, meeting by meeting, the oldest first.

    Counted are those who were members when the log was written: whoever joined later missed
    nothing.
    """
    for kept in held(course):
        log = kept.plan.log
        if log is None:
            continue
        for person in dict.fromkeys((*log.members, *log.present)):
            yield Attendance(kept, day_of(kept), person, person in log.present)


def of_member(course: Course, person: str) -> list[Attendance]:
    """Return a member's own attendance, the latest meeting first; nobody else's is in it."""
    return [own for own in attendance(course) if own.person == person][::-1]


def concerns(log: Log, line: FollowUp, person: str) -> bool:
    """Tell whether a follow-up is a person's: they took it on, or the group that they were in did.

    What others took on is theirs. A log from before members were kept names no group.
    """
    return line.who == person or (not line.who and person in (*log.members, *log.present))


def own_follow_ups(course: Course, person: str) -> list[Agreed]:
    """Return what is still open of meetings and concerns a member, the earliest day first."""
    return _by_day(
        agreed
        for agreed in _open(course)
        if agreed.meeting.plan.log is not None
        and concerns(agreed.meeting.plan.log, agreed.line, person)
    )


def follow_ups(course: Course, groups: tuple[str, ...]) -> list[Agreed]:
    """Return what is still open of the groups' meetings, the earliest day first."""
    return _by_day(agreed for agreed in _open(course) if agreed.meeting.group in groups)


def _open(course: Course) -> Iterator[Agreed]:
    for kept in held(course):
        for place, line in enumerate(kept.plan.log.follow_ups if kept.plan.log else ()):
            if not line.done:
                yield Agreed(kept, place, line)


def _by_day(agreed: Iterable[Agreed]) -> list[Agreed]:
    return sorted(agreed, key=lambda entry: entry.line.by or "9999")
