"""What the home pages say, as data: where am I, what is next, what is due, what came."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ustaz.course import Course
from ustaz.course.identity import Identity
from ustaz.deadlines.due import due
from ustaz.messages import N_
from ustaz.roster import Substitution, by_name
from ustaz.roster.people import Person
from ustaz.server.access import members
from ustaz.server.http import HTTPProblem, Request
from ustaz.server.i18n import Words
from ustaz.server.site import Site
from ustaz.server.views import confirmations
from ustaz.server.views.records import Record, record
from ustaz.server.views.serialize import progress
from ustaz.sessions.attendance import of_member, own_follow_ups
from ustaz.workbook import definition_json
from ustaz.workbook.model import PARTS

#: How home calls the parts of the year.
PART_NAMES: Final = {
    "starting": N_("Starting"),
    "planning": N_("Planning"),
    "doing": N_("Doing"),
    "reviewing": N_("Looking back"),
    "portfolio": N_("Portfolio"),
}
#: A workbook whose day is further away is not the next step yet.
SOON_DAYS: Final = 42
DEMO_ROLES = ("participant", "facilitator", "director", "staff")
#: Offered where a demo has somebody with them.
FURTHER_ROLES = ("reviewer", "operator")
#: When a confirmation can be given; the order of the list.
WHEN: Final = ("now", "told", "later")


def workbooks(course: Course) -> list[str]:
    """Return the workbooks that are handed in, in the order of the year."""
    return [assignment for assignment in course.assignments if assignment in course.library.ids]


def year(course: Course) -> list[str]:
    """Return what home offers: assignments and companions, by part of the year, then by code."""
    return _in_order(course, {*course.assignments, *course.companions} & set(course.library.ids))


def year_records(site: Site, person: str) -> list[Record]:
    """Return a person's own workbooks of the whole year."""
    return [record(site, person, workbook) for workbook in year(site.course)]


def for_facilitators(course: Course) -> list[str]:
    """Return a facilitator's own workbooks, in the order of the year: whatever course it is."""
    library = course.library
    return _in_order(course, (id_ for id_ in library.ids if library[id_].role == "facilitator"))


def _in_order(course: Course, ids: Iterable[str]) -> list[str]:
    library = course.library
    return sorted(ids, key=lambda id_: (PARTS.index(library[id_].part), library[id_].code, id_))


def facilitators_own(site: Site, person: str, words: Words) -> list[dict[str, Any]]:
    """Return cards of the workbooks that a facilitator writes for themselves."""
    own = for_facilitators(site.course)
    return [card(site, record(site, person, workbook), words) for workbook in own]


def by_part(cards: list[dict[str, Any]], words: Words) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return cards by the part of the year: its name, and its cards."""
    parts = [
        (words.plain(name), [card for card in cards if card["part"] == part])
        for part, name in PART_NAMES.items()
    ]
    return [(name, own_cards) for name, own_cards in parts if own_cards]


def forms(site: Site, words: Words) -> list[tuple[str, str]]:
    """Return title and address of every empty form to print, in the order of the year."""
    library = site.course.library
    return [
        (words.plain(library[id_].title), site.url("workbooks", id_, "paper"))
        for id_ in year(site.course)
    ]


def records(site: Site, person: str, audience: str = "self") -> list[Record]:
    """Return a person's workbooks."""
    return [record(site, person, workbook, audience) for workbook in workbooks(site.course)]


# -- a participant ----------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Step:
    """The one next step.

    Attributes
    ----------
    kind : str
        ``feedback``, ``entered``, ``start``, ``continue``, ``submit``, ``send_again``, ``late``,
        ``wait``, ``rest``, or ``nothing`` where no workbook is open.
    workbook : str
        Empty for ``wait``, ``rest`` and ``nothing``.
    url : str
    count : int
        Of ``late``: how many steps of the plan are past their date.
    """

    kind: str
    workbook: str = ""
    url: str = ""
    count: int = 0


def next_step(site: Site, own: list[Record]) -> Step:
    """Return one clear next step: news first, then the work in the order of the year."""
    if own and not any(own_record.started for own_record in own):
        return Step("start", own[0].workbook, site.url("workbooks", own[0].workbook))
    for step in (_feedback_step, _transcribed_step, _work_step, _late_step):
        for own_record in own:
            result = step(own_record, site.url("workbooks", own_record.workbook))
            if result is not None:
                return result
    if not own:
        return Step("nothing")
    waiting = any(own_record.status == "submitted" for own_record in own)
    return Step("wait" if waiting else "rest")


def _feedback_step(about: Record, page: str) -> Step | None:
    return Step("feedback", about.workbook, f"{page}/feedback") if about.unread else None


def _transcribed_step(about: Record, page: str) -> Step | None:
    return Step("entered", about.workbook, page) if about.waiting else None


