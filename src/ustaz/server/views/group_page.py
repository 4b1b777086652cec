"""What the members of a group show to each other, member by member; nothing else of theirs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from markupsafe import Markup

from ustaz.answers import StoreError
from ustaz.course.identity import Identity
from ustaz.roster.people import Person
from ustaz.server.access import Sight, sight
from ustaz.server.http import Request
from ustaz.server.i18n import Words
from ustaz.server.site import Site
from ustaz.server.views import posters, shared
from ustaz.server.views.comments import Comments, of_group
from ustaz.server.views.homes import year
from ustaz.shares import Share
from ustaz.workbook import Definition

#: So many entries of a member stand on the page; ten members' journals are long.
MOST_ROWS: Final = 2


@dataclass(frozen=True, slots=True)
class Shown:
    """What a member shows of one workbook.

    Attributes
    ----------
    title : str
    answers : Markup
        Read on the group's page itself; empty where only whole documents are shown.
    whole : list of Share
        Whole documents, each on a page of its own.
    poster : str
        The address of a poster that is shown; empty for none.
    comments : Comments or None
        None where nothing is shown by a share: what a definition opens is no invitation.
    """

    title: str
    answers: Markup
    whole: list[Share]
    poster: str = ""
    comments: Comments | None = None


@dataclass(frozen=True, slots=True)
class MemberShown:
    """A member, and what they show."""

    person: Person
    parts: list[Shown]


def groups(site: Site, who: Identity) -> tuple[str, ...]:
    """Return the groups whose page somebody reads: their own, and where they substitute."""
    if who.status == "withdrawn" or not who.has("participant", "facilitator"):
        return ()
    return site.course.groups_of(who.person)


def members(request: Request, group: str) -> list[MemberShown]:
    """Return the members of a group with what they show; those who show something come first."""
    site, who, words = request.site, request.who, request.words
    course, comments = site.course, of_group(request, group)
    shown = [
        MemberShown(
            person,
            [
                replace(part, comments=comments(person.person, workbook))
                for workbook, part in _parts(site, who, person, words)
            ],
        )
        for person in course.taking_part()
        if group in person.groups
    ]
    return sorted(shown, key=lambda member: (not member.parts, member.person.name.casefold()))


def _parts(site: Site, who: Identity, person: Person, words: Words) -> Iterator[tuple[str, Shown]]:
    course = site.course
    # Everybody sees here what the others see, its writer and the facilitator too.
    if who.person == person.person:
        reader = shared.as_group(course, person.person)
    else:
        reader = replace(sight(course, who, person.person), audience="group")
    to_group = tuple(share for share in reader.shares if share.to == "group")
    for workbook in year(course):
        definition = course.library[workbook]
        shares = [share for share in to_group if share.workbook == workbook]
        if not shares and not _by_definition(definition):
            continue
        whole = [share for share in shares if share.part == "document"]
        small = tuple(share for share in shares if share not in whole)
        try:
            answers = shared.read_as(
                course, person.person, workbook, Sight("group", small), words, MOST_ROWS
            )
        except StoreError:
            continue  # its owner and the course staff are told
        if answers or whole:
            poster = next(filter(None, (posters.shown_poster(site, share) for share in small)), "")
            yield workbook, Shown(words.plain(definition.title), answers, whole, poster)


def _by_definition(definition: Definition) -> bool:
    return any("group" in field.audiences for field in definition.fields)
