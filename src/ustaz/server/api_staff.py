"""The JSON calls of course staff."""

from __future__ import annotations

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
    workbook = visit.json().get("workbook")
    if not isinstance(workbook, str):
        raise Refusal(400, "bad_request")
    job = staff.start(visit.site, visit.params["action"], workbook, visit.who.person)
    done = job.finished.wait(PATIENCE)
    return json_reply({"run": job.as_json()}, 200 if done else 202)


def run(visit: Visit) -> Reply:
    """Return the last job and how far it is."""
    require(visit.who, "staff", "operator")
    last = visit.site.runs.last
    return json_reply({"run": last.as_json() if last else None})
