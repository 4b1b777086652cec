"""Remarks beside answers: a new one, those on one workbook, and all that somebody may read."""

from __future__ import annotations

from ustaz.server.access import reading_sight, writing
from ustaz.server.http import HTTPProblem, Request, Response, redirect
from ustaz.server.pages.messages import keep_draft, new_message, sent_by
from ustaz.server.pages.staff import reading_page
from ustaz.server.templates import page_or_file
from ustaz.server.views import messages, remarks
from ustaz.server.views.records import Record, read_by
from ustaz.threads import SORTS, Anchor, ThreadError, drafts, may_remark


def listing(request: Request) -> Response:
    """Show all remarks that whoever asks may read, or give them out as a file."""
    rows = remarks.readable(request.site, request.who, request.words)
    return page_or_file(request, "remarks.html", "remarks", **remarks.groups(request, rows))


def of_workbook(request: Request) -> Response:
    """Show the remarks on one workbook of somebody, its own writer or a member of the group."""
    about = _about(request)
    rows = remarks.on_page(request, about)
    remarks.mark_read(request, rows)
    return page_or_file(
        request,
        "remarks.html",
        f"remarks-{about.person}-{about.workbook}",
        **remarks.groups(request, remarks.settled_last(rows), about),
    )


def write(request: Request) -> Response:
    """Send a remark on an answer of a member, or keep it as a draft."""
    writing(request.who)
    about, who, form = _about(request), request.who, request.form
    if not may_remark(about.course, who, about.person):
        raise HTTPProblem(403, "not_yours")
    text, to = form.get("text", ""), form.get("to", "")
    key = remarks.draft_key(about.person, about.workbook)
    here = request.site.url("people", about.person, about.workbook)
    if form.get("do") == "draft":
        keep_draft(request, key, text, to)
        return redirect(f"{here}#remark")
    request.count(sent_by(who.person))
    try:
        line = {
            "kind": "remark",
            "by": who.person,
            "people": [about.person],
            "anchor": _anchor(request, about, to).to_json(),
        }
        message = new_message(request, text)
        id = messages.threads(request.site).begin(line, message)
    except ThreadError as problem:
        return reading_page(request, about, (text, to), problem)
    drafts.keep(request.site.course.dir, who.person, key, "")
    return redirect(f"{here}#r-{id}")


def _about(request: Request) -> Record:
    person = request.params["person"]
    reader = reading_sight(request.site.course, request.who, person)
    about = read_by(request.site, reader, person, request.params["workbook"])
    own = reader.audience == "self"
    if not own and not may_remark(request.site.course, request.who, person):
        raise HTTPProblem(403, "not_yours")
    return about


def _anchor(request: Request, about: Record, to: str) -> Anchor:
    """Return where a remark stands, and what it is about, as its writer may read it now."""
    places = {
        remarks.value_of(about.person, about.workbook, spot.place): spot
        for spot in remarks.spots(about, request.words)
    }
    spot, sort = places.get(to), request.form.get("sort", "")
    if spot is None or sort not in SORTS:
        raise ThreadError("remark_place")
    return Anchor(
        about.workbook, spot.place, sort, spot.quote, spot.digest, about.document.revision
    )
