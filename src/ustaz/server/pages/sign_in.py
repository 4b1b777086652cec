"""Handing out invitations and one-time codes, and ending sessions: at a hub only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from ustaz.messages import N_
from ustaz.roster import by_name, name_key
from ustaz.roster.people import Person
from ustaz.server.host.hub_protocol import Account, Hub, NewCode
from ustaz.server.http import HTTPProblem, Request, Response, redirect
from ustaz.server.qr import qr_code
from ustaz.server.templates import page

MOST = 200
"""Slips on one page."""
#: Said on a slip before the words of the link; in its owner's language, not in the reader's.
CHOOSE: Final = N_("There choose:")
QR_TITLE: Final = N_("QR code of the invitation")
CAMERA: Final = N_("Point the camera of a telephone at the square. Or:")


@dataclass(frozen=True, slots=True)
class Row:
    """A person and how far the account is."""

    person: Person
    account: Account


@dataclass(frozen=True, slots=True)
class Group:
    """A group and how far its people are.

    Attributes
    ----------
    name : str
        Empty for people without a group.
    rows : list of Row
    """

    name: str
    rows: list[Row]

    @property
    def new(self) -> list[Row]:
        """Return whom nobody has invited yet."""
        return [row for row in self.rows if is_new(row.account)]

    @property
    def invited(self) -> list[Row]:
        """Return who holds an invitation and has not used it."""
        return [row for row in self.rows if is_invited(row.account)]

    @property
    def inside(self) -> int:
        """Return how many have a password."""
        return sum(row.account.exists for row in self.rows)


def is_new(account: Account) -> bool:
    """Tell whether an account has neither a password nor an invitation."""
    return not account.exists and not account.code_until


def is_invited(account: Account) -> bool:
    """Tell whether an account has an invitation that was not used yet."""
    return not account.exists and bool(account.code_until)


#: What is done for a whole group, and for whom in it. Whoever holds a slip keeps it, unless it is
#: said that it shall be replaced.
#: The same for everybody for whom the visitor hands out codes, group by group, on one sheet.
FOR_ALL: Final = "invite_all"
FOR_A_GROUP: Final = {"invite_group": is_new, "invite_again": is_invited}


@dataclass(frozen=True, slots=True)
class Slip:
    """What a person is given."""

    person: Person
    code: NewCode


def _by_group(person: Person) -> tuple[bool, object]:
    return not person.group, name_key(person.group)


def _hub(request: Request) -> Hub:
    if request.site.hub is None:
        raise HTTPProblem(404, "no_page")
    return request.site.hub


def people(request: Request) -> list[Person]:
    """Return the people for whom the visitor may hand out codes, in the order of their names."""
    hub, course = _hub(request), request.site.course
    giver = course.person(request.who.person)
    everybody = course.people.values()
    return by_name([person for person in everybody if hub.may_hand_out(course, giver, person)])


def listing(request: Request) -> Response:
    """Show the people and their accounts."""
    return _page(request, [])


def _page(request: Request, slips: list[Slip], **more: Any) -> Response:  # noqa: ANN401
    everyone = people(request)
    if not everyone:
        raise HTTPProblem(403, "not_yours")
    known = _hub(request).accounts([person.signs_in_as for person in everyone])
    groups: dict[str, Group] = {}
    for person in everyone:
        name = person.signs_in_as
        group = groups.setdefault(person.group, Group(person.group, []))
        group.rows.append(Row(person, known.get(name) or Account(name)))
    return page(
        request,
        "sign_in_list.html",
        groups=sorted(groups.values(), key=lambda group: (not group.name, name_key(group.name))),
        new=sum(len(group.new) for group in groups.values()),
        most=MOST,
        slips=slips,
        qr=qr_code,
        choose=CHOOSE,
        qr_title=QR_TITLE,
        camera=CAMERA,
        slip_words={
            language: request.site.words(language) for language in request.site.course.languages
        },
        done=request.query.get("done", ""),
        **more,
    )


def act(request: Request) -> Response:
    """Make codes, take one back, or sign somebody out everywhere; from the page's form."""
    hub, course = _hub(request), request.site.course
    allowed = {person.person: person for person in people(request)}
    action = request.form.get("action", "")
    if action == FOR_ALL:
        known = hub.accounts([person.signs_in_as for person in allowed.values()])
        new = [person for person in allowed.values() if is_new(known[person.signs_in_as])]
        chosen = sorted(new, key=_by_group)[:MOST]
    elif action in FOR_A_GROUP:
        group = request.form.get("group", "")
        members = [person for person in allowed.values() if person.group == group]
        known = hub.accounts([member.signs_in_as for member in members])
        meant = FOR_A_GROUP[action]
        chosen = [member for member in members if meant(known[member.signs_in_as])][:MOST]
    else:
        person = request.form.get("person", "")
        if person not in allowed:
            known_here = person in course.people
            raise HTTPProblem(403, "may_not_invite" if known_here else "not_yours")
        chosen = [allowed[person]]
    if action in ("invite", FOR_ALL) or action in FOR_A_GROUP:
        by = request.who.person
        return _page(
            request, [Slip(person, hub.make_code(person.signs_in_as, by)) for person in chosen]
        )
    if action == "take_back":
        hub.take_back(chosen[0].signs_in_as)
    elif action == "sign_out":
        hub.sign_out_everywhere(chosen[0].signs_in_as)
    else:
        raise HTTPProblem(400, "bad_request")
    return redirect(request.site.url("sign-in", done=action))
