"""Messages: the list, one thread, a new one, and drafts that save themselves."""

from __future__ import annotations

import datetime as dt
from typing import Final

from ustaz.base.throttle import Limit
from ustaz.server.access import writing
from ustaz.server.host.limits import saves_of
from ustaz.server.http import HTTPProblem, Request, Response, json_response, redirect
from ustaz.server.pages.participant import inside
from ustaz.server.templates import page, page_or_file
from ustaz.server.views import messages as views
from ustaz.server.views import remarks
from ustaz.threads import Standing, Thread, ThreadError, drafts, standing, way_to
from ustaz.threads.access import Way
from ustaz.threads.model import MESSAGE_ID, MOST, checked, checked_title

#: Days that an announcement stands where nobody says otherwise, and at most.
USUAL_DAYS: Final = 14
MOST_DAYS: Final = 366


def sent_by(person: str) -> Limit:
    """Return what the messages of a person are counted for: 30 at once, then one a minute."""
    return Limit(f"threads:{person}", 30, 60.0)


def listing(request: Request) -> Response:
    """Show everything that whoever asks may read, unread first."""
    site, who = request.site, request.who
    kept = drafts.read(site.course.dir, who.person)
    rows = views.entries(site, who, request.words)
    return page(
        request,
        "messages.html",
        rows=[row for row in rows if row.thread.anchor is None],
        remarks=any(row.thread.anchor is not None for row in rows),
        drafts=[
            *((row.url, row.name) for row in rows if row.thread.id in kept),
            *remarks.begun(site, kept, request.words),
        ],
        draft_of_new=kept.get("new"),
        recipients=_recipients(request),
    )


def _recipients(request: Request) -> list[tuple[str, str]]:
    if request.who.status == "withdrawn":
        return []
    return views.recipients(request.site, request.who, request.words)


# -- a new one ------------------------------------------------------------------------------------
def new(request: Request) -> Response:
    """Show the form for a new message, with what was begun before."""
    writing(request.who)
    kept = drafts.read(request.site.course.dir, request.who.person).get("new")
    to = request.query.get("to", "") or (kept.to if kept else "")
    return _new(request, kept.text if kept else "", to)


def _new(request: Request, text: str, to: str, problem: ThreadError | None = None) -> Response:
    today = request.site.course.today()
    return page(
        request,
        "message_new.html",
        status=422 if problem else 200,
        recipients=_recipients(request),
        to=to,
        text=text,
        title=request.form.get("title", ""),
        until=request.form.get("until", "") or (today + dt.timedelta(USUAL_DAYS)).isoformat(),
        problem=problem,
        batch=views.token(),
        most=MOST,
        announces=request.who.has("staff"),
    )


def begin(request: Request) -> Response:
    """Send a new message, or keep it as a draft."""
    writing(request.who)
    site, who, form = request.site, request.who, request.form
    text, to = form.get("text", ""), form.get("to", "")
    if form.get("do") == "draft":
        keep_draft(request, "new", text, to)
        return redirect(site.url("messages"))
    request.count(sent_by(who.person))
    try:
        way = way_to(site.course, who, to)
        if way is None:
            raise ThreadError("message_nobody")
        message = new_message(request, text)
        id = _begin(request, way, message)
    except ThreadError as problem:
        return _new(request, text, to, problem)
    drafts.keep(site.course.dir, who.person, "new", "")
    return redirect(site.url("messages", id) + f"#m-{message['id']}")


def new_message(request: Request, text: str) -> dict[str, str]:
    """Return a message as the store keeps it, under the id that its form brought."""
    batch = request.form.get("batch", "")
    if not MESSAGE_ID.match(batch):
        raise HTTPProblem(400, "bad_request")
    return {"id": batch, "by": request.who.person, "text": checked(text)}


def _begin(request: Request, way: Way, message: dict[str, str]) -> str:
    line: dict[str, object] = {"kind": way.kind, "by": request.who.person}
    if way.kind == "announcement":
        line |= {"target": way.target, "scope": way.scope}
        line |= {"title": checked_title(request.form.get("title", "")), "until": _until(request)}
    else:
        line |= {"people": list(way.people), "target": way.target}
    return views.threads(request.site).begin(
        line, message, only=lambda thread: _continues(thread, way)
    )


def _continues(thread: Thread, way: Way) -> bool:
    """Tell whether a message goes into a thread that is there: one for two people, one a group."""
    if thread.kind != way.kind or thread.handed_on:
        return False
    if way.kind == "group":
        return thread.target == way.target
    return way.kind in ("two", "staff", "help") and thread.people == way.people


def _until(request: Request) -> str:
    today = request.site.course.today()
    try:
        day = dt.date.fromisoformat(request.form.get("until", ""))
    except ValueError:
        raise ThreadError("message_day") from None
    if not today <= day <= today + dt.timedelta(MOST_DAYS):
        raise ThreadError("message_day")
    return day.isoformat()


