"""The page that joins several spellings of one school or group: offer, look, join, undo."""

from __future__ import annotations

from typing import Any, Final

from ustaz import surveys
from ustaz.deadlines.extensions import carry
from ustaz.enrolment import join, undo_join
from ustaz.enrolment.joining import (
    KINDS,
    SHOWN_JOINS,
    can_undo_join,
    join_digest,
    joins,
    names_in,
    offers,
    plan_join,
)
from ustaz.roster import RosterError, by_name, name_key
from ustaz.schools import agreements, asks
from ustaz.server.access import giver, require
from ustaz.server.http import HTTPProblem, Request, Response, redirect
from ustaz.server.templates import page

#: Spellings that one form can hold.
MOST: Final = 200
#: People whom the page shows; the number is of all.
SHOWN: Final = 200


def start(request: Request) -> Response:
    """Show what looks like one school or group, and what was joined so far."""
    require(request.who, "staff", "operator")
    return _start(request)


def _start(request: Request, error: RosterError | None = None) -> Response:
    course = request.site.course
    people, past, today = course.people, course.past, course.today()
    kinds = []
    for kind in KINDS:
        counted = names_in(people, kind)
        counts = sorted(counted.items(), key=lambda pair: name_key(pair[0]))
        bundles = [[(name, counted[name]) for name in offer] for offer in offers(people, kind)]
        kinds.append({"kind": kind, "bundles": bundles, "all": counts[:MOST]})
    latest = joins(past)[:SHOWN_JOINS]
    done = [(join, can_undo_join(people, past, join, today, giver(request))) for join in latest]
    return page(
        request,
        "join.html",
        status=422 if error else 200,
        kinds=kinds,
        made=done,
        error=error,
        done=request.query.get("done", ""),
    )


def act(request: Request) -> Response:
    """Show what a join would change, join, or undo one."""
    require(request.who, "staff", "operator")
    action = request.form.get("do", "")
    try:
        if action == "look":
            return _look(request)
        if action == "join":
            return _join(request)
        if action == "undo":
            undo_join(request.site.course, _number(request), by=giver(request), how="page")
            return redirect(request.site.url("staff", "join", done="undone"))
    except RosterError as error:
        return _start(request, error)
    raise HTTPProblem(400, "bad_request")


def _join(request: Request) -> Response:
    course, kind, names = request.site.course, _kind(request), _names(request)
    into, digest = " ".join(request.form.get("into", "").split()), request.form.get("digest", "")
    join(course, kind, names, into, by=giver(request), how="page", digest=digest)
    carry(course, kind, names, into, by=request.who.person, how="page")
    if kind == "school":
        surveys.carry(course, names, into)
        asks.carry(course, names, into)
        agreements.carry(course, names, into)
    return redirect(request.site.url("staff", "join", done="joined"))


def _look(request: Request) -> Response:
    kind, names = _kind(request), _names(request)
    into = request.form.get("other", "").strip() or request.form.get("into", "")
    people = request.site.course.people
    changed = plan_join(people, kind, names, into)
    people_changed = by_name(changed.values())
    shown: dict[str, Any] = {
        "kind": kind,
        "names": [name for name in names if name != " ".join(into.split())],
        "into": " ".join(into.split()),
        "changed": [(people[person.person], person) for person in people_changed],
        "digest": join_digest(changed),
        "most": SHOWN,
    }
    return page(request, "join_look.html", **shown)


def _kind(request: Request) -> str:
    kind = request.form.get("kind", "")
    if kind not in KINDS:
        raise HTTPProblem(400, "bad_request")
    return kind


def _names(request: Request) -> list[str]:
    names = [request.form.get(f"name-{number}", "") for number in range(MOST)]
    return [fromkey for fromkey in dict.fromkeys(names) if fromkey]


def _number(request: Request) -> int:
    text = request.form.get("number", "")
    if not text.isascii() or not text.isdecimal() or len(text) > 9:
        raise HTTPProblem(400, "bad_request")
    return int(text)
