"""Check and submit a workbook by pages alone: what is sent, what is open, what stays."""

from __future__ import annotations

from ustaz.exchange import submit
from ustaz.messages import N_, number_text, translator
from ustaz.server.access import writing
from ustaz.server.http import HTTPProblem, Request, Response, number, redirect
from ustaz.server.templates import page
from ustaz.server.views.form import stays
from ustaz.server.views.records import Record, record
from ustaz.workbook import finding_text
from ustaz.workbook.serialize import localized


def look(request: Request) -> Response:
    """Show what would be submitted, what is still open, and the button that submits it."""
    writing(request.who)
    own = record(request.site, request.who.person, request.params["workbook"])
    return _look(request, own)


def send(request: Request) -> Response:
    """Submit, from the page's form; the receipt follows."""
    writing(request.who)
    own = record(request.site, request.who.person, request.params["workbook"])
    revision = number(request.form.get("revision", ""))
    if revision is None:
        raise HTTPProblem(400, "bad_request")
    if _open(own) and request.form.get("all") != "yes":
        return _look(request, own, N_("Please tick the box first, or fill in what is still open."))
    receipt = submit(
        request.site.course,
        own.person,
        own.workbook,
        identity=request.who,
        confirm=True,
        revision=revision,
    )
    return redirect(
        request.site.url("workbooks", own.workbook, "receipt", str(receipt.round)) + "#receipt"
    )


def _open(own: Record) -> bool:
    return any(finding.kind != "advice" for finding in own.evaluation.findings)


def _look(request: Request, own: Record, problem: str = "") -> Response:
    words = request.words
    compiled = localized(own.definition, words.lang)
    counts = {part.id: part for part in own.evaluation.sections}
    course = request.site.course
    submits = own.workbook in course.assignments
    findings = [
        {
            "text": finding_text(
                finding,
                own.definition,
                translator(words.lang),
                day=words.date,
                number=lambda value: number_text(value, words.lang),
            ),
            "anchor": "-".join(
                ("uz", own.workbook, finding.field, *filter(None, (finding.row, finding.column)))
            ),
            "advice": finding.kind == "advice",
        }
        for finding in own.evaluation.findings
    ]
    return page(
        request,
        "submit.html",
        one=own,
        title=compiled["title"],
        sections=[
            (section["title"], counts.get(section["id"])) for section in compiled["sections"]
        ],
        findings=findings,
        open=_open(own),
        stays=stays(own, words),
        submits=submits,
        same=own.last is not None and not own.changed,
        problem=words.gettext(problem) if problem else "",
    )
