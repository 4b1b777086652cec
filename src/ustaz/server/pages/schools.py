"""The page of a school: what a director is asked, the agreement, meetings, check-ins."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from ustaz.base.errors import KnownError
from ustaz.base.throttle import Limit
from ustaz.roster import by_name
from ustaz.roster.former import name_of
from ustaz.schools import AgreementError, AskError, CheckInError, Terms, agreements, asks, check_ins
from ustaz.schools.agreements import SIDES, Agreement
from ustaz.server.access import may_confirm, reads_only, schools_of, side_in_school, writing
from ustaz.server.http import HTTPProblem, Request, Response, number, redirect
from ustaz.server.templates import page, page_or_file
from ustaz.server.views import confirmations, director
from ustaz.server.views import schools as views

WRITERS: Final = ("director", "facilitator")


def _school(request: Request) -> tuple[str, str]:
    """Return the school that is meant, and how the visitor stands to it."""
    course, who = request.site.course, request.who
    school = request.form.get("school") or request.query.get("school", "")
    if not school:
        own = course.people.get(who.person)
        mine = own.school if own and who.has("director", "participant") else ""
        school = mine or next(iter(schools_of(course, who)), "")
    return school, side_in_school(course, who, school)


def _changes(request: Request) -> None:
    writing(request.who)
    request.count(Limit(f"schools:{request.who.person}", 40, 15.0))


# -- the page ----------------------------------------------------------------------------------
def school(request: Request) -> Response:
    """Show a school to its director or facilitators; to staff without what the two sides wrote."""
    own = request.who.has(*WRITERS, "staff")
    if own and "school" not in request.query and not schools_of(request.site.course, request.who):
        return redirect(request.site.url("surveys"))  # which says that no school is named
    return _page(request)


def _page(request: Request, problem: KnownError | None = None) -> Response:
    name, side = _school(request)
    if side == "teacher":
        return redirect(request.site.url("school", "agreement"))
    course, words = request.site.course, request.words
    talks = check_ins.read(course, name)
    return page(
        request,
        "school.html",
        status=422 if problem else 200,
        school=name,
        side=side,
        schools=schools_of(course, request.who),
        asked=views.asked(request.site, request.who, words) if side == "director" else [],
        kinds=views.KINDS,
        shown_to_me=director.shown(request.site, request.who, words) if side == "director" else [],
        agreement=agreements.current(course, name),
        meetings=views.meetings(course, name, words),
        talks=[(talk, name_of(course.people, talk.by, words.plain)) for talk in talks],
        a_year=check_ins.A_YEAR,
        most=check_ins.MOST_TEXT,
        most_reply=asks.MOST_TEXT,
        problem=problem.translated(words.plain) if problem else None,
        form=request.form if problem else {},
        today=course.today(),
        writes=not reads_only(course, request.who),
    )


def act(request: Request) -> Response:
    """Answer what is asked, or record a check-in."""
    _changes(request)
    name, side = _school(request)
    if side not in WRITERS:
        raise HTTPProblem(403, "not_yours")
    course, form, by = request.site.course, request.form, request.who.person
    action = form.get("do", "")
    try:
        if action in asks.ANSWERS:
            _answer(request, side, action)
            return redirect(_address(request, name) + "#asked")
        if action == "check_in":
            text, day = form.get("text", ""), form.get("day", "")
            check_ins.add(course, name, day, text, by=by, side=side)
        elif action == "strike":
            check_ins.strike(course, name, form.get("id", ""), by=by)
        else:
            raise HTTPProblem(400, "bad_request")
    except (AskError, CheckInError) as problem:
        return _page(request, problem)
    return redirect(_address(request, name) + "#check-ins")


def _answer(request: Request, side: str, answer: str) -> None:
    """Answer what is asked; a plan that is agreed to is confirmed in the plan as well."""
    site, who = request.site, request.who
    if side != "director":
        raise HTTPProblem(403, "not_yours")
    wanted = request.form.get("id", "")
    ask = next((v.ask for v in views.asked(site, who, request.words) if v.ask.id == wanted), None)
    if ask is None:
        raise AskError("ask_gone")
    asks.answer(site.course, ask, answer, request.form.get("text", ""), by=who.person)
    plan = views.plan_of(site.course) if ask.kind == "plan" else None
    if plan and may_confirm(site.course, who, ask.owner, "school_link"):
        confirmations.record(
            site.confirmations,
            site.course,
            who,
            about=ask.owner,
            workbook=plan[0],
            field=plan[1],
            value=answer == asks.AGREED,
        )


def _address(request: Request, school: str, *more: str) -> str:
    return request.site.url("school", *more, school=school)


# -- the agreement -----------------------------------------------------------------------------
def agreement(request: Request) -> Response:
    """Show the agreement: to write and confirm, or to read; it can be printed and kept."""
    return _agreement(request)


def _agreement(request: Request, problem: AgreementError | None = None) -> Response:
    name, side = _school(request)
    course, words = request.site.course, request.words
    known = agreements.current(course, name)
    may_write = side in WRITERS
    writes = may_write and (problem is not None or "write" in request.query or known is None)
    names = {
        word.by: name_of(course.people, word.by, words.plain)
        for year in agreements.history(course, name)
        for word in [*year.words.values(), *([year.ended] if year.ended else [])]
    }
    show = page if problem or writes else _page_or_file
    return show(
        request,
        "school_agreement.html",
        **({"status": 422} if problem else {}),
        school=name,
        side=side,
        known=known,
        earlier=agreements.history(course, name)[1:],
        names=names,
        may_write=may_write,
        writes=writes,
        may_confirm=_open_sides(request, known, side),
        terms=known.terms if known else _beginning(request, name),
        form=request.form if problem else {},
        ticked=request.fields.get("keeps", []) if problem else None,
        commitments=agreements.COMMITMENTS,
        pledge=agreements.PLEDGE,
        times=agreements.TIMES,
        bounds=agreements.BOUNDS,
        weekdays=list(agreements.WEEKDAYS),
        most_reason=agreements.MOST_REASON,
        problem=problem.translated(words.plain) if problem else None,
        keep_address=f"{_address(request, name, 'agreement')}&file=1",
    )


def _page_or_file(request: Request, template: str, **names: object) -> Response:
    return page_or_file(request, template, "school-agreement", **names)


def _beginning(request: Request, school: str) -> Terms:
    """Return terms to begin with: who facilitates the school's teachers, and how many there are."""
    course = request.site.course
    teachers = [person for person in course.taking_part() if person.school == school]
    groups = {group for person in teachers for group in person.groups}
    leaders = by_name(
        person for person in course.taking_part("facilitator") if groups.intersection(person.groups)
    )
    low, high = agreements.TEACHERS
    facilitators = ", ".join(person.name for person in leaders)[: agreements.BOUNDS["facilitators"]]
    return Terms(facilitators=facilitators, teachers=min(max(len(teachers), low), high))


