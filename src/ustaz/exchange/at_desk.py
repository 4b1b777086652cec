"""What a desk asks of the service: answers and rounds are not there, so the service does the work.

nbgrader's commands and buttons at a desk (:mod:`ustaz.base.desk`) collect, grade and give back
workbooks through the jobs of the staff page, in the name of the desk's owner.
"""

from __future__ import annotations

import time
from typing import Any, Final
from urllib.parse import quote

from ustaz.base.errors import UstazError
from ustaz.course import Course
from ustaz.exchange.client import Service

PATIENCE: Final = 30 * 60.0
PAUSE: Final = 0.3

Summary = dict[str, Any]


def job(
    course: Course,
    action: str,
    workbook: str,
    *,
    person: str | None = None,
    again: bool = False,
    before_due: bool = False,
) -> Summary:
    """Let the service do one of the staff page's jobs, and return its summary.

    Parameters
    ----------
    course : Course
    action : str
        ``collect``, ``grade`` or ``feedback``.
    workbook : str
    person : str, optional
        Only this one's.
    again : bool
        Grade what is graded already.
    before_due : bool
        Collect what came in time.

    Raises
    ------
    UstazError
        What the service said, or that it does not answer.
    """
    calls = Service.from_environment(course.id)
    body = {"workbook": workbook, "person": person, "again": again, "before_due": before_due}
    limit = time.monotonic() + PATIENCE
    while True:
        try:
            run = calls.post(f"staff/{action}", {k: v for k, v in body.items() if v})["run"]
            break
        except UstazError as error:
            if error.id != "run_busy" or time.monotonic() > limit:
                raise
            time.sleep(PAUSE)  # somebody else's job
    mine = run["number"]
    while not run["finished"]:
        time.sleep(PAUSE)
        run = calls.get("staff/run")["run"]
        if run["number"] != mine:
            return {}  # ours is done, and another one has begun since
    if run["error"]:
        raise UstazError(
            str(run["error"]),
            "The course could not finish this; what was done before it stopped is kept.",
            "Look at the home page of the course's staff, then try again.",
        )
    return dict(run["result"] or {})


def feedback_page(course: Course, person: str, workbook: str) -> str:
    """Return the page that feedback on the collected round will be."""
    calls = Service.from_environment(course.id)
    return str(calls.get(f"staff/feedback/{quote(person)}/{quote(workbook)}")["html"])
