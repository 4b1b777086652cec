"""Meetings of a group: the list of plans, one plan as a form, on paper, while it runs, its log."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from ustaz.base import clock
from ustaz.base.throttle import Limit
from ustaz.book.groupings import GROUPING_WORDS, GROUPINGS
from ustaz.calendar.entries import CalendarEntry, entries
from ustaz.messages import N_
from ustaz.server.access import planned_meeting, require, writing
from ustaz.server.http import HTTPProblem, Request, Response, number, redirect
from ustaz.server.templates import page
from ustaz.server.views import meetings as views
from ustaz.sessions import store
from ustaz.sessions.plan import (
    KINDS,
    MOST_BLOCKS,
    Block,
    Plan,
    PlanError,
    copied,
    fresh_id,
    from_runbook,
    parsed,
)
from ustaz.sessions.runbooks import Runbook, runbooks
from ustaz.sessions.timetable import clock_of, offers, timetable

__all__ = ["begin", "change", "log", "meetings", "now", "paper", "plan", "save_log"]

KIND_WORDS: Final = {
    "activity": N_("Activity"),
    "break": N_("Break"),
    "buffer": N_("Spare time"),
}
#: Lines of follow-ups that stand empty on the page of the log.
EMPTY_LINES: Final = 3


def changes_of(person: str) -> Limit:
    """Return what the plans that somebody makes are counted for."""
    return Limit(f"sessions:{person}", 60, 5.0)


# -- the list -------------------------------------------------------------------------------------
def meetings(request: Request) -> Response:
    """Show the plans of the own groups beside the calendar's meetings."""
    require(request.who, "facilitator", "staff")
    course, who = request.site.course, request.who
    own = _own_groups(request)
    staff = who.has("staff")
    known = [kept for kept in store.plans(course) if staff or kept.group in own]
    planned = {(kept.plan.event, kept.group) for kept in known if not kept.hidden}
    coming = [
        (entry, group)
        for entry in entries(course, who.person, steps=False)
        if entry.event is not None and entry.kind in ("workshop", "network_event")
        for group in own
        if _concerns(entry, group) and (entry.event.id, group) not in planned
        if entry.day >= course.today()
    ]
    return page(
        request,
        "sessions.html",
        plans=[kept for kept in known if not kept.hidden],
        hidden=[kept for kept in known if kept.hidden],
        coming=coming[:6],
        groups=own,
        runbooks=_meetings_of_the_book(request.lang),
        said=request.query.get("said", ""),
    )


def _own_groups(request: Request) -> tuple[str, ...]:
    who = request.who
    if not who.has("facilitator") or who.status == "withdrawn":
        return ()
    return request.site.course.groups_of(who.person)


def _concerns(entry: CalendarEntry, group: str) -> bool:
    if entry.event is None or (entry.groups and group not in entry.groups):
        return False
    return not entry.event.groups or group in entry.event.groups


def _meetings_of_the_book(lang: str) -> list[Runbook]:
    """Return the runbooks of one meeting each; those of the year first, in its order."""
    known = [runbook for runbook in runbooks(lang) if runbook.is_one_meeting]
    return sorted(known, key=lambda runbook: not runbook.page.startswith("workshop-"))


