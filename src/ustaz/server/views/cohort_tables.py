"""The tables of a course for whoever asks: who is in them, and what of each may be read."""

from __future__ import annotations

from ustaz.cohort.reading import Sight, Tables
from ustaz.server.access import cohort_sights
from ustaz.server.http import Request


def tables_of(request: Request) -> Tables:
    """Return the tables that a visitor reads; refuse whoever reads none."""
    course, who = request.site.course, request.who
    role, sights = cohort_sights(course, who)
    asked = request.query.get("lang", "")
    words = request.site.words(asked) if asked in course.languages else request.words
    return Tables(
        course,
        {person: Sight(sight.audience, sight.places_in) for person, sight in sights.items()},
        role=role,
        groups=None if role == "staff" else course.groups_of(who.person),
        lang=words.lang,
        say=words.plain,
    )
