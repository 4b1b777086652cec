"""Who may write to whom: one table; and who reads and answers a thread.

Readers follow the roles of today, with one exception: a thread of two stays with its two people.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ustaz.course import Course
from ustaz.course.identity import Identity
from ustaz.roster.people import Person
from ustaz.shares import live
from ustaz.threads.model import Thread

#: Which kind of thread begins when somebody with a role writes to a recipient. What is not here is
#: refused: directors, reviewers and operators write to nobody, and nobody writes to them.
MAY_BEGIN: Final[dict[tuple[str, str], str]] = {
    ("participant", "own facilitator"): "two",
    ("participant", "staff"): "help",
    ("facilitator", "own member"): "two",
    ("facilitator", "own group"): "group",
    ("facilitator", "staff"): "staff",
    ("facilitator", "concern"): "concern",
    ("staff", "a facilitator"): "staff",
    ("staff", "everybody"): "announcement",
    ("staff", "a group"): "announcement",
    ("staff", "a school"): "announcement",
}
RECIPIENTS: Final = (
    "own facilitator", "a facilitator", "own member", "a participant", "a director", "a reviewer",
    "a member of staff", "own group", "a group", "staff", "concern", "everybody", "a school",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Way:
    """How a message goes to a recipient: which thread it begins, and who and what it names."""

    kind: str
    people: tuple[str, ...] = ()
    target: str = ""
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody may do in a thread: read from a message on, and perhaps answer."""

    since: int = 0
    answers: bool = False
    hands_on: bool = False


def facilitates(course: Course, facilitator: str, member: str) -> bool:
    """Tell whether somebody is the facilitator of a member today, also as a substitute."""
    known, other = course.people.get(facilitator), course.people.get(member)
    return (
        known is not None
        and other is not None
        and facilitator != member
        and "facilitator" in known.held
        and "participant" in other.held
        and other.status != "withdrawn"
        and bool(set(course.groups_of(facilitator)).intersection(other.groups))
    )


def may_remark(course: Course, who: Identity, member: str) -> bool:
    """Tell whether `who` may write beside answers of a member, and read what stands there.

    Whoever facilitates the member's group today, as a substitute too: a remark stays with the
    answer, and a new facilitator goes on where the one before has stopped.
    """
    return (
        who.status != "withdrawn"
        and who.has("facilitator")
        and facilitates(course, who.person, member)
    )


def may_comment(course: Course, who: Identity, owner: str, workbook: str, group: str) -> bool:
    """Tell whether `who` may write beside what `owner` shows of a workbook to a group, and read it.

    Whoever sees it on the group's page: its members and facilitators today, its owner among them,
    while it is shown. There is no comment that only two of them read.
    """
    return workbook in commented(course, who, owner, group)


def commented(course: Course, who: Identity, owner: str, group: str) -> frozenset[str]:
    """Return beside which workbooks of `owner` `who` may write: one reading of the shares."""
    known = course.people.get(owner)
    if (
        who.status == "withdrawn"
        or not who.has("participant", "facilitator")
        or group not in course.groups_of(who.person)
        or known is None
        or group not in known.groups
    ):
        return frozenset()
    shares = live(course, owner, ("group",))
    return frozenset(share.workbook for share in shares if share.target == group)


def recipients_named(course: Course, who: Identity, to: str) -> tuple[frozenset[str], str]:
    """Return what a recipient is to `who`, of :data:`RECIPIENTS`, and its id or name."""
    sort, _, name = to.partition(":")
    if to in ("staff", "concern"):
        return frozenset({to}), ""
    if to == "all":
        return frozenset({"everybody"}), "all"
    if sort == "group" and any(name in person.groups for person in course.taking_part()):
        own = {"own group"} if name in course.groups_of(who.person) else set()
        return frozenset({"a group", *own}), name
    if sort == "school" and name and any(p.school == name for p in course.people.values()):
        return frozenset({"a school"}), name
    person = course.people.get(name) if sort == "person" else None
    if person is None or person.status == "withdrawn" or person.person == who.person:
        return frozenset(), ""
    relations = {
        "a member of staff" if role == "staff" else f"a {role}"
        for role in person.held
        if role != "operator"
    }
    if facilitates(course, name, who.person):
        relations.add("own facilitator")
    if facilitates(course, who.person, name):
        relations.add("own member")
    return frozenset(relations), name


def way_to(course: Course, who: Identity, to: str) -> Way | None:
    """Return how `who` may write to a recipient; None where the table has no such cell.

    Parameters
    ----------
    to : str
        ``person:ID``, ``group:NAME``, ``school:NAME``, ``staff``, ``concern`` or ``all``.
    """
    if who.status == "withdrawn":
        return None
    relations, name = recipients_named(course, who, to)
    for (role, recipient), kind in MAY_BEGIN.items():
        if role in who.roles and recipient in relations:
            return _way(who, kind, recipient, name)
    return None


def _way(who: Identity, kind: str, recipient: str, name: str) -> Way:
    if kind == "two":
        member, other = (who.person, name) if recipient == "own facilitator" else (name, who.person)
        return Way(kind, (member, other))
    if kind == "group":
        return Way(kind, target=name)
    if kind == "announcement":
        scope = {"everybody": "all", "a group": "group", "a school": "school"}[recipient]
        return Way(kind, target=name, scope=scope)
    return Way(kind, (name or who.person,))


def standing(course: Course, who: Identity, thread: Thread) -> Standing | None:
    """Return what `who` may do in a thread now; None where it is not theirs to read."""
    rights = _standing(course, who, thread)
    if rights is None or who.status != "withdrawn":
        return rights
    return Standing(rights.since)


def _standing(course: Course, who: Identity, thread: Thread) -> Standing | None:
    person, staff = who.person, who.has("staff")
    if thread.kind == "announcement":
        return Standing() if staff or _is_for(course, who, thread) else None
    if thread.kind == "group":
        own = who.has("participant", "facilitator") and thread.target in course.groups_of(person)
        return Standing(answers=True) if own and who.status != "withdrawn" else None
    if thread.kind in ("staff", "concern", "help"):
        return Standing(answers=True) if staff or person in thread.people else None
    if thread.kind == "peer":
        owner = thread.people[0]
        if may_comment(course, who, owner, thread.scope, thread.target):
            return Standing(answers=True)
        return Standing() if person == owner else None
    if thread.kind == "remark":
        own = person in thread.people or may_remark(course, who, thread.people[0])
        return Standing(answers=True) if own else None
    if person in thread.people:
        member, other = thread.people
        both = facilitates(course, other, member)
        return Standing(
            answers=both or bool(thread.handed_on), hands_on=both and not thread.handed_on
        )
    if staff and thread.handed_on:
        return Standing(since=thread.handed_on[0][2], answers=True)
    return None


def _is_for(course: Course, who: Identity, thread: Thread) -> bool:
    own: Person | None = course.people.get(who.person)
    if own is None or who.status == "withdrawn":
        return False
    if thread.scope == "group":
        return thread.target in course.groups_of(who.person)
    if thread.scope == "school":
        return own.school == thread.target
    return thread.scope == "all"
