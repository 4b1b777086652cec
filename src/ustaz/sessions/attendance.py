"""Who came to which meeting, what was agreed there, and what of it is done, read from the logs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ustaz.course import Course
from ustaz.sessions.done import Done, mark_of
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
    """A follow-up of a meeting.

    Attributes
    ----------
    meeting : Kept
    place : int
        In the log, from 0.
    line : FollowUp
    word : Done or None
        That it is done, by whoever took it on.
    """

    meeting: Kept
    place: int
    line: FollowUp
    word: Done | None = None

    @property
    def mark(self) -> str:
        """By which short name a page means it."""
        return mark_of(self.line)

    @property
    def is_open(self) -> bool:
        """Whether nobody has called it done."""
        return not self.line.done and self.word is None


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
        for agreed in agreed_at(course)
        if agreed.is_open
        and agreed.meeting.plan.log is not None
        and concerns(agreed.meeting.plan.log, agreed.line, person)
    )


def own_words(course: Course, person: str) -> list[Agreed]:
    """Return what somebody took on and calls done themselves, the latest word first."""
    return _by_word(
        agreed for agreed in agreed_at(course) if agreed.word and agreed.word.who == person
    )


def follow_ups(course: Course, groups: tuple[str, ...]) -> list[Agreed]:
    """Return what is still open of the groups' meetings, the earliest day first."""
    return _by_day(
        agreed for agreed in agreed_at(course) if agreed.is_open and agreed.meeting.group in groups
    )


def words_of(course: Course, groups: tuple[str, ...], since: dt.date) -> list[Agreed]:
    """Return what members of the groups have called done since a day, the latest word first."""
    return _by_word(
        agreed
        for agreed in agreed_at(course)
        if agreed.word
        and agreed.meeting.group in groups
        and dt.datetime.fromisoformat(agreed.word.at).date() >= since
    )


def agreed_at(course: Course) -> Iterator[Agreed]:
    """Yield what was agreed, meeting by meeting, the oldest first.

    Where the facilitator has marked a line as done, their mark counts and nobody's word does.
    """
    for kept in held(course):
        for place, line in enumerate(kept.plan.log.follow_ups if kept.plan.log else ()):
            yield Agreed(kept, place, line, None if line.done else word_on(kept, line))


def word_on(kept: Kept, line: FollowUp) -> Done | None:
    """Return the word that a line of a log is done."""
    return next((word for word in kept.done if word.is_about(line)), None)


def _by_day(agreed: Iterable[Agreed]) -> list[Agreed]:
    return sorted(agreed, key=lambda entry: entry.line.by or "9999")


def _by_word(agreed: Iterable[Agreed]) -> list[Agreed]:
    return sorted(agreed, key=lambda entry: entry.word.at if entry.word else "", reverse=True)
