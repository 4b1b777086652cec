"""The JSON calls that are about no workbook: who is asking, home, languages, the description."""

from __future__ import annotations

from functools import cache
from typing import Final

from ustaz import messages
from ustaz.base.shipped import shipped
from ustaz.server.http import API_CSP, HTTPProblem, Request, Response, json_response, tagged
from ustaz.server.views import director, homes

OPENAPI: Final = "docs/openapi.yaml"


def me(request: Request) -> Response:
    """Say who is asking, and what a page needs to know before anything else."""
    course, who = request.site.course, request.identity
    person = course.people.get(who.person) if who else None
    return json_response(
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
            "lang": request.lang,
            "languages": list(course.languages),
            "course": {
                "id": course.id,
                "name": course.name,
                "demo": course.demo,
                "start": course.start.isoformat(),
                "end": course.end.isoformat(),
                "timezone": str(course.timezone),
            },
            "home": request.site.base,
        }
    )


def home(request: Request) -> Response:
    """Return what the home page shows."""
    data = homes.home(request)
    if request.identity and request.identity.has("director"):
        data["director"] = director.director(request.site, request.identity, request.words)
    return json_response(data)


def act_as(request: Request) -> Response:
    """Choose whom to try the demo out as; ``null`` forgets the choice."""
    chosen = homes.choose(request.site, request.json().get("person"))
    response = json_response({"person": chosen or None})
    response.acting = chosen
    return response


def lang(request: Request) -> Response:
    """Remember a language in this browser."""
    wanted = request.json().get("lang")
    if wanted not in request.site.course.languages:
        raise HTTPProblem(400, "bad_request")
    response = json_response({"lang": wanted})
    response.lang = wanted
    return response


def frontend_messages(request: Request) -> Response:
    """Return the front end's catalogue of a language, or those parts of it that are asked for."""
    wanted = request.params["lang"]
    if wanted not in request.site.course.languages:
        raise HTTPProblem(404, "no_page")
    parts = frozenset(request.query.get("parts", ",".join(messages.PARTS)).split(","))
    if not parts <= set(messages.PARTS):
        raise HTTPProblem(400, "bad_request")
    return tagged(request, json_response(messages.frontend(wanted, parts=parts)))


@cache
def _openapi() -> bytes:
    return shipped(OPENAPI).read_bytes()


def openapi(request: Request) -> Response:
    """Return the description of these calls."""
    response = Response(200, _openapi(), "application/yaml; charset=utf-8", csp=API_CSP)
    return tagged(request, response)


def nothing_here(request: Request) -> Response:  # noqa: ARG001
    """Refuse an address that means nothing."""
    raise HTTPProblem(404, "no_page")
