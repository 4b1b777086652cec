"""Handing out invitations and one-time codes, and ending sessions: at a hub only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ustaz.course import Person
from ustaz.roster import by_name
from ustaz.server.http import Refusal, Reply, Visit, redirect
from ustaz.server.hubport import Account, Hub, NewCode
from ustaz.server.templates import page

MOST = 200
"""Slips on one page."""


@dataclass(frozen=True, slots=True)
class Row:
    """A person and how far the account is."""

    person: Person
    account: Account


@dataclass(frozen=True, slots=True)
class Slip:
    """What a person is given."""

    person: Person
    code: NewCode


def _hub(visit: Visit) -> Hub:
    if visit.site.hub is None:
        raise Refusal(404, "no_page")
    return visit.site.hub


def people(visit: Visit) -> list[Person]:
    """Return the people for whom the visitor may hand out codes, in the order of their names."""
    hub, course = _hub(visit), visit.site.course
    giver = course.person(visit.who.person)
    everybody = course.people.values()
    return by_name([one for one in everybody if hub.may_hand_out(course, giver, one)])


def listing(visit: Visit) -> Reply:
    """Show the people and their accounts."""
    return _page(visit, [])


def _page(visit: Visit, slips: list[Slip], **more: Any) -> Reply:  # noqa: ANN401
    listed = people(visit)
    if not listed:
        raise Refusal(403, "not_yours")
    known = _hub(visit).accounts([one.signs_in_as for one in listed])
    groups: dict[str, list[Row]] = {}
    for one in listed:
        name = one.signs_in_as
        groups.setdefault(one.group, []).append(Row(one, known.get(name) or Account(name)))
    return page(
        visit,
        "sign_in_list.html",
        groups=dict(sorted(groups.items(), key=lambda pair: (not pair[0], pair[0]))),
        slips=slips,
        slip_words={one: visit.site.words(one) for one in visit.site.course.languages},
        done=visit.query.get("done", ""),
        **more,
    )


def act(visit: Visit) -> Reply:
    """Make codes, take one back, or sign somebody out everywhere; from the page's form."""
    hub, course = _hub(visit), visit.site.course
    allowed = {one.person: one for one in people(visit)}
    action = visit.form.get("action", "")
    if action == "invite_group":
        group = visit.form.get("group", "")
        members = [one for one in allowed.values() if one.group == group]
        known = hub.accounts([one.signs_in_as for one in members])
        chosen = [one for one in members if not known[one.signs_in_as].exists][:MOST]
    else:
        person = visit.form.get("person", "")
        if person not in allowed:
            known_here = person in course.people
            raise Refusal(403, "may_not_invite" if known_here else "not_yours")
        chosen = [allowed[person]]
    if action in {"invite", "invite_group"}:
        by = visit.who.person
        return _page(visit, [Slip(one, hub.make_code(one.signs_in_as, by)) for one in chosen])
    if action == "take_back":
        hub.take_back(chosen[0].signs_in_as)
    elif action == "sign_out":
        hub.sign_out_everywhere(chosen[0].signs_in_as)
    else:
        raise Refusal(400, "bad_request")
    return redirect(visit.site.url("sign-in", done=action))
