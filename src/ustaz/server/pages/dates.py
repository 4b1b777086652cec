"""The page of course staff about days: what the calendar names, and who has more time."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ustaz.deadlines import extensions
from ustaz.deadlines.due import due
from ustaz.deadlines.extensions import ShiftError
from ustaz.server.access import require
from ustaz.server.http import HTTPProblem, Request, Response, redirect
from ustaz.server.templates import page
from ustaz.server.views import targets
from ustaz.server.views.homes import workbooks


def dates(request: Request) -> Response:
    """Show the days of the calendar, the form, and every extension."""
    require(request.who, "staff")
    return _dates(request)


def change(request: Request) -> Response:
    """Give more time, or take it back, and show the page again."""
    require(request.who, "staff")
    do = request.form.get("do", "")
    if do not in {"extend", "undo"}:
        raise HTTPProblem(400, "bad_request")
    try:
        _undo(request) if do == "undo" else _extend(request)
    except ShiftError as error:
        return _dates(request, error)
    _tell_nbgrader(request)
    return redirect(request.site.url("staff", "dates") + "#extensions")


def _extend(request: Request) -> None:
    scope, target = targets.chosen(request.form.get("to", ""))
    try:
        until = dt.date.fromisoformat(request.form.get("until", ""))
    except ValueError:
        raise ShiftError("bad_day") from None
    extensions.extend(
        request.site.course,
        request.form.get("workbook", ""),
        scope,
        target,
        until,
        request.form.get("reason", ""),
        by=request.who.person,
        how="page",
    )


def _undo(request: Request) -> None:
    key = request.form.get("id", "")
    extensions.undo(request.site.course, key, by=request.who.person, how="page")


def _tell_nbgrader(request: Request) -> None:
    from ustaz.grading.dates import refresh

    refresh(request.site.course)


def _dates(request: Request, error: ShiftError | None = None) -> Response:
    course, words = request.site.course, request.words
    titles = {
        workbook: words.plain(course.library[workbook].title) for workbook in workbooks(course)
    }
    named = {title: due(course, title) for title in titles}
    return page(
        request,
        "dates.html",
        status=422 if error else 200,
        calendar=[(titles[id_], moment) for id_, moment in named.items()],
        choices=[(id_, titles[id_]) for id_, moment in named.items() if moment is not None],
        targets=_targets(request),
        extensions=[_shown(request, extension, titles) for extension in extensions.every(course)],
        today=course.today(),
        error=error,
        form=request.form if error else {},
    )


def _targets(request: Request) -> targets.Choices:
    """Return whom time can be given."""
    course = request.site.course
    known = extensions.targets(course)
    return targets.choices(request.words, known["group"], known["school"], course.taking_part())


def _shown(request: Request, shift: extensions.Shift, titles: dict[str, str]) -> dict[str, Any]:
    name = targets.name_of(request.site.course, shift.scope, shift.target)
    return {"shift": shift, "name": name, "title": titles.get(shift.workbook, shift.workbook)}
