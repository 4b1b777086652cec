"""The JSON calls of course staff."""

from __future__ import annotations

from typing import Any

from ustaz.base import desk
from ustaz.base.ids import PERSON_ID
from ustaz.exchange import Refused
from ustaz.server import staff
from ustaz.server.access import require
from ustaz.server.http import Refusal, Reply, Visit, json_reply

PATIENCE = 10.0
"""Seconds that a call waits for its job before it answers "started"."""


def overview(visit: Visit) -> Reply:
    """Return the counts of each workbook."""
    require(visit.who, "staff", "operator")
    return json_reply({"workbooks": staff.overview(visit.site.course)})


def start(visit: Visit) -> Reply:
    """Collect, grade or release feedback; the answer is the summary, or "started"."""
    require(visit.who, "staff", "operator")
    body = visit.json()
    workbook = body.get("workbook")
    if not isinstance(workbook, str):
        raise Refusal(400, "bad_request")
    which = _which(body)
    job = staff.start(visit.site, visit.params["action"], workbook, visit.who.person, which)
    done = job.finished.wait(PATIENCE)
    return json_reply({"run": job.as_json()}, 200 if done else 202)


def _which(body: dict[str, Any]) -> staff.Which:
    person, again, in_time = (body.get(key) for key in ("person", "again", "before_due"))
    if not (person is None or (isinstance(person, str) and PERSON_ID.match(person))):
        raise Refusal(400, "bad_request")
    if any(one not in (None, False, True) for one in (again, in_time)):
        raise Refusal(400, "bad_request")
    return staff.Which(person, bool(again), bool(in_time))


def feedback_page(visit: Visit) -> Reply:
    """Return the page that feedback on a collected round will be, for nbgrader at a desk."""
    from nbgrader.api import MissingEntry

    from ustaz.grading.returning import page_of_collected

    require(visit.who, "staff")
    course = visit.site.course
    person, workbook = visit.params["person"], visit.params["workbook"]
    if workbook not in course.library.ids:
        raise Refusal(404, "no_workbook")
    desk.refuse_links(course.dir, workbook)
    try:
        return json_reply({"html": page_of_collected(course, person, workbook)})
    except (Refused, MissingEntry):
        raise Refusal(404, "no_feedback") from None


def run(visit: Visit) -> Reply:
    """Return the last job and how far it is."""
    require(visit.who, "staff", "operator")
    last = visit.site.runs.last
    return json_reply({"run": last.as_json() if last else None})
