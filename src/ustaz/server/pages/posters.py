"""A poster as a page, to be looked at and printed.

Others read it where a definition's audience lets them (facilitators, staff), or while its writer
shows it to them.
"""

from __future__ import annotations

from ustaz.server.access import sight
from ustaz.server.http import HTTPProblem, Request, Response, redirect
from ustaz.server.templates import page
from ustaz.server.views import posters
from ustaz.server.views.records import Record, read_by, record


def own(request: Request) -> Response:
    """Show the own poster."""
    return _page(request, record(request.site, request.who.person, request.params["workbook"]))


def of_person(request: Request) -> Response:
    """Show the poster of somebody else, projected to who reads it."""
    person, workbook = request.params["person"], request.params["workbook"]
    reader = sight(request.site.course, request.who, person)
    about = read_by(request.site, reader, person, workbook)
    if reader.audience == "self":
        return redirect(request.site.url("workbooks", about.workbook, "poster"))
    if reader.by_shares and not posters.is_shown(about):
        raise HTTPProblem(403, "not_yours")
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
