"""A step of the own plan is done: one press on home, kept with its history, and taken back."""

from __future__ import annotations

import uuid
from typing import Any, Final

from ustaz.answers import Batch, StoreError, Subject
from ustaz.server.access import require, writing
from ustaz.server.host.limits import saves_of
from ustaz.server.http import HTTPProblem, Request, Response, number, redirect
from ustaz.server.views.records import Record, record
from ustaz.workbook import PlannedRow, planned_rows

CLIENT: Final = "home"
DONE: Final = "done"


def change(request: Request) -> Response:
    """Mark a step as done, or take that back, and show home again."""
    require(request.who, "participant")
    writing(request.who)
    request.count(saves_of(request.who.person))
    own = record(request.site, request.who.person, request.form.get("workbook", ""))
    do = request.form.get("do", "")
    if do == "undo":
        _take_back(request, own)
        return redirect(request.site.base + "#today")
    if do != "done":
        raise HTTPProblem(400, "bad_request")
    revision = _mark(request, own)
    query = f"?done={own.workbook}.{revision}" if revision else ""
    return redirect(f"{request.site.base}{query}#today")


def _mark(request: Request, own: Record) -> int:
    """Write "done" with today's day; return the new revision, 0 where nothing was to be written."""
    step = _step(own, request.form.get("table", ""), request.form.get("row", ""))
    if step.settled or not step.status_column:
        return 0  # pressed twice, or on another device meanwhile
    cells: dict[str, Any] = {step.status_column: DONE}
    if step.done_column:
        cells[step.done_column] = own.course.today().isoformat()
    batch = Batch.from_json(
        {
            "batch": str(uuid.uuid4()),
            "client": CLIENT,
            "base_revision": own.document.revision,
            "lang": own.document.lang,
            "changes": [
                {"op": "set", "path": [step.table, step.row, column], "value": value}
                for column, value in cells.items()
            ],
        }
    )
    who = request.who.person
    return own.course.store.save(Subject.person(who), own.workbook, batch, who=who).revision


def _step(own: Record, table: str, row: str) -> PlannedRow:
    for planned in planned_rows(own.definition, own.document.answers):
        if (planned.table, planned.row) == (table, row):
            return planned
    raise HTTPProblem(404, "no_step")


def _take_back(request: Request, own: Record) -> None:
    """Take back a mark that home made; nothing else can be taken back from here."""
    revision = number(request.form.get("revision", "")) or 0
    subject, who = Subject.person(own.person), request.who.person
    if _made_here(own, revision) is None:
        raise HTTPProblem(404, "no_step")
    try:
        own.course.store.take_back(subject, own.workbook, revision, who=who)
    except StoreError:
        raise HTTPProblem(404, "no_step") from None


def _made_here(own: Record, revision: int) -> PlannedRow | None:
    for step in planned_rows(own.definition, own.document.answers):
        stamp = own.document.stamps.get(f"{step.table}/{step.row}/{step.status_column}", ())
        if step.status == DONE and tuple(stamp) == (revision, CLIENT):
            return step
    return None


def just_done(request: Request, own: list[Record]) -> tuple[str, int, str] | None:
    """Return workbook, revision and words of the step that the address says was just marked."""
    workbook, _, text = request.query.get("done", "").partition(".")
    revision = number(text) or 0
    for about in own:
        step = _made_here(about, revision) if about.workbook == workbook else None
        if step is not None:
            return workbook, revision, step.text
    return None