def begin(request: Request) -> Response:
    """Begin a plan from a runbook, from an earlier one, or empty; open it."""
    writing(request.who)
    course, form, who = request.site.course, request.form, request.who
    own = _own_groups(request)
    group = form.get("group", own[0] if len(own) == 1 else "")
    if group not in own:
        raise HTTPProblem(403, "not_yours")
    request.count(changes_of(who.person))
    coming = len(views.members(course, group))
    more: dict[str, Any] = {"people": max(1, min(coming, 40)), "leads": (who.person,)}
    source = form.get("from", "")
    if source == "empty":
        text = request.words.gettext("Meeting of my group")
        begun = Plan(text, **more)
    elif source.startswith("plan."):
        begun = copied(planned_meeting(course, who, source[5:]).plan, **more)
    else:
        known = {runbook.id: runbook for runbook in _meetings_of_the_book(request.lang)}
        if source not in known:
            raise HTTPProblem(400, "bad_request")
        begun = from_runbook(known[source], **more)
    for entry in entries(course, who.person, steps=False):
        if entry.event is not None and entry.event.id == form.get("event"):
            if not _concerns(entry, group):
                continue
            start = f"{entry.slot.start:%H:%M}" if entry.slot.start else begun.start
            begun = replace(begun, event=entry.event.id, day=entry.day.isoformat(), start=start)
    plan_id = store.create(course, group, begun, by=who.person)
    return redirect(request.site.url("sessions", plan_id))


# -- one plan -------------------------------------------------------------------------------------
def _kept(request: Request, *, write: bool = False) -> store.Kept:
    if write:
        writing(request.who)
    return planned_meeting(request.site.course, request.who, request.params["plan"], write=write)


def plan(request: Request) -> Response:
    """Show a plan as a form; to whoever may only read it, as the page that is printed."""
    kept = _kept(request)
    if kept.group not in _own_groups(request):
        return paper(request)
    return _form(request, kept, kept.plan.to_json())


def _form(
    request: Request,
    kept: store.Kept,
    typed: dict[str, Any],
    *,
    problem: PlanError | None = None,
    conflict: bool = False,
) -> Response:
    try:
        shown = timetable(parsed(typed))
    except PlanError:
        shown = None
    return page(
        request,
        "session_plan.html",
        status=409 if conflict else 422 if problem else 200,
        kept=kept,
        doc=typed,
        times={row.block.id: row for row in shown.rows} if shown else {},
        shown=shown,
        clock_of=clock_of,
        leads=views.leads(request.site.course, kept.group),
        data=views.planner_data(request, kept),
        groupings=GROUPINGS,
        grouping_words=GROUPING_WORDS,
        kinds=KINDS,
        kind_words=KIND_WORDS,
        problem=problem,
        conflict=conflict,
        said=request.query.get("said", ""),
    )


def change(request: Request) -> Response:
    """Save a plan, with what a button adds, moves or takes out."""
    kept = _kept(request, write=True)
    request.count(changes_of(request.who.person))
    course, who, action = request.site.course, request.who, request.form.get("do", "save")
    address = request.site.url("sessions", kept.id)
    name, _, target = action.partition(".")
    if name in ("hide", "show"):
        store.hide(course, kept.id, hidden=name == "hide")
        return redirect(request.site.url("sessions", said=name))
    if name == "restore":
        earlier = store.version(course, kept.id, number(target) or 0)
        if earlier is None:
            raise HTTPProblem(400, "bad_request")
        store.save(course, kept.id, earlier, base=kept.revision, by=who.person)
        return redirect(f"{address}?said=restored")
    if name in ("minutes", "people"):
        return _while_it_runs(request, kept, name, target)
    typed = _typed(request, kept)
    try:
        wanted = _moved(parsed(typed), name, target, request)
    except PlanError as problem:
        return _form(request, kept, typed, problem=problem)
    try:
        store.save(course, kept.id, wanted, base=_base(request), by=who.person)
    except store.ConflictError:
        return _form(request, _kept(request), wanted.to_json(), conflict=True)
    anchor = f"#block-{target}" if name in ("up", "down") else "#more" if name == "add" else ""
    return redirect(f"{address}?said=saved{anchor}")


def _base(request: Request) -> int:
    return number(request.form.get("revision", "")) or 0