# -- one thread -----------------------------------------------------------------------------------
def _readable(request: Request) -> tuple[Thread, Standing]:
    thread = views.threads(request.site).get(request.params["thread"])
    rights = standing(request.site.course, request.who, thread) if thread else None
    if thread is None or rights is None:
        raise HTTPProblem(403, "not_yours")  # the same for one that is not there
    return thread, rights


def thread(request: Request) -> Response:
    """Show a thread, and note that it was opened."""
    about, rights = _readable(request)
    response = _thread(request, about, rights)
    views.threads(request.site).read(about.id, request.who.person)
    return response


def _thread(
    request: Request,
    about: Thread,
    rights: Standing,
    *,
    text: str | None = None,
    problem: ThreadError | None = None,
) -> Response:
    site, who = request.site, request.who
    kept = drafts.read(site.course.dir, who.person).get(about.id)
    name = views.title(site, who, about, request.words)
    return page_or_file(
        request,
        "thread.html",
        f"messages-{about.id}",
        **({"status": 422} if problem else {}),
        thread=about,
        name=name,
        days=views.days(site, who, about, rights, request.words),
        may=rights,
        text=text if text is not None else (kept.text if kept else ""),
        problem=problem,
        batch=views.token(),
        most=MOST,
        current=about.kind != "announcement" or views.is_current(site, about),
        remark=remarks.of_thread(site, who, about, request.words),
        back=request.form.get("back", ""),
    )


def act(request: Request) -> Response:
    """Answer, take back, hand on, put away or end: what the form of a thread says."""
    about, rights = _readable(request)
    site, who, form = request.site, request.who, request.form
    store, do = views.threads(site), form.get("do", "")
    here = site.url("messages", about.id)
    if do == "dismiss" and about.kind == "announcement":
        if who.person not in about.dismissed:
            store.mark(about.id, "dismiss", who.person)
        return redirect(site.base)
    writing(who)
    if do == "draft":
        keep_draft(request, about.id, form.get("text", ""))
        return redirect(site.url("messages"))
    request.count(sent_by(who.person))
    try:
        _do(request, do, about, rights)
    except ThreadError as problem:
        return _thread(request, about, rights, text=form.get("text", ""), problem=problem)
    if do in ("say", "hand_on") or (do == "settle" and form.get("text", "").strip()):
        drafts.keep(site.course.dir, who.person, about.id, "")
        return redirect(f"{_back(request, here)}#m-{form['batch']}")
    return redirect(_back(request, here) + (f"#r-{about.id}" if about.anchor else ""))


def _back(request: Request, here: str) -> str:
    """Return where somebody answered: the page of a thread, or one on which a remark stands."""
    back = request.form.get("back", "")
    return inside(request, back) if back else here


def _do(request: Request, do: str, about: Thread, rights: Standing) -> None:
    store, who, form = views.threads(request.site), request.who, request.form
    if do == "say":
        if not rights.answers:
            raise ThreadError("message_closed")
        store.say(about.id, new_message(request, form.get("text", "")))
    elif do in ("settle", "reopen") and about.anchor is not None and rights.answers:
        if form.get("text", "").strip():
            store.say(about.id, new_message(request, form["text"]))
        store.mark(about.id, do, who.person)
    elif do == "hand_on" and rights.hands_on:
        message = new_message(request, form.get("text", ""))
        line = {"do": "hand_on", "by": who.person, "from": len(about.messages)}
        store.say(about.id, message, line)
    elif do == "back":
        store.take_back(about.id, form.get("message", ""), who.person)
    elif do == "end" and about.kind == "announcement" and who.has("staff"):
        store.mark(about.id, "end", who.person)
    else:
        raise HTTPProblem(403, "not_yours")


# -- drafts ---------------------------------------------------------------------------------------
def keep_draft(request: Request, key: str, text: str, to: str = "", batch: str = "") -> None:
    """Keep what somebody has begun and not sent; refuse what is too long to be kept."""

    def is_sent() -> bool:
        return bool(batch) and views.is_sent(request.site, key, batch)

    directory, person = request.site.course.dir, request.who.person
    if not drafts.keep(directory, person, key, text, to, is_sent=is_sent):
        raise HTTPProblem(413, "too_large")


def draft(request: Request) -> Response:
    """Keep what is being typed; the page's script calls it."""
    writing(request.who)
    request.count(saves_of(request.who.person))
    form = request.form
    # Of a form that is being sent the last draft may arrive after its message, or while it is kept.
    keep_draft(
        request,
        form.get("key", ""),
        form.get("text", ""),
        form.get("to", ""),
        form.get("batch", ""),
    )
    return json_response({"kept": True})