def _open_sides(request: Request, known: Agreement | None, side: str) -> list[str]:
    """Return for which sides the visitor may give a word now.

    A director gives the own one, and as a second director of the school that of the school leader
    link; where the link has no account, facilitators write the word down.
    """
    if known is None or known.ended is not None or request.who.status == "withdrawn":
        return []
    missing = [name for name in known.sides if name not in known.words]
    if side == "director":
        own = {word.by for word in known.words.values() if word.own}
        return missing if request.who.person not in own else []
    return [name for name in missing if name == "link"] if side == "facilitator" else []


def change(request: Request) -> Response:
    """Write, confirm, take back or end an agreement."""
    _changes(request)
    name, side = _school(request)
    action = ACTIONS.get(request.form.get("do", ""))
    if side not in WRITERS:
        raise HTTPProblem(403, "not_yours")
    if action is None:
        raise HTTPProblem(400, "bad_request")
    try:
        action(request, name, side)
    except AgreementError as problem:
        return _agreement(request, problem)
    return redirect(_address(request, name, "agreement"))


def _write(request: Request, name: str, _side: str) -> None:
    terms = agreements.parsed(request.form, request.fields.get("keeps", []))
    base = number(request.form.get("revision", "")) or 0
    agreements.write(request.site.course, name, terms, base=base, by=request.who.person)


def _known(request: Request, name: str) -> Agreement:
    known = agreements.current(request.site.course, name)
    if known is None:
        raise HTTPProblem(404, "no_page")
    return known


def _confirm(request: Request, name: str, side: str) -> None:
    known, wanted = _known(request, name), request.form.get("side", "")
    if request.form.get("pledge") != "yes":
        raise AgreementError("agreement_pledge")
    if wanted not in _open_sides(request, known, side):
        raise AgreementError("agreement_same" if wanted in SIDES else "agreement_changed")
    revision = number(request.form.get("revision", "")) or 0
    own = side == "director"
    agreements.confirm(request.site.course, known, wanted, revision, by=request.who.person, own=own)


def _take_back(request: Request, name: str, side: str) -> None:
    known, wanted = _known(request, name), request.form.get("side", "")
    word = known.words.get(wanted)
    if word is None or (side != "director" and word.own):
        raise HTTPProblem(403, "not_yours")
    agreements.take_back(request.site.course, known, wanted, by=request.who.person)


def _end(request: Request, name: str, _side: str) -> None:
    known = _known(request, name)
    agreements.end(request.site.course, known, request.form.get("text", ""), by=request.who.person)


ACTIONS: Final[dict[str, Callable[[Request, str, str], None]]] = {
    "write": _write,
    "confirm": _confirm,
    "take_back": _take_back,
    "end": _end,
}
