"""What a director sees of the own school: how many; who and what only where a teacher shows it.

People write freely only where the one who may judge them does not read. So a director gets
totals, and none at all where so few take part that a total would say who is meant.
"""

from __future__ import annotations

from typing import Any

from ustaz import gallery
from ustaz.answers import StoreError
from ustaz.base.suppression import is_enough, said_of
from ustaz.course.identity import Identity
from ustaz.roster.people import Person
from ustaz.server.access import is_shown, may_permit
from ustaz.server.i18n import Words
from ustaz.server.site import Site
from ustaz.server.views import confirmations, shared
from ustaz.server.views.homes import workbooks
from ustaz.server.views.records import record
from ustaz.shares import live


def colleagues(site: Site, who: Identity) -> list[Person]:
    """Return the active participants of a director's own school, without the director."""
    school = site.course.person(who.person).school
    people = site.course.with_role("participant")
    return [
        person
        for person in people
        if school
        and person.school == school
        and person.person != who.person
        and person.status == "active"
    ]


def director(site: Site, who: Identity, words: Words) -> dict[str, Any]:
    """Return a director's home as JSON.

    Returns
    -------
    dict
        ``school`` as the roster names it; ``people`` and ``workbooks`` with their totals, or None
        and nothing where too few take part (:mod:`ustaz.base.suppression`).
    """
    people = colleagues(site, who)
    enough = is_enough(len(people))
    return {
        "school": site.course.person(who.person).school,
        "people": len(people) if enough else None,
        "workbooks": [totals(site, people, workbook, words) for workbook in workbooks(site.course)]
        if enough
        else [],
    }


def totals(site: Site, people: list[Person], workbook: str, words: Words) -> dict[str, Any]:
    """Return how many people have a workbook ready, submitted, and agreed with the school.

    Where all but one or two are alike, a word stands in the place of the number.
    A document that cannot be read counts as one that is not there: its owner and the course
    staff are told, and a director has no part in it.
    """
    definition = site.course.library[workbook]
    by_school = {
        field for field, by, _ in confirmations.fields_of(definition) if by == "school_link"
    }
    ready = submitted = agreed = 0
    for person in people:
        about = record(site, person.person, workbook, "staff")
        standing = {confirmation["field"] for confirmation in about.confirmations}
        agreed += bool(by_school & standing)
        try:
            sent = about.last is not None
            ready += not sent and about.document.status == "ready"
            submitted += sent
        except StoreError:
            continue
    return {
        "workbook": workbook,
        "code": definition.code,
        "title": words.plain(definition.title),
        "ready": said_of(ready, len(people)),
        "submitted": said_of(submitted, len(people)),
        "agreed": said_of(agreed, len(people)) if by_school else None,
    }


def shown(site: Site, who: Identity, words: Words) -> list[tuple[str, str, str]]:
    """Return what teachers show to a director: name, what it is, and its address."""
    course = site.course
    rows = []
    for person in course.taking_part():
        for share in live(course, person.person, ("school_link",)):
            if share.owner == who.person or not is_shown(course, who, share):
                continue
            title, part = shared.names(course, share, words)
            named = f"{title}, {part}" if part else title
            rows.append((person.name, named, site.url("shown", person.person, share.id)))
    return sorted(rows)


def stories_waiting(site: Site, who: Identity) -> int:
    """Return how many stories wait for somebody who may agree for a school."""
    course = site.course
    return sum(
        not gallery.is_agreed(course, share)
        for person in course.taking_part()
        if may_permit(course, who, person.person)
        for share in live(course, person.person, ("public",))
    )
