"""Stories that want to be published: a director or the course staff agrees for the school."""

from __future__ import annotations

from ustaz import gallery
from ustaz.server.access import may_permit, require, shown_share, writing
from ustaz.server.http import HTTPProblem, Request, Response, redirect
from ustaz.server.templates import page
from ustaz.server.views import shared
from ustaz.shares import live, permit, take_permission_back


def waiting(request: Request) -> Response:
    """Show the stories about which whoever asks may decide."""
    require(request.who, "director", "staff")
    course, who = request.site.course, request.who
    rows = []
    for person in course.taking_part():
        if not may_permit(course, who, person.person):
            continue
        for share in live(course, person.person, ("public",)):
            content = gallery.content_digest(course, share)
            rows.append((person, shared.line(course, share, request.words, content), content))
    rows.sort(key=lambda row: (row[1].is_permitted, row[0].name.casefold()))
    return page(request, "stories.html", rows=rows, said=request.query.get("said", ""))


def decide(request: Request) -> Response:
    """Agree for the school to the text as it was read, or take that back."""
    require(request.who, "director", "staff")
    writing(request.who)
    course, who, form = request.site.course, request.who, request.form
    share = shown_share(course, who, form.get("person", ""), form.get("id", ""))
    if share.to != "public" or not may_permit(course, who, share.owner):
        raise HTTPProblem(403, "not_yours")
    if form.get("do") == "agree":
        if form.get("content") != gallery.content_digest(course, share):
            return redirect(request.site.url("stories", said="changed"))
        permit(course, share, form["content"], by=who.person)
    elif form.get("do") == "take_back":
        take_permission_back(course, share, by=who.person)
    else:
        raise HTTPProblem(400, "bad_request")
    gallery.refresh(course)
    return redirect(request.site.url("stories", said="kept"))
