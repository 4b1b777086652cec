"""Every way to a role, a group, an account or a code: what is tried, and who shall come through.

Beside the pages and calls of :mod:`tests.hub.matrix` these are deeds: each is done as everybody,
and what counts is whether it had its effect, whatever the page said.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from tests.hub.helpers import NAVIGATE, LiveHub, Visitor
from tests.hub.matrix import DESK
from ustaz.course import Course

OPERATOR: Final = frozenset({"operator"})
NOBODY: Final[frozenset[str]] = frozenset()
#: Who is in the roster for these alone.
MORE: Final = """\
old-op,Old O.,operator,,,en,,withdrawn
ex-op,Ex O.,operator,,,en,,active
ex-staff,Ex S.,staff,,,en,,active
"""


@dataclass(frozen=True)
class Way:
    """One deed.

    Attributes
    ----------
    what : str
        For the table.
    allowed : frozenset of str
        Visitors for whom it has its effect.
    do : callable
        Does it as a visitor, whose id in the roster is given; returns the last reply.
    done : callable
        Tells from the course, the id and the reply whether it had its effect.
    """

    what: str
    allowed: frozenset[str]
    do: Callable[[Visitor, str, LiveHub], Any]
    done: Callable[[Course, str, Any], bool]


def bring(rows: str) -> Callable[[Visitor, str, LiveHub], Any]:
    """Return what brings a list and takes it over; ``{me}`` in it is the visitor."""

    def do(one: Visitor, me: str, live: LiveHub) -> Any:
        role = "director" if {"facilitator"} & roles(live.course, me) else "facilitator"
        own = " ".join(sorted(roles(live.course, me) or {"participant"}))
        text = rows.format(me=me, role=role, own=own)
        data = f"person,name,role,group,account\n{text}\n".encode()
        sent = one.client.post(
            one.at("staff/roster"), data={"_xsrf": one.xsrf}, files={"list": ("l.csv", data)},
            headers=NAVIGATE, follow_redirects=False,
        )  # fmt: skip
        if sent.status_code != 303:
            return sent
        shown = one.page(sent.headers["Location"])
        digest = re.search(r'name="digest" value="([^"]*)"', shown.text)
        if digest is None:
            return shown
        return one.form(str(shown.url), digest=digest[1])

    return do


def roles(course: Course, person: str) -> frozenset[str]:
    """Return the roles of somebody, none for a stranger."""
    found = course.people.get(person)
    return frozenset(found.roles) if found else frozenset()


def send(path: str, **fields: str) -> Callable[[Visitor, str, LiveHub], Any]:
    """Return what sends a form of the course's pages."""
    return lambda one, me, live: one.form(one.at(path), **fields)


def undo(person: str) -> Callable[[Visitor, str, LiveHub], Any]:
    """Return what undoes the last change of somebody."""

    def do(one: Visitor, me: str, live: LiveHub) -> Any:
        entry = [each for each in live.course.past.of(person) if each.kind == "changed"][-1]
        return one.form(
            one.at(f"staff/people/{person}/change"), do="undo", number=str(entry.number)
        )

    return do


def has(person: str, role: str) -> Callable[[Course, str, Any], bool]:
    """Return what tells whether somebody holds a role, in force."""

    def done(course: Course, me: str, reply: Any) -> bool:
        found = course.people.get(person.format(me=me))
        return found is not None and role in found.held

    return done


def a_code(course: Course, me: str, reply: Any) -> bool:
    """Tell whether a page shows a code."""
    return "uzs-secret" in reply.text


def signs_in(person: str, account: str) -> Callable[[Course, str, Any], bool]:
    """Return what tells whether somebody of the roster signs in with an account."""
    return lambda course, me, reply: (
        person in course.people and course.people[person].signs_in_as == account
    )


def more_roles(course: Course, me: str, reply: Any) -> bool:
    """Tell whether somebody has got a role that nobody in the tests' roster has beside another."""
    return len(roles(course, me)) > 1


def invite(person: str) -> Callable[[Visitor, str, LiveHub], Any]:
    """Return what asks for a code."""
    return send("sign-in", action="invite", person=person)


