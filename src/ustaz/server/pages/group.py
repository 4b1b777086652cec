"""The pages of a group: what its members show to each other, and where they stand."""

from __future__ import annotations

from ustaz.server.access import require
from ustaz.server.http import HTTPProblem, Request, Response
from ustaz.server.templates import page
from ustaz.server.views import group_overview, group_page, group_prompts


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


def overview(request: Request) -> Response:
    """Show a facilitator where each member of their groups stands, and whom to talk to."""
    require(request.who, "facilitator")
    rows = group_overview.overview(request.site, request.who, request.words)
    return page(
        request,
        "group_overview.html",
        rows=rows,
        talk=group_overview.to_talk_to(rows),
        friday=group_overview.friday(request.site.course.today()),
    )


def prompts(request: Request) -> Response:
    """Show a facilitator what a group could talk about, out of its own answers."""
    require(request.who, "facilitator")
    names = group_page.groups(request.site, request.who)
    wanted = request.query.get("group", names[0] if names else "")
    if request.who.status == "withdrawn" or (wanted and wanted not in names):
        raise HTTPProblem(403, "not_yours")
    return page(
        request,
        "group_prompts.html",
        group=wanted,
        groups=names,
        prompts=group_prompts.prompts(request.site, request.who, wanted, request.words),
    )
