"""The pages of participants, and the home page of everybody."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final
from urllib.parse import urlsplit

from ustaz.course.identity import Identity
from ustaz.roster import reaching
from ustaz.schools import asks, outcomes
from ustaz.server.access import (
    is_closed_to,
    manages,
    may_read_outcome,
    reads_only,
    require,
    writing,
)
from ustaz.server.host.limits import saves_of
from ustaz.server.http import HTTPProblem, Request, Response, number, redirect
from ustaz.server.pages import reviewer, steps
from ustaz.server.pages.book import in_another_language, missing
from ustaz.server.pages.staff import reading_page, workbook_page
from ustaz.server.templates import is_file, page, page_or_file
from ustaz.server.views import (
    calendars,
    director,
    file_faults,
    group_progress,
    homes,
    messages,
    promises,
    quick_entry,
    reviews,
    schools,
    staff_overview,
    tutorials,
)
from ustaz.server.views import paper as paper_forms
from ustaz.server.views import today as day
from ustaz.server.views.records import Record, find_round, record
from ustaz.sessions.attendance import follow_ups, of_member, own_follow_ups, own_words, words_of
from ustaz.shares import live
from ustaz.workbook import definition_json

REFRESH_SECONDS = "3"
#: For so long a facilitator's home shows what members say that they have done.
LATELY: Final = dt.timedelta(days=14)


# -- home -----------------------------------------------------------------------------------------
def home(request: Request) -> Response:
    """Show the home page: a part for each role of whoever asks."""
    who = request.identity
    if who is None or "choose" in request.query:
        return _choose(request)
    names: dict[str, Any] = {"parts": [], "book": request.site.url("book") + "/"}
    names["forms"] = homes.forms(request.site, request.words)
    names["book_modules"] = homes.book_modules(request.site.book_dir, request.lang)
    names["book_missing"] = missing(request)
    names["book_in_english"] = in_another_language(request)
    names["closed"] = is_closed_to(request.site.course, who)
    names["writes"] = not reads_only(request.site.course, who)
    names["unsent"] = homes.kept_in_browsers(request.site, who, request.words)
    if who.has("participant"):
        names["parts"].append("participant")
        names |= _participant(request, who)
    if who.has("facilitator"):
        names["parts"].append("facilitator")
        names |= _facilitator(request, who)
    if who.has("director"):
        names["parts"].append("director")
        names["school"] = director.director(request.site, who, request.words)
        names["stories_waiting"] = director.stories_waiting(request.site, who)
        names["asked_of_me"] = schools.asked(request.site, who, request.words)
        names |= {"ask_kinds": schools.KINDS, "most_reply": asks.MOST_TEXT}
        names["shown_to_me"] = director.shown(request.site, who, request.words)
    if who.has("reviewer"):
        names["parts"].append("reviewer")
        names["submitted"] = reviewer.submitted(request.site.course, who.person, request.words)
        names["most"] = reviewer.MOST
    if who.has("staff", "operator"):
        names["parts"].append("staff")
        if who.has("staff"):
            names["stories_waiting"] = director.stories_waiting(request.site, who)
        names["manages"] = manages(request)
        names["faults"] = file_faults.fault_rows(request)
        names |= _staff(request)
    response = page(request, "home.html", **_fresh(request), **names)
    last = request.site.runs.last
    if "staff" in names["parts"] and last is not None and not last.finished.is_set():
        response.headers["Refresh"] = REFRESH_SECONDS
    return response


def _fresh(request: Request) -> dict[str, Any]:
    return {"fresh": messages.fresh(request.site, request.who, request.words)}


def _participant(request: Request, who: Identity) -> dict[str, Any]:
    names: dict[str, Any] = {}
    own = homes.year_records(request.site, who.person)
    cards = [homes.card(request.site, own_record, request.words) for own_record in own]
    step = homes.next_step(request.site, own)
    titles = {card["workbook"]: card["title"] for card in cards}
    names["year"] = homes.by_part(cards, request.words)
    names["changed"] = {
        about.workbook: reviews.changed_since_sent(about, request.words)
        for about in own
        if about.changed
    }
    names["journals"] = _journals(own)
    names["added"] = request.query.get("added", "")
    names["now"] = day.today(request.site, who.person, own, request.words)
    names["just_done"] = steps.just_done(request, own)
    names["tutorials"] = tutorials.of_person(request.site, who.person, request.words)
    names["attended"] = of_member(request.site.course, who.person)
    names["agreed"] = own_follow_ups(request.site.course, who.person)
    names["agreed_done"] = own_words(request.site.course, who.person)
    names["just_agreed"] = request.query.get("agreed", "") == "done"
    names["own_asks"] = schools.own_asks(request.site.course, who.person, request.words)
    names["ask_kinds"] = schools.KINDS
    names["schools_tell"] = any(
        may_read_outcome(request.site.course, who, outcome)
        for outcome in outcomes.read(request.site.course)
    )
    names["showing"] = len(live(request.site.course, who.person))
    names["first_days"] = not any(about.started for about in own)
    names["reviewers"] = bool(request.site.course.taking_part("reviewer"))
    names |= {"cards": cards, "step": step, "step_title": titles.get(step.workbook, "")}
    names["today"] = request.site.course.today()
    names["news"] = [card for card in cards if card["feedback"] and card["feedback"]["unread"]]
    names["older"] = [card for card in cards if card["feedback"] and card not in names["news"]]
    return names


def _journals(own: list[Record]) -> dict[str, quick_entry.Form]:
    """Return the form for an entry by workbook, for those that have a journal."""
    forms = {own_record.workbook: quick_entry.form(own_record) for own_record in own}
    return {workbook: form for workbook, form in forms.items() if form is not None}


def _facilitator(request: Request, who: Identity) -> dict[str, Any]:
    course = request.site.course
    groups = course.groups_of(who.person)
    group = homes.group(request.site, who)
    cards = {
        member.person.person: [
            homes.card(request.site, own_record, request.words) for own_record in member.records
        ]
        for member in group
    }
    waiting = homes.to_confirm(request.site, group)
    by_time = {when: [entry for entry in waiting if entry["when"] == when] for when in homes.WHEN}
    for entry in waiting:
        entry["label"] = request.words.plain(entry["label"])
        entry["title"] = request.words.plain(course.library[entry["workbook"]].title)
    ready = [
        (member.person, card)
        for member in group
        for card in cards[member.person.person]
        if card["ready"]
    ]
    lines = calendars.rows(request.site, who.person, request.words)
    return {
        "own_workbooks": homes.facilitators_own(request.site, who.person, request.words),
        "my_reach": reaching.read(course.dir, who.person),
        "meeting": calendars.next_meeting(lines),
        "group": group,
        "group_cards": cards,
        "to_confirm": by_time,
        "has_group": bool(groups),
        "group_ready": ready,
        "group_overview": group_progress.overview(
            [(member.person, cards[member.person.person]) for member in group],
            course.today(),
        ),
        "standing_in": homes.standing_in(request.site, who),
        "today": course.today(),
        "follow_ups": follow_ups(course, groups),
        "done_lately": words_of(course, groups, course.today() - LATELY),
        "open_tutorials": [
            view
            for member in group
            for view in tutorials.of_person(request.site, member.person.person, request.words)
            if not view.settled
        ],
    }


def _staff(request: Request) -> dict[str, Any]:
    overviews = staff_overview.overview(request.site.course)
    library = request.site.course.library
    for overview in overviews:
        overview["title"] = request.words.plain(library[overview["workbook"]].title)
        overview["code"] = library[overview["workbook"]].code
        overview["to_do"] = staff_overview.to_do(overview)
        overview["opened"] = staff_overview.opened(request.site, overview)
        overview["handed_in"] = [row for row in overview["rows"] if row["state"] != "none"]
        overview["missing"] = staff_overview.missing(request.site.course, overview)
    run = request.site.runs.last
    title = request.words.plain(library[run.workbook].title) if run else ""
    return {
        "overview": overviews,
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
    people |= {role: actions for role, actions in further.items() if actions}
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


def entry(request: Request) -> Response:
    """Add one sentence to a journal, from home's form, and go back there."""
    writing(request.who)
    request.count(saves_of(request.who.person))
    own = record(request.site, request.who.person, request.params["workbook"])
    added = quick_entry.add(own, request.form)
    mark = f"?added={own.workbook}#entry-{own.workbook}" if added else ""
    return redirect(request.site.base + mark)


