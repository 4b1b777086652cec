"""The calls of evidence files: sent in pieces by their owner, and given out.

A file is given out with a type of a closed list, never with one that a browser runs. Whatever is
not a picture that we have drawn ourselves is a download.
"""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import quote

import msgspec

from ustaz.base.evidence import MOST_OF_A_FILE
from ustaz.files import Beginning, FileRecord, FileStore, Uploads
from ustaz.files.model import MOST_OF_A_PERSON, MOST_OF_A_PIECE, FileRefused
from ustaz.server.access import writing
from ustaz.server.host.limits import saves_of
from ustaz.server.http import HTTPProblem, Request, Response, json_response, number
from ustaz.server.views.attachments import named_files, readable_file

#: Even opened by itself, a file is in no origin, runs nothing and loads nothing.
FILE_CSP: Final = "default-src 'none'; sandbox; frame-ancestors 'none'"


def _store(request: Request) -> FileStore:
    return FileStore(request.site.course.people_dir)


def _uploads(request: Request) -> Uploads:
    """Return the uploads, for whoever may write, and not too often."""
    by = request.query.get("by", request.who.person)
    if by != request.who.person:
        raise HTTPProblem(403, "other_account")
    writing(request.who)
    request.count(saves_of(request.who.person))
    return Uploads(_store(request))


def _json(record: FileRecord) -> dict[str, Any]:
    return {
        "hash": record.sha256,
        "name": record.name,
        "size": record.size,
        "type": record.type,
        "width": record.width,
        "height": record.height,
        "pages": list(record.pages),
        "small": bool(record.small),
        "visible": record.visible,
        "at": record.at,
    }


def listing(request: Request) -> Response:
    """List the asker's own files, and how much room there is."""
    records = _store(request).records(request.who.person)
    return json_response(
        {
            "files": [_json(record) for record in records if not record.of],
            "used": sum(record.size for record in records),
            "most": MOST_OF_A_PERSON,
            "most_of_a_file": MOST_OF_A_FILE,
        }
    )


def begin(request: Request) -> Response:
    """Begin an upload or go on with one: the bytes that are held, or the file that is there."""
    try:
        beginning = msgspec.convert(request.json(), Beginning, strict=True)
    except msgspec.ValidationError:
        raise FileRefused("file_bad_request") from None
    uploads, person = _uploads(request), request.who.person
    try:
        begun = uploads.begin(person, beginning)
    except FileRefused as refused:
        if refused.id not in {"file_no_room", "file_too_many"}:
            raise
        # What was removed from all workbooks long ago makes room.
        course = request.site.course
        if not _store(request).drop_unnamed(person, lambda: named_files(course, person)):
            raise
        begun = uploads.begin(person, beginning)
    if isinstance(begun, FileRecord):
        return json_response({"file": _json(begun)})
    return json_response({"offset": begun, "piece": MOST_OF_A_PIECE}, 201)


def piece(request: Request) -> Response:
    """Take a piece; the answer is the acknowledgement."""
    offset = number(request.query.get("offset", ""))
    if offset is None:
        raise FileRefused("file_bad_request")
    held = _uploads(request).take(request.who.person, request.params["hash"], offset, request.body)
    return json_response({"offset": held})


def finish(request: Request) -> Response:
    """Make a file of what was sent, and return its record."""
    record = _uploads(request).finish(request.who.person, request.params["hash"])
    return json_response({"file": _json(record)})


def file(request: Request) -> Response:
    """Give out a file to whoever may read it."""
    store = _store(request)
    person, record = readable_file(request, store)
    if "small" in request.query:
        small = store.record(person, record.small)
        if small is None:
            raise FileRefused("no_file")
        record = small
    return given_out(request, store, person, record)


def given_out(request: Request, store: FileStore, person: str, record: FileRecord) -> Response:
    """Return a file for whoever may read it; what is no picture of ours is a download."""
    tag = f'"{record.sha256[:24]}"'
    headers = {
        "ETag": tag,
        # Asked again each time: who may see it may change.
        "Cache-Control": "private, no-cache",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    download = not record.is_picture or "download" in request.query
    if download:
        headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(record.name)}"
    if tag in request.headers.get("If-None-Match", ""):
        return Response(304, b"", record.type, headers, FILE_CSP)
    data = store.data(person, record)
    return Response(200, data, record.type, headers, FILE_CSP)
