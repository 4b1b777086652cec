"""A second project: begun, taken back within a day; earlier ones, read by whoever read them."""

from __future__ import annotations

from typing import Final

from ustaz import gallery, projects
from ustaz.answers import content
from ustaz.course.identity import Identity
from ustaz.messages import N_
from ustaz.server.access import audience, require, writing
from ustaz.server.host.limits import saves_of
from ustaz.server.http import HTTPProblem, Request, Response, redirect
from ustaz.server.templates import page, page_or_file
from ustaz.server.views import earlier_projects, homes
from ustaz.server.views.records import record

PROBLEMS: Final = {
    "nothing_begun": N_("Nothing is written yet: your first project is still before you."),
    "nothing_left": N_(
        "You take everything along, so nothing begins anew. Leave out at least one workbook."
    ),
    "too_many": N_("There are too many earlier projects. Please ask the course staff."),
    "too_late": N_("A day has passed since; the new project goes on. The earlier one stays."),
    "none": N_("There is no earlier project."),
}
#: What goes on through a year whatever the project is; proposed to be taken along.
LASTING: Final = ("starting",)


def overview(request: Request) -> Response:
    """Show the earlier projects, and how another one is begun."""
    require(request.who, "participant")
    return _overview(request)


def change(request: Request) -> Response:
    """Begin another project, or take the last beginning back."""
    require(request.who, "participant")
    writing(request.who)
    request.count(saves_of(request.who.person))
    course, who = request.site.course, request.who
    do = request.form.get("do", "")
    try:
        if do == "begin":
            if request.form.get("sure") != "yes":
                return _overview(request, N_("Please tick the last box first."))
            projects.begin(
                course,
                who.person,
                title=request.form.get("title", ""),
                workbooks=homes.year(course),
                keep=request.fields.get("keep", ()),
            )
        elif do == "undo":
            projects.undo(course, who.person)
        else:
            raise HTTPProblem(400, "bad_request")
        gallery.refresh(course)  # what was shown was of the other project
    except projects.ProjectError as error:
        return _overview(request, PROBLEMS[error.id])
    return redirect(request.site.url("projects") + f"?{do}=1")


def _overview(request: Request, problem: str = "") -> Response:
    site, words, who = request.site, request.words, request.who
    course = site.course
    if who.status != "withdrawn":
        projects.complete(course, who.person)
    own = homes.year_records(site, who.person)
    begun = [about for about in own if about.started and content(about.document.answers)]
    known = projects.earlier(course, who.person)
    chosen = request.fields.get("keep") if problem else None
    return page(
        request,
        "projects.html",
        status=422 if problem else 200,
        problem=words.gettext(problem) if problem else "",
        known=[
            (project, earlier_projects.title(project, course, words), _parts(request, project))
            for project in reversed(known)
        ],
        just=next((name for name in ("begin", "undo") if name in request.query), ""),
        undo=bool(known) and earlier_projects.may_undo(known[-1]) and who.status != "withdrawn",
        begun=[
            (
                about.workbook,
                words.plain(about.definition.title),
                about.workbook in chosen
                if chosen is not None
                else about.definition.part in LASTING and about.definition.companion,
            )
            for about in begun
        ],
        title_=request.form.get("title", "") if problem else earlier_projects.proposed_title(own),
        closed_on=earlier_projects.closed_on,
    )


def _parts(request: Request, project: projects.Project) -> list[tuple[str, str]]:
    """Return workbook and title of each part, in the order of the year."""
    library = request.site.course.library
    order = [id_ for id_ in homes.year(request.site.course) if id_ in project.parts]
    return [(id_, request.words.plain(library[id_].title)) for id_ in order]


def own_workbook(request: Request) -> Response:
    """Show a workbook of an own earlier project."""
    return _workbook(request, request.who, request.who.person, "self")


def workbook_of(request: Request) -> Response:
    """Show it to whoever reads the person's workbooks, projected to them."""
    person = request.params["person"]
    seen_as = audience(request.site.course, request.who, person)
    return _workbook(request, request.who, person, seen_as)


def _workbook(request: Request, who: Identity, person: str, seen_as: str) -> Response:
    site, words = request.site, request.words
    about = record(site, person, request.params["workbook"], seen_as)
    project = earlier_projects.find(site.course, person, request.params["number"])
    own = who.person == person
    base = ("projects",) if own else ("people", person, "projects")
    revision = request.query.get("revision", "")
    shown = earlier_projects.show(about, project, revision, words)
    return page_or_file(
        request,
        "earlier_project.html",
        f"project-{project.number}-{about.workbook}",
        one=about,
        about=site.course.person(person),
        own=own,
        shown=shown,
        revision=revision,
        title=words.plain(about.definition.title),
        name=earlier_projects.title(project, site.course, words),
        closed=earlier_projects.closed_on(project, site.course),
        parts=[
            (title, site.url(*base, str(project.number), id_), id_ == about.workbook)
            for id_, title in _parts(request, project)
        ],
        here=site.url(*base, str(project.number), about.workbook),
    )
