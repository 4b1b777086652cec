"""The pages of facilitators and course staff about other people's workbooks."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any, Final

from ustaz import projects
from ustaz.messages import first_parts
from ustaz.server.access import may_confirm, may_type_in, reading_sight, reads_only, require
from ustaz.server.http import HTTPProblem, Request, Response, redirect
from ustaz.server.templates import data_block, page
from ustaz.server.views import (
    confirmations,
    earlier_projects,
    form,
    homes,
    posters,
    remarks,
    reviews,
    schools,
    staff_overview,
)
from ustaz.server.views.records import Record, entering_record, read_by
from ustaz.server.views.serialize import page_data
from ustaz.server.views.stories import opening
from ustaz.threads import ThreadError
from ustaz.workbook.serialize import localized

PATIENCE = 8.0


def reading(request: Request) -> Response:
    """Show another person's workbook, projected to who reads it."""
    person = request.params["person"]
    reader = reading_sight(request.site.course, request.who, person)
    about = read_by(request.site, reader, person, request.params["workbook"])
    if reader.audience == "self":
        return redirect(request.site.url("workbooks", about.workbook))
    return reading_page(request, about)


def reading_page(
    request: Request,
    about: Record,
    refused: tuple[str, str] | None = None,
    problem: ThreadError | None = None,
) -> Response:
    """Return a workbook that can be read and not changed.

    `refused` is a remark that could not be sent, and beside which answer; `problem` says why.
    """
    person = about.person
    course, own = request.site.course, about.audience == "self"
    data = page_data(request, about, "read")
    # The page around it has a way home, the languages and the note on drafts already.
    beside = remarks.on_page(request, about)
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
    response = page(
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
        earlier=[
            (project.number, earlier_projects.title(project, course, request.words), first)
            for project in projects.earlier(course, person)
            for first in [
                about.workbook if about.workbook in project.parts else next(iter(project.parts))
            ]
        ],
        may_enter=may_type_in(request.site.course, request.who, person)
        and not reads_only(request.site.course, request.who),
        answers=reviews.saved_answers(about, request.words, scripted=True),
        opening=opening(about, request.words),
        poster=posters.address(about) if posters.section_of(about) else "",
        others=[
            (workbook, request.site.course.library[workbook])
            for workbook in homes.year(request.site.course)
            if workbook != about.workbook
        ],
        data=data_block(data),
        remarks=remarks.settled_last(beside),
        **remarks.on_reading_page(request, about, beside, refused),
        problem=problem,
    )
    if problem:
        response.status = 422
    remarks.mark_read(request, beside)
    return response


def enter(request: Request) -> Response:
    """Let a facilitator type in what a teacher of their group wrote on paper."""
    person, workbook = request.params["person"], request.params["workbook"]
    if request.who.person == person:
        return redirect(request.site.url("workbooks", workbook))
    if reads_only(request.site.course, request.who):
        return redirect(request.site.url("people", person, workbook))
    return workbook_page(request, entering_record(request.site, request.who, person, workbook))


def _first_words(about: Record) -> tuple[str, ...]:
    """Return the parts of the front end's messages that the page's fields are drawn with."""
    library = about.course.library
    shown = [about.definition, *(library[name] for name in about.linked)]
    kinds = {field.kind for definition in shown for _, field, _ in definition.places()}
    return first_parts(kinds, typing=bool(about.writer))


def workbook_page(request: Request, about: Record, shown: form.Shown | None = None) -> Response:
    """Return the page on which a workbook is written: a form, which the script takes over.

    `shown` is what the form holds beside what is saved, after it was posted.
    """
    data = None
    if shown is None:
        state = page_data(request, about, "edit")
        if len(state["messages"]) > 1:
            # The page stands already: the script fetches its words itself, and they stay in a
            # cache. English has none.
            del state["messages"]
            state["begins"] = ",".join(_first_words(about))
        data = data_block(state)
        shown = _from_address(request, about)
    # Else what could not be saved stands in the form alone: the script would not know of it.
    definition = localized(about.definition, request.lang)
    site = request.site
    read = homes.book_places(site.book_dir, f"{site.url('book')}/", request.lang, about.workbook)
    standing = remarks.on_page(request, about)
    beside, others = remarks.beside(request, about, standing)
    response = page(
        request,
        "workbook.html",
        one=about,
        title=definition["title"],
        summary=definition["summary"],
        code=definition["code"],
        minutes=definition["minutes"],
        sections=form.sections(about, request.words, shown, read, beside),
        contents=_contents(about, definition),
        shown=shown,
        revisions={name: part.revision for name, part in form.editable(about).items()},
        batch=form.new_batch(),
        finish=form.finish(about, request.words),
        sent=about.last is not None and not about.changed,
        submits=about.workbook in site.course.assignments,
        saved_at=_saved_at(request, about),
        own=site.course.person(about.person),
        writing=form.writing(about),
        entered=form.entered(about, request.words),
        data=data,
        pictures=_has_pictures(about),
        **_director(request, about),
        remarked=bool(standing),
        other_remarks=others,
        **remarks.writing(request, about),
    )
    remarks.mark_read(request, standing)
    return response


def _director(request: Request, about: Record) -> dict[str, Any]:
    """Return what a plan's own page says of the director: what was asked, and the answers."""
    course = request.site.course
    plan = schools.plan_of(course)
    here = about.audience == "self" and plan is not None and about.workbook == plan[0]
    own = schools.own_asks(course, about.person, request.words) if here else []
    return {"asks_director": here, "own_asks": [v for v in own if v.ask.kind == "plan"]}


def _has_pictures(about: Record) -> bool:
    """Tell whether something is drawn on a workbook's page that has a style of its own."""
    library = about.site.course.library
    return any(section.opens_with for section in about.definition.sections) or any(
        "map" in field.settings for name in form.editable(about) for field in library[name].fields
    )


def _from_address(request: Request, about: Record) -> form.Shown:
    """Return what a form asks of the page after it: an empty entry, the way back, advice."""
    more, back = request.query.get("more", ""), request.query.get("back", "")
    return form.Shown(
        again=back if _BACK.match(back) else "",
        spare={more: 1} if more.split("/")[0] in form.editable(about) else {},
        advice="said" in request.query,
    )


_BACK: Final = re.compile(r"[a-z][a-z0-9-]{0,31}/[0-9]{1,9}\Z")


def _contents(about: Record, definition: Mapping[str, Any]) -> list[dict[str, Any]]:
    counts = {part.id: part for part in about.evaluation.sections}
    return [
        {"id": section["id"], "title": section["title"], "counts": counts.get(section["id"])}
        for section in definition["sections"]
    ]


def _saved_at(request: Request, about: Record) -> str:
    """Return when it was last saved, in the course's hours; nothing where it never was."""
    stamps = [part.updated_at for part in form.editable(about).values() if part.revision]
    if not stamps:
        return ""
    when = dt.datetime.fromisoformat(max(stamps)).astimezone(request.site.course.timezone)
    if when.date() == request.site.course.today():
        return f"{when:%H:%M}"
    return request.words.moment(when)


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
