"""What schools tell of their year: a director writes and shows it, others read what is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from ustaz import gallery
from ustaz.base.throttle import Limit
from ustaz.messages import LANGUAGE_NAMES, N_
from ustaz.roster.former import name_of
from ustaz.schools import Outcome, OutcomeError
from ustaz.schools import outcomes as store
from ustaz.server.access import may_permit_outcome, may_read_outcome, require, writing
from ustaz.server.http import HTTPProblem, Request, Response, number, redirect
from ustaz.server.templates import page

#: Who reads it, as the page names them.
READERS: Final = {
    store.SCHOOL: N_("the teachers and facilitators of our school"),
    store.SCHOOLS: N_("the schools of our group"),
    store.STAFF: N_("the course staff"),
    store.PUBLIC: N_("everybody, among the stories of the book"),
}


@dataclass(frozen=True, slots=True)
class View:
    """A text with names.

    Attributes
    ----------
    outcome : Outcome
    names : mapping
        Id to the name of everybody who wrote, showed or agreed.
    may_permit : bool
        The reader agrees to its publication, or takes that back.
    named : bool
        The school's name stands under it where it is published.
    """

    outcome: Outcome
    names: dict[str, str]
    may_permit: bool
    named: bool


def _view(request: Request, outcome: Outcome) -> View:
    course = request.site.course
    words = [*outcome.shown.values(), *([outcome.permitted] if outcome.permitted else [])]
    ids = {text.by for text in outcome.texts} | {word.by for word in words}
    return View(
        outcome,
        {id: name_of(course.people, id, request.words.plain) for id in ids},
        may_permit_outcome(course, request.who, outcome),
        store.is_named(course, outcome),
    )


def _own_school(request: Request) -> str:
    """Return for which school the visitor writes; empty for whoever is no director of one."""
    own = request.site.course.people.get(request.who.person)
    is_director = request.who.has("director") and request.who.status != "withdrawn"
    return own.school if own is not None and is_director else ""


def outcomes(request: Request) -> Response:
    """Show what the own school tells, to its director with forms, and what others show."""
    return _page(request)


def _page(request: Request, problem: OutcomeError | None = None) -> Response:
    require(request.who, "participant", "facilitator", "director", "staff")
    if request.who.status == "withdrawn":
        raise HTTPProblem(403, "not_yours")
    course, own = request.site.course, _own_school(request)
    readable = [
        _view(request, outcome)
        for outcome in store.read(course)
        if may_read_outcome(course, request.who, outcome)
    ]
    mine = [view for view in readable if own and view.outcome.school == own]
    form = request.form if problem else {}
    wanted = form.get("id", "") if form.get("do") == "write" else request.query.get("write", "")
    return page(
        request,
        "outcomes.html",
        status=422 if problem else 200,
        own=own,
        mine=mine,
        others=[view for view in readable if view not in mine],
        edited=next((view.outcome for view in mine if view.outcome.id == wanted), None),
        parts=store.PARTS,
        needed=store.NEEDED,
        readers=READERS,
        public=store.PUBLIC,
        may_be_named=bool(own) and store.may_be_named(course, own),
        most_title=store.MOST_TITLE,
        most=store.MOST_TEXT,
        text_languages={code: LANGUAGE_NAMES[code] for code in course.languages},
        problem=problem.translated(request.words.plain) if problem else None,
        form=form,
    )


def act(request: Request) -> Response:
    """Write, show, hide or remove a text of the own school; agree to a publication."""
    require(request.who, "participant", "facilitator", "director", "staff")
    writing(request.who)
    request.count(Limit(f"schools:{request.who.person}", 40, 15.0))
    action = ACTIONS.get(request.form.get("do", ""))
    if action is None:
        raise HTTPProblem(400, "bad_request")
    try:
        id = action(request)
    except OutcomeError as problem:
        return _page(request, problem)
    gallery.refresh(request.site.course)
    return redirect(request.site.url("school", "outcomes") + (f"#outcome-{id}" if id else ""))


def _readable(request: Request) -> Outcome:
    """Return the text that is meant; one that the visitor cannot read is not there."""
    course, wanted = request.site.course, request.form.get("id", "")
    for outcome in store.read(course):
        if outcome.id == wanted and may_read_outcome(course, request.who, outcome):
            return outcome
    raise HTTPProblem(404, "no_page")


def _own(request: Request) -> Outcome:
    known = _readable(request)
    if known.school != _own_school(request):
        raise HTTPProblem(403, "not_yours")
    return known


def _revision(request: Request) -> int:
    return number(request.form.get("revision", "")) or 0


def _write(request: Request) -> str:
    school = _own_school(request)
    if not school:
        raise HTTPProblem(403, "not_yours")
    course, form = request.site.course, request.form
    known = _own(request) if form.get("id") else None
    title, parts = store.parsed(form)
    lang = form.get("lang", "")
    return store.write(
        course,
        school,
        known,
        title,
        parts,
        lang=lang if lang in course.languages else request.lang,
        base=_revision(request),
        by=request.who.person,
    )


def _show(request: Request) -> str:
    known, form = _own(request), request.form
    if form.get("read") != "yes":
        raise OutcomeError("outcome_unread")
    named = form.get("named") == "yes"
    course, by = request.site.course, request.who.person
    store.show(course, known, form.get("to", ""), _revision(request), named=named, by=by)
    return known.id


def _hide(request: Request) -> str:
    known = _own(request)
    store.hide(request.site.course, known, request.form.get("to", ""), by=request.who.person)
    return known.id


def _remove(request: Request) -> str:
    store.remove(request.site.course, _own(request), by=request.who.person)
    return ""


def _permitted(request: Request) -> Outcome:
    known = _readable(request)
    if not may_permit_outcome(request.site.course, request.who, known):
        raise HTTPProblem(403, "not_yours")
    return known


def _permit(request: Request) -> str:
    known = _permitted(request)
    if request.form.get("read") != "yes":
        raise OutcomeError("outcome_unread")
    store.permit(request.site.course, known, _revision(request), by=request.who.person)
    return known.id


def _refuse(request: Request) -> str:
    known = _permitted(request)
    store.refuse(request.site.course, known, by=request.who.person)
    return known.id


ACTIONS: Final[dict[str, Callable[[Request], str]]] = {
    "write": _write,
    "show": _show,
    "hide": _hide,
    "remove": _remove,
    "permit": _permit,
    "refuse": _refuse,
}
