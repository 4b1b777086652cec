"""The page "My project": the story line of the year, and the same for whoever may read it."""

from __future__ import annotations

from ustaz.server.access import audience
from ustaz.server.http import Request, Response, redirect
from ustaz.server.templates import page
from ustaz.server.views import posters
from ustaz.server.views.stories import Story


def own(request: Request) -> Response:
    """Show the own project."""
    return _page(request, Story(request.site, request.who.person, "self", request.words))


def of_person(request: Request) -> Response:
    """Show the project of somebody else, projected to who reads it."""
    person = request.params["person"]
    seen_as = audience(request.site.course, request.who, person)
    if seen_as == "self":
        return redirect(request.site.url("story"))
    return _page(request, Story(request.site, person, seen_as, request.words))


def _page(request: Request, story: Story) -> Response:
    return page(
        request,
        "story.html",
        story=story,
        own=story.audience == "self",
        about=request.site.course.person(story.person),
        posters=posters.poster_links(request.site, story.person, story.audience),
        today=request.site.course.today(),
    )
