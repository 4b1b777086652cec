"""What a secret address opens for a reader outside: one shared thing, and nothing else.

A portfolio is read as its owner has it, in the reader's language, and carried away as a file.

A look at the address shows a page without anybody's name or words, so that programs that preview
links learn nothing and count as nobody; a press opens it, and its time is written down.
"""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from ustaz.base.throttle import Limit
from ustaz.files import FileStore
from ustaz.portfolio.layout import blocks
from ustaz.server.api.files import given_out
from ustaz.server.http import API_CSP, HTTPProblem, Request, Response
from ustaz.server.pages.portfolios import FORMS, draw, forms_there
from ustaz.server.templates import page
from ustaz.server.views import attachments, shared, shared_portfolio
from ustaz.shares import Share, record_opening, share_of_secret

#: Tries of addresses that nobody has, from everywhere together.
UNKNOWN: Final = Limit("shared: unknown", 60, 1.0)
HEADERS: Final = {
    "X-Robots-Tag": "noindex, nofollow, noarchive, nosnippet",
    # Not "no-referrer": then the form would come from nowhere, and be refused.
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def openings_of(share: Share) -> Limit:
    """Return what the openings of an address are counted for: thirty, then one in ten seconds."""
    return Limit(f"shared:{share.owner}.{share.id}", 30, 10.0)


def files_of(share: Share) -> Limit:
    """Return what the files of an address are counted for."""
    return Limit(f"shared files:{share.owner}.{share.id}", 200, 2.0)


def carried_away(share: Share) -> Limit:
    """Return what files made of an address's portfolio are counted for."""
    return Limit(f"shared portfolio:{share.owner}.{share.id}", 6, 20.0)


def _share(request: Request) -> Share:
    course = request.site.course
    share = share_of_secret(course, request.params["secret"])
    if share is None or share.workbook not in course.library.ids:
        request.count(UNKNOWN)
        raise HTTPProblem(404, "not_shown")
    return share


def _answered(request: Request, template: str, **names: Any) -> Response:  # noqa: ANN401
    # Who is signed in in this browser makes no difference.
    request.identity = None
    response = page(request, template, address=request.path, **names)
    response.headers |= HEADERS
    return response


def cover(request: Request) -> Response:
    """Say that something is shown here, and nothing of it."""
    _share(request)
    return _answered(request, "outside_cover.html")


def opened(request: Request) -> Response:
    """Show what the address is for, and write down that it was opened."""
    share, course = _share(request), request.site.course
    request.count(openings_of(share))
    if shared_portfolio.is_portfolio(course, share):
        return _portfolio(request, share)
    title, part = shared.names(course, share, request.words)
    answers = shared.rendering(course, share, request.words)
    record_opening(course, share)
    return _answered(
        request,
        "outside.html",
        title=title,
        part=part,
        answers=answers,
        about=course.person(share.owner),
        until=share.until,
        files=shared.files(course, share),
    )


def _portfolio(request: Request, share: Share) -> Response:
    course = request.site.course
    model = shared_portfolio.assembled(course, share, request.lang)

    def address(sha256: str, **query: str) -> str:
        return f"{request.path}/files/{sha256}" + (f"?{urlencode(query)}" if query else "")

    body = shared_portfolio.html(course, model, share, address, 1)
    record_opening(course, share)
    return _answered(
        request,
        "outside_portfolio.html",
        model=model,
        body=body,
        until=share.until,
        forms=[
            (form, f"{request.path}/portfolio/{form}?lang={request.lang}") for form in forms_there()
        ],
    )


def portfolio_file(request: Request) -> Response:
    """Return the portfolio that an address shows as a file."""
    share, course = _share(request), request.site.course
    if not shared_portfolio.is_portfolio(course, share):
        raise HTTPProblem(404, "not_shown")
    request.count(carried_away(share))
    model = shared_portfolio.assembled(course, share, request.lang)
    form = request.params["form"]
    data = draw(form, model, blocks(model), shared_portfolio.pictures(course, model, share))
    name = f"portfolio-{request.lang}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(200, data, FORMS[form], headers | HEADERS, API_CSP)


def file(request: Request) -> Response:
    """Give out a file that the address shows."""
    share, course = _share(request), request.site.course
    request.count(files_of(share))
    store = FileStore(course.people_dir)
    record = attachments.shared_file(course, store, share, request.params["hash"])
    response = given_out(request, store, share.owner, record)
    response.headers |= HEADERS
    return response
