"""The JSON calls of a meeting's pages: what saves itself while it is planned, run and logged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ustaz.roster import former
from ustaz.server.access import planned_meeting, writing
from ustaz.server.host.limits import saves_of
from ustaz.server.http import HTTPProblem, Request, Response, json_response
from ustaz.server.views.meetings import log_of
from ustaz.sessions import store
from ustaz.sessions.plan import parsed
from ustaz.sessions.run import DEVICE, parsed_run

#: What a plan keeps whatever its page sends: where it came from, and its log.
KEPT = ("event", "page", "log")


def save(request: Request) -> Response:
    """Save a plan, or its log, as the page that is open has it; the answer is the revision.

    The rules are those of the forms: whoever saved in between is named, and nothing is written.
    """
    request.count(saves_of(request.who.person))
    kept = _kept(request)
    body = request.json()
    base, page = body.get("revision"), body.get("page", "")
    sent = {name: body[name] for name in ("plan", "log") if name in body}
    if type(base) is not int or not isinstance(page, str) or (page and not DEVICE.match(page)):
        raise HTTPProblem(400, "bad_request")
    if len(sent) != 1 or not all(isinstance(part, Mapping) for part in sent.values()):
        raise HTTPProblem(400, "bad_request")
    document: dict[str, Any] = kept.plan.to_json()
    if "plan" in sent:
        document = {**sent["plan"], **{name: document[name] for name in KEPT}}
    else:
        document["log"] = log_of(request.site.course, kept, sent["log"])
    wanted = parsed(document)
    course, who = request.site.course, request.who.person
    try:
        revision = store.save(course, kept.id, wanted, base=base, by=who, page=page)
    except store.ConflictError:
        raise _conflict(request, kept.id) from None
    return json_response({"revision": revision})


def _conflict(request: Request, plan_id: str) -> HTTPProblem:
    """Return the refusal that names who saved in between, and the revision that counts."""
    kept = store.read(request.site.course, plan_id)
    by = former.name_of(request.site.course.people, kept.by if kept else "", request.words.plain)
    now = {"by": by, "revision": kept.revision if kept else 0}
    return HTTPProblem(409, "plan_changed", extra=now)


def run(request: Request) -> Response:
    """Keep how far a meeting is; the answer is what counts, which another device may have sent."""
    request.count(saves_of(request.who.person))
    kept = _kept(request)
    sent = parsed_run(request.json().get("run"))
    return json_response({"run": store.save_run(request.site.course, kept.id, sent).to_json()})


def _kept(request: Request) -> store.Kept:
    writing(request.who)
    return planned_meeting(request.site.course, request.who, request.params["plan"], write=True)
