"""The JSON calls of people working on their own workbooks, and reading others'."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ustaz.answers import Batch, HistoryEntry, Saved, Subject
from ustaz.exchange import read_round, submit
from ustaz.roster.former import name_of
from ustaz.server.access import audience, writing
from ustaz.server.http import HTTPProblem, Request, Response, json_response, tagged
from ustaz.server.i18n import zoned
from ustaz.server.pages import reviewer
from ustaz.server.views import confirmations, promises, reviews, transcribing
from ustaz.server.views.records import Record, entering_record, find_round, record
from ustaz.server.views.serialize import page_data, public


def _record(
    request: Request,
    *,
    own: bool = False,
    typing: bool = False,
    write: bool = False,
    rounds: bool = False,
) -> Record:
    """Return the workbook that an address names, for its owner or for ``?person=``.

    `own` keeps everybody but the owner out; `typing` lets the one in who types in for them;
    `write` keeps out whoever has withdrawn; with `rounds` it is about what was submitted.

    ``?by=`` says who is writing, as the page believes. On a shared computer somebody else may
    have signed in since: their name must not get under another's words.
    """
    who = request.who
    person = request.query.get("person", who.person)
    by = request.query.get("by")
    if by is not None and by != who.person:
        raise HTTPProblem(403, "other_account")
    if write:
        writing(who)
    if by is not None and person != who.person and (typing or not own):
        one = entering_record(request.site, who, person, request.params["workbook"])
    else:
        if rounds:
            person, seen_as = reviewer.seen(request, person)
        else:
            seen_as = audience(request.site.course, who, person)
        if own and seen_as != "self":
            raise HTTPProblem(403, "read_only")
        one = record(request.site, person, request.params["workbook"], seen_as)
    one.say = request.words.plain
    return one


# -- a workbook -----------------------------------------------------------------------------------
def workbook(request: Request) -> Response:
    """Return everything that a component needs to show a workbook."""
    one = _record(request)
    own = one.audience == "self" and request.who.status != "withdrawn"
    mode = "edit" if own or one.writer else "read"
    data = page_data(request, one, mode)
    return tagged(request, json_response(data))


def answers(request: Request) -> Response:
    """Return the document alone."""
    one = _record(request)
    return tagged(request, json_response(public(one, one.document, one.definition)))


def save(request: Request) -> Response:
    """Apply a batch of changes; the answer is the acknowledgement."""
    wait = request.site.limiter.wait(request.who.person)
    if wait:
        raise HTTPProblem(429, "too_many", seconds=wait)
    one = _record(request, own=True, typing=True, write=True)
    course, batch = request.site.course, Batch.from_json(request.json())
    if not one.writer:
        saved = course.store.save(
            Subject.person(one.person),
            one.workbook,
            transcribing.own(batch),
            who=request.who.person,
        )
        return json_response(_saved(one, saved))
    saved, document = transcribing.save(
        course, request.site.entered, request.who, one.definition, one.person, batch
    )
    # Always with the document: it shows what is marked now.
    return json_response(_saved(one, replace(saved, document=document)))


def confirm_entered(request: Request) -> Response:
    """Record that the owner has read what was typed in for them, and that it is as they wrote."""
    one = _record(request, own=True, write=True)
    count = transcribing.confirm(
        request.site.entered, request.who, one.definition, one.document, request.json().get("seen")
    )
    return json_response(
        {"confirmed": count, "document": public(one, one.document, one.definition)}
    )


def _saved(one: Record, saved: Saved) -> dict[str, Any]:
    zone = one.course.timezone
    data: dict[str, Any] = saved.to_json()
    data["saved_at"] = zoned(data["saved_at"], zone)
    data["conflicts"] = [
        # When a row went is not known any more where the journal does not reach back so far.
        {**each, "theirs_at": each["theirs_at"] and zoned(each["theirs_at"], zone)}
        for each in data["conflicts"]
    ]
    if saved.document is not None:
        data["document"] = public(one, saved.document, one.definition)
    return data


def history(request: Request) -> Response:
    """List the earlier versions, newest first: when, by whom, which questions."""
    one = _record(request, own=True)
    entries = request.site.course.store.history(Subject.person(one.person), one.workbook)
    people = request.site.course.people

    def told(entry: HistoryEntry) -> dict[str, Any]:
        who = name_of(people, entry.who, request.words.plain)
        at = zoned(entry.at, request.site.course.timezone)
        return {**entry.to_json(), "at": at, "who_name": who}

    return json_response({"history": [told(entry) for entry in reversed(entries)]})


def version(request: Request) -> Response:
    """Return the answers of an earlier version."""
    one = _record(request, own=True)
    revision = int(request.params["revision"])
    found = request.site.course.store.at(Subject.person(one.person), one.workbook, revision)
    return json_response({"revision": revision, "answers": found})


def restore(request: Request) -> Response:
    """Make an earlier version the present one, or take back one revision: as a new revision."""
    one = _record(request, own=True, write=True)
    body, store = request.json(), request.site.course.store
    revision, undo = body.get("revision"), body.get("undo", False)
    if type(revision) is not int or revision < 0 or not isinstance(undo, bool):
        raise HTTPProblem(400, "bad_request")
    bring = store.take_back if undo else store.restore
    saved = bring(Subject.person(one.person), one.workbook, revision, who=request.who.person)
    return json_response(_saved(one, saved))


# -- rounds ---------------------------------------------------------------------------------------
def send(request: Request) -> Response:
    """Submit the workbook; the answer is the receipt."""
    body = request.json()
    confirm, revision = body.get("confirm", False), body.get("revision")
    claimed = body.get("claimed_at")
    if (
        not isinstance(confirm, bool)
        or isinstance(revision, bool)
        or not isinstance(revision, int | None)
        or not isinstance(claimed, str | None)
    ):
        raise HTTPProblem(400, "bad_request")
    one = _record(request, own=True, write=True)
    receipt = submit(
        request.site.course,
        one.person,
        one.workbook,
        identity=request.who,
        confirm=confirm,
        claimed_at=claimed,
        revision=revision,
    )
    data = receipt.to_dict(request.site.course.timezone)
    data["page"] = request.site.url("workbooks", one.workbook, "receipt", str(receipt.round))
    known = promises.promise(request.site.course, receipt)
    data["readers"] = promises.who_reads(known, request.words).striptags()
    today = request.site.course.today()
    data["feedback_by"] = promises.by_when(known, None, today, request.words).striptags()
    return json_response({"receipt": data}, 200 if receipt.repeated else 201)


def round_(request: Request) -> Response:
    """Return one round: receipt and the answers that were frozen."""
    one = reviewer.readable(_record(request, rounds=True))
    found = find_round(one, request.params["round"])
    frozen = read_round(request.site.course, one.person, one.workbook, found.round)
    shown = request.query.get("person", one.person)
    return json_response({"round": reviews.round_json(one, found, frozen, shown)})


def feedback(request: Request) -> Response:
    """Return the comments that came for the last round with feedback; never points."""
    one = _record(request)
    return json_response(reviews.feedback_json(one, request.words))


def confirm(request: Request) -> Response:
    """Record, beside somebody's document, what was agreed with them."""
    body = request.json()
    about, field, value = body.get("about"), body.get("field"), body.get("value")
    if not isinstance(about, str) or not isinstance(field, str) or not isinstance(value, bool):
        raise HTTPProblem(400, "bad_request")
    if request.params["workbook"] not in request.site.course.library.ids:
        raise HTTPProblem(404, "no_workbook")
    return json_response(
        confirmations.record(
            request.site.confirmations,
            request.site.course,
            request.who,
            about=about,
            workbook=request.params["workbook"],
            field=field,
            value=value,
            say=request.words.plain,
        )
    )
