"""The pages of facilitators and course staff about other people's workbooks."""

from __future__ import annotations

from typing import Any

from ustaz.messages import translator
from ustaz.server import confirmations, homes, review, staff
from ustaz.server.access import audience, may_confirm, require
from ustaz.server.entering import may_enter
from ustaz.server.given import page_data
from ustaz.server.http import Refusal, Reply, Visit, redirect
from ustaz.server.records import Record, entering_record, record
from ustaz.server.templates import data_block, page

PATIENCE = 8.0


def reading(visit: Visit) -> Reply:
    """Show another person's workbook, projected to who reads it."""
    person = visit.params["person"]
    seen_as = audience(visit.site.course, visit.who, person)
    one = record(visit.site, person, visit.params["workbook"], seen_as)
    if seen_as == "self":
        return redirect(visit.site.url("workbooks", one.workbook))
    return reading_page(visit, one)


def reading_page(visit: Visit, one: Record) -> Reply:
    """Return a workbook that can be read and not changed."""
    person = one.person
    own = one.audience == "self"
    data = page_data(visit, one, "read")
    # The page around it has a way home, the languages and the note on drafts already.
    data |= {"home": None, "languages": [visit.lang], "draft": False}
    given = {confirmation["field"]: confirmation for confirmation in one.confirmations}
    to_give: list[dict[str, Any]] = [
        {
            "field": field,
            "by": party,
            "label": visit.words.plain(label),
            "given": given.get(field),
            "may": may_confirm(visit.site.course, visit.who, person, party),
        }
        for field, party, label in confirmations.fields_of(one.definition)
    ]
    return page(
        visit,
        "reading.html",
        one=one,
        title=data["definition"]["title"],
        code=data["definition"]["code"],
        about=visit.site.course.person(person),
        own=own,
        since=review.since(one, one.last, visit.words) if one.last and not own else None,
        since_sent=review.since_sent(one, visit.words) if not own else None,
        to_give=to_give,
        may_enter=may_enter(visit.site.course, visit.who, person),
        others=[
            (workbook, visit.site.course.library[workbook])
            for workbook in homes.workbooks(visit.site.course)
            if workbook != one.workbook
        ],
        data=data_block(data),
    )


def enter(visit: Visit) -> Reply:
    """Let a facilitator type in what a teacher of their group wrote on paper."""
    person, workbook = visit.params["person"], visit.params["workbook"]
    if visit.who.person == person:
        return redirect(visit.site.url("workbooks", workbook))
    return workbook_page(visit, entering_record(visit.site, visit.who, person, workbook))


def workbook_page(visit: Visit, one: Record) -> Reply:
    """Return the page on which a workbook is written."""
    data = page_data(visit, one, "edit")
    languages = visit.site.course.languages
    ordered = sorted(languages, key=lambda lang: lang != visit.lang)
    return page(
        visit,
        "workbook.html",
        title=data["definition"]["title"],
        code=data["definition"]["code"],
        workbook=one.workbook,
        data=data_block(data),
        in_every_language=[{"lang": lang, "say": translator(lang)} for lang in ordered],
    )


def confirm(visit: Visit) -> Reply:
    """Record a confirmation, or take it back, from the page's form."""
    person, workbook = visit.params["person"], visit.params["workbook"]
    if visit.form.get("value") not in {"yes", "no"}:
        raise Refusal(400, "bad_request")
    if workbook not in visit.site.course.library.ids:
        raise Refusal(404, "no_workbook")
    confirmations.record(
        visit.site.confirmations,
        visit.site.course,
        visit.who,
        about=person,
        workbook=workbook,
        field=visit.form.get("field", ""),
        value=visit.form["value"] == "yes",
    )
    return redirect(visit.site.url("people", person, workbook) + "#confirmations")


def start(visit: Visit) -> Reply:
    """Collect, grade or release feedback, then show the home page with the summary."""
    require(visit.who, "staff", "operator")
    job = staff.start(
        visit.site, visit.params["action"], visit.form.get("workbook", ""), visit.who.person
    )
    job.finished.wait(PATIENCE)
    return redirect(visit.site.base + "#run")
