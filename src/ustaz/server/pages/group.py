"""The page of a group: what its members show to each other."""

from __future__ import annotations

from ustaz.server.http import HTTPProblem, Request, Response
from ustaz.server.templates import page
from ustaz.server.views import group_page


def group(request: Request) -> Response:
    """Show what the members of a group show; of several groups one at a time."""
    names = group_page.groups(request.site, request.who)
    if not request.who.has("participant", "facilitator") or request.who.status == "withdrawn":
        raise HTTPProblem(403, "not_yours")
    wanted = request.query.get("group", names[0] if names else "")
    if names and wanted not in names:
        raise HTTPProblem(403, "not_yours")
    members = group_page.members(request.site, request.who, wanted, request.words) if names else []
    return page(
        request,
        "group.html",
        group=wanted,
        groups=names,
        members=[member for member in members if member.parts],
        silent=[member.person for member in members if not member.parts],
        participant=request.who.has("participant"),
    )
