"""The JSON calls of people working on their own workbooks, and reading others'."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ustaz.answers import Batch, HistoryEntry, Saved, Subject
from ustaz.exchange import read_round, submit
from ustaz.roster.former import name_of
from ustaz.server import confirmations, entering, promises, review, reviewing
from ustaz.server.access import audience, writing
from ustaz.server.given import page_data, public
from ustaz.server.http import Refusal, Reply, Visit, json_reply, tagged
from ustaz.server.records import Record, entering_record, find_round, record
from ustaz.server.words import zoned


def _record(
    visit: Visit,
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
    who = visit.who
    person = visit.query.get("person", who.person)
    by = visit.query.get("by")
    if by is not None and by != who.person:
        raise Refusal(403, "other_account")
    if write:
        writing(who)
    if by is not None and person != who.person and (typing or not own):
        one = entering_record(visit.site, who, person, visit.params["workbook"])
    else:
        if rounds:
            person, seen_as = reviewing.seen(visit, person)
        else:
            seen_as = audience(visit.site.course, who, person)
        if own and seen_as != "self":
            raise Refusal(403, "read_only")
        one = record(visit.site, person, visit.params["workbook"], seen_as)
    one.say = visit.words.plain
    return one


# -- a workbook -----------------------------------------------------------------------------------
def workbook(visit: Visit) -> Reply:
    """Return everything that a component needs to show a workbook."""
    one = _record(visit)
    own = one.audience == "self" and visit.who.status != "withdrawn"
    mode = "edit" if own or one.writer else "read"
    data = page_data(visit, one, mode)
    return tagged(visit, json_reply(data))


def answers(visit: Visit) -> Reply:
    """Return the document alone."""
    one = _record(visit)
    return tagged(visit, json_reply(public(one, one.document, one.definition)))


def save(visit: Visit) -> Reply:
    """Apply a batch of changes; the answer is the acknowledgement."""
    wait = visit.site.limiter.wait(visit.who.person)
    if wait:
        raise Refusal(429, "too_many", seconds=wait)
    one = _record(visit, own=True, typing=True, write=True)
    course, batch = visit.site.course, Batch.from_json(visit.json())
    if not one.writer:
        saved = course.store.save(
            Subject.person(one.person), one.workbook, entering.own(batch), who=visit.who.person
        )
        return json_reply(_saved(one, saved))
    saved, document = entering.save(
        course, visit.site.entered, visit.who, one.definition, one.person, batch
    )
    # Always with the document: it shows what is marked now.
    return json_reply(_saved(one, replace(saved, document=document)))


def confirm_entered(visit: Visit) -> Reply:
    """Record that the owner has read what was typed in for them, and that it is as they wrote."""
    one = _record(visit, own=True, write=True)
    count = entering.confirm(
        visit.site.entered, visit.who, one.definition, one.document, visit.json().get("seen")
    )
    return json_reply({"confirmed": count, "document": public(one, one.document, one.definition)})


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


def history(visit: Visit) -> Reply:
    """List the earlier versions, newest first: when, by whom, which questions."""
    one = _record(visit, own=True)
    entries = visit.site.course.store.history(Subject.person(one.person), one.workbook)
    people = visit.site.course.people

    def told(entry: HistoryEntry) -> dict[str, Any]:
        who = name_of(people, entry.who, visit.words.plain)
        at = zoned(entry.at, visit.site.course.timezone)
        return {**entry.to_json(), "at": at, "who_name": who}

    return json_reply({"history": [told(entry) for entry in reversed(entries)]})


def version(visit: Visit) -> Reply:
    """Return the answers of an earlier version."""
    one = _record(visit, own=True)
    revision = int(visit.params["revision"])
    found = visit.site.course.store.at(Subject.person(one.person), one.workbook, revision)
    return json_reply({"revision": revision, "answers": found})


def restore(visit: Visit) -> Reply:
    """Make an earlier version the present one, or take back one revision: as a new revision."""
    one = _record(visit, own=True, write=True)
    body, store = visit.json(), visit.site.course.store
    revision, undo = body.get("revision"), body.get("undo", False)
    if type(revision) is not int or revision < 0 or not isinstance(undo, bool):
        raise Refusal(400, "bad_request")
    bring = store.take_back if undo else store.restore
    saved = bring(Subject.person(one.person), one.workbook, revision, who=visit.who.person)
    return json_reply(_saved(one, saved))


# -- rounds ---------------------------------------------------------------------------------------
def send(visit: Visit) -> Reply:
    """Submit the workbook; the answer is the receipt."""
    body = visit.json()
    confirm, revision = body.get("confirm", False), body.get("revision")
    claimed = body.get("claimed_at")
    if (
        not isinstance(confirm, bool)
        or isinstance(revision, bool)
        or not isinstance(revision, int | None)
        or not isinstance(claimed, str | None)
    ):
        raise Refusal(400, "bad_request")
    one = _record(visit, own=True, write=True)
    receipt = submit(
        visit.site.course,
        one.person,
        one.workbook,
        identity=visit.who,
        confirm=confirm,
        claimed_at=claimed,
        revision=revision,
    )
    data = receipt.to_dict(visit.site.course.timezone)
    data["page"] = visit.site.url("workbooks", one.workbook, "receipt", str(receipt.round))
    known = promises.promise(visit.site.course, receipt)
    data["readers"] = promises.who_reads(known, visit.words).striptags()
    today = visit.site.course.today()
    data["feedback_by"] = promises.by_when(known, None, today, visit.words).striptags()
    return json_reply({"receipt": data}, 200 if receipt.repeated else 201)


def round_(visit: Visit) -> Reply:
    """Return one round: receipt and the answers that were frozen."""
    one = reviewing.readable(_record(visit, rounds=True))
    found = find_round(one, visit.params["round"])
    frozen = read_round(visit.site.course, one.person, one.workbook, found.round)
    shown = visit.query.get("person", one.person)
    return json_reply({"round": review.round_json(one, found, frozen, shown)})


def feedback(visit: Visit) -> Reply:
    """Return the comments that came for the last round with feedback; never points."""
    one = _record(visit)
    return json_reply(review.feedback_json(one, visit.words))


def confirm(visit: Visit) -> Reply:
    """Record, beside somebody's document, what was agreed with them."""
    body = visit.json()
    about, field, value = body.get("about"), body.get("field"), body.get("value")
    if not isinstance(about, str) or not isinstance(field, str) or not isinstance(value, bool):
        raise Refusal(400, "bad_request")
    if visit.params["workbook"] not in visit.site.course.library.ids:
        raise Refusal(404, "no_workbook")
    return json_reply(
        confirmations.record(
            visit.site.confirmations,
            visit.site.course,
            visit.who,
            about=about,
            workbook=visit.params["workbook"],
            field=field,
            value=value,
            say=visit.words.plain,
        )
    )
