"""The course as tables, for a notebook of course staff or of a facilitator."""

from __future__ import annotations

from ustaz.cohort.sources import course_answer, fields_answer
from ustaz.server.http import HTTPProblem, Request, Response, json_response, tagged
from ustaz.server.views.cohort_tables import tables_of


def course(request: Request) -> Response:
    """Return the tables of the course, without answers, for whoever asks."""
    return tagged(request, json_response(course_answer(tables_of(request)).to_json()))


def fields(request: Request) -> Response:
    """Return the tables of a workbook's answers, projected to whoever asks."""
    tables = tables_of(request)
    workbook = request.params["workbook"]
    if workbook not in request.site.course.library.ids:
        raise HTTPProblem(404, "no_workbook")
    return tagged(request, json_response(fields_answer(tables, workbook).to_json()))
