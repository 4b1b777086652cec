"""Who may see whose document, and which parts of it."""

from __future__ import annotations

from ustaz.base.ids import PERSON_ID
from ustaz.course import Course
from ustaz.course.identity import Identity
from ustaz.roster import Giver, by_name
from ustaz.roster.people import Person
from ustaz.server.http import HTTPProblem, Request


def audience(course: Course, who: Identity, person: str, *, rounds: bool = False) -> str:
    """Return as which audience `who` reads the documents of `person`.

    Facilitators read what belongs to their groups today, also as substitutes. Operators read
    nobody's text. Reviewers read what was submitted and no draft.

    Parameters
    ----------
    rounds : bool
        Whether it is about what was submitted; then a reviewer is ``reviewer``, for every id
        alike, so that the answer does not tell who exists.

    Raises
    ------
    HTTPProblem
        With the same answer for a stranger and for somebody who does not exist, unless the
        asker is staff.
    """
    if who.person == person:
        return "self"
    if not PERSON_ID.match(person):
        raise HTTPProblem(403, "not_yours")  # before anything makes an address or a path of it
    if who.has("staff"):
        if person not in course.people:
            raise HTTPProblem(404, "unknown_person")
        return "staff"
    if who.has("facilitator") and any(member.person == person for member in members(course, who)):
        return "facilitator"
    if rounds and who.has("reviewer"):
        return "reviewer"
    raise HTTPProblem(403, "not_yours")


def members(course: Course, who: Identity) -> list[Person]:
    """Return the participants of a facilitator's groups today, without the facilitator."""
    return [member for member in course.group_of(who.person) if member.person != who.person]


def facilitators_of(course: Course, person: str) -> list[Person]:
    """Return who is asked today: the facilitators of a person's groups, and substitutes."""
    groups = set(course.person(person).groups)
    return [
        facilitator
        for facilitator in by_name(course.taking_part("facilitator"))
        if facilitator.person != person
        and facilitator.status == "active"
        and groups.intersection(course.groups_of(facilitator.person))
    ]


def may_confirm(course: Course, who: Identity, person: str, by: str) -> bool:
    """Tell whether `who` may record a confirmation about somebody else's document.

    A school leader link has no account of their own in every course: the facilitator, or a
    director of the same school, records what was agreed, under their own name.
    """
    if who.person == person or person not in course.people:
        return False
    if course.people[person].status == "withdrawn":
        return False
    if who.has("facilitator") and any(member.person == person for member in members(course, who)):
        return True
    school = course.people[person].school
    return (
        by == "school_link"
        and who.has("director")
        and bool(school)
        and course.person(who.person).school == school
    )


def may_type_in(course: Course, who: Identity, person: str) -> bool:
    """Tell whether `who` may type in for `person`: the facilitator of their group, nobody else."""
    return (
        who.person != person
        and who.has("facilitator")
        and any(member.person == person for member in members(course, who))
    )


def require_typist(course: Course, who: Identity, person: str) -> None:
    """Refuse whoever may not type in for `person`; typing in reaches no further than reading."""
    if may_type_in(course, who, person):
        return
    if who.has("staff", "operator") and person in course.people:
        raise HTTPProblem(403, "facilitator_only")
    raise HTTPProblem(403, "not_yours")


def writing(who: Identity) -> None:
    """Refuse to write where somebody has withdrawn: their own pages are kept as they are."""
    if who.status == "withdrawn":
        raise HTTPProblem(403, "withdrawn")


def giver(request: Request) -> Giver:
    """Return what the visitor may give to others by changing the list of people."""
    hub = request.site.hub
    if hub is not None:
        return hub.giver(request.site.course, request.who)
    return Giver(request.who.person, request.who.roles)


def require(who: Identity, *roles: str) -> None:
    """Refuse whoever has none of `roles`."""
    if not who.has(*roles):
        raise HTTPProblem(403, "not_yours")
