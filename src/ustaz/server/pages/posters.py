"""A poster as a page, to be looked at and printed."""

from __future__ import annotations

from ustaz.server.access import audience
from ustaz.server.http import Request, Response, redirect
from ustaz.server.templates import page
from ustaz.server.views import posters
from ustaz.server.views.records import Record, record


def own(request: Request) -> Response:
    """Show the own poster."""
    return _page(request, record(request.site, request.who.person, request.params["workbook"]))


def of_person(request: Request) -> Response:
    """Show the poster of somebody else, projected to who reads it."""
    person, workbook = request.params["person"], request.params["workbook"]
    seen_as = audience(request.site.course, request.who, person)
    about = record(request.site, person, workbook, seen_as)
    if seen_as == "self":
        return redirect(request.site.url("workbooks", about.workbook, "poster"))
    return _page(request, about)


def _page(request: Request, about: Record) -> Response:
    return page(
        request,
        "poster.html",
        sheet=posters.sheet(about),
        own=about.audience == "self",
        one=about,
        workbook_title=request.words.plain(about.definition.title),
    )
