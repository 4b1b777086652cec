"""The page of course staff about days: what the calendar names, and who has more time."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ustaz import roster
from ustaz.deadlines import extensions
from ustaz.deadlines.due import due
from ustaz.deadlines.extensions import ShiftError
from ustaz.server.access import require
from ustaz.server.homes import workbooks
from ustaz.server.http import Refusal, Reply, Visit, redirect
from ustaz.server.templates import page

#: In the order of the form's list; each value names a scope and a target.
SEPARATOR = ":"


def dates(visit: Visit) -> Reply:
    """Show the days of the calendar, the form, and every extension."""
    require(visit.who, "staff")
    return _dates(visit)


def change(visit: Visit) -> Reply:
    """Give more time, or take it back, and show the page again."""
    require(visit.who, "staff")
    do = visit.form.get("do", "")
    if do not in {"extend", "undo"}:
        raise Refusal(400, "bad_request")
    try:
        _undo(visit) if do == "undo" else _extend(visit)
    except ShiftError as error:
        return _dates(visit, error)
    _tell_nbgrader(visit)
    return redirect(visit.site.url("staff", "dates") + "#extensions")


def _extend(visit: Visit) -> None:
    scope, _, target = visit.form.get("to", "").partition(SEPARATOR)
    try:
        until = dt.date.fromisoformat(visit.form.get("until", ""))
    except ValueError:
        raise ShiftError("bad_day") from None
    extensions.extend(
        visit.site.course,
        visit.form.get("workbook", ""),
        scope,
        target,
        until,
        visit.form.get("reason", ""),
        by=visit.who.person,
        how="page",
    )


def _undo(visit: Visit) -> None:
    key = visit.form.get("id", "")
    extensions.undo(visit.site.course, key, by=visit.who.person, how="page")


def _tell_nbgrader(visit: Visit) -> None:
    from ustaz.grading.dates import refresh

    refresh(visit.site.course)


def _dates(visit: Visit, error: ShiftError | None = None) -> Reply:
    course, words = visit.site.course, visit.words
    titles = {
        workbook: words.plain(course.library[workbook].title) for workbook in workbooks(course)
    }
    named = {title: due(course, title) for title in titles}
    return page(
        visit,
        "dates.html",
        status=422 if error else 200,
        calendar=[(titles[one], found) for one, found in named.items()],
        choices=[(one, titles[one]) for one, found in named.items() if found is not None],
        targets=_targets(visit),
        extensions=[_shown(visit, one, titles) for one in extensions.every(course)],
        today=course.today(),
        error=error,
        form=visit.form if error else {},
    )


def _targets(visit: Visit) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return whom time can be given, in three lists: values of the form and what is read."""
    course, words = visit.site.course, visit.words
    found = extensions.targets(course)
    people = roster.by_name(course.taking_part())
    return [
        (words.gettext("Groups"), [(f"group:{one}", one) for one in found["group"]]),
        (words.gettext("Schools"), [(f"school:{one}", one) for one in found["school"]]),
        (words.gettext("People"), [(f"person:{person.person}", person.name) for person in people]),
    ]


def _shown(visit: Visit, shift: extensions.Shift, titles: dict[str, str]) -> dict[str, Any]:
    people = visit.site.course.people
    name = (
        people[shift.target].name
        if shift.scope == "person" and shift.target in people
        else shift.target
    )
    return {"shift": shift, "name": name, "title": titles.get(shift.workbook, shift.workbook)}
