"""Show something to others and stop it again: the panel of a workbook, and "What I show"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from markupsafe import Markup

from ustaz import gallery
from ustaz.base.throttle import Limit
from ustaz.server.access import shown_share, writing
from ustaz.server.http import HTTPProblem, Request, Response, redirect
from ustaz.server.site import API
from ustaz.server.templates import data_block, page
from ustaz.server.views import posters, shared, shared_portfolio, stories
from ustaz.server.views.records import Record, record
from ustaz.shares import Share, ShareError, end, is_live, live, read, show
from ustaz.shares.record import RESEARCH
from ustaz.workbook.model import Shareable

ENDED_SHOWN: Final = 30


def changes_of(person: str) -> Limit:
    """Return what the shares that somebody makes are counted for."""
    return Limit(f"shares:{person}", 40, 15.0)


# -- the panel of a workbook ----------------------------------------------------------------------
def panel(request: Request) -> Response:
    """Show what of a workbook is shown to whom, and offer to show something."""
    return _panel(request, _own(request))


def _own(request: Request) -> Record:
    own = record(request.site, request.who.person, request.params["workbook"])
    if not own.definition.shares:
        raise HTTPProblem(404, "nothing_to_show")
    return own


def _panel(
    request: Request, own: Record, *, problem: ShareError | None = None, address: str = ""
) -> Response:
    course, words = request.site.course, request.words
    shares = [share for share in live(course, own.person) if share.workbook == own.workbook]
    return page(
        request,
        "share.html",
        status=422 if problem else 200,
        one=own,
        title=words.plain(own.definition.title),
        lines=[_line(request, share) for share in shares],
        offers=list(shared.offers(course, own.person, own.definition, words)),
        terms=shared.TERMS,
        to=shared.TO,
        poster=request.site.url("workbooks", own.workbook, "poster")
        if posters.section_of(own)
        else "",
        groups=_has(request),
        problem=problem,
        said=request.query.get("said", ""),
        address=address,
    )


def _has(request: Request) -> dict[str, bool]:
    """Return which readers there are for whoever asks."""
    person = request.site.course.person(request.who.person)
    return {"group": bool(person.group), "school_link": bool(person.school)}


def _line(request: Request, share: Share) -> shared.SharedLine:
    course = request.site.course
    content = gallery.content_digest(course, share) if share.to == "public" else ""
    return shared.line(course, share, request.words, content)


def look(request: Request) -> Response:
    """Show exactly what others would read, before it is shown to them."""
    writing(request.who)
    own = _own(request)
    return _look(request, own)


def _look(request: Request, own: Record, *, unread: bool = False) -> Response:
    query = request.form if request.method == "POST" else request.query
    entry, row, to, term = _chosen(own, query)
    course, words = request.site.course, request.words
    share = _draft(own, entry, row, to)
    _, shown = shared.shown_answers(course, share)
    until = shared.last_day(course.today(), term)
    return page(
        request,
        "share_look.html",
        status=422 if unread else 200,
        one=own,
        title=words.plain(own.definition.title),
        part=shared.names(course, share, words)[1],
        answers=_body(request, share, top=3),
        portfolio=shared_portfolio.is_portfolio(course, share),
        to=to,
        recipient=shared.recipient(share, words),
        term=term,
        until=until,
        what=entry.id,
        row=row,
        unread=unread,
        note=query.get("note", ""),
        data=data_block(_guarded(request, own, share, shown["answers"])),
    )


def _body(request: Request, share: Share, *, top: int) -> Markup:
    """Return what a share shows, for somebody who is signed in."""
    course = request.site.course
    if not shared_portfolio.is_portfolio(course, share):
        return shared.rendering(course, share, request.words)
    model = shared_portfolio.assembled(course, share, request.lang)
    place = (*API.split("/"), "people", share.owner, "files")

    def address(sha256: str, **query: str) -> str:
        return request.site.url(*place, sha256, **query)

    return shared_portfolio.html(course, model, share, address, top)


def _guarded(
    request: Request, own: Record, share: Share, answers: dict[str, object]
) -> dict[str, object]:
    """Return what the guard of the page looks through, and where it writes a mask."""
    lent = shared.lent_texts(own.course, share, request.words)
    if shared_portfolio.is_portfolio(own.course, share):
        lent = list(
            shared_portfolio.texts(shared_portfolio.assembled(own.course, share, request.lang))
        )
    return {
        "api": f"{request.site.base}api/v1",
        "workbook": own.workbook,
        "revision": own.document.revision,
        "reader": request.who.person,
        "lang": request.lang,
        "answers": answers,
        "labels": shared.labels(own.definition, request.words),
        "lent": [
            {"title": title, "url": request.site.url("workbooks", workbook), "text": text}
            for workbook, title, text in lent
        ],
    }


def _chosen(own: Record, form: Mapping[str, str]) -> tuple[Shareable, str, str, str]:
    """Return what is to be shown, which row, to whom and for how long; refuse what is not there."""
    entry = shared.shareable(own.definition, form.get("what", ""))
    row, to, term = form.get("row", ""), form.get("to", ""), form.get("term", "30")
    if entry is None or to not in entry.to or term not in shared.TERMS:
        raise HTTPProblem(404, "share_unknown")
    table = entry.name.partition(".")[0] if entry.scope in ("row", "cell") else ""
    known = {str(line["id"]) for line in own.document.answers.get(table) or ()} if table else {""}
    if (row if table else "") not in known:
        raise HTTPProblem(404, "share_unknown")
    return entry, row if table else "", to, term


def _draft(own: Record, entry: Shareable, row: str, to: str) -> Share:
    """Return a share as it would be, without writing it down."""
    course = own.course
    person = course.person(own.person)
    return Share(
        owner=own.person,
        id="",
        to=to,
        target={"group": person.group, "school_link": person.school}.get(to, ""),
        workbook=own.workbook,
        what=f"{entry.id}#{row}" if row else entry.id,
        places=frozenset(shared_portfolio.places(course, own.person, own.definition, entry, row)),
        at="",
        start=course.today(),
        until=None,
    )


def act(request: Request) -> Response:
    """Show something, after its writer has read it once more, or stop it."""
    writing(request.who)
    own = _own(request)
    if request.form.get("do") == "end":
        _end(request)
        return redirect(request.site.url("workbooks", own.workbook, "share", said="ended"))
    if request.form.get("do") != "show":
        raise HTTPProblem(400, "bad_request")
    entry, row, to, term = _chosen(own, request.form)
    if request.form.get("read") != "yes":
        return _look(request, own, unread=True)
    request.count(changes_of(own.person))
    draft = _draft(own, entry, row, to)
    try:
        share, secret = show(
            request.site.course,
            own.person,
            to,
            workbook=own.workbook,
            what=draft.what,
            places=draft.places,
            until=shared.last_day(request.site.course.today(), term),
            note=request.form.get("note", ""),
        )
    except ShareError as problem:
        return _panel(request, own, problem=problem)
    if secret:
        address = request.origin + request.site.url("shared", secret)
        return _panel(request, own, address=address)
    return redirect(
        request.site.url("workbooks", own.workbook, "share", said="shown") + f"#share-{share.id}"
    )


# -- what I show ----------------------------------------------------------------------------------
def mine(request: Request) -> Response:
    """Show everything that whoever asks shows to others, with a button to stop each."""
    course, person = request.site.course, request.who.person
    shares = live(course, person)
    ended = [
        share
        for share in read(course, person)
        if not is_live(course, share) and share.to != RESEARCH
    ]
    return page(
        request,
        "shares.html",
        lines=[_line(request, share) for share in reversed(shares) if share.to != RESEARCH],
        ended=[_line(request, share) for share in reversed(ended)][:ENDED_SHOWN],
        research=next((share for share in shares if share.to == RESEARCH), None),
        entries=shared.open_entries(course, person, request.words),
        places=[
            (request.site.url("workbooks", workbook, "share"), words)
            for workbook, words in shared.shareable_workbooks(course, request.words)
        ],
        said=request.query.get("said", ""),
        participant=request.who.has("participant"),
        may_write=request.who.status != "withdrawn",
    )


def change(request: Request) -> Response:
    """Stop one thing, or give and take back the consent to research."""
    course, person, do = request.site.course, request.who.person, request.form.get("do", "")
    if do == "end":  # also for somebody who has left: stopping is never refused
        _end(request)
        return redirect(request.site.url("shares", said="ended"))
    writing(request.who)
    if do != RESEARCH or not request.who.has("participant"):
        raise HTTPProblem(400, "bad_request")
    request.count(changes_of(person))
    show(course, person, RESEARCH)
    return redirect(request.site.url("shares", said="shown") + "#research")


def _end(request: Request) -> None:
    """Stop what a form names; from the gallery it goes at once where the gallery is ours."""
    course = request.site.course
    if end(course, request.who.person, request.form.get("id", "")):
        gallery.refresh(course)


# -- as the readers see it ------------------------------------------------------------------------
def shown(request: Request) -> Response:
    """Show what somebody shows to whoever asks, and nothing else of theirs."""
    course, words = request.site.course, request.words
    share = shown_share(course, request.who, request.params["person"], request.params["share"])
    if share.workbook not in course.library.ids:
        raise HTTPProblem(404, "not_shown")
    title, part = shared.names(course, share, words)
    return page(
        request,
        "shown.html",
        share=share,
        title=title,
        part=part,
        about=course.person(share.owner),
        own=share.owner == request.who.person,
        answers=_body(request, share, top=3),
        portfolio=shared_portfolio.is_portfolio(course, share),
        poster=posters.shown_poster(request.site, share),
        story=stories.shown_story(request.site, share, words),
        line=_line(request, share),
    )
