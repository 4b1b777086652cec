"""The pages of participants, and the home page of everybody."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from ustaz.course.identity import Identity
from ustaz.server.access import require
from ustaz.server.http import HTTPProblem, Request, Response, number, redirect
from ustaz.server.pages import reviewer
from ustaz.server.pages.book import in_another_language, missing
from ustaz.server.pages.staff import reading_page, workbook_page
from ustaz.server.templates import page
from ustaz.server.views import (
    director,
    file_faults,
    group_progress,
    homes,
    promises,
    reviews,
    staff_overview,
)
from ustaz.server.views.records import find_round, record
from ustaz.workbook import definition_json

REFRESH_SECONDS = "3"


# -- home -----------------------------------------------------------------------------------------
def home(request: Request) -> Response:
    """Show the home page: a part for each role of whoever asks."""
    who = request.identity
    if who is None or "choose" in request.query:
        return _choose(request)
    names: dict[str, Any] = {"parts": [], "book": request.site.url("book") + "/"}
    names["book_modules"] = homes.book_modules(request.site.book_dir, request.lang)
    names["book_missing"] = missing(request)
    names["book_in_english"] = in_another_language(request)
    names["unsent"] = homes.kept_in_browsers(request.site, who, request.words)
    if who.has("participant"):
        names["parts"].append("participant")
        own = homes.records(request.site, who.person)
        cards = [homes.card(request.site, one, request.words) for one in own]
        step = homes.next_step(request.site, own)
        titles = {card["workbook"]: card["title"] for card in cards}
        names |= {"cards": cards, "step": step, "step_title": titles.get(step.workbook, "")}
        names["today"] = request.site.course.today()
        names["news"] = [card for card in cards if card["feedback"] and card["feedback"]["unread"]]
        names["older"] = [card for card in cards if card["feedback"] and card not in names["news"]]
    if who.has("facilitator"):
        names["parts"].append("facilitator")
        names |= _facilitator(request, who)
    if who.has("director"):
        names["parts"].append("director")
        names["school"] = director.director(request.site, who, request.words)
    if who.has("reviewer"):
        names["parts"].append("reviewer")
        names["submitted"] = reviewer.submitted(request.site.course, who.person, request.words)
        names["most"] = reviewer.MOST
    if who.has("staff", "operator"):
        names["parts"].append("staff")
        names["faults"] = file_faults.listed(request)
        names |= _staff(request)
    response = page(request, "home.html", **names)
    last = request.site.runs.last
    if "staff" in names["parts"] and last is not None and not last.finished.is_set():
        response.headers["Refresh"] = REFRESH_SECONDS
    return response


def _facilitator(request: Request, who: Identity) -> dict[str, Any]:
    group = homes.group(request.site, who)
    cards = {
        member.person.person: [
            homes.card(request.site, one, request.words) for one in member.records
        ]
        for member in group
    }
    waiting = homes.to_confirm(request.site, group)
    by_time = {when: [one for one in waiting if one["when"] == when] for when in homes.WHEN}
    for one in waiting:
        one["label"] = request.words.plain(one["label"])
        one["title"] = request.words.plain(request.site.course.library[one["workbook"]].title)
    ready = [
        (member.person, card)
        for member in group
        for card in cards[member.person.person]
        if card["ready"]
    ]
    return {
        "group": group,
        "group_cards": cards,
        "to_confirm": by_time,
        "has_group": bool(request.site.course.groups_of(who.person)),
        "group_ready": ready,
        "group_overview": group_progress.overview(
            [(member.person, cards[member.person.person]) for member in group],
            request.site.course.today(),
        ),
        "standing_in": homes.standing_in(request.site, who),
    }


def _staff(request: Request) -> dict[str, Any]:
    listed = staff_overview.overview(request.site.course)
    library = request.site.course.library
    for one in listed:
        one["title"] = request.words.plain(library[one["workbook"]].title)
        one["code"] = library[one["workbook"]].code
        one["to_do"] = staff_overview.to_do(one)
        one["opened"] = staff_overview.opened(request.site, one)
        one["handed_in"] = [row for row in one["rows"] if row["state"] != "none"]
        one["missing"] = staff_overview.missing(request.site.course, one)
    run = request.site.runs.last
    title = request.words.plain(library[run.workbook].title) if run else ""
    return {
        "overview": listed,
        "run": run,
        "run_title": title,
        "lab": request.site.lab_address(request.who),
        "away": staff_overview.away(request.site.course),
    }


def _choose(request: Request) -> Response:
    """Offer the people of a demo to be tried out."""
    course = request.site.course
    if not request.site.acting:
        raise HTTPProblem(403, "unknown_account")
    people = {role: homes.choices(course, role) for role in homes.DEMO_ROLES}
    further = {role: homes.choices(course, role) for role in homes.FURTHER_ROLES}
    people |= {role: found for role, found in further.items() if found}
    return page(request, "choose.html", people=people)


def act_as(request: Request) -> Response:
    """Become another invented person of a demo, from the page's form."""
    chosen = homes.choose(request.site, request.form.get("person"))
    return redirect(request.site.base, acting=chosen)


