"""Who may see whose document, and which parts of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ustaz.base.ids import PERSON_ID
from ustaz.course import Course
from ustaz.course.identity import Identity
from ustaz.roster import Giver, by_name
from ustaz.roster.people import Person
from ustaz.schools import Outcome, outcomes
from ustaz.server.http import HTTPProblem, Request
from ustaz.sessions.store import PLAN_ID, Kept
from ustaz.sessions.store import read as read_plan
from ustaz.shares import Share, live
from ustaz.workbook import Definition
from ustaz.workbook.evaluation import Answers
from ustaz.workbook.sharing import open_places


@dataclass(frozen=True, slots=True)
class Sight:
    """As whom somebody reads another person's documents, and what that person shows them besides.

    Attributes
    ----------
    audience : str
        One of :data:`~ustaz.workbook.model.AUDIENCES`, or ``reviewer``. ``outside`` has nothing
        by a definition: whoever has it reads what is shown to them and nothing else.
    shares : tuple of Share
        They hold now, and the reader is among those that they are for.
    """

    audience: str
    shares: tuple[Share, ...] = ()

    @property
    def by_shares(self) -> bool:
        """Tell whether this reader comes by what is shown, and by no duty towards its writer."""
        return self.audience in ("group", "outside")

    def places(self, workbook: str) -> frozenset[str]:
        """Return what of a workbook is shown to this reader by shares."""
        return frozenset().union(
            *(share.places for share in self.shares if share.workbook == workbook)
        )

    def places_in(self, definition: Definition, answers: Answers) -> frozenset[str]:
        """Return what of a workbook is shown to this reader, in a portfolio that gathers it too."""
        gathered = frozenset[str]().union(*(share.places for share in self.shares))
        return self.places(definition.id) | open_places(definition, answers, gathered)


def sight(course: Course, who: Identity, person: str, *, rounds: bool = False) -> Sight:
    """Return how `who` reads the documents of `person`: by a definition's audience, or by shares.

    Every page and call that shows somebody's words to somebody else asks here, each time anew, so
    that what was taken back is gone at the next request.

    Raises
    ------
    HTTPProblem
        ``not_yours``, also for somebody who does not exist.
    """
    if who.person == person:
        return Sight("self")
    shares = tuple(share for share in live(course, person) if is_shown(course, who, share))
    try:
        return Sight(audience(course, who, person, rounds=rounds), shares)
    except HTTPProblem as problem:
        if is_fellow(course, who, person):
            return Sight("group", shares)
        if not shares or problem.id != "not_yours":
            raise
        return Sight("outside", shares)


def reading_sight(course: Course, who: Identity, person: str) -> Sight:
    """Return how `who` reads whole workbooks of `person`, with their progress.

    Whoever is shown a part reads it on the pages of what is shown, and not here.
    """
    reader = sight(course, who, person)
    if reader.by_shares:
        raise HTTPProblem(403, "not_yours")
    return reader


def is_shown(course: Course, who: Identity, share: Share) -> bool:
    """Tell whether `who` is among those that a share is for; whether it holds is another matter.

    What its writer wants to publish is read before by those who agree for the school: its
    directors, and course staff.
    """
    if who.person == share.owner:
        return True
    own = course.people.get(who.person)
    if own is None:
        return False
    if share.to == "group":
        groups = course.groups_of(who.person)
        return who.has("participant", "facilitator") and share.target in groups
    if share.to == "school_link":
        return who.has("director") and bool(own.school) and own.school == share.target
    return share.to == "public" and may_permit(course, who, share.owner)


def is_fellow(course: Course, who: Identity, person: str) -> bool:
    """Tell whether both are in one group today, and neither has left."""
    other = course.people.get(person)
    return (
        other is not None
        and other.status != "withdrawn"
        and "participant" in other.roles
        and who.status != "withdrawn"
        and who.has("participant", "facilitator")
        and bool(set(other.groups).intersection(course.groups_of(who.person)))
    )


def may_permit(course: Course, who: Identity, person: str) -> bool:
    """Tell whether `who` may agree for the school of `person` that something is published."""
    owner = course.people.get(person)
    if owner is None or who.person == person:
        return False
    if who.has("staff"):
        return True
    own = course.people.get(who.person)
    return (
        who.has("director")
        and own is not None
        and bool(owner.school)
        and own.school == owner.school
    )


def shown_share(course: Course, who: Identity, person: str, share_id: str) -> Share:
    """Return a share that holds and is for `who`; whatever else is asked for is not there."""
    for share in live(course, person):
        if share.id == share_id and is_shown(course, who, share):
            return share
    raise HTTPProblem(404, "not_shown")


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


def side_of(course: Course, who: Identity, person: str) -> str:
    """Return on which side `who` stands in the tutorials of `person`: ``teacher``, ``facilitator``.

    A note belongs to the two of them. Who facilitates the teacher's group today has it, as a
    substitute too; course staff, reviewers and the facilitator of before have not.

    Raises
    ------
    HTTPProblem
        ``not_yours``, also for somebody who does not exist.
    """
    if who.person == person and who.has("participant"):
        return "teacher"
    if who.has("facilitator") and any(member.person == person for member in members(course, who)):
        return "facilitator"
    raise HTTPProblem(403, "not_yours")


def cohort_sights(course: Course, who: Identity) -> tuple[str, dict[str, Sight]]:
    """Return as what somebody reads the tables of a course, and how they read each person in them.

    Staff have everybody, who has left included; a facilitator the groups of today. Nobody reads
    their own private answers in a table about others.

    Raises
    ------
    HTTPProblem
        ``not_yours`` for everybody else.
    """
    require(who, "staff", "facilitator")
    if who.has("staff"):
        people = course.with_role("participant")
        return "staff", {
            person.person: Sight("staff")
            if person.person == who.person
            else sight(course, who, person.person)
            for person in people
        }
    return "facilitator", {
        person.person: sight(course, who, person.person) for person in members(course, who)
    }


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


def planned_meeting(course: Course, who: Identity, plan_id: str, *, write: bool = False) -> Kept:
    """Return the plan of a meeting: the group's facilitators today write it, staff read it.

    For everybody else it is the same whether there is one.
    """
    kept = read_plan(course, plan_id) if PLAN_ID.match(plan_id) else None
    if kept is not None and who.status != "withdrawn":
        if who.has("facilitator") and kept.group in course.groups_of(who.person):
            return kept
        if who.has("staff") and not write:
            return kept
    raise HTTPProblem(403, "not_yours")


def schools_of(course: Course, who: Identity) -> list[str]:
    """Return for which schools `who` opens surveys and reads their reports, by the alphabet.

    A director for the own one, facilitators for those of their groups today, staff for all.
    """
    if who.has("staff"):
        people = course.taking_part()
    else:
        people = members(course, who) if who.has("facilitator") else []
        own = course.people.get(who.person)
        people = [*people, *([own] if own is not None and who.has("director") else [])]
    return sorted({person.school for person in people if person.school})


def side_in_school(course: Course, who: Identity, school: str) -> str:
    """Return how `who` stands to a school: ``director``, ``facilitator``, ``staff``, ``teacher``.

    A director and teachers of it today, facilitators with members there today, and course staff.

    Raises
    ------
    HTTPProblem
        ``not_yours``, also for a school that does not exist.
    """
    own = course.people.get(who.person)
    if who.status != "withdrawn" and own is not None and school:
        if who.has("director") and own.school == school:
            return "director"
        if _facilitates_in(course, who, school):
            return "facilitator"
        if who.has("staff") and any(person.school == school for person in course.taking_part()):
            return "staff"
        if who.has("participant") and own.school == school:
            return "teacher"
    raise HTTPProblem(403, "not_yours")


def _facilitates_in(course: Course, who: Identity, school: str) -> bool:
    return who.has("facilitator") and any(
        member.school == school for member in members(course, who)
    )


def may_read_outcome(course: Course, who: Identity, outcome: Outcome) -> bool:
    """Tell whether `who` reads what a school tells.

    A director of the school whatever is there; its own teachers and facilitators whatever is shown
    to anybody, so that nothing is told of a school that they could not read; course staff, and
    whoever stands to a school of the same groups, what is shown to them; everybody of the course
    what is published.
    """
    own = course.people.get(who.person)
    if who.status == "withdrawn" or own is None:
        return False
    if who.has("director") and own.school == outcome.school:
        return True
    if not outcome.shown:
        return False
    if outcome.is_published or _is_of_school(course, who, outcome.school):
        return True
    if who.has("staff") and outcome.shown.keys() & {outcomes.STAFF, outcomes.PUBLIC}:
        return True
    return outcomes.SCHOOLS in outcome.shown and _shares_a_group(course, who, own, outcome.school)


def _shares_a_group(course: Course, who: Identity, own: Person, school: str) -> bool:
    groups = set(own.groups) if who.has("participant") else set()
    if who.has("facilitator"):
        groups |= set(course.groups_of(who.person))
    if who.has("director"):
        groups |= outcomes.groups_of(course, own.school)
    return bool(groups & outcomes.groups_of(course, school))


def _is_of_school(course: Course, who: Identity, school: str) -> bool:
    own = course.people.get(who.person)
    teaches = who.has("participant") and own is not None and own.school == school
    return teaches or _facilitates_in(course, who, school)


def may_permit_outcome(course: Course, who: Identity, outcome: Outcome) -> bool:
    """Tell whether `who` agrees for the programme to a publication: facilitators there, staff."""
    if who.status == "withdrawn" or outcomes.PUBLIC not in outcome.shown:
        return False
    facilitates = who.has("facilitator") and _is_of_school(course, who, outcome.school)
    return facilitates or who.has("staff")


def writing(who: Identity) -> None:
    """Refuse to write where somebody has withdrawn: their own pages are kept as they are."""
    if who.status == "withdrawn":
        raise HTTPProblem(403, "withdrawn")


#: What everybody does in a closed course too: read, take along, stop showing something. Where an
#: address takes several actions, those that are left; empty where every one is.
IN_CLOSED: Final[dict[str, frozenset[str]]] = {
    "lang": frozenset(),
    "act-as": frozenset(),
    "mine": frozenset(),
    "sign-in": frozenset(),
    "shares": frozenset({"end"}),
    "calendar": frozenset({"close"}),
    "school/outcomes": frozenset({"hide", "refuse"}),
    "stories": frozenset({"take_back"}),
}


def is_closed_to(course: Course, who: Identity) -> bool:
    """Tell whether a course is closed to somebody; course staff finish their work in it."""
    return course.standing != "open" and not who.has("staff", "operator")


def reads_only(course: Course, who: Identity) -> bool:
    """Tell whether somebody changes nothing here: they have left, or the course is closed."""
    return who.status == "withdrawn" or is_closed_to(course, who)


def refuse_in_closed(request: Request, pattern: str) -> None:
    """Refuse to change something in a course that is closed to whoever asks.

    New submissions and answers of a survey are refused below, to everybody and on every way.

    Raises
    ------
    HTTPProblem
        ``course_closed``.
    """
    if request.method == "GET" or request.identity is None or pattern.endswith("/lang"):
        return
    if not is_closed_to(request.site.course, request.who):
        return
    left = IN_CLOSED.get(pattern)
    if left is None or (left and request.form.get("do", "") not in left):
        raise HTTPProblem(403, "course_closed")


def manages(request: Request) -> bool:
    """Tell whether the asker sets up this course: at a hub it takes a right of an operator's.

    On a computer of one's own, whoever is course staff of the course that runs there may.
    """
    hub = request.site.hub
    return request.who.has("staff") and (hub is None or hub.courses_folder(request.who) is not None)


def require_manager(request: Request) -> None:
    """Refuse whoever does not set up this course.

    Raises
    ------
    HTTPProblem
        ``no_right`` for course staff without the right, ``not_yours`` for everybody else.
    """
    require(request.who, "staff")
    if not manages(request):
        raise HTTPProblem(403, "no_right")


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
