"""The pages of course staff about people: by group, found by name, and each with their history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any, Final

from ustaz import enrolment, roster
from ustaz.course import Course
from ustaz.roster import RosterError, reaching
from ustaz.roster.labels import FIELDS
from ustaz.roster.people import Person
from ustaz.roster.telling import tell
from ustaz.server.access import giver, require
from ustaz.server.http import HTTPProblem, Request, Response, redirect
from ustaz.server.i18n import Words
from ustaz.server.templates import page
from ustaz.server.views import file_faults

MAX_QUERY: Final = 80


def people(request: Request) -> Response:
    """Show the people by group, all of them or those whom a typed text finds."""
    require(request.who, "staff", "operator")
    course = request.site.course
    query = request.query.get("q", "")[:MAX_QUERY].strip()
    matches = roster.find(course.people.values(), query) if query else list(course.people.values())
    present = roster.by_name(person for person in matches if person.status != "withdrawn")
    return page(
        request,
        "people.html",
        faults=file_faults.fault_rows(request, "roster"),
        query=query,
        groups=[_group(course, name, present) for name in _names(present)],
        others=[person for person in present if not person.groups],
        withdrawn=roster.by_name(person for person in matches if person.status == "withdrawn"),
        count=len(matches),
    )


def _names(present: Iterable[Person]) -> list[str]:
    names = dict.fromkeys(group for person in present for group in person.groups)
    return sorted(names, key=roster.name_key)


def _group(course: Course, name: str, present: list[Person]) -> dict[str, Any]:
    inside = [person for person in present if name in person.groups]
    return {
        "name": name,
        "facilitators": [person for person in inside if "facilitator" in person.roles],
        "substitutes": course.substitutes(name),
        "members": [person for person in inside if "facilitator" not in person.roles],
    }


def person(request: Request) -> Response:
    """Show one person: facts, what can be done, history."""
    require(request.who, "staff", "operator")
    return _person(request)


def _person(request: Request, error: RosterError | None = None) -> Response:
    course = request.site.course
    about = course.people.get(request.params["person"])
    if about is None:
        raise HTTPProblem(404, "unknown_person")
    today, asking = course.today(), giver(request)
    entries = [
        {
            "entry": entry,
            "text": _sentence(request.words, entry),
            "undo": enrolment.can_undo(course.people, course.past, entry, today, asking),
        }
        for entry in reversed(enrolment.history(course, about.person))
    ]
    return page(
        request,
        "people_person.html",
        status=422 if error else 200,
        about=about,
        reach=reaching.read(course.dir, about.person) if request.who.has("staff") else None,
        groups=enrolment.groups_in(course.people),
        entries=entries,
        standing_in=[
            substitution
            for substitution in course.past.substitutions
            if substitution.person == about.person and substitution.end >= today
        ],
        today=today,
        error=error,
        form=request.form if error else {},
    )


def _sentence(words: Words, entry: roster.Entry) -> object:
    message, params = tell(entry)
    if "fields" in params:
        keys = [*entry.set, *entry.also]
        params["fields"] = ", ".join(words.plain(FIELDS[key]) for key in keys)
    shown = {
        key: words.date(str(value)) if key in {"start", "end"} and value else value
        for key, value in params.items()
    }
    return words.gettext(message, **shown)


# -- changing -------------------------------------------------------------------------------------
def change(request: Request) -> Response:
    """Do what one of the page's forms asks, and show the page again."""
    require(request.who, "staff", "operator")
    about = request.params["person"]
    action = ACTIONS.get(request.form.get("do", ""))
    if about not in request.site.course.people:
        raise HTTPProblem(404, "unknown_person")
    if action is None:
        raise HTTPProblem(400, "bad_request")
    try:
        action(request, about)
    except RosterError as error:
        return _person(request, error)
    return redirect(request.site.url("staff", "people", about) + "#history")


def _by(request: Request) -> dict[str, Any]:
    return {"by": giver(request), "how": "page"}


def _move(request: Request, about: str) -> None:
    enrolment.move(request.site.course, about, request.form.get("group", ""), **_by(request))


def _status(status: str) -> Callable[[Request, str], None]:
    def act(request: Request, about: str) -> None:
        enrolment.set_status(request.site.course, about, status, **_by(request))

    return act


def _day(request: Request, name: str) -> dt.date:
    try:
        return dt.date.fromisoformat(request.form.get(name, ""))
    except ValueError:
        raise RosterError("bad_days") from None


def _substitute(request: Request, about: str) -> None:
    first, last = _day(request, "start"), _day(request, "end")
    group = request.form.get("group", "")
    enrolment.substitute(request.site.course, group, about, first, last, **_by(request))


def _number(request: Request) -> int:
    text = request.form.get("number", "")
    if not text.isascii() or not text.isdecimal() or len(text) > 9:
        raise HTTPProblem(400, "bad_request")
    return int(text)


def _stop(request: Request, about: str) -> None:
    number, group = _number(request), request.form.get("group", "")
    by = _by(request)
    enrolment.end_substitution(request.site.course, group, about, number=number, **by)


def _undo(request: Request, about: str) -> None:
    enrolment.undo(request.site.course, about, _number(request), **_by(request))


ACTIONS: Final[dict[str, Callable[[Request, str], None]]] = {
    "move": _move,
    "leave": _status("leave"),
    "return": _status("active"),
    "withdraw": _status("withdrawn"),
    "substitute": _substitute,
    "stop": _stop,
    "undo": _undo,
}
