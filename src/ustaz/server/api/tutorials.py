"""The JSON calls of the note of a tutorial, for the two who write it.

The page's script finds them below the tutorial's own address, under the names that a person's
workbooks have.
"""

from __future__ import annotations

from ustaz import tutorials
from ustaz.answers import Batch
from ustaz.server.access import reads_only, side_of, writing
from ustaz.server.api.answers import history_rows, restored, saved_json
from ustaz.server.host.limits import saves_of
from ustaz.server.http import HTTPProblem, Request, Response, json_response, tagged
from ustaz.server.views.records import Record, tutorial_record
from ustaz.server.views.serialize import page_data, public
from ustaz.transcription import writing as transcription


def _note(request: Request) -> Record:
    """Return the note for one of the two; refuse everybody else."""
    person = request.params["person"]
    side_of(request.site.course, request.who, person)
    if request.params["workbook"] != tutorials.WORKBOOK:
        raise HTTPProblem(404, "no_workbook")
    return tutorial_record(request.site, person, request.params["tutorial"])


def _writable(request: Request) -> Record:
    writing(request.who)
    return _note(request)


def workbook(request: Request) -> Response:
    """Return everything that a component needs to show the note."""
    mode = "read" if reads_only(request.site.course, request.who) else "edit"
    return tagged(request, json_response(page_data(request, _note(request), mode)))


def answers(request: Request) -> Response:
    """Return the note alone."""
    note = _note(request)
    return tagged(request, json_response(public(note, note.document, note.definition)))


def save(request: Request) -> Response:
    """Apply a batch of changes of either side; the answer is the acknowledgement."""
    request.count(saves_of(request.who.person))
    note = _writable(request)
    batch = transcription.own_batch(Batch.from_json(request.json()))
    store = request.site.course.store
    saved = store.save(note.subject, note.workbook, batch, who=request.who.person)
    return json_response(saved_json(note, saved))


def history(request: Request) -> Response:
    """List the earlier versions, newest first: when, by whom, which questions."""
    return json_response({"history": history_rows(request, _note(request))})


def version(request: Request) -> Response:
    """Return the note as it was at an earlier version."""
    note = _note(request)
    revision = int(request.params["revision"])
    past = request.site.course.store.at(note.subject, note.workbook, revision)
    return json_response({"revision": revision, "answers": past})


def restore(request: Request) -> Response:
    """Make an earlier version the present one, as a new one."""
    return restored(request, _writable(request))
