"""The JSON calls of nbgrader's exchange and of a spawned server: what is handed in, and files.

Whoever works in JupyterLab on a hub cannot read the course directory; these calls give out what
nbgrader would have read there: the released notebooks, the own rounds, the own feedback.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ustaz.exchange import Refused, read_round
from ustaz.exchange.collecting import released_notebooks, timestamp_of
from ustaz.exchange.receipts import feedback_dir
from ustaz.server.http import Refusal, Reply, Visit, json_reply, tagged
from ustaz.server.records import Record, find_round, record


def _own(visit: Visit, workbook: str) -> Record:
    return record(visit.site, visit.who.person, workbook)


def _released(visit: Visit, workbook: str) -> list[Path]:
    try:
        return released_notebooks(visit.site.course, workbook)
    except Refused:
        return []


def _texts(paths: Iterable[Path]) -> list[dict[str, str]]:
    return [{"name": path.name, "text": path.read_text(encoding="utf-8")} for path in paths]


def assignments(visit: Visit) -> Reply:
    """List what is handed in: the released notebooks' names, and the asker's own rounds."""
    course = visit.site.course
    listed = []
    for workbook in course.assignments:
        if workbook not in course.library.ids:
            continue
        one = _own(visit, workbook)
        listed.append(
            {
                "workbook": workbook,
                "notebooks": [path.name for path in _released(visit, workbook)],
                "rounds": [_round(one, found) for found in one.rounds],
            }
        )
    return json_reply({"course": course.id, "person": visit.who.person, "assignments": listed})


def _round(one: Record, found: Any) -> dict[str, Any]:  # noqa: ANN401
    frozen = read_round(one.course, one.person, one.workbook, found.round)
    return {
        "round": found.round,
        "timestamp": timestamp_of(frozen),
        "status": found.status,
        "feedback": found.returned_at is not None,
    }


def notebook(visit: Visit) -> Reply:
    """Return the released notebooks of a workbook: shells, without anybody's answers."""
    one = _own(visit, visit.params["workbook"])
    paths = _released(visit, one.workbook)
    if not paths:
        raise Refusal(404, "no_workbook")
    return tagged(visit, json_reply({"workbook": one.workbook, "notebooks": _texts(paths)}))


def feedback(visit: Visit) -> Reply:
    """Return the feedback on one of the asker's own rounds as the files that nbgrader shows."""
    one = _own(visit, visit.params["workbook"])
    found = find_round(one, visit.params["round"])
    folder = feedback_dir(one.course, one.person, one.workbook, found.round)
    paths = sorted(folder.glob("*.html")) if found.returned_at else []
    if not paths:
        raise Refusal(404, "no_feedback")
    return tagged(visit, json_reply({"round": found.round, "files": _texts(paths)}))
