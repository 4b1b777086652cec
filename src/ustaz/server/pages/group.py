"""The pages of a group: what its members show to each other, and where they stand."""

from __future__ import annotations

from ustaz.server.access import require, writing
from ustaz.server.http import HTTPProblem, Request, Response, redirect
from ustaz.server.pages.messages import keep_draft, new_message, sent_by
from ustaz.server.templates import page
from ustaz.server.views import comments, group_overview, group_page, group_prompts, messages
from ustaz.threads import ThreadError, drafts, may_comment
from ustaz.threads.model import MOST


def group(request: Request) -> Response:
    """Show what the members of a group show; of several groups one at a time."""
    return _group(request, request.query.get("group", ""))


def _group(
    request: Request, wanted: str, refused: tuple[str, str, ThreadError] | None = None
) -> Response:
    names = group_page.groups(request.site, request.who)
    if not request.who.has("participant", "facilitator") or request.who.status == "withdrawn":
        raise HTTPProblem(403, "not_yours")
    wanted = wanted or (names[0] if names else "")
    if names and wanted not in names:
        raise HTTPProblem(403, "not_yours")
    members = group_page.members(request, wanted) if names else []
    return page(
        request,
        "group.html",
        status=422 if refused else 200,
        refused=refused,
        most=MOST,
        token=messages.token,
        group=wanted,
        groups=names,
        members=[member for member in members if member.parts],
        silent=[member.person for member in members if not member.parts],
        participant=request.who.has("participant"),
    )


def comment(request: Request) -> Response:
    """Write about what a member shows to the group, or keep it as a draft."""
    writing(request.who)
    site, who, form = request.site, request.who, request.form
    text, to = form.get("text", ""), form.get("to", "")
    owner, workbook, group = comments.place_of(to)
    if not may_comment(site.course, who, owner, workbook, group):
        raise HTTPProblem(403, "not_yours")
    here = site.url("group", group=group)
    key = comments.key_of(to)
    if form.get("do") == "draft":
        keep_draft(request, key, text)
        return redirect(f"{here}#on-{key}")
    request.count(sent_by(who.person))
    line = {
        "kind": "peer",
        "by": who.person,
        "people": [owner],
        "target": group,
        "scope": workbook,
    }
    try:
        message = new_message(request, text)
        messages.threads(site).begin(
            line, message, only=lambda thread: comments.is_about(thread, owner, workbook, group)
        )
    except ThreadError as problem:
        return _group(request, group, (key, text, problem))
    drafts.keep(site.course.dir, who.person, key, "")
    return redirect(f"{here}#m-{message['id']}")


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
