"""Surveys of a school: opening a round, its slips, ending it, and the report."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from ustaz import surveys
from ustaz.messages import N_, number_text
from ustaz.server.access import schools_of, writing
from ustaz.server.http import HTTPProblem, Request, Response, number, redirect
from ustaz.server.qr import qr_code
from ustaz.server.templates import is_file, page, page_or_file
from ustaz.server.views import survey_reports

#: On every slip, in each language of the course.
ON_A_SLIP: Final = N_(
    "{school}: how do we learn here? Without a name. Open the address, or type the code at"
    " {start}. For one use."
)
ON_A_SLIP_OF_THE_COURSE: Final = N_(
    "{school}: how do I see my work? Without a name. Open the address, or type the code at {start}."
    " For one use."
)
QR_TITLE: Final = N_("QR code of this slip's address")
#: What a form may ask for of a round that is there.
OF_A_ROUND: Final = ("more", "close", "discard")


@dataclass(frozen=True, slots=True)
class Line:
    """A round in the list; `answered` only while it is open."""

    round: surveys.Round
    answered: int | None
    has_report: bool


def _schools(request: Request) -> list[str]:
    schools = schools_of(request.site.course, request.who)
    if not schools and not request.who.has("facilitator", "director", "staff"):
        raise HTTPProblem(403, "not_yours")
    return schools


def _own_round(request: Request, round_id: str) -> surveys.Round:
    """Return a round of a school that is the visitor's; any other one is not there."""
    schools = _schools(request)
    for known in surveys.rounds(request.site.course):
        if known.id == round_id and _is_own(request, known, schools):
            return known
    raise HTTPProblem(404, "no_page")


def _is_own(request: Request, known: surveys.Round, schools: list[str]) -> bool:
    """Tell whether a round is the visitor's; one of the whole course is the course staff's."""
    if known.definition.of == "course":
        return request.who.has("staff")
    return known.school in schools


def listing(request: Request) -> Response:
    """Show the rounds of the own schools, and a form for a new one."""
    return _list(request)


def _list(request: Request, error: surveys.SurveyError | None = None) -> Response:
    course, schools = request.site.course, _schools(request)
    known = [round_ for round_ in surveys.rounds(course) if _is_own(request, round_, schools)]
    return page(
        request,
        "surveys.html",
        status=422 if error else 200,
        schools=schools,
        surveys=[
            survey
            for survey in surveys.SURVEYS.values()
            if survey.of == "school" or request.who.has("staff")
        ],
        may_be_sure=error is not None
        and error.id == "survey_restored"
        and request.who.has("staff"),
        lines=[
            Line(
                round_,
                surveys.given_answers(course, round_) if round_.closed is None else None,
                surveys.report_of(course, round_.id) is not None,
            )
            for round_ in known
        ],
        error=_texts(request, error) if error else None,
        form=request.form if error else {},
        done=request.query.get("done", ""),
    )


def _texts(request: Request, error: surveys.SurveyError) -> tuple[str, str]:
    if "day" in error.params:
        day = dt.date.fromisoformat(str(error.params["day"]))
        error = surveys.SurveyError(error.id, day=request.words.date(day))
    return error.translated(request.words.plain)


def act(request: Request) -> Response:
    """Open a round, make more slips, or end a round; from the page's forms."""
    schools, form = _schools(request), request.form
    writing(request.who)
    course, action = request.site.course, form.get("do", "")
    slips = number(form.get("slips", "").strip()) or 0
    try:
        if action == "open":
            known, codes = _opened(request, schools, slips)
            return _slips(request, known, codes)
        if action not in OF_A_ROUND:
            raise HTTPProblem(400, "bad_request")
        known = _own_round(request, form.get("round", ""))
        if action == "more":
            return _slips(request, known, surveys.add_slips(course, known.id, slips))
        if action == "close":
            surveys.close(course, known.id)
            return redirect(request.site.url("surveys", known.id))
        surveys.discard(course, known.id)
        return redirect(request.site.url("surveys", done="discarded"))
    except surveys.SurveyError as error:
        return _list(request, error)


def _opened(request: Request, schools: list[str], slips: int) -> tuple[surveys.Round, list[str]]:
    form, staff = request.form, request.who.has("staff")
    survey, school = surveys.SURVEYS.get(form.get("survey", "")), form.get("school", "")
    if survey is not None and survey.of == "course" and staff:
        school = ""
    elif survey is None or survey.of == "course" or school not in schools:
        raise HTTPProblem(403, "not_yours")
    sure = staff and form.get("sure") == "yes"
    return surveys.open_round(request.site.course, survey.id, school, slips, sure=sure)


def _slips(request: Request, known: surveys.Round, codes: list[str]) -> Response:
    site = request.site
    return page(
        request,
        "survey_slips.html",
        round=known,
        slips=[(code, f"{request.origin}{site.url('survey', code)}") for code in codes],
        start=f"{request.origin}{site.url('survey')}",
        qr=qr_code,
        qr_title=QR_TITLE,
        on_a_slip=ON_A_SLIP if known.school else ON_A_SLIP_OF_THE_COURSE,
        school=known.school or site.course.name,
        slip_words=[site.words(language) for language in site.course.languages],
    )


def report(request: Request) -> Response:
    """Show the report of a round; remarks to the course staff alone, and never in a file."""
    course = request.site.course
    known = _own_round(request, request.params["survey"])
    published = surveys.report_of(course, known.id)
    if published is None:
        raise HTTPProblem(404, "no_page")
    remarks = request.who.has("staff") and not is_file(request)
    return page_or_file(
        request,
        "survey_report.html",
        f"survey-{known.id}",
        round=known,
        view=survey_reports.view(course, known, published, request.words),
        num=lambda value: number_text(value, request.lang),
        share=lambda value: (
            f"{round(100 * value)}\u00a0%" if request.lang != "en" else f"{round(100 * value)}%"
        ),
        nearly_all=lambda name: request.words.plain(survey_reports.NEARLY_ALL[name]),
        comments=surveys.comments_of(course, known.id) if remarks else {},
        keep_address=f"{request.path}?file=1",
    )
