"""What a reviewer reads: submitted rounds, by id; never a draft, never a private answer."""

from __future__ import annotations

from typing import Any, Final

from ustaz.course import Course
from ustaz.exchange import rounds
from ustaz.server import review
from ustaz.server.access import audience
from ustaz.server.homes import workbooks
from ustaz.server.http import Refusal, Reply, Visit
from ustaz.server.records import Record, find_round, record
from ustaz.server.templates import page
from ustaz.server.words import Words

#: How many rounds the home page lists; the others are found by their address.
MOST: Final = 200


def submitted(course: Course, words: Words) -> list[dict[str, Any]]:
    """Return what was submitted, newest first, by person id and workbook."""
    library = course.library
    found: list[dict[str, Any]] = [
        {
            "person": person.person,
            "workbook": workbook,
            "code": library[workbook].code,
            "title": words.plain(library[workbook].title),
            "round": one.round,
            "received_at": one.receipt.received_at,
            "answered": one.receipt.answered,
            "of": one.receipt.of,
            "late": one.receipt.late,
        }
        for person in course.taking_part()
        for workbook in workbooks(course)
        for one in rounds(course, person.person, workbook)
    ]
    return sorted(found, key=lambda each: each["received_at"], reverse=True)[:MOST]


def readable(one: Record) -> Record:
    """Refuse a reviewer the rounds of somebody who has left, as if there were none."""
    person = one.course.people.get(one.person)
    if one.audience == "reviewer" and person is not None and person.status == "withdrawn":
        raise Refusal(404, "no_round")
    return one


def round_page(visit: Visit) -> Reply:
    """Show one submitted round to a reviewer or to staff."""
    person = visit.params["person"]
    seen_as = audience(visit.site.course, visit.who, person, rounds=True)
    if seen_as not in {"reviewer", "staff"}:
        raise Refusal(403, "not_yours")
    one = readable(record(visit.site, person, visit.params["workbook"], seen_as))
    found = find_round(one, visit.params["round"])
    definition = one.definition.compiled(visit.words.plain)
    return page(
        visit,
        "round.html",
        one=one,
        round=found,
        title=definition["title"],
        code=definition["code"],
        sections=review.sections(one, found, visit.words),
        others=[each for each in one.rounds if each is not found],
    )
