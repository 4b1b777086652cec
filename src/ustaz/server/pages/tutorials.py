"""The pages of a tutorial: begun by a facilitator, written and confirmed by both sides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from ustaz import tutorials
from ustaz.server.access import reads_only, require, side_of, writing
from ustaz.server.host.limits import saves_of
from ustaz.server.http import HTTPProblem, Request, Response, number, redirect
from ustaz.server.pages.staff import workbook_page
from ustaz.server.templates import page
from ustaz.server.views import tutorials as views
from ustaz.server.views.records import tutorial_record
from ustaz.tutorials import Tutorial


def begin(request: Request) -> Response:
    """Begin a tutorial with a member of the own group, and open its note."""
    writing(request.who)
    require(request.who, "facilitator")
    person = request.form.get("person", "")
    if side_of(request.site.course, request.who, person) != "facilitator":
        raise HTTPProblem(403, "not_yours")
    request.count(saves_of(request.who.person))
    entry = tutorials.begin(request.site.course, person, request.who.person)
    return redirect(request.site.url("tutorials", person, entry.id, "write"))


def note(request: Request) -> Response:
    """Show the note of a tutorial as it stands, and who has confirmed it."""
    side = _side(request)
    view = views.view(request.site, _entry(request), request.words)
    return page(
        request,
        "tutorial.html",
        view=view,
        side=side,
        may_write=not reads_only(request.site.course, request.who),
        said=request.query.get("said", ""),
    )


def act(request: Request) -> Response:
    """Confirm the note, take that back, or remove an empty one."""
    writing(request.who)
    side, entry = _side(request), _entry(request)
    request.count(saves_of(request.who.person))
    action = ACTIONS.get(request.form.get("do", ""))
    if action is None:
        raise HTTPProblem(400, "bad_request")
    return action(request, entry, side)


def write(request: Request) -> Response:
    """Show the page on which both write the note."""
    _side(request)
    entry = _entry(request)
    if reads_only(request.site.course, request.who):
        return redirect(_address(request, entry))
    return workbook_page(request, tutorial_record(request.site, entry.person, entry.id))


def _side(request: Request) -> str:
    return side_of(request.site.course, request.who, request.params["person"])


def _entry(request: Request) -> Tutorial:
    return tutorials.find(request.site.course, request.params["person"], request.params["tutorial"])


def _address(request: Request, entry: Tutorial, **query: str) -> str:
    return request.site.url("tutorials", entry.person, entry.id, **query)


def _confirm(request: Request, entry: Tutorial, side: str) -> Response:
    revision = number(request.form.get("revision", ""))
    if revision is None:
        raise HTTPProblem(400, "bad_request")
    tutorials.confirm(request.site.course, entry, side, request.who.person, revision)
    return redirect(_address(request, entry, said="confirmed") + "#confirmed")


def _take_back(request: Request, entry: Tutorial, side: str) -> Response:
    tutorials.take_back(request.site.course, entry, side, request.who.person)
    return redirect(_address(request, entry) + "#confirmed")


def _remove(request: Request, entry: Tutorial, side: str) -> Response:
    if side != "facilitator":
        raise HTTPProblem(403, "not_yours")
    tutorials.drop(request.site.course, entry, request.who.person)
    return redirect(request.site.base + "#tutorials-title")


ACTIONS: Final[dict[str, Callable[[Request, Tutorial, str], Response]]] = {
    "confirm": _confirm,
    "take_back": _take_back,
    "remove": _remove,
}