def _typed(request: Request, kept: store.Kept) -> dict[str, Any]:
    """Return the document that a form holds, unchecked; what the form has not stays."""
    form, fields = request.form, request.fields
    columns = {
        name: fields.get(f"block_{name}", [])
        for name in (
            "id", "title", "kind", "minutes", "grouping", "talk", "intro", "lead", "text",
            "say", "material", "lock", "shorten", "drop",
        )
    }  # fmt: skip
    count = len(columns["id"])
    if count > MOST_BLOCKS + 1 or any(len(texts) != count for texts in columns.values()):
        raise HTTPProblem(400, "bad_request")
    blocks = [
        {name: columns[name][at] for name in columns} | {"drop": columns["drop"][at] == "yes"}
        for at in range(count)
    ]
    return {
        **kept.plan.to_json(),
        "title": form.get("title", ""),
        "day": form.get("day", ""),
        "start": form.get("start", ""),
        "minutes": form.get("minutes", ""),
        "people": form.get("people", ""),
        "aims": form.get("aims", "").splitlines(),
        "leads": fields.get("leads", []),
        "blocks": blocks,
    }


def _moved(wanted: Plan, name: str, target: str, request: Request) -> Plan:
    blocks = list(wanted.blocks)
    if name == "add":
        kind = target if target in KINDS else "activity"
        title = request.words.gettext(KIND_WORDS[kind])
        block = Block(fresh_id(wanted), title, 10, kind=kind, drop=kind == "buffer")
        if len(blocks) >= MOST_BLOCKS:
            raise PlanError("plan_long")
        return replace(wanted, blocks=(*blocks, block))
    places = {block.id: at for at, block in enumerate(blocks)}
    if name == "save":
        return wanted
    if target not in places:
        raise PlanError("plan_choice")
    at = places[target]
    block = blocks.pop(at)
    if name in ("up", "down"):
        blocks.insert(max(0, at - 1) if name == "up" else at + 1, block)
    elif name != "remove":
        raise PlanError("plan_choice")
    return replace(wanted, blocks=tuple(blocks))


def _while_it_runs(request: Request, kept: store.Kept, name: str, target: str) -> Response:
    """Take an offer, or another number of people, while the meeting runs."""
    document = kept.plan.to_json()
    if name == "people":
        document["people"] = request.form.get("people", "")
    else:
        block_id, _, minutes = target.partition(".")
        for block in document["blocks"]:
            if block["id"] == block_id:
                block["minutes"] = minutes
    try:
        wanted = parsed(document)
        store.save(request.site.course, kept.id, wanted, base=_base(request), by=request.who.person)
    except (PlanError, store.ConflictError):
        return redirect(request.site.url("sessions", kept.id, "now", said="again"))
    block = request.form.get("block", "")
    return redirect(request.site.url("sessions", kept.id, "now", block=block, said="saved"))


# -- on paper, and while it runs ------------------------------------------------------------------
def paper(request: Request) -> Response:
    """Show the plan on one page, and a card a block, for A4."""
    kept = _kept(request)
    return page(
        request,
        "session_paper.html",
        kept=kept,
        shown=timetable(kept.plan),
        clock_of=clock_of,
        grouping_words=GROUPING_WORDS,
        may_write=kept.group in _own_groups(request),
        cards=request.query.get("cards") == "1",
    )


def now(request: Request) -> Response:
    """Show where a meeting is now, when it would end, and what was marked to find time."""
    kept = _kept(request)
    if kept.group not in _own_groups(request):
        raise HTTPProblem(403, "not_yours")
    local = clock.now().astimezone(request.site.course.timezone)
    minute = local.hour * 60 + local.minute
    run = kept.run
    planned = run.applied_to(kept.plan) if run and not run.ended else kept.plan
    shown = timetable(planned)
    ids = [block.id for block in planned.blocks]
    current = request.query.get("block", run.block if run else "")
    first = shown.rows[0].start if shown.rows else 0
    early = first if current not in ids and minute < first else 0
    if current not in ids:
        ahead = (row.block.id for row in shown.rows if minute < row.end)
        current = next(ahead, ids[-1] if ids else "")
    end, ways = offers(planned, current, minute) if current else (minute, ())
    return page(
        request,
        "session_now.html",
        kept=kept,
        shown=shown,
        minute=minute,
        early=early,
        current=current,
        end=end,
        late=end - timetable(kept.plan).end,
        ways=ways,
        data=views.timer_data(request, kept),
        people=planned.people,
        clock_of=clock_of,
        grouping_words=GROUPING_WORDS,
        said=request.query.get("said", ""),
    )


