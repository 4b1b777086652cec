"""Asking the director: a teacher's own page."""

from __future__ import annotations

from ustaz.base.throttle import Limit
from ustaz.schools import AskError, asks
from ustaz.server.access import require, writing
from ustaz.server.http import HTTPProblem, Request, Response, redirect
from ustaz.server.templates import page
from ustaz.server.views import schools as views
from ustaz.shares import live


def asking(request: Request) -> Response:
    """Show what the director is asked and has answered, with a form to ask."""
    return _page(request)


def _page(request: Request, problem: AskError | None = None) -> Response:
    require(request.who, "participant")
    course, person = request.site.course, request.who.person
    plan = views.plan_of(course)
    shown = plan and any(
        share.workbook == plan[0] for share in live(course, person, ("school_link",))
    )
    own = course.person(person)
    return page(
        request,
        "asks.html",
        status=422 if problem else 200,
        asked=views.own_asks(course, person, request.words),
        kinds={kind: text for kind, text in views.KINDS.items() if kind != "plan" or plan},
        directors=[
            course.people[director].name
            for director in asks.directors_of(course, own.school)
            if director != person
        ],
        show_plan=request.site.url("workbooks", plan[0], "share") if plan and not shown else "",
        problem=problem.translated(request.words.plain) if problem else None,
        form=request.form if problem else {"kind": request.query.get("kind", "")},
        most=asks.MOST_TEXT,
        sent="sent" in request.query,
    )


def act(request: Request) -> Response:
    """Ask for something, or take it back."""
    require(request.who, "participant")
    writing(request.who)
    course, person, form = request.site.course, request.who.person, request.form
    request.count(Limit(f"asks:{person}", 20, 30.0))
    if form.get("do") == "ask":
        try:
            asks.ask(course, person, form.get("kind", ""), form.get("text", ""))
        except AskError as problem:
            return _page(request, problem)
        return redirect(request.site.url("asks", sent="1"))
    if form.get("do") != "withdraw":
        raise HTTPProblem(400, "bad_request")
    asks.withdraw(course, person, form.get("id", ""))
    return redirect(request.site.url("asks"))