CODES: Final = frozenset({"facilitator", "staff", "operator"})
PLACE: Final = "staff/people/{}/change"
WAYS: Final = (
    Way("make a new operator, by a list", OPERATOR, bring("zz-op,Zz O.,operator,,"),
        has("zz-op", "operator")),
    Way("make oneself an operator, by a list", OPERATOR, bring("{me},Me M.,{own};operator,,"),
        has("{me}", "operator")),
    Way("give oneself another role, by a list", OPERATOR, bring("{me},Me M.,{own};{role},,"),
        more_roles),
    Way("make a colleague staff, by a list", DESK, bring("nurgul-a,,participant;staff,,"),
        has("nurgul-a", "staff")),
    Way("enter an account of another course, by a list", OPERATOR,
        bring("zz-new,Zz N.,participant,g1,Zhanar-E"), signs_in("zz-new", "zhanar-e")),
    Way("enter an id that is an account of another course", OPERATOR,
        bring("zhanar-e,Zz N.,participant,g1,"), signs_in("zhanar-e", "zhanar-e")),
    Way("give an operator's place to another account", OPERATOR,
        bring("timur-r,,operator,,evil"), signs_in("timur-r", "evil")),
    Way("give a participant's place to another account", DESK,
        bring("yerlan-b,,participant,g2,yerlan.new"), signs_in("yerlan-b", "yerlan.new")),
    Way("let an operator leave", OPERATOR, send(PLACE.format("timur-r"), do="withdraw"),
        lambda course, me, reply: not has("timur-r", "operator")(course, me, reply)),
    Way("take back an operator who left", OPERATOR, send(PLACE.format("old-op"), do="return"),
        has("old-op", "operator")),
    Way("undo what took an operator's right", OPERATOR, undo("ex-op"), has("ex-op", "operator")),
    Way("undo what took the right of staff", DESK, undo("ex-staff"), has("ex-staff", "staff")),
    Way("give a facilitator another group", DESK,
        send(PLACE.format("dina-f"), do="move", group="g1; g2"),
        lambda course, me, reply: course.people["dina-f"].groups == ("g1", "g2")),
    Way("let a facilitator stand in", DESK,
        send(PLACE.format("natalya-v"), do="substitute", group="g1", start="2026-11-23",
             end="2026-12-23"),
        lambda course, me, reply: "g1" in course.groups_of("natalya-v")),
    Way("a code for a participant", CODES, invite("aigul-s"), a_code),
    Way("a code for staff", OPERATOR, invite("saule-m"), a_code),
    Way("a code for an operator", NOBODY, invite("timur-r"), a_code),
    Way("a code for an account that is staff of another course", OPERATOR, invite("olga-p"),
        a_code),
    Way("a code for an account that takes part in another course", OPERATOR, invite("dina-f"),
        a_code),
    Way("sign a participant out everywhere",
        frozenset({"other facilitator", "staff", "operator"}),
        send("sign-in", action="sign_out", person="yerlan-b"),
        lambda course, me, reply: reply.status_code == 200 and "done=sign_out" in str(reply.url)),
)  # fmt: skip

#: JupyterHub's own pages and calls, none of which gives anybody anything here.
HUB: Final[tuple[tuple[str, str, Any], ...]] = (
    ("GET", "admin", None),
    ("GET", "api/users", None),
    ("POST", "api/users", {"usernames": ["zz-made"]}),
    ("PATCH", "api/users/{me}", {"admin": True}),
    ("PATCH", "api/users/{me}", {"name": "timur-r"}),
    ("POST", "api/users/{me}/tokens", {"note": "mine"}),
    ("POST", "api/users/saule-m/tokens", {"note": "hers"}),
    ("POST", "api/groups/lab/users", {"users": ["aigul-s"]}),
    ("POST", "api/groups/zz", None),
    ("POST", "api/users/{me}/server", {"options": {"cmd": ["id"], "user_options": {}}}),
    ("POST", "api/users/{me}/servers/course-trial", {}),
    ("POST", "api/users/saule-m/server", {}),
    ("POST", "api/users/saule-m/servers/course-trial", {}),
    ("POST", "spawn/saule-m", None),
    ("GET", "spawn/saule-m/course-trial", None),
    ("GET", "api/services", None),
    ("GET", "api/proxy", None),
    ("POST", "api/shutdown", {}),
    ("POST", "api/ustaz/codes", {"account": "aigul-s", "by": "me"}),
    ("DELETE", "api/ustaz/codes/aigul-s", None),
    ("POST", "api/ustaz/accounts", {"accounts": ["aigul-s"]}),
    ("DELETE", "api/ustaz/sessions/saule-m", None),
)
