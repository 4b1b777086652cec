"""What an account may do in the whole installation, derived from the rosters.

Hub groups and scopes mirror this; nothing is decided by them that is not written here.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from typing import Final

from ustaz.course import Course
from ustaz.course.identity import Identity
from ustaz.hub import walls
from ustaz.hub.settings import HubDir
from ustaz.roster import Giver
from ustaz.roster.people import Person

LAB_GROUP: Final = "lab"
#: What JupyterHub takes for the name of a server.
_SERVER: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
#: Who works with nbgrader's pages and the files of the course. Not operators: they read no text.
DESK: Final = frozenset({"staff"})
#: Roles whose holders only ever see their own pages.
PLAIN: Final = frozenset({"participant"})


def roles(hub: HubDir, account: str) -> dict[str, frozenset[str]]:
    """Return the roles of an account by course; empty for a stranger."""
    return {course.id: person.held for course, person in hub.memberships(account)}


def may_lab(hub: HubDir, account: str) -> bool:
    """Tell whether an account may start a JupyterLab of its own.

    Nobody may where there are no walls: it would be the account that owns everybody's answers.
    """
    if hub.settings.lab == "nobody" or not walls.stand(hub.settings.walls):
        return False
    held = roles(hub, account)
    if hub.settings.lab == "everybody":
        return bool(held)
    return hub.settings.lab == "staff" and bool(desks(hub, account))


def desks(hub: HubDir, account: str) -> dict[str, Course]:
    """Return the courses in whose directory an account works, by the name of its server for each.

    The first course has the account's server without a name, every other one a server of its own.
    """
    courses = [course for course, person in hub.memberships(account) if DESK & person.held]
    return {
        server_name(course.id) if number else "": course for number, course in enumerate(courses)
    }


def server_name(course: str) -> str:
    """Return the name of a server for a course; no page of JupyterLab's has an address like it."""
    if len(course) <= 20 and _SERVER.match(course):
        return f"course-{course}"
    return f"course-{hashlib.sha256(course.encode()).hexdigest()[:12]}"


def groups(hub: HubDir, account: str) -> list[str]:
    """Return the Hub groups of an account: one for each role, and the one of JupyterLab."""
    held = roles(hub, account)
    named = [f"{course}.{role}" for course, roles in held.items() for role in sorted(roles)]
    return [*named, LAB_GROUP] if may_lab(hub, account) else named


def giver(hub: HubDir, course: Course, who: Identity) -> Giver:
    """Return what somebody may give to others by changing a course's list of people."""
    mine = roles(hub, who.account) if who.account else {}
    operator = {"operator"} if any("operator" in roles for roles in mine.values()) else set()
    return Giver(
        who.person,
        who.roles | operator,
        elsewhere=others(hub, course),
        staff_of=frozenset(name for name, held in mine.items() if "staff" in held),
    )


def others(hub: HubDir, course: Course) -> Callable[[str], frozenset[str]]:
    """Return what tells in which other courses an account stands, those who left included."""
    return lambda account: frozenset(
        other.id for other, _ in hub.memberships(account) if other.id != course.id
    )


def may_hand_out(hub: HubDir, course: Course, giver: Person, person: Person) -> bool:
    """Tell whether `giver` may hand out a code with which `person` sets a new password.

    Whoever holds such a code holds the account, with everything that it may do in every course
    of the installation. So nobody hands one out for an account that may more than they may:

    - an operator for everybody;
    - course staff for everybody of the course, except operators, and except an account that
      stands in another course, too, where the giver is not staff;
    - a facilitator for the participants of the own groups whose account is a participant's in
      this course and nothing else.

    Nobody for themselves: one changes the own password by knowing it.
    """
    if giver.signs_in_as == person.signs_in_as:
        return False
    if course.owner(person.signs_in_as) != person:
        return False  # the account is another one's, or two people's
    mine, theirs = roles(hub, giver.signs_in_as), roles(hub, person.signs_in_as)
    if any("operator" in roles for roles in mine.values()):
        return True
    if any("operator" in their for their in theirs.values()):
        return False
    here = mine.get(course.id, frozenset())
    if "staff" in here:
        return all(
            "staff" in mine.get(their, frozenset()) for their in theirs if their != course.id
        )
    if "facilitator" in here:
        return (
            theirs.keys() == {course.id}
            and theirs[course.id] <= PLAIN
            and _of_own_group(course.group_of(giver.person), person)
        )
    return False


def _of_own_group(group: Iterable[Person], person: Person) -> bool:
    return any(member.person == person.person for member in group)