def lang(request: Request) -> Response:
    """Remember a language, from a form, and go back to the page it came from."""
    wanted = request.form.get("lang")
    if wanted not in request.site.course.languages:
        raise HTTPProblem(400, "bad_request")
    return redirect(inside(request, request.form.get("next", "")), lang=wanted)


def inside(request: Request, address: str) -> str:
    """Return an address of ours as it is, and home instead of any other."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or "\\" in address or not address.isprintable():
        return request.site.base
    return parts.path if parts.path.startswith(request.site.base) else request.site.base


# -- a workbook -----------------------------------------------------------------------------------
def workbook(request: Request) -> Response:
    """Show a workbook to its owner. No kernel, two further requests."""
    one = record(request.site, request.who.person, request.params["workbook"])
    if request.who.status == "withdrawn":
        return reading_page(request, one)
    return workbook_page(request, one)


def saved(request: Request) -> Response:
    """Show what its owner has saved, in a page that needs no script."""
    one = record(request.site, request.who.person, request.params["workbook"])
    definition = definition_json(one.definition, request.words.plain)
    return page(
        request,
        "saved.html",
        one=one,
        title=definition["title"],
        code=definition["code"],
        answers=reviews.own_answers(one, request.words),
    )


def receipt(request: Request) -> Response:
    """Show the receipt of a round, to keep or to print."""
    require(request.who, "participant", "facilitator", "staff", "operator")
    one = record(request.site, request.who.person, request.params["workbook"])
    found = find_round(one, request.params["round"])
    definition = definition_json(one.definition, request.words.plain)
    course = request.site.course
    known = promises.promise(course, found.receipt)
    return page(
        request,
        "receipt.html",
        readers=promises.who_reads(known, request.words),
        feedback=promises.by_when(known, found, course.today(), request.words),
        receipt=found.receipt,
        round=found,
        title=definition["title"],
        code=definition["code"],
        one=one,
        last=found is one.last,
    )


def feedback(request: Request) -> Response:
    """Show the comments beside the answers that they are about."""
    one = record(request.site, request.who.person, request.params["workbook"])
    wanted = request.query.get("round", "")
    found = reviews.last_returned(one, number(wanted))
    sections = reviews.sections(one, found, request.words)
    reviews.mark_read(one, found)
    definition = definition_json(one.definition, request.words.plain)
    return page(
        request,
        "feedback.html",
        one=one,
        round=found,
        title=definition["title"],
        code=definition["code"],
        sections=sections,
        comment=reviews.whole_comment(found),
        others=[round_ for round_ in one.rounds if round_.returned_at and round_ is not found],
    )
