"""How my group reaches me: a facilitator's own page."""

from __future__ import annotations

from ustaz.roster import reaching
from ustaz.server.access import require, writing
from ustaz.server.http import Request, Response, redirect
from ustaz.server.templates import page


def reach(request: Request) -> Response:
    """Show what the own group reads, in a form."""
    require(request.who, "facilitator")
    known = reaching.read(request.site.course.dir, request.who.person)
    return _page(request, known, saved="saved" in request.query)


def save(request: Request) -> Response:
    """Save it, and show it as the group reads it."""
    require(request.who, "facilitator")
    writing(request.who)
    try:
        wanted = reaching.parsed(request.form)
    except reaching.ReachError as error:
        texts = {name: request.form.get(name, "") for name in reaching.BOUNDS}
        return _page(request, reaching.Reach(**texts), too_long=error.field)
    reaching.write(request.site.course.dir, request.who.person, wanted)
    return redirect(request.site.url("reach", saved="1"))


def _page(
    request: Request, known: reaching.Reach, *, saved: bool = False, too_long: str = ""
) -> Response:
    return page(
        request,
        "reach.html",
        status=422 if too_long else 200,
        known=known,
        bounds=reaching.BOUNDS,
        saved=saved,
        too_long=too_long,
    )
