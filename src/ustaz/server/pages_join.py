"""The page that joins several spellings of one school or group: offer, look, join, undo."""

from __future__ import annotations

from typing import Any, Final

from ustaz.deadlines.extensions import carry
from ustaz.enrolment import join, undo_join
from ustaz.enrolment.joining import (
    KINDS,
    LISTED,
    can_undo_join,
    join_digest,
    joins,
    names_in,
    offers,
    plan_join,
)
from ustaz.roster import RosterError, by_name, name_key
from ustaz.server.access import giver, require
from ustaz.server.http import Refusal, Reply, Visit, redirect
from ustaz.server.templates import page

#: Spellings that one form can hold.
MOST: Final = 200
#: People whom the page shows; the number is of all.
SHOWN: Final = 200


def start(visit: Visit) -> Reply:
    """Show what looks like one school or group, and what was joined so far."""
    require(visit.who, "staff", "operator")
    return _start(visit)


def _start(visit: Visit, error: RosterError | None = None) -> Reply:
    course = visit.site.course
    people, past, today = course.people, course.past, course.today()
    kinds = []
    for kind in KINDS:
        counted = names_in(people, kind)
        listed = sorted(counted.items(), key=lambda one: name_key(one[0]))
        bundles = [[(name, counted[name]) for name in offer] for offer in offers(people, kind)]
        kinds.append({"kind": kind, "bundles": bundles, "all": listed[:MOST]})
    latest = joins(past)[:LISTED]
    made = [(one, can_undo_join(people, past, one, today, giver(visit))) for one in latest]
    return page(
        visit,
        "join.html",
        status=422 if error else 200,
        kinds=kinds,
        made=made,
        error=error,
        done=visit.query.get("done", ""),
    )


def act(visit: Visit) -> Reply:
    """Show what a join would change, join, or undo one."""
    require(visit.who, "staff", "operator")
    action = visit.form.get("do", "")
    try:
        if action == "look":
            return _look(visit)
        if action == "join":
            return _join(visit)
        if action == "undo":
            undo_join(visit.site.course, _number(visit), by=giver(visit), how="page")
            return redirect(visit.site.url("staff", "join", done="undone"))
    except RosterError as error:
        return _start(visit, error)
    raise Refusal(400, "bad_request")


def _join(visit: Visit) -> Reply:
    course, kind, names = visit.site.course, _kind(visit), _names(visit)
    into, digest = " ".join(visit.form.get("into", "").split()), visit.form.get("digest", "")
    join(course, kind, names, into, by=giver(visit), how="page", digest=digest)
    carry(course, kind, names, into, by=visit.who.person, how="page")
    return redirect(visit.site.url("staff", "join", done="joined"))


def _look(visit: Visit) -> Reply:
    kind, names = _kind(visit), _names(visit)
    into = visit.form.get("other", "").strip() or visit.form.get("into", "")
    people = visit.site.course.people
    changed = plan_join(people, kind, names, into)
    listed = by_name(changed.values())
    shown: dict[str, Any] = {
        "kind": kind,
        "names": [name for name in names if name != " ".join(into.split())],
        "into": " ".join(into.split()),
        "changed": [(people[one.person], one) for one in listed],
        "digest": join_digest(changed),
        "most": SHOWN,
    }
    return page(visit, "join_look.html", **shown)


def _kind(visit: Visit) -> str:
    kind = visit.form.get("kind", "")
    if kind not in KINDS:
        raise Refusal(400, "bad_request")
    return kind


def _names(visit: Visit) -> list[str]:
    found = [visit.form.get(f"name-{number}", "") for number in range(MOST)]
    return [fromkey for fromkey in dict.fromkeys(found) if fromkey]


def _number(visit: Visit) -> int:
    text = visit.form.get("number", "")
    if not text.isascii() or not text.isdecimal() or len(text) > 9:
        raise Refusal(400, "bad_request")
    return int(text)
