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
from ustaz.server.http import HTTPProblem, Request, Response, json_response, tagged
from ustaz.server.views.records import Record, find_round, record


def _own(request: Request, workbook: str) -> Record:
    return record(request.site, request.who.person, workbook)


def _released(request: Request, workbook: str) -> list[Path]:
    try:
        return released_notebooks(request.site.course, workbook)
    except Refused:
        return []


def _texts(paths: Iterable[Path]) -> list[dict[str, str]]:
    return [{"name": path.name, "text": path.read_text(encoding="utf-8")} for path in paths]


def assignments(request: Request) -> Response:
    """List what is handed in: the released notebooks' names, and the asker's own rounds."""
    course = request.site.course
    rows = []
    for workbook in course.assignments:
        if workbook not in course.library.ids:
            continue
        own = _own(request, workbook)
        rows.append(
            {
                "workbook": workbook,
                "notebooks": [path.name for path in _released(request, workbook)],
                "rounds": [_round(own, round_) for round_ in own.rounds],
            }
        )
    return json_response({"course": course.id, "person": request.who.person, "assignments": rows})


def _round(own: Record, round_: Any) -> dict[str, Any]:  # noqa: ANN401
    frozen = read_round(own.course, own.person, own.workbook, round_.round)
    return {
        "round": round_.round,
        "timestamp": timestamp_of(frozen),
        "status": round_.status,
        "late": round_.receipt.late,
        "feedback": round_.returned_at is not None,
    }


def notebook(request: Request) -> Response:
    """Return the released notebooks of a workbook: shells, without anybody's answers."""
    own = _own(request, request.params["workbook"])
    paths = _released(request, own.workbook)
    if not paths:
        raise HTTPProblem(404, "no_workbook")
    return tagged(request, json_response({"workbook": own.workbook, "notebooks": _texts(paths)}))


def feedback(request: Request) -> Response:
    """Return the feedback on one of the asker's own rounds as the files that nbgrader shows."""
    own = _own(request, request.params["workbook"])
    round_ = find_round(own, request.params["round"])
    folder = feedback_dir(own.course, own.person, own.workbook, round_.round)
    paths = sorted(folder.glob("*.html")) if round_.returned_at else []
    if not paths:
        raise HTTPProblem(404, "no_feedback")
    return tagged(request, json_response({"round": round_.round, "files": _texts(paths)}))
