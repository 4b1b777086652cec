"""What I take along from an earlier year: my own export, brought by myself."""

from __future__ import annotations

from typing import Final

from ustaz.messages import N_
from ustaz.projects import second_year
from ustaz.server.access import require, writing
from ustaz.server.host.limits import saves_of
from ustaz.server.http import HTTPProblem, Request, Response, number, redirect
from ustaz.server.templates import page
from ustaz.server.views import homes

NO_FILE: Final = N_("Please choose the file first.")
NONE_CHOSEN: Final = N_("Please tick at least one workbook.")
NO_EXPORT: Final = N_(
    "This file is no download of yours, or none of these workbooks is in it. Nothing is changed."
)
NOTHING: Final = N_("Nothing of it fits: what you ticked is empty there, or begun here already.")


def start(request: Request) -> Response:
    """Show what can be taken along, and into which workbooks."""
    require(request.who, "participant")
    return _page(request)


def take(request: Request) -> Response:
    """Take along what was ticked, or take that back."""
    require(request.who, "participant")
    writing(request.who)
    who, course = request.who.person, request.site.course
    request.count(saves_of(who))
    if request.form.get("do") == "undo":
        workbook = request.form.get("workbook", "")
        revision = number(request.form.get("revision", "")) or 0
        known = workbook in course.library.ids
        if not known or not second_year.undo(course, who, workbook, revision):
            raise HTTPProblem(404, "no_step")
        return redirect(request.site.url("second-year"))
    upload = request.files.get("file")
    if upload is None or not upload.data:
        return _page(request, NO_FILE)
    chosen = request.fields.get("take", ())
    if not chosen:
        return _page(request, NONE_CHOSEN)
    try:
        documents = second_year.documents_in(upload.data, course.library)
    except second_year.NoExport:
        return _page(request, NO_EXPORT)
    wanted = [workbook for workbook in homes.year(course) if workbook in chosen]
    taken = second_year.take_along(course, who, documents, wanted)
    return _page(request, "" if taken else NOTHING, taken)


def _page(request: Request, problem: str = "", taken: dict[str, int] | None = None) -> Response:
    words = request.words
    own = homes.year_records(request.site, request.who.person)
    titles = {about.workbook: words.plain(about.definition.title) for about in own}
    return page(
        request,
        "second_year.html",
        status=422 if problem else 200,
        problem=words.gettext(problem) if problem else "",
        taken=[(id_, titles[id_], revision) for id_, revision in (taken or {}).items()],
        free=[(about.workbook, titles[about.workbook]) for about in own if not about.started],
        begun=[titles[about.workbook] for about in own if about.started],
    )
