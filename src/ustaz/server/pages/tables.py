"""The page from which a course's tables are taken as CSV and XLSX, projected to who asks."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Final

from ustaz.cohort import dictionary
from ustaz.cohort.exporting import DICTIONARY_NAME, as_xlsx
from ustaz.cohort.reading import Tables, offered
from ustaz.cohort.schema import FRAMES
from ustaz.cohort.sources import course_answer, fields_answer
from ustaz.cohort.spreadsheets import csv_of
from ustaz.course import Course
from ustaz.server.http import API_CSP, HTTPProblem, Request, Response
from ustaz.server.templates import page
from ustaz.server.views.cohort_tables import tables_of
from ustaz.workbook import Definition, PlainTable, plain_tables

log = logging.getLogger("ustaz.server")

CSV: Final = "text/csv; charset=utf-8"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Named:
    """A table as the page names it.

    Attributes
    ----------
    name : str
    title : str
        In words, as a message id.
    """

    name: str
    title: str


def listing(request: Request) -> Response:
    """Show which tables there are."""
    course = request.site.course
    tables = tables_of(request)
    return page(
        request,
        "tables.html",
        role=tables.role,
        frames=[Named(frame.name, frame.row) for frame in FRAMES.values()],
        workbooks=[
            (definition, _named(definition))
            for definition in (course.library[name] for name in offered(course))
        ],
    )


def _named(definition: Definition) -> list[Named]:
    named = []
    for table in plain_tables(definition, ()):
        field = table.name.removeprefix(f"{definition.id}.").partition(".")[0]
        own = table.name == definition.id
        named.append(
            Named(table.name, dictionary.OWN_ROW if own else definition.field(field).label)
        )
    return named


def course_xlsx(request: Request) -> Response:
    """Send the tables of the course as sheets."""
    tables = tables_of(request)
    data = as_xlsx(course_answer(tables), request.site.course, request.words.plain)
    return _file(request, "course.xlsx", data, XLSX)


def workbook_xlsx(request: Request) -> Response:
    """Send the tables of a workbook's answers as sheets."""
    tables = tables_of(request)
    workbook = _known(tables.course, request.params["workbook"])
    data = as_xlsx(fields_answer(tables, workbook), tables.course, request.words.plain)
    return _file(request, f"{workbook}.xlsx", data, XLSX)


def table_csv(request: Request) -> Response:
    """Send a table, or what all columns mean, as CSV."""
    tables = tables_of(request)
    name = request.params["table"]
    table = _table(tables, name)
    return _file(request, f"{name}.csv", csv_of(table, tables.course.timezone), CSV)


def _table(tables: Tables, name: str) -> PlainTable:
    if name == DICTIONARY_NAME:
        lines = dictionary.of_frames(FRAMES, tables.role, tables.say)
        for workbook in offered(tables.course):
            lines += dictionary.of_workbook(tables.course.library[workbook], tables.say)
        return dictionary.as_table(lines, DICTIONARY_NAME)
    if name in FRAMES:
        return tables.frames([name])[0]
    workbook = _known(tables.course, name.partition(".")[0])
    for table in tables.fields(workbook):
        if table.name == name:
            return table
    raise HTTPProblem(404, "no_page")


def _known(course: Course, workbook: str) -> str:
    if workbook not in offered(course):
        raise HTTPProblem(404, "no_workbook")
    return workbook


def _file(request: Request, name: str, data: bytes, kind: str) -> Response:
    # Who took which table: ids alone, as for the jobs of staff.
    log.info("table %s was taken by %s", name, request.who.person)
    headers = {
        "Content-Disposition": f'attachment; filename="{request.site.course.id}-{name}"',
        "Cache-Control": "no-store",
    }
    return Response(200, data, kind, headers, API_CSP)
