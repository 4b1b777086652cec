"""What staff see of a course, and the three things they do to it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any, Final

from ustaz.base import clock, desk
from ustaz.base.errors import UstazError
from ustaz.course import Course
from ustaz.deadlines.due import due, is_late
from ustaz.exchange import SubmissionSummary, collect, rounds
from ustaz.exchange.submitting import ahead
from ustaz.roster import by_name
from ustaz.roster.people import Person
from ustaz.server import templates
from ustaz.server.http import HTTPProblem
from ustaz.server.site import Site
from ustaz.server.views.homes import workbooks
from ustaz.server.views.jobs import Run
from ustaz.server.views.records import record

log = logging.getLogger("ustaz.server")

ACTIONS: Final = ("collect", "grade", "feedback")


def overview(course: Course) -> list[dict[str, Any]]:
    """Return the counts of each workbook and where each person is with it.

    Who is on leave is listed and not counted; who has withdrawn is neither (:func:`away`).
    """
    people = by_name(course.taking_part())
    overviews = []
    for workbook in workbooks(course):
        waiting = to_mark(course, workbook)
        rows: list[dict[str, Any]] = []
        for person in people:
            sent = rounds(course, person.person, workbook)
            rows.append(
                {
                    "person": person.person,
                    "name": person.name,
                    "group": person.group,
                    "status": person.status,
                    "rounds": len(sent),
                    "state": state(sent, marking=person.person in waiting),
                    "late": bool(sent) and sent[-1].receipt.late,
                    "ahead": any(
                        ahead(summary.receipt.received_at, clock.now()) for summary in sent
                    ),
                }
            )
        counted = [row for row in rows if row["status"] == "active"]
        states = [row["state"] for row in counted]
        named = due(course, workbook)
        overviews.append(
            {
                "workbook": workbook,
                "due": named.day.isoformat() if named else None,
                "people": len(counted),
                "on_leave": len(rows) - len(counted),
                "submitted": sum(state != "none" for state in states),
                "late": sum(row["late"] for row in counted),
                "to_collect": states.count("received"),
                "collected": states.count("collected"),
                "to_mark": states.count("to_mark"),
                "to_mark_again": sum(
                    row["state"] == "to_mark" and row["rounds"] > 1 for row in counted
                ),
                "marked": states.count("marked"),
                "returned": states.count("returned"),
                "rows": rows,
            }
        )
    return overviews


#: What stands in the counts while a job has something to do.
WAITS: Final = {"collect": "to_collect", "grade": "collected", "feedback": "marked"}


def to_do(counts: dict[str, Any]) -> list[str]:
    """Return the jobs that have something to do, by a workbook's counts."""
    return [action for action in ACTIONS if counts[WAITS[action]]]


def missing(course: Course, counts: dict[str, Any]) -> dict[bool, list[dict[str, Any]]]:
    """Return who has not submitted a workbook, by whether their own date has passed.

    Nothing is due for who is on leave.
    """
    shares: dict[bool, list[dict[str, Any]]] = {True: [], False: []}
    for row in counts["rows"]:
        if row["state"] == "none" and row["status"] == "active":
            passed = is_late(course, counts["workbook"], row["person"], clock.now())
            shares[passed].append(row)
    return shares


def opened(site: Site, counts: dict[str, Any]) -> int:
    """Return how many have opened the feedback that was released to them last; never who."""
    return sum(
        not record(site, row["person"], counts["workbook"], "staff").unread
        for row in counts["rows"]
        if row["state"] == "returned" and row["status"] == "active"
    )


def away(course: Course) -> dict[str, list[Person]]:
    """Return the participants who are on leave and who have withdrawn, by name."""
    people = by_name(course.with_role("participant"))
    return {
        status: [person for person in people if person.status == status]
        for status in ("leave", "withdrawn")
    }


def state(sent: list[SubmissionSummary], *, marking: bool) -> str:
    """Return where a person's last round is on its way."""
    if not sent:
        return "none"
    status = sent[-1].status
    if status in {"marking", "marked"}:
        return "to_mark" if marking else "marked"
    return "returned" if status == "accepted" else status


def to_mark(course: Course, workbook: str) -> set[str]:
    """Return the people whose workbook waits for marks in formgrader."""
    from nbgrader.api import Gradebook

    from ustaz.course.nbgrader_config import db_url, nbgrader_config

    if not any((course.dir / "autograded").glob(f"*/{workbook}")):
        return set()
    with Gradebook(db_url(course, nbgrader_config(course)), course.id) as book:
        if workbook not in {assignment.name for assignment in book.assignments}:
            return set()
        return {
            submission_dict["student"]
            for submission_dict in book.submission_dicts(workbook)
            if submission_dict.get("needs_manual_grade")
        }


# -- doing ------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Which:
    """What of a workbook a job is about; by itself all that is new.

    Attributes
    ----------
    person : str or None
        Only this one's.
    again : bool
        Grade what is graded already.
    before_due : bool
        Collect what came in time.
    """

    person: str | None = None
    again: bool = False
    before_due: bool = False


ALL_NEW: Final = Which()


def start(site: Site, action: str, workbook: str, by: str, which: Which = ALL_NEW) -> Run:
    """Start one of the three jobs; refuse while another one runs."""
    course = site.course
    if workbook not in workbooks(course):
        raise HTTPProblem(404, "no_workbook")
    run = Run(action, workbook, by)

    def failed(error: Exception) -> str:
        if isinstance(error, UstazError):
            log.error("%s %s failed: %s", action, workbook, error.id)
            return error.id
        log.error("%s %s: %s", action, workbook, templates.where(type(error), error.__traceback__))
        return "internal"

    job = {"collect": _collect, "grade": _grade, "feedback": _feedback}[action]

    def work(run: Run) -> dict[str, Any]:
        desk.refuse_links(course.dir, workbook)
        try:
            return job(course, run, which)
        finally:
            desk.reshare(course.dir)

    if not site.runs.start(run, work, failed):
        raise HTTPProblem(409, "run_busy")
    log.info("%s %s started by %s", action, workbook, by)
    return run


def _collect(course: Course, run: Run, which: Which) -> dict[str, Any]:
    from ustaz.course.nbgrader_config import db_url, nbgrader_config
    from ustaz.exchange.until import until

    before = None
    if which.before_due:
        before = until(course, run.workbook, db_url(course, nbgrader_config(course)))
    report = collect(course, run.workbook, person=which.person, before=before)
    return summary(report.to_dict())


def _grade(course: Course, run: Run, which: Which) -> dict[str, Any]:
    from ustaz.grading import grade

    report = grade(
        course, run.workbook, progress=run.progress, person=which.person, force=which.again
    )
    return summary(report.to_dict())


def _feedback(course: Course, run: Run, which: Which) -> dict[str, Any]:
    from ustaz.grading import feedback

    return summary(feedback(course, run.workbook, person=which.person).to_dict())


def summary(report: dict[str, Any]) -> dict[str, Any]:
    """Return a report with the number of each list beside the lists."""
    counts = {key: len(value) for key, value in report.items() if isinstance(value, list)}
    return {**report, "counts": counts}
