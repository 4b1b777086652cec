"""A step of the own plan is done: one press on home, kept with its history, and taken back."""

from __future__ import annotations

import uuid
from typing import Any, Final

from ustaz import tutorials
from ustaz.answers import Batch, StoreError
from ustaz.server.access import require, writing
from ustaz.server.host.limits import saves_of
from ustaz.server.http import HTTPProblem, Request, Response, number, redirect
from ustaz.server.views.records import Record, record, tutorial_record
from ustaz.tutorials.record import STEPS, TUTORIAL_ID
from ustaz.workbook import PlannedRow, planned_rows
from ustaz.workbook.late import rows_of

CLIENT: Final = "home"
DONE: Final = "done"


def change(request: Request) -> Response:
    """Mark a step as done, or take that back, and show home again."""
    require(request.who, "participant")
    writing(request.who)
    request.count(saves_of(request.who.person))
    own = _opened(request)
    do = request.form.get("do", "")
    if do == "undo":
        _take_back(request, own)
        return redirect(request.site.base + "#today")
    if do != "done":
        raise HTTPProblem(400, "bad_request")
    revision = _mark(request, own)
    query = f"?done={own.tutorial or own.workbook}.{revision}" if revision else ""
    return redirect(f"{request.site.base}{query}#today")


def _opened(request: Request) -> Record:
    """Return the document that the step stands in: an own plan, or the note of a tutorial."""
    tutorial = request.form.get("tutorial", "")
    if tutorial:
        return tutorial_record(request.site, request.who.person, tutorial)
    return record(request.site, request.who.person, request.form.get("workbook", ""))


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
    return own.course.store.save(own.subject, own.workbook, batch, who=who).revision


def _step(own: Record, table: str, row: str) -> PlannedRow:
    for planned in _rows(own):
        if (planned.table, planned.row) == (table, row):
            return planned
    raise HTTPProblem(404, "no_step")


def _rows(own: Record) -> list[PlannedRow]:
    if not own.tutorial:
        return planned_rows(own.definition, own.document.answers)
    table = own.definition.field(STEPS)
    return list(rows_of(table, own.document.answers.get(STEPS) or []))


def _take_back(request: Request, own: Record) -> None:
    """Take back a mark that home made; nothing else can be taken back from here."""
    revision = number(request.form.get("revision", "")) or 0
    subject, who = own.subject, request.who.person
    if _made_here(own, revision) is None:
        raise HTTPProblem(404, "no_step")
    try:
        own.course.store.take_back(subject, own.workbook, revision, who=who)
    except StoreError:
        raise HTTPProblem(404, "no_step") from None


def _made_here(own: Record, revision: int) -> PlannedRow | None:
    for step in _rows(own):
        stamp = own.document.stamps.get(f"{step.table}/{step.row}/{step.status_column}", ())
        if step.status == DONE and tuple(stamp) == (revision, CLIENT):
            return step
    return None


def just_done(request: Request, own: list[Record]) -> tuple[str, int, str, str] | None:
    """Return the step that the address says was just marked.

    Its workbook, the revision, its words, and the tutorial whose note it stands in or nothing.
    """
    workbook, _, text = request.query.get("done", "").partition(".")
    revision = number(text) or 0
    if TUTORIAL_ID.match(workbook):
        known = {entry.id for entry in tutorials.read(request.site.course, request.who.person)}
        own = [tutorial_record(request.site, request.who.person, id) for id in known & {workbook}]
    for about in own:
        step = _made_here(about, revision) if workbook in (about.workbook, about.tutorial) else None
        if step is not None:
            return about.workbook, revision, step.text, about.tutorial
    return None
