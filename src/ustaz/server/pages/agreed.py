"""What somebody took on at a meeting is done: one press on home, and taken back."""

from __future__ import annotations

from ustaz.base import clock
from ustaz.server.access import require, writing
from ustaz.server.host.limits import saves_of
from ustaz.server.http import HTTPProblem, Request, Response, redirect
from ustaz.sessions.attendance import Agreed, agreed_at
from ustaz.sessions.done import with_word, without_word
from ustaz.sessions.store import save_done


def change(request: Request) -> Response:
    """Keep somebody's word that what they took on is done, or take it back; show home again.

    Nobody says so for somebody else, and nobody for the whole group: there it is its facilitator's.
    """
    require(request.who, "participant")
    writing(request.who)
    request.count(saves_of(request.who.person))
    do, course = request.form.get("do", ""), request.site.course
    if do not in ("done", "undo"):
        raise HTTPProblem(400, "bad_request")
    own = _own(request)
    if do == "undo":
        save_done(course, own.meeting.id, lambda words: without_word(words, own.line))
        return redirect(f"{request.site.base}#meetings")
    if not own.line.done:  # the facilitator was quicker: there is nothing left to say
        save_done(course, own.meeting.id, lambda words: with_word(words, own.line, clock.stamp()))
    return redirect(f"{request.site.base}?agreed=done#meetings")


def _own(request: Request) -> Agreed:
    """Return the line that is meant, as it stands today; somebody else's is not there."""
    form, who = request.form, request.who.person
    for agreed in agreed_at(request.site.course):
        meant = (agreed.meeting.id, agreed.mark) == (form.get("plan"), form.get("line"))
        if meant and agreed.line.who == who:
            return agreed
    raise HTTPProblem(404, "not_agreed")
