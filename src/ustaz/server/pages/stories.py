"""The page "My project": the story line of the year, and the same for whoever may read it.

To a group or a director it shows what their shares show, and there is none without them.
"""

from __future__ import annotations

from ustaz.server.access import Sight, sight
from ustaz.server.http import HTTPProblem, Request, Response, redirect
from ustaz.server.templates import page
from ustaz.server.views import posters
from ustaz.server.views.stories import Story


def own(request: Request) -> Response:
    """Show the own project."""
    return _page(request, Story(request.site, request.who.person, Sight("self"), request.words))


def of_person(request: Request) -> Response:
    """Show the project of somebody else, projected to who reads it."""
    person = request.params["person"]
    reader = sight(request.site.course, request.who, person)
    if reader.audience == "self":
        return redirect(request.site.url("story"))
    story = Story(request.site, person, reader, request.words)
    if story.reader.by_shares and not story.begun:
        raise HTTPProblem(403, "not_yours")
    return _page(request, story)


def _page(request: Request, story: Story) -> Response:
    return page(
        request,
        "story.html",
        story=story,
        own=story.reader.audience == "self",
        about=request.site.course.person(story.person),
        posters=posters.poster_links(request.site, story.reader, story.person),
        today=request.site.course.today(),
    )
