"""What a reviewer reads: submitted rounds under pseudonyms; never a draft or a private answer."""

from __future__ import annotations

from typing import Any, Final

from ustaz.course import Course
from ustaz.exchange import rounds
from ustaz.server import review
from ustaz.server.access import audience
from ustaz.server.homes import workbooks
from ustaz.server.http import Refusal, Reply, Visit
from ustaz.server.pseudonyms import person_of, pseudonym
from ustaz.server.records import Record, find_round, record
from ustaz.server.templates import page
from ustaz.server.words import Words
from ustaz.workbook import definition_json

#: How many rounds the home page lists; the others are found by their address.
MOST: Final = 200


def submitted(course: Course, reviewer: str, words: Words) -> list[dict[str, Any]]:
    """Return what was submitted, newest first, under the pseudonyms that `reviewer` knows."""
    library = course.library
    known = {one.person: pseudonym(course, reviewer, one.person) for one in course.taking_part()}
    found: list[dict[str, Any]] = [
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
    return sorted(found, key=lambda each: each["received_at"], reverse=True)[:MOST]


def seen(visit: Visit, asked: str) -> tuple[str, str]:
    """Return whom an address of submitted rounds means, and as which audience they are read.

    A reviewer's addresses hold pseudonyms, and every other id is refused alike: the answer does
    not tell who exists.
    """
    who, course = visit.who, visit.site.course
    if who.has("reviewer"):
        person = person_of(course, who.person, asked)
        if person is not None:
            return person, "reviewer"
    seen_as = audience(course, who, asked, rounds=True)
    if seen_as == "reviewer":
        raise Refusal(403, "not_yours")
    return asked, seen_as


def readable(one: Record) -> Record:
    """Refuse a reviewer the rounds of somebody who has left, as if there were none."""
    person = one.course.people.get(one.person)
    if one.audience == "reviewer" and person is not None and person.status == "withdrawn":
        raise Refusal(404, "no_round")
    return one


def round_page(visit: Visit) -> Reply:
    """Show one submitted round to a reviewer or to staff."""
    shown = visit.params["person"]
    person, seen_as = seen(visit, shown)
    if seen_as not in {"reviewer", "staff"}:
        raise Refusal(403, "not_yours")
    one = readable(record(visit.site, person, visit.params["workbook"], seen_as))
    found = find_round(one, visit.params["round"])
    definition = definition_json(one.definition, visit.words.plain)
    return page(
        visit,
        "round.html",
        one=one,
        shown=shown,
        round=found,
        title=definition["title"],
        code=definition["code"],
        sections=review.sections(one, found, visit.words),
        since=review.since(one, found, visit.words),
        others=[round_ for round_ in one.rounds if round_ is not found],
    )
