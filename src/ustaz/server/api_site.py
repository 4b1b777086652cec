"""The JSON calls that are about no workbook: who is asking, home, languages, the description."""

from __future__ import annotations

from functools import cache
from typing import Final

from ustaz import messages
from ustaz.base.shipped import shipped
from ustaz.server import homes, schools
from ustaz.server.http import API_CSP, Refusal, Reply, Visit, json_reply, tagged

OPENAPI: Final = "docs/openapi.yaml"


def me(visit: Visit) -> Reply:
    """Say who is asking, and what a page needs to know before anything else."""
    course, who = visit.site.course, visit.identity
    person = course.people.get(who.person) if who else None
    return json_reply(
        {
            "person": {
                "id": person.person,
                "name": person.name,
                "roles": sorted(person.roles),
                "group": person.group,
                "groups": list(course.groups_of(person.person)),
                "status": person.status,
                "school": person.school,
            }
            if person
            else None,
            "acting": bool(who and who.acting),
            "lang": visit.lang,
            "languages": list(course.languages),
            "course": {
                "id": course.id,
                "name": course.name,
                "demo": course.demo,
                "start": course.start.isoformat(),
                "end": course.end.isoformat(),
                "timezone": str(course.timezone),
            },
            "home": visit.site.base,
        }
    )


def home(visit: Visit) -> Reply:
    """Return what the home page shows."""
    data = homes.home(visit)
    if visit.identity and visit.identity.has("director"):
        data["director"] = schools.director(visit.site, visit.identity, visit.words)
    return json_reply(data)


def act_as(visit: Visit) -> Reply:
    """Choose whom to try the demo out as; ``null`` forgets the choice."""
    chosen = homes.choose(visit.site, visit.json().get("person"))
    reply = json_reply({"person": chosen or None})
    reply.acting = chosen
    return reply


def lang(visit: Visit) -> Reply:
    """Remember a language in this browser."""
    wanted = visit.json().get("lang")
    if wanted not in visit.site.course.languages:
        raise Refusal(400, "bad_request")
    reply = json_reply({"lang": wanted})
    reply.lang = wanted
    return reply


def frontend_messages(visit: Visit) -> Reply:
    """Return the front end's catalogue of a language."""
    wanted = visit.params["lang"]
    if wanted not in visit.site.course.languages:
        raise Refusal(404, "no_page")
    return tagged(visit, json_reply(messages.frontend(wanted)))


@cache
def _openapi() -> bytes:
    return shipped(OPENAPI).read_bytes()


def openapi(visit: Visit) -> Reply:
    """Return the description of these calls."""
    reply = Reply(200, _openapi(), "application/yaml; charset=utf-8", csp=API_CSP)
    return tagged(visit, reply)


def nothing_here(visit: Visit) -> Reply:  # noqa: ARG001
    """Refuse an address that means nothing."""
    raise Refusal(404, "no_page")
