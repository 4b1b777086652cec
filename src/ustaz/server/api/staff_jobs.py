"""The JSON calls of course staff."""

from __future__ import annotations

from typing import Any

from ustaz.base import desk
from ustaz.base.ids import PERSON_ID
from ustaz.exchange import Refused
from ustaz.server.access import require
from ustaz.server.http import HTTPProblem, Request, Response, json_response
from ustaz.server.views import staff_overview

PATIENCE = 10.0
"""Seconds that a call waits for its job before it answers "started"."""


def overview(request: Request) -> Response:
    """Return the counts of each workbook."""
    require(request.who, "staff", "operator")
    return json_response({"workbooks": staff_overview.overview(request.site.course)})


def start(request: Request) -> Response:
    """Collect, grade or release feedback; the answer is the summary, or "started"."""
    require(request.who, "staff", "operator")
    body = request.json()
    workbook = body.get("workbook")
    if not isinstance(workbook, str):
        raise HTTPProblem(400, "bad_request")
    which = _which(body)
    job = staff_overview.start(
        request.site, request.params["action"], workbook, request.who.person, which
    )
    done = job.finished.wait(PATIENCE)
    return json_response({"run": job.as_json()}, 200 if done else 202)


def _which(body: dict[str, Any]) -> staff_overview.Which:
    person, again, in_time = (body.get(key) for key in ("person", "again", "before_due"))
    if not (person is None or (isinstance(person, str) and PERSON_ID.match(person))):
        raise HTTPProblem(400, "bad_request")
    if any(flag not in (None, False, True) for flag in (again, in_time)):
        raise HTTPProblem(400, "bad_request")
    return staff_overview.Which(person, bool(again), bool(in_time))


def feedback_page(request: Request) -> Response:
    """Return the page that feedback on a collected round will be, for nbgrader at a desk."""
    from nbgrader.api import MissingEntry

    from ustaz.grading.returning import page_of_collected

    require(request.who, "staff")
    course = request.site.course
    person, workbook = request.params["person"], request.params["workbook"]
    if workbook not in course.library.ids:
        raise HTTPProblem(404, "no_workbook")
    desk.refuse_links(course.dir, workbook)
    try:
        return json_response({"html": page_of_collected(course, person, workbook)})
    except (Refused, MissingEntry):
        raise HTTPProblem(404, "no_feedback") from None


def run(request: Request) -> Response:
    """Return the last job and how far it is."""
    require(request.who, "staff", "operator")
    last = request.site.runs.last
    return json_response({"run": last.as_json() if last else None})
