"""What a secret address opens for a reader outside: one shared thing, and nothing else.

A look at the address shows a page without anybody's name or words, so that programs that preview
links learn nothing and count as nobody; a press opens it, and its time is written down.
"""

from __future__ import annotations

from typing import Any, Final

from ustaz.base.throttle import Limit
from ustaz.files import FileStore
from ustaz.server.api.files import given_out
from ustaz.server.http import HTTPProblem, Request, Response
from ustaz.server.templates import page
from ustaz.server.views import attachments, shared
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


def file(request: Request) -> Response:
    """Give out a file that the address shows."""
    share, course = _share(request), request.site.course
    request.count(files_of(share))
    store = FileStore(course.people_dir)
    record = attachments.shared_file(course, store, share, request.params["hash"])
    response = given_out(request, store, share.owner, record)
    response.headers |= HEADERS
    return response