def _work_step(about: Record, page: str) -> Step | None:
    if about.definition.companion:
        return None
    if about.last is not None:
        return Step("send_again", about.workbook, page) if about.ready else None
    if not about.started:
        return Step("start", about.workbook, page) if _is_time(about) else None
    done = about.status == "ready" or about.evaluation.level == "complete"
    return Step("submit" if done else "continue", about.workbook, page)


def _is_time(about: Record) -> bool:
    """Tell whether a workbook is worth beginning: it has no day, or the day is not far off."""
    named = due(about.course, about.workbook, about.person)
    return named is None or (named.day - about.course.today()).days <= SOON_DAYS


def _late_step(about: Record, page: str) -> Step | None:
    if not about.late:
        return None
    return Step(
        "late", about.workbook, f"{page}#uz-{about.workbook}-{about.late[0][0]}", len(about.late)
    )


def participant(site: Site, person: str, words: Words) -> dict[str, Any]:
    """Return a participant's home as JSON."""
    own = year_records(site, person)
    step = next_step(site, own)
    return {
        "workbooks": [card(site, own_record, words) for own_record in own],
        "meetings": [
            {
                "day": meeting.day.isoformat(),
                "title": meeting.meeting.plan.title,
                "present": meeting.present,
            }
            for meeting in of_member(site.course, person)
        ],
        "agreed": [
            {
                "meeting": agreed.meeting.plan.title,
                "what": agreed.line.what,
                "by": agreed.line.by,
                "group": not agreed.line.who,
            }
            for agreed in own_follow_ups(site.course, person)
        ],
        "next": {
            "kind": step.kind,
            "workbook": step.workbook,
            "url": step.url,
            "count": step.count,
        },
    }


def card(site: Site, about: Record, words: Words) -> dict[str, Any]:
    """Return a workbook with its counts, status and addresses."""
    definition = definition_json(about.definition, words.plain)
    own = about.audience == "self"
    return {
        "code": definition["code"],
        "part": definition["part"],
        "companion": definition["companion"],
        "title": definition["title"],
        "summary": definition["summary"],
        "minutes": definition["minutes"],
        "status_name": about.status_name(words),
        "url": site.url("workbooks", about.workbook)
        if own
        else site.url("people", about.person, about.workbook),
        # Whose word is missing is not late: they wait for somebody else.
        "waits": about.ready and any(by == "facilitator" for _, by, _ in outstanding(about)),
        "portfolio": site.url("portfolio") if own and about.definition.portfolio else "",
        **progress(about),
    }


# -- a facilitator ----------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Member:
    """One person of a group, with the same counts that they see themselves."""

    person: Person
    records: list[Record]


def group(site: Site, who: Identity) -> list[Member]:
    """Return a facilitator's own group."""
    people = by_name(members(site.course, who))
    return [Member(person, records(site, person.person, "facilitator")) for person in people]


def standing_in(site: Site, who: Identity) -> dict[str, list[Substitution]]:
    """Return where a facilitator substitutes today, and who does, now or soon, for them."""
    course, today = site.course, site.course.today()
    own = course.person(who.person).groups
    open_ = [
        substitution for substitution in course.past.substitutions if substitution.end >= today
    ]
    return {
        "mine": [
            substitution
            for substitution in open_
            if substitution.person == who.person and substitution.on(today)
        ],
        "for_me": [
            substitution
            for substitution in open_
            if substitution.group in own and substitution.person != who.person
        ],
    }


def outstanding(about: Record) -> list[tuple[str, str, str]]:
    """Return id, party and label of what nobody has confirmed yet."""
    standing = {confirmation["field"] for confirmation in about.confirmations}
    return [
        field for field in confirmations.fields_of(about.definition) if field[0] not in standing
    ]


def to_confirm(site: Site, members: list[Member]) -> list[dict[str, Any]]:
    """Return the confirmations that a facilitator may have to give, of what somebody has begun.

    ``when`` tells apart what can be done about each: ``now``, the facilitator's own word on what is
    marked as ready or was submitted; ``told``, the word of the school leader link on such a
    workbook, which the facilitator records where the link has no account; ``later``, where
    somebody is still at it or on leave.
    """
    waiting = []
    for member in members:
        for about in member.records:
            ready = about.document.status == "ready" or about.last is not None
            for field, party, label in outstanding(about) if about.started else ():
                if ready and member.person.status == "active":
                    when = "now" if party == "facilitator" else "told"
                else:
                    when = "later"
                waiting.append(
                    {
                        "person": member.person.person,
                        "name": member.person.name,
                        "workbook": about.workbook,
                        "field": field,
                        "by": party,
                        "label": label,
                        "ready": ready,
                        "when": when,
                        "url": site.url("people", member.person.person, about.workbook),
                    }
                )
    return sorted(waiting, key=lambda entry: WHEN.index(entry["when"]))


