"""The JSON calls of people working on their own workbooks, and reading others'."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import Any, Final

from bs4 import BeautifulSoup

from ustaz.answers import Batch, HistoryEntry, Saved, Subject
from ustaz.exchange import read_round, submit
from ustaz.messages import N_
from ustaz.roster.former import name_of
from ustaz.server.access import audience, reading_sight, reads_only, writing
from ustaz.server.host.limits import saves_of
from ustaz.server.http import HTTPProblem, Request, Response, json_response, tagged
from ustaz.server.i18n import zoned
from ustaz.server.pages import reviewer
from ustaz.server.views import confirmations, promises, reviews
from ustaz.server.views.records import Record, entering_record, find_round, record
from ustaz.server.views.serialize import page_data, public
from ustaz.server.views.stories import opening as drawn_opening
from ustaz.transcription import writing as transcription
from ustaz.workbook import plain_tables

NOT_IN_FILES: Final = N_("The answers are not kept in this file.")


# -- whose workbook an address names, by what is done with it -----------------------------------
# ``?person=`` names somebody else. ``?by=`` says who is writing, as the page believes: on a shared
# computer somebody else may have signed in, and their name must not get under another's words.


def _person(request: Request) -> str:
    """Return whom an address is about."""
    by = request.query.get("by")
    if by is not None and by != request.who.person:
        raise HTTPProblem(403, "other_account")
    return request.query.get("person", request.who.person)


def _opened(request: Request, person: str, seen_as: str) -> Record:
    opened = record(request.site, person, request.params["workbook"], seen_as)
    opened.say = request.words.plain
    return opened


def _transcribed(request: Request, person: str) -> Record | None:
    """Return the workbook for somebody who types in for its owner, where that is meant."""
    if request.query.get("by") is None or person == request.who.person:
        return None
    opened = entering_record(request.site, request.who, person, request.params["workbook"])
    opened.say = request.words.plain
    return opened


def readable_record(request: Request) -> Record:
    """Return a workbook for whoever may read it."""
    person = _person(request)
    transcribed = _transcribed(request, person)
    if transcribed is not None:
        return transcribed
    reader = reading_sight(request.site.course, request.who, person)
    opened = _opened(request, person, reader.audience)
    opened.shares = reader.shares
    return opened


def submitted_record(request: Request) -> Record:
    """Return a workbook for whoever may read what was submitted of it, reviewers too."""
    asked = _person(request)
    transcribed = _transcribed(request, asked)
    if transcribed is not None:
        return transcribed
    person, seen_as = reviewer.seen(request, asked)
    return _opened(request, person, seen_as)


def own_record(request: Request) -> Record:
    """Return a workbook for its owner and nobody else."""
    person = _person(request)
    seen_as = audience(request.site.course, request.who, person)
    if seen_as != "self":
        raise HTTPProblem(403, "read_only")
    return _opened(request, person, seen_as)


def own_record_for_writing(request: Request) -> Record:
    """Return a workbook for its owner, unless they have withdrawn."""
    _person(request)
    writing(request.who)
    return own_record(request)


def writable_record(request: Request) -> Record:
    """Return a workbook for its owner, or for the facilitator who types in for them."""
    person = _person(request)
    writing(request.who)
    return _transcribed(request, person) or own_record_for_writing(request)


# -- a workbook -----------------------------------------------------------------------------------
def workbook(request: Request) -> Response:
    """Return everything that a component needs to show a workbook."""
    readable = readable_record(request)
    writes = readable.audience == "self" or readable.writer
    mode = "edit" if writes and not reads_only(request.site.course, request.who) else "read"
    data = page_data(request, readable, mode)
    return tagged(request, json_response(data))


def answers(request: Request) -> Response:
    """Return the document alone."""
    readable = readable_record(request)
    return tagged(request, json_response(public(readable, readable.document, readable.definition)))


def opening(request: Request) -> Response:
    """Return what a section opens with, drawn, for a page whose script draws it anew."""
    html = drawn_opening(readable_record(request), request.words)
    return tagged(request, json_response({"html": str(html)}))


def tables(request: Request) -> Response:
    """Return the answers as tidy tables, for whoever counts: what the reader may see of them."""
    readable = readable_record(request)
    seen = public(readable, readable.document, readable.definition)["answers"]
    data = {
        table.name: {"columns": [list(column) for column in table.columns], "rows": table.rows}
        for table in plain_tables(readable.definition, [(readable.person, seen)])
    }
    return tagged(request, json_response({"tables": data}))


def reading(request: Request) -> Response:
    """Return a workbook as HTML and text, to stand in a notebook that is read without a server.

    ``?answers=no`` leaves the answers out and says so. Of one's own workbook as much is returned as
    its facilitator reads: what is private stays out of files.
    """
    readable = readable_record(request)
    if readable.audience == "self":
        readable = _opened(request, readable.person, "facilitator")
    section = request.query.get("section")
    if section is not None and section not in {part.id for part in readable.definition.sections}:
        raise HTTPProblem(404, "no_page")
    words = request.words
    title = words.plain(readable.definition.title)
    if request.query.get("answers") == "no":
        html = f"<p>{escape(words.plain(NOT_IN_FILES))}</p>"
    else:
        html = reviews.answers_for_a_file(readable, words, section)
    text = BeautifulSoup(html, "html.parser").get_text("\n", strip=True)
    data = {"title": title, "lang": words.lang, "html": html, "text": text}
    return json_response(data)


def save(request: Request) -> Response:
    """Apply a batch of changes; the answer is the acknowledgement."""
    request.count(saves_of(request.who.person))
    own = writable_record(request)
    course, batch = request.site.course, Batch.from_json(request.json())
    if not own.writer:
        saved = course.store.save(
            Subject.person(own.person),
            own.workbook,
            transcription.own_batch(batch),
            who=request.who.person,
        )
        return json_response(saved_json(own, saved))
    saved, document = transcription.save(
        course, request.site.entered, request.who, own.definition, own.person, batch
    )
    # Always with the document: it shows what is marked now.
    return json_response(saved_json(own, replace(saved, document=document)))


def confirm_entered(request: Request) -> Response:
    """Record that the owner has read what was typed in for them, and that it is as they wrote."""
    own = own_record_for_writing(request)
    count = transcription.confirm(
        request.site.entered, request.who, own.definition, own.document, request.json().get("seen")
    )
    return json_response(
        {"confirmed": count, "document": public(own, own.document, own.definition)}
    )


def saved_json(own: Record, saved: Saved) -> dict[str, Any]:
    """Return the acknowledgement of a save."""
    zone = own.course.timezone
    data: dict[str, Any] = saved.to_json()
    data["saved_at"] = zoned(data["saved_at"], zone)
    data["conflicts"] = [
        # When a row went is not known any more where the journal does not reach back so far.
        {**conflict, "theirs_at": conflict["theirs_at"] and zoned(conflict["theirs_at"], zone)}
        for conflict in data["conflicts"]
    ]
    if saved.document is not None:
        data["document"] = public(own, saved.document, own.definition)
    return data


def history(request: Request) -> Response:
    """List the earlier versions, newest first: when, by whom, which questions."""
    return json_response({"history": history_rows(request, own_record(request))})


def history_rows(request: Request, own: Record) -> list[dict[str, Any]]:
    """Return the earlier versions of a document, newest first."""
    entries = request.site.course.store.history(own.subject, own.workbook)
    people = request.site.course.people

    def row(entry: HistoryEntry) -> dict[str, Any]:
        who = name_of(people, entry.who, request.words.plain)
        at = zoned(entry.at, request.site.course.timezone)
        return {**entry.to_json(), "at": at, "who_name": who}

    return [row(entry) for entry in reversed(entries)]


def version(request: Request) -> Response:
    """Return the answers of an earlier version."""
    own = own_record(request)
    revision = int(request.params["revision"])
    past = request.site.course.store.at(Subject.person(own.person), own.workbook, revision)
    return json_response({"revision": revision, "answers": past})


def restore(request: Request) -> Response:
    """Make an earlier version the present one, or take back one revision: as a new revision."""
    return restored(request, own_record_for_writing(request))


def restored(request: Request, own: Record) -> Response:
    """Bring back an earlier version of a document, or take back one revision of it."""
    body, store = request.json(), request.site.course.store
    revision, undo = body.get("revision"), body.get("undo", False)
    if type(revision) is not int or revision < 0 or not isinstance(undo, bool):
        raise HTTPProblem(400, "bad_request")
    bring = store.take_back if undo else store.restore
    saved = bring(own.subject, own.workbook, revision, who=request.who.person)
    return json_response(saved_json(own, saved))


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
    own = own_record_for_writing(request)
    receipt = submit(
        request.site.course,
        own.person,
        own.workbook,
        identity=request.who,
        confirm=confirm,
        claimed_at=claimed,
        revision=revision,
    )
    data = receipt.to_dict(request.site.course.timezone)
    data["page"] = request.site.url("workbooks", own.workbook, "receipt", str(receipt.round))
    known = promises.promise(request.site.course, receipt)
    data["readers"] = promises.who_reads(known, request.words).striptags()
    today = request.site.course.today()
    data["feedback_by"] = promises.by_when(known, None, today, request.words).striptags()
    return json_response({"receipt": data}, 200 if receipt.repeated else 201)


def round_(request: Request) -> Response:
    """Return one round: receipt and the answers that were frozen."""
    readable = reviewer.readable(submitted_record(request))
    round_ = find_round(readable, request.params["round"])
    frozen = read_round(request.site.course, readable.person, readable.workbook, round_.round)
    shown = request.query.get("person", readable.person)
    return json_response({"round": reviews.round_json(readable, round_, frozen, shown)})


def feedback(request: Request) -> Response:
    """Return the comments that came for the last round with feedback; never points."""
    readable = readable_record(request)
    return json_response(reviews.feedback_json(readable, request.words))


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