# -- a workbook -----------------------------------------------------------------------------------
def workbook(request: Request) -> Response:
    """Show a workbook to its owner. No kernel, two further requests."""
    own = record(request.site, request.who.person, request.params["workbook"])
    if reads_only(request.site.course, request.who):
        return reading_page(request, own)
    return workbook_page(request, own)


def saved(request: Request) -> Response:
    """Show what its owner has saved, in a page that needs no script."""
    own = record(request.site, request.who.person, request.params["workbook"])
    definition = definition_json(own.definition, request.words.plain)
    return page_or_file(
        request,
        "saved.html",
        own.workbook,
        one=own,
        title=definition["title"],
        code=definition["code"],
        answers=reviews.saved_answers(own, request.words, file=is_file(request)),
    )


def paper(request: Request) -> Response:
    """Show an empty form of a workbook, to be printed and filled in by hand; nobody's answers."""
    library, workbook = request.site.course.library, request.params["workbook"]
    if workbook not in library.ids:
        raise HTTPProblem(404, "no_workbook")
    sheet = paper_forms.sheet(library, library[workbook], request.words)
    return page(request, "paper.html", sheet=sheet)


def receipt(request: Request) -> Response:
    """Show the receipt of a round, to keep or to print."""
    require(request.who, "participant", "facilitator", "staff", "operator")
    own = record(request.site, request.who.person, request.params["workbook"])
    round_ = find_round(own, request.params["round"])
    definition = definition_json(own.definition, request.words.plain)
    course = request.site.course
    known = promises.promise(course, round_.receipt)
    return page_or_file(
        request,
        "receipt.html",
        f"{own.workbook}-receipt-{round_.round}",
        readers=promises.who_reads(known, request.words),
        feedback=promises.by_when(known, round_, course.today(), request.words),
        receipt=round_.receipt,
        round=round_,
        title=definition["title"],
        code=definition["code"],
        one=own,
        last=round_ is own.every_round[-1],
        since_sent=reviews.since_sent(own, request.words) if round_ is own.last else None,
    )


def feedback(request: Request) -> Response:
    """Show the comments beside the answers that they are about."""
    own = record(request.site, request.who.person, request.params["workbook"])
    wanted = request.query.get("round", "")
    round_ = reviews.last_returned(own, number(wanted))
    sections = reviews.sections(own, round_, request.words)
    reviews.mark_read(own, round_)
    definition = definition_json(own.definition, request.words.plain)
    return page_or_file(
        request,
        "feedback.html",
        f"{own.workbook}-feedback-{round_.round}",
        one=own,
        round=round_,
        title=definition["title"],
        code=definition["code"],
        sections=sections,
        comment=reviews.whole_comment(round_),
        criteria=reviews.criteria_comments(own, round_, request.words),
        others=[sent for sent in own.every_round if sent.returned_at and sent is not round_],
    )
