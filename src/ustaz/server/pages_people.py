"""The pages of course staff about people: by group, found by name, and each with their history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any, Final

from ustaz import enrolment, roster
from ustaz.course import Course
from ustaz.roster import RosterError
from ustaz.roster.labels import FIELDS
from ustaz.roster.people import Person
from ustaz.roster.telling import tell
from ustaz.server import faulty
from ustaz.server.access import giver, require
from ustaz.server.http import Refusal, Reply, Visit, redirect
from ustaz.server.templates import page
from ustaz.server.words import Words

MAX_QUERY: Final = 80


def people(visit: Visit) -> Reply:
    """Show the people by group, all of them or those whom a typed text finds."""
    require(visit.who, "staff", "operator")
    course = visit.site.course
    query = visit.query.get("q", "")[:MAX_QUERY].strip()
    found = roster.find(course.people.values(), query) if query else list(course.people.values())
    present = roster.by_name(one for one in found if one.status != "withdrawn")
    return page(
        visit,
        "people.html",
        faults=faulty.listed(visit, "roster"),
        query=query,
        groups=[_group(course, name, present) for name in _names(present)],
        others=[one for one in present if not one.groups],
        withdrawn=roster.by_name(one for one in found if one.status == "withdrawn"),
        count=len(found),
    )


def _names(present: Iterable[Person]) -> list[str]:
    names = dict.fromkeys(group for one in present for group in one.groups)
    return sorted(names, key=roster.name_key)


def _group(course: Course, name: str, present: list[Person]) -> dict[str, Any]:
    inside = [one for one in present if name in one.groups]
    return {
        "name": name,
        "facilitators": [one for one in inside if "facilitator" in one.roles],
        "substitutes": course.substitutes(name),
        "members": [one for one in inside if "facilitator" not in one.roles],
    }


def person(visit: Visit) -> Reply:
    """Show one person: facts, what can be done, history."""
    require(visit.who, "staff", "operator")
    return _person(visit)


def _person(visit: Visit, error: RosterError | None = None) -> Reply:
    course = visit.site.course
    about = course.people.get(visit.params["person"])
    if about is None:
        raise Refusal(404, "unknown_person")
    today, asking = course.today(), giver(visit)
    entries = [
        {
            "entry": one,
            "text": _told(visit.words, one),
            "undo": enrolment.can_undo(course.people, course.past, one, today, asking),
        }
        for one in reversed(enrolment.history(course, about.person))
    ]
    return page(
        visit,
        "people_person.html",
        status=422 if error else 200,
        about=about,
        groups=enrolment.groups_in(course.people),
        entries=entries,
        standing_in=[
            substitution
            for substitution in course.past.substitutions
            if substitution.person == about.person and substitution.end >= today
        ],
        today=today,
        error=error,
        form=visit.form if error else {},
    )


def _told(words: Words, entry: roster.Entry) -> object:
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
def change(visit: Visit) -> Reply:
    """Do what one of the page's forms asks, and show the page again."""
    require(visit.who, "staff", "operator")
    about = visit.params["person"]
    action = ACTIONS.get(visit.form.get("do", ""))
    if about not in visit.site.course.people:
        raise Refusal(404, "unknown_person")
    if action is None:
        raise Refusal(400, "bad_request")
    try:
        action(visit, about)
    except RosterError as error:
        return _person(visit, error)
    return redirect(visit.site.url("staff", "people", about) + "#history")


def _by(visit: Visit) -> dict[str, Any]:
    return {"by": giver(visit), "how": "page"}


def _move(visit: Visit, about: str) -> None:
    enrolment.move(visit.site.course, about, visit.form.get("group", ""), **_by(visit))


def _status(status: str) -> Callable[[Visit, str], None]:
    def act(visit: Visit, about: str) -> None:
        enrolment.set_status(visit.site.course, about, status, **_by(visit))

    return act


def _day(visit: Visit, name: str) -> dt.date:
    try:
        return dt.date.fromisoformat(visit.form.get(name, ""))
    except ValueError:
        raise RosterError("bad_days") from None


def _substitute(visit: Visit, about: str) -> None:
    first, last = _day(visit, "start"), _day(visit, "end")
    group = visit.form.get("group", "")
    enrolment.substitute(visit.site.course, group, about, first, last, **_by(visit))


def _number(visit: Visit) -> int:
    text = visit.form.get("number", "")
    if not text.isascii() or not text.isdecimal() or len(text) > 9:
        raise Refusal(400, "bad_request")
    return int(text)


def _stop(visit: Visit, about: str) -> None:
    number, group = _number(visit), visit.form.get("group", "")
    by = _by(visit)
    enrolment.end_substitution(visit.site.course, group, about, number=number, **by)


def _undo(visit: Visit, about: str) -> None:
    enrolment.undo(visit.site.course, about, _number(visit), **_by(visit))


ACTIONS: Final[dict[str, Callable[[Visit, str], None]]] = {
    "move": _move,
    "leave": _status("leave"),
    "return": _status("active"),
    "withdraw": _status("withdrawn"),
    "substitute": _substitute,
    "stop": _stop,
    "undo": _undo,
}
