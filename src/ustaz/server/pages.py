"""The pages of participants, and the home page of everybody."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from ustaz.course.identity import Identity
from ustaz.server import faulty, groups, homes, promises, review, reviewing, schools, staff
from ustaz.server.access import require
from ustaz.server.book_files import in_another_language, missing
from ustaz.server.http import Refusal, Reply, Visit, number, redirect
from ustaz.server.pages_staff import reading_page, workbook_page
from ustaz.server.records import find_round, record
from ustaz.server.templates import page
from ustaz.workbook import definition_json

REFRESH_SECONDS = "3"


# -- home -----------------------------------------------------------------------------------------
def home(visit: Visit) -> Reply:
    """Show the home page: a part for each role of whoever asks."""
    who = visit.identity
    if who is None or "choose" in visit.query:
        return _choose(visit)
    names: dict[str, Any] = {"parts": [], "book": visit.site.url("book") + "/"}
    names["book_modules"] = homes.book_modules(visit.site.book_dir, visit.lang)
    names["book_missing"] = missing(visit)
    names["book_in_english"] = in_another_language(visit)
    names["unsent"] = homes.kept_in_browsers(visit.site, who, visit.words)
    if who.has("participant"):
        names["parts"].append("participant")
        own = homes.records(visit.site, who.person)
        cards = [homes.card(visit.site, one, visit.words) for one in own]
        step = homes.next_step(visit.site, own)
        titles = {card["workbook"]: card["title"] for card in cards}
        names |= {"cards": cards, "step": step, "step_title": titles.get(step.workbook, "")}
        names["today"] = visit.site.course.today()
        names["news"] = [card for card in cards if card["feedback"] and card["feedback"]["unread"]]
        names["older"] = [card for card in cards if card["feedback"] and card not in names["news"]]
    if who.has("facilitator"):
        names["parts"].append("facilitator")
        names |= _facilitator(visit, who)
    if who.has("director"):
        names["parts"].append("director")
        names["school"] = schools.director(visit.site, who, visit.words)
    if who.has("reviewer"):
        names["parts"].append("reviewer")
        names["submitted"] = reviewing.submitted(visit.site.course, who.person, visit.words)
        names["most"] = reviewing.MOST
    if who.has("staff", "operator"):
        names["parts"].append("staff")
        names["faults"] = faulty.listed(visit)
        names |= _staff(visit)
    reply = page(visit, "home.html", **names)
    last = visit.site.runs.last
    if "staff" in names["parts"] and last is not None and not last.finished.is_set():
        reply.headers["Refresh"] = REFRESH_SECONDS
    return reply


def _facilitator(visit: Visit, who: Identity) -> dict[str, Any]:
    group = homes.group(visit.site, who)
    cards = {
        member.person.person: [homes.card(visit.site, one, visit.words) for one in member.records]
        for member in group
    }
    waiting = homes.to_confirm(visit.site, group)
    by_time = {when: [one for one in waiting if one["when"] == when] for when in homes.WHEN}
    for one in waiting:
        one["label"] = visit.words.plain(one["label"])
        one["title"] = visit.words.plain(visit.site.course.library[one["workbook"]].title)
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
        "has_group": bool(visit.site.course.groups_of(who.person)),
        "group_ready": ready,
        "group_overview": groups.overview(
            [(member.person, cards[member.person.person]) for member in group],
            visit.site.course.today(),
        ),
        "standing_in": homes.standing_in(visit.site, who),
    }


def _staff(visit: Visit) -> dict[str, Any]:
    listed = staff.overview(visit.site.course)
    library = visit.site.course.library
    for one in listed:
        one["title"] = visit.words.plain(library[one["workbook"]].title)
        one["code"] = library[one["workbook"]].code
        one["to_do"] = staff.to_do(one)
        one["opened"] = staff.opened(visit.site, one)
        one["handed_in"] = [row for row in one["rows"] if row["state"] != "none"]
        one["missing"] = staff.missing(visit.site.course, one)
    run = visit.site.runs.last
    title = visit.words.plain(library[run.workbook].title) if run else ""
    return {
        "overview": listed,
        "run": run,
        "run_title": title,
        "lab": visit.site.lab_address(visit.who),
        "away": staff.away(visit.site.course),
    }


def _choose(visit: Visit) -> Reply:
    """Offer the people of a demo to be tried out."""
    course = visit.site.course
    if not visit.site.acting:
        raise Refusal(403, "unknown_account")
    people = {role: homes.choices(course, role) for role in homes.DEMO_ROLES}
    further = {role: homes.choices(course, role) for role in homes.FURTHER_ROLES}
    people |= {role: found for role, found in further.items() if found}
    return page(visit, "choose.html", people=people)


def act_as(visit: Visit) -> Reply:
    """Become another invented person of a demo, from the page's form."""
    chosen = homes.choose(visit.site, visit.form.get("person"))
    return redirect(visit.site.base, acting=chosen)


def lang(visit: Visit) -> Reply:
    """Remember a language, from a form, and go back to the page it came from."""
    wanted = visit.form.get("lang")
    if wanted not in visit.site.course.languages:
        raise Refusal(400, "bad_request")
    return redirect(inside(visit, visit.form.get("next", "")), lang=wanted)


def inside(visit: Visit, address: str) -> str:
    """Return an address of ours as it is, and home instead of any other."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or "\\" in address or not address.isprintable():
        return visit.site.base
    return parts.path if parts.path.startswith(visit.site.base) else visit.site.base


# -- a workbook -----------------------------------------------------------------------------------
def workbook(visit: Visit) -> Reply:
    """Show a workbook to its owner. No kernel, two further requests."""
    one = record(visit.site, visit.who.person, visit.params["workbook"])
    if visit.who.status == "withdrawn":
        return reading_page(visit, one)
    return workbook_page(visit, one)


def saved(visit: Visit) -> Reply:
    """Show what its owner has saved, in a page that needs no script."""
    one = record(visit.site, visit.who.person, visit.params["workbook"])
    definition = definition_json(one.definition, visit.words.plain)
    return page(
        visit,
        "saved.html",
        one=one,
        title=definition["title"],
        code=definition["code"],
        answers=review.own_answers(one, visit.words),
    )


def receipt(visit: Visit) -> Reply:
    """Show the receipt of a round, to keep or to print."""
    require(visit.who, "participant", "facilitator", "staff", "operator")
    one = record(visit.site, visit.who.person, visit.params["workbook"])
    found = find_round(one, visit.params["round"])
    definition = definition_json(one.definition, visit.words.plain)
    course = visit.site.course
    known = promises.promise(course, found.receipt)
    return page(
        visit,
        "receipt.html",
        readers=promises.who_reads(known, visit.words),
        feedback=promises.by_when(known, found, course.today(), visit.words),
        receipt=found.receipt,
        round=found,
        title=definition["title"],
        code=definition["code"],
        one=one,
        last=found is one.last,
    )


def feedback(visit: Visit) -> Reply:
    """Show the comments beside the answers that they are about."""
    one = record(visit.site, visit.who.person, visit.params["workbook"])
    wanted = visit.query.get("round", "")
    found = review.last_returned(one, number(wanted))
    sections = review.sections(one, found, visit.words)
    review.mark_read(one, found)
    definition = definition_json(one.definition, visit.words.plain)
    return page(
        visit,
        "feedback.html",
        one=one,
        round=found,
        title=definition["title"],
        code=definition["code"],
        sections=sections,
        comment=review.whole_comment(found),
        others=[round_ for round_ in one.rounds if round_.returned_at and round_ is not found],
    )
