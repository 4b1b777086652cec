"""The page of meetings: staff write those of the course, facilitators those of their own groups."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from ustaz.base.errors import FileFault, UstazError
from ustaz.calendar import moves, writing
from ustaz.calendar.moves import MoveError
from ustaz.course.events import (
    EVENT_KINDS,
    MOST_PLACE,
    MOST_TITLE,
    Event,
    Slot,
    clock_time,
)
from ustaz.deadlines import extensions
from ustaz.deadlines.scoped import one_line
from ustaz.messages import N_
from ustaz.server.access import members, require
from ustaz.server.http import HTTPProblem, Request, Response, redirect
from ustaz.server.templates import page
from ustaz.server.views import targets

EVERYBODY: Final = "*"
#: Days are the course's own matter; a group has meetings.
OF_GROUPS: Final = tuple(kind for kind in EVENT_KINDS if kind != "deadline")

NO_TITLE: Final = (
    N_("A meeting needs a title and a kind."),
    N_("Nothing was changed. Write in a few words what it is."),
)
NOT_NOW: Final = (
    N_("The course's file of settings has a mistake, so a page cannot write in it now."),
    N_("Nothing was changed. The course staff sees on their home page where the mistake is."),
)


def events(request: Request) -> Response:
    """Show the meetings, and the forms for one of them where the address names it."""
    require(request.who, "staff", "facilitator")
    return _page(request)


def change(request: Request) -> Response:
    """Add, change, take out or move a meeting, and show the list again."""
    require(request.who, "staff", "facilitator")
    actions: dict[str, Callable[[Request], None]] = {
        "add": _add,
        "change": _change,
        "remove": _remove,
        "move": _move,
        "back": _take_back,
    }
    action = actions.get(request.form.get("do", ""))
    if action is None:
        raise HTTPProblem(400, "bad_request")
    try:
        action(request)
    except (MoveError, _FormError) as error:
        return _page(request, (error.message, error.hint))
    except FileFault:
        return _page(request, NOT_NOW)
    return redirect(request.site.url("staff", "calendar"))


class _FormError(UstazError):
    """What was typed cannot be an event; nothing was changed."""

    def __init__(self, texts: tuple[str, str]) -> None:
        super().__init__("bad_event", *texts)


# -- who may --------------------------------------------------------------------------------------
def _groups(request: Request) -> list[str]:
    """Return the groups whose meetings the asker writes."""
    if request.who.has("staff"):
        return extensions.targets(request.site.course)["group"]
    return list(request.site.course.groups_of(request.who.person))


def _may_write(request: Request, event: Event) -> bool:
    """Tell whether the asker may change an event for everybody whom it is for."""
    if request.who.has("staff"):
        return True
    groups = set(_groups(request))
    return bool(event.groups) and groups.issuperset(event.groups) and event.kind in OF_GROUPS


def _concerns(request: Request, event: Event) -> bool:
    groups = set(_groups(request))
    return request.who.has("staff") or not event.groups or bool(groups.intersection(event.groups))


def _may_move(request: Request, scope: str, target: str) -> bool:
    if request.who.has("staff"):
        return True
    if scope == "group":
        return target in _groups(request)
    own = {person.person for person in members(request.site.course, request.who)}
    return scope == "person" and target in own


def _event(request: Request, *, whole: bool) -> Event:
    """Return the event that a form names; `whole`: to change it for everybody."""
    name = request.form.get("event", "")
    for event in request.site.course.events:
        if event.id == name and _concerns(request, event):
            if whole and not _may_write(request, event):
                raise HTTPProblem(403, "not_yours")
            return event
    raise MoveError("no_event")


# -- what a form says -----------------------------------------------------------------------------
def _slot(form: Any) -> Slot:  # noqa: ANN401 - a mapping of texts
    try:
        day = dt.date.fromisoformat(form.get("day", ""))
    except ValueError:
        raise MoveError("bad_time") from None
    times = []
    for key in ("start", "end"):
        text = form.get(key, "").strip()
        times.append(clock_time(text))
        if text and times[-1] is None:
            raise MoveError("bad_time")
    slot = Slot(
        day,
        times[0],
        times[1],
        one_line(form.get("place", ""), MOST_PLACE),
        form.get("link", "").strip(),
        form.get("cancelled") == "on",
    )
    moves.check_slot(slot)
    return slot


def _typed(request: Request, id: str, before: Event | None = None) -> Event:
    form = request.form
    title, kind = one_line(form.get("title", ""), MOST_TITLE), form.get("kind", "")
    group = form.get("group", "")
    staff = request.who.has("staff")
    if not title or kind not in (EVENT_KINDS if staff else OF_GROUPS):
        raise _FormError(NO_TITLE)
    if group == EVERYBODY and staff:
        groups: tuple[str, ...] = ()
    elif before is not None and group == ", ".join(before.groups):
        groups = before.groups
    elif group in _groups(request):
        groups = (group,)
    else:
        raise MoveError("nobody")
    titles: dict[str, str] = {"": title}
    if before is not None and title == before.title(request.lang):
        titles = dict(before.titles)  # the other languages stay
    return Event(id, kind, titles, _slot(form), groups)


def _add(request: Request) -> None:
    course = request.site.course
    event = _typed(request, writing.new_id(course, request.form.get("kind", "")))
    writing.add(course, event)


def _change(request: Request) -> None:
    before = _event(request, whole=True)
    event = _typed(request, before.id, before)
    if replace(event, revision=before.revision) != before:
        _known(writing.replace, request, event)


def _remove(request: Request) -> None:
    _known(writing.remove, request, _event(request, whole=True).id)


def _known(write: Callable[..., None], request: Request, what: object) -> None:
    try:
        write(request.site.course, what)
    except KeyError:
        raise MoveError("no_event") from None


def _move(request: Request) -> None:
    event = _event(request, whole=False)
    scope, target = targets.chosen(request.form.get("to", ""))
    if not _may_move(request, scope, target):
        raise HTTPProblem(403, "not_yours")
    reason = request.form.get("reason", "")
    course, by = request.site.course, request.who.person
    moves.move(course, event, scope, target, _slot(request.form), reason, by=by)


def _take_back(request: Request) -> None:
    key = request.form.get("id", "")
    move = moves.standing_move(request.site.course, key)
    if not _may_move(request, move.scope, move.target):
        raise HTTPProblem(403, "not_yours")
    moves.take_back(request.site.course, key, by=request.who.person)


# -- the page -------------------------------------------------------------------------------------
def _page(request: Request, error: tuple[str, str] | None = None) -> Response:
    course = request.site.course
    known = sorted(
        (event for event in course.events if _concerns(request, event)),
        key=lambda event: (event.slot.day, event.slot.start or dt.time(), event.id),
    )
    wanted = request.form.get("event") if error else request.query.get("event")
    chosen = next((event for event in known if event.id == wanted), None)
    return page(
        request,
        "events.html",
        status=422 if error else 200,
        events=known,
        chosen=chosen,
        may_write=chosen is not None and _may_write(request, chosen),
        moved=[
            (move, targets.name_of(course, move.scope, move.target))
            for move in moves.every(course)
            if _may_move(request, move.scope, move.target)
        ],
        titles={event.id: event.title(request.lang) for event in course.events},
        kinds=EVENT_KINDS if request.who.has("staff") else OF_GROUPS,
        groups=_groups(request),
        everybody=EVERYBODY if request.who.has("staff") else "",
        targets=_targets(request),
        error=error,
        typed=lambda do: request.form if error and request.form.get("do") == do else {},
        today=course.today(),
    )


def _targets(request: Request) -> targets.Choices:
    course, staff = request.site.course, request.who.has("staff")
    return targets.choices(
        request.words,
        _groups(request),
        extensions.targets(course)["school"] if staff else (),
        course.taking_part() if staff else members(course, request.who),
    )
