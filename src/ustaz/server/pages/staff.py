"""The pages of facilitators and course staff about other people's workbooks."""

from __future__ import annotations

from typing import Any

from ustaz.messages import translator
from ustaz.server.access import audience, may_confirm, may_type_in, require
from ustaz.server.http import HTTPProblem, Request, Response, redirect
from ustaz.server.templates import data_block, page
from ustaz.server.views import confirmations, homes, reviews, staff_overview
from ustaz.server.views.records import Record, entering_record, record
from ustaz.server.views.serialize import page_data

PATIENCE = 8.0


def reading(request: Request) -> Response:
    """Show another person's workbook, projected to who reads it."""
    person = request.params["person"]
    seen_as = audience(request.site.course, request.who, person)
    about = record(request.site, person, request.params["workbook"], seen_as)
    if seen_as == "self":
        return redirect(request.site.url("workbooks", about.workbook))
    return reading_page(request, about)


def reading_page(request: Request, about: Record) -> Response:
    """Return a workbook that can be read and not changed."""
    person = about.person
    own = about.audience == "self"
    data = page_data(request, about, "read")
    # The page around it has a way home, the languages and the note on drafts already.
    data |= {"home": None, "languages": [request.lang], "draft": False}
    standing = {confirmation["field"]: confirmation for confirmation in about.confirmations}
    to_give: list[dict[str, Any]] = [
        {
            "field": field,
            "by": party,
            "label": request.words.plain(label),
            "given": standing.get(field),
            "may": may_confirm(request.site.course, request.who, person, party),
        }
        for field, party, label in confirmations.fields_of(about.definition)
    ]
    return page(
        request,
        "reading.html",
        one=about,
        title=data["definition"]["title"],
        code=data["definition"]["code"],
        about=request.site.course.person(person),
        own=own,
        since=reviews.since(about, about.last, request.words) if about.last and not own else None,
        since_sent=reviews.since_sent(about, request.words) if not own else None,
        to_give=to_give,
        may_enter=may_type_in(request.site.course, request.who, person),
        others=[
            (workbook, request.site.course.library[workbook])
            for workbook in homes.year(request.site.course)
            if workbook != about.workbook
        ],
        data=data_block(data),
    )


def enter(request: Request) -> Response:
    """Let a facilitator type in what a teacher of their group wrote on paper."""
    person, workbook = request.params["person"], request.params["workbook"]
    if request.who.person == person:
        return redirect(request.site.url("workbooks", workbook))
    return workbook_page(request, entering_record(request.site, request.who, person, workbook))


def workbook_page(request: Request, about: Record) -> Response:
    """Return the page on which a workbook is written."""
    data = page_data(request, about, "edit")
    languages = request.site.course.languages
    ordered = sorted(languages, key=lambda lang: lang != request.lang)
    return page(
        request,
        "workbook.html",
        title=data["definition"]["title"],
        code=data["definition"]["code"],
        workbook=about.workbook,
        data=data_block(data),
        in_every_language=[{"lang": lang, "say": translator(lang)} for lang in ordered],
    )


def confirm(request: Request) -> Response:
    """Record a confirmation, or take it back, from the page's form."""
    person, workbook = request.params["person"], request.params["workbook"]
    if request.form.get("value") not in {"yes", "no"}:
        raise HTTPProblem(400, "bad_request")
    if workbook not in request.site.course.library.ids:
        raise HTTPProblem(404, "no_workbook")
    confirmations.record(
        request.site.confirmations,
        request.site.course,
        request.who,
        about=person,
        workbook=workbook,
        field=request.form.get("field", ""),
        value=request.form["value"] == "yes",
    )
    return redirect(request.site.url("people", person, workbook) + "#confirmations")


def start(request: Request) -> Response:
    """Collect, grade or release feedback, then show the home page with the summary."""
    require(request.who, "staff", "operator")
    job = staff_overview.start(
        request.site, request.params["action"], request.form.get("workbook", ""), request.who.person
    )
    job.finished.wait(PATIENCE)
    return redirect(request.site.base + "#run")
