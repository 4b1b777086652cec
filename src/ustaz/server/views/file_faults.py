"""What staff read of files that are not used as they stand."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from ustaz.admin.edited_files import faults_of, shown
from ustaz.base.errors import FileFault
from ustaz.server.http import Request

MOST = 20


@dataclass(frozen=True, slots=True)
class FaultRow:
    """A mistake in a file, in the reader's language.

    Attributes
    ----------
    file, field : str
    line : int
    why : str
    lang : str
        Of `why`, where it is another than the reader's: authors' messages are in English.
    since : datetime or None
        When the state that goes on was last seen to be good.
    ledger : bool
        Everything else in the file counts.
    """

    file: str
    line: int
    field: str
    why: str
    lang: str = ""
    since: dt.datetime | None = None
    ledger: bool = False


def fault_rows(request: Request, *kinds: str) -> list[FaultRow]:
    """Return the mistakes, of some kinds or of all."""
    course, plain = request.site.course, request.words.plain
    rows = []
    for fault in faults_of(course):
        if kinds and fault.kind not in kinds:
            continue
        error = fault.error
        known = isinstance(error, FileFault)
        why = error.reason(plain) if isinstance(error, FileFault) else error.translated(plain)[0]
        translated = isinstance(error, FileFault) and plain(error.why) != error.why
        rows.append(
            FaultRow(
                file=shown(course.dir, fault),
                line=error.line if isinstance(error, FileFault) else 0,
                field=error.field if isinstance(error, FileFault) else "",
                why=why,
                lang="" if request.lang == "en" or (known and translated) else "en",
                since=dt.datetime.fromisoformat(fault.since) if fault.since else None,
                ledger=fault.kind == "ledger",
            )
        )
    return rows[:MOST]