def facilitator(site: Site, who: Identity, words: Words) -> dict[str, Any]:
    """Return a facilitator's home as JSON."""
    members = group(site, who)
    return {
        "group": site.course.person(who.person).group,
        "groups": list(site.course.groups_of(who.person)),
        "members": [
            {
                "person": member.person.person,
                "name": member.person.name,
                "school": member.person.school,
                "status": member.person.status,
                "workbooks": [card(site, about, words) for about in member.records],
            }
            for member in members
        ],
        "to_confirm": to_confirm(site, members),
        "own": facilitators_own(site, who.person, words),
    }


def kept_in_browsers(site: Site, who: Identity, words: Words) -> list[dict[str, str]]:
    """Return the documents that somebody writes in, with the names under which browsers keep words.

    What a page could not send waits in its browser (``sync/journal.ts``); home looks there for
    what is this person's, and for nothing else.
    """
    library = site.course.library
    titles = {id_: words.plain(library[id_].title) for id_ in library.ids}
    api = f"{site.base}api/v1"
    steps = []
    if who.has("participant"):
        steps += [
            {
                "scope": f"{api}:person:{who.person}:{id_}",
                "url": site.url("workbooks", id_),
                "title": title,
                "name": "",
            }
            for id_, title in titles.items()
            if library[id_].role == "participant"
        ]
    if who.has("facilitator"):
        steps += [
            {
                "scope": f"{api}:person:{who.person}:{id_}",
                "url": site.url("workbooks", id_),
                "title": titles[id_],
                "name": "",
            }
            for id_ in for_facilitators(site.course)
        ]
        steps += [
            {
                "scope": f"by:{who.person}:{api}:person:{member.person}:{workbook}",
                "url": site.url("people", member.person, workbook, "enter"),
                "title": titles[workbook],
                "name": member.name,
            }
            for member in by_name(members(site.course, who))
            for workbook in year(site.course)
        ]
    return steps


# -- everybody --------------------------------------------------------------------------------
def home(request: Request) -> dict[str, Any]:
    """Return the home of whoever asks, a part for each of their roles."""
    site, who = request.site, request.identity
    course = site.course
    data: dict[str, Any] = {
        "course": {"id": course.id, "name": course.name, "demo": course.demo},
        "today": course.today().isoformat(),
        "person": who.person if who else None,
        "roles": sorted(who.roles) if who else [],
    }
    if who is None:
        data["choose"] = {
            role: [_choice(choice) for choice in choices(course, role)] for role in DEMO_ROLES
        }
        return data
    if who.has("participant"):
        data["participant"] = participant(site, who.person, request.words)
    if who.has("facilitator"):
        data["facilitator"] = facilitator(site, who, request.words)
    return data


def _choice(person: Person) -> dict[str, str]:
    return {
        "person": person.person,
        "name": person.name,
        "lang": person.lang,
        "school": person.school,
    }


def choices(course: Course, role: str) -> list[Person]:
    """Return the invented people of a role whom a visitor of the demo can be."""
    return by_name(course.with_role(role))


def choose(site: Site, person: object) -> str:
    """Return the person whom the demo's visitor chose; ``""`` forgets the choice."""
    if not site.acting:
        raise HTTPProblem(403, "not_a_demo")
    if person in (None, ""):
        return ""
    if not isinstance(person, str) or person not in site.course.people:
        raise HTTPProblem(404, "unknown_person")
    return person


MODULE_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,31}\Z")


# -- the book ---------------------------------------------------------------------------------
def edition_for(who: Identity | None) -> str:
    """Return the edition of the book that somebody reads."""
    if who is not None and who.has("facilitator", "staff", "operator"):
        return "facilitator"
    return "learner"


def book_manifest(folder: Path) -> dict[str, Any] | None:
    """Return what a built edition says of its pages; None when it is not built."""
    if not (folder / "index.html").is_file():
        return None
    try:
        manifest = json.loads((folder / "book.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {"modules": []}
    return manifest if isinstance(manifest, dict) else {"modules": []}


def book_places(
    book_dir: Path, address: str, lang: str, workbook: str
) -> dict[str, list[tuple[str, str]]]:
    """Return where the book speaks of a workbook: section to titles of modules and addresses.

    Parameters
    ----------
    book_dir : Path
    address : str
        Of the book on this site, with a slash at its end.
    lang : str
    workbook : str
    """
    manifest = book_manifest(book_dir / lang) or book_manifest(book_dir / "en") or {}
    places: dict[str, list[tuple[str, str]]] = {}
    for place in manifest.get("workbooks", ()):
        if isinstance(place, dict) and place.get("workbook") == workbook:
            url = f"{address}{place['lang']}/{place['url']}"
            places.setdefault(place["section"], []).append((place["title"], url))
    return places


def book_modules(book_dir: Path, lang: str) -> list[str]:
    """Return the ids of the book's modules, in its order; both editions have the same."""
    for folder in dict.fromkeys((lang, "en")):
        manifest = book_manifest(book_dir / folder)
        modules = manifest.get("modules") if manifest else None
        if isinstance(modules, list):
            ids = [module.get("id") for module in modules if isinstance(module, dict)]
            return [id_ for id_ in ids if isinstance(id_, str) and MODULE_ID.match(id_)]
    return []