# -- the log --------------------------------------------------------------------------------------
def log(request: Request) -> Response:
    """Show the log as a form that begins from the plan."""
    kept = _kept(request)
    document = kept.plan.to_json()
    return _log_form(request, kept, document["log"])


def _log_form(
    request: Request,
    kept: store.Kept,
    typed: dict[str, Any] | None,
    *,
    problem: PlanError | None = None,
    conflict: bool = False,
) -> Response:
    course = request.site.course
    members = views.asked(course, kept)
    begun = views.begun_log(kept, members)
    lines = views.follow_up_lines(kept, (typed or begun)["follow_ups"])
    empty = {"who": "", "what": "", "by": "", "done": False, "word": None}
    return page(
        request,
        "session_log.html",
        status=409 if conflict else 422 if problem else 200,
        kept=kept,
        doc=typed or begun,
        begun=typed is not None,
        lines=[*lines, *[empty] * max(1, EMPTY_LINES - len(lines))],
        members=members,
        people=[*views.leads(course, kept.group), *members],
        data=views.log_data(request, kept),
        ran=kept.run is not None and bool(kept.run.ended),
        may_write=kept.group in _own_groups(request),
        problem=problem,
        conflict=conflict,
        said=request.query.get("said", ""),
    )


def save_log(request: Request) -> Response:
    """Save the log beside the plan."""
    kept = _kept(request, write=True)
    request.count(changes_of(request.who.person))
    fields, form = request.fields, request.form
    if form.get("do", "").startswith("done."):
        return _settled(request, kept, form["do"][5:])
    columns = [fields.get(name, []) for name in ("who", "what", "by", "done")]
    taken = zip(fields.get("log_id", []), fields.get("log_minutes", []), strict=False)
    written = {
        "minutes": dict(taken),
        "present": fields.get("present", []),
        "worked": form.get("worked", ""),
        "change": form.get("change", ""),
        "left_open": form.get("left_open", ""),
        "follow_ups": [
            {"who": who, "what": what, "by": by, "done": done == "yes"}
            for who, what, by, done in zip(*columns, strict=False)
        ],
        "energy": form.get("energy", "0"),
    }
    typed = views.log_of(request.site.course, kept, written)
    try:
        wanted = parsed({**kept.plan.to_json(), "log": typed})
    except PlanError as problem:
        return _log_form(request, kept, typed, problem=problem)
    try:
        base = _base(request)
        store.save(request.site.course, kept.id, wanted, base=base, by=request.who.person)
    except store.ConflictError:
        return _log_form(request, _kept(request), typed, conflict=True)
    return redirect(request.site.url("sessions", kept.id, "log", said="saved"))


def _settled(request: Request, kept: store.Kept, place: str) -> Response:
    """Mark a follow-up as done, from home; unless the log was written anew meanwhile."""
    log = kept.plan.log
    lines = list(log.follow_ups) if log else []
    at = number(place)
    if log is None or at is None or at >= len(lines) or _base(request) != kept.revision:
        return redirect(request.site.url("sessions", kept.id, "log", said="again"))
    lines[at] = replace(lines[at], done=True)
    wanted = replace(kept.plan, log=replace(log, follow_ups=tuple(lines)))
    try:
        base, who = kept.revision, request.who.person
        store.save(request.site.course, kept.id, wanted, base=base, by=who)
    except store.ConflictError:
        return redirect(request.site.url("sessions", kept.id, "log", said="again"))
    return redirect(f"{request.site.base}#follow-ups")
