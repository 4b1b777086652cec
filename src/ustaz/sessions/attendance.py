"""Who came to which meeting, and what was agreed there: read from the logs, the one source."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from ustaz.course import Course
from ustaz.sessions.plan import FollowUp
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


def follow_ups(course: Course, groups: tuple[str, ...]) -> list[Agreed]:
    """Return what is still open of the groups' meetings, the earliest day first."""
    open_lines = [
        Agreed(kept, place, line)
        for kept in held(course)
        if kept.group in groups and kept.plan.log is not None
        for place, line in enumerate(kept.plan.log.follow_ups)
        if not line.done
    ]
    return sorted(open_lines, key=lambda agreed: agreed.line.by or "9999")
