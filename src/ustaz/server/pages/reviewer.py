"""What a reviewer reads: submitted rounds under pseudonyms; never a draft or a private answer."""

from __future__ import annotations

from typing import Any, Final

from ustaz.course import Course
from ustaz.exchange import rounds
from ustaz.server.access import audience
from ustaz.server.http import HTTPProblem, Request, Response
from ustaz.server.i18n import Words
from ustaz.server.templates import page
from ustaz.server.views import reviews
from ustaz.server.views.homes import workbooks
from ustaz.server.views.pseudonyms import person_of, pseudonym
from ustaz.server.views.records import Record, find_round, record
from ustaz.workbook import definition_json

#: How many rounds the home page lists; the others are found by their address.
MOST: Final = 200


def submitted(course: Course, reviewer: str, words: Words) -> list[dict[str, Any]]:
    """Return what was submitted, newest first, under the pseudonyms that `reviewer` knows."""
    library = course.library
    known = {
        person.person: pseudonym(course, reviewer, person.person) for person in course.taking_part()
    }
    submissions: list[dict[str, Any]] = [
        {
            "person": known[person.person],
            "workbook": workbook,
            "code": library[workbook].code,
            "title": words.plain(library[workbook].title),
            "round": round_.round,
            "received_at": round_.receipt.received_at,
            "answered": round_.receipt.answered,
            "of": round_.receipt.of,
            "late": round_.receipt.late,
        }
        for person in course.taking_part()
        for workbook in workbooks(course)
        for round_ in rounds(course, person.person, workbook)
    ]
    return sorted(submissions, key=lambda entry: entry["received_at"], reverse=True)[:MOST]


def seen(request: Request, asked: str) -> tuple[str, str]:
    """Return whom an address of submitted rounds means, and as which audience they are read.

    A reviewer's addresses hold pseudonyms, and every other id is refused alike: the answer does
    not tell who exists.
    """
    person, seen_as = known_as(request, asked)
    if seen_as:
        return person, seen_as
    seen_as = audience(request.site.course, request.who, asked, rounds=True)
    if seen_as == "reviewer":
        raise HTTPProblem(403, "not_yours")
    return asked, seen_as


def known_as(request: Request, asked: str) -> tuple[str, str]:
    """Return whom a reviewer's pseudonym means and ``reviewer``; of everything else nobody."""
    who, course = request.who, request.site.course
    person = person_of(course, who.person, asked) if who.has("reviewer") else None
    return (person, "reviewer") if person is not None else ("", "")


def readable(about: Record) -> Record:
    """Refuse a reviewer the rounds of somebody who has left, as if there were none."""
    refuse_former(about.course, about.person, about.audience)
    return about


def refuse_former(course: Course, person: str, seen_as: str) -> None:
    """Refuse a reviewer what somebody who has left had handed in, as if it were not there."""
    entry = course.people.get(person)
    if seen_as == "reviewer" and entry is not None and entry.status == "withdrawn":
        raise HTTPProblem(404, "no_round")


def round_page(request: Request) -> Response:
    """Show one submitted round to a reviewer or to staff."""
    shown = request.params["person"]
    person, seen_as = seen(request, shown)
    if seen_as not in {"reviewer", "staff"}:
        raise HTTPProblem(403, "not_yours")
    about = readable(record(request.site, person, request.params["workbook"], seen_as))
    round_ = find_round(about, request.params["round"])
    definition = definition_json(about.definition, request.words.plain)
    return page(
        request,
        "round.html",
        one=about,
        shown=shown,
        round=round_,
        title=definition["title"],
        code=definition["code"],
        sections=reviews.sections(about, round_, request.words),
        since=reviews.since(about, round_, request.words),
        others=[sent for sent in about.every_round if sent is not round_],
    )
