"""Which files of a person somebody may read: their own, and what they are shown in answers."""

from __future__ import annotations

from ustaz.files import FileRecord, FileStore
from ustaz.files.model import FileRefused
from ustaz.server.access import audience
from ustaz.server.http import Request


def readable_file(request: Request, store: FileStore) -> tuple[str, FileRecord]:
    """Return whose file an address means, and its record.

    Raises
    ------
    HTTPProblem
        ``not_yours``.
    FileRefused
        ``no_file``, also where it is there and not for the asker.
    """
    person = request.params["person"]
    seen_as = audience(request.site.course, request.who, person)
    record = store.record(person, request.params["hash"])
    if record is None or seen_as != "self":
        raise FileRefused("no_file")
    return person, record
