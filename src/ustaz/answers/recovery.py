"""Which generation of a document counts: the file, the one before, or what the journal says.

What was acknowledged stands in the file and in the journal. When they differ, a save was
interrupted, or something was damaged or replaced from outside; the highest revision that can
be proved wins, and nothing is deleted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ustaz.answers import journal
from ustaz.answers.document import MAX_FILE_BYTES, Document
from ustaz.answers.errors import StoreError
from ustaz.answers.files import read_file, read_tail
from ustaz.answers.filesystem import Fs
from ustaz.answers.shape import DocumentError, Json
from ustaz.base.files import Handle

DOCUMENT_FILE: Final = "answers.json"
PREVIOUS_FILE: Final = "answers.prev.json"
JOURNAL_FILE: Final = "journal.jsonl"
_DAMAGED: Final = "answers.damaged-"
MAX_DAMAGED_FILES: Final = 5
#: At each so-many-th revision the whole journal is read, not only its last line: a damaged line
#: would otherwise be found when it is needed.
VERIFY_EVERY: Final = 32
_TAIL_BYTES: Final = 1 << 16

#: What had to be mended, for staff; each is logged and told with the document.
NOTICES: Final = {
    "rolled_forward": "a save was interrupted; the journal completed it",
    "file_missing": "answers.json was gone; it was made anew",
    "file_damaged": "answers.json was damaged; it was set aside and made anew",
    "from_previous": "the journal did not reach; the generation before counts",
    "journal_damaged": "lines of the journal are damaged; parts of the history are gone",
    "journal_behind": "answers.json is not what the journal says; history starts anew",
}


@dataclass(frozen=True, slots=True)
class State:
    """What a folder holds.

    Attributes
    ----------
    document : Document or None
        What counts; None when nothing was ever saved.
    current : bytes or None
        The file's bytes, where they are a document.
    damaged : bytes
        The file's bytes, where they are not.
    in_journal : bool
        The journal's chain ends with `document`.
    journal_end : int
        Where the next line goes.
    ahead : bool
        `document` is not what the file holds.
    notices : tuple of str
        Keys of :data:`NOTICES`.
    """

    document: Document | None
    current: bytes | None = None
    damaged: bytes = b""
    in_journal: bool = False
    journal_end: int = 0
    ahead: bool = False
    notices: tuple[str, ...] = ()


def read_if_consistent(fs: Fs, folder: Handle) -> State | None:
    """Return the state where file and journal agree at first sight, else None.

    Good without the lock: the file is replaced in one step, and a journal that is ahead of it
    shows.
    """
    raw = read_file(fs, folder, DOCUMENT_FILE, MAX_FILE_BYTES)
    document = _decode(raw)
    if raw is None or document is None:
        return None
    tail = read_tail(fs, folder, JOURNAL_FILE, _TAIL_BYTES)
    if tail is None:
        return None
    data, size = tail
    lines = data.split(b"\n")
    # The last complete line, with the end of the one before it in sight.
    if len(lines) < 2 or lines[-1] or (len(lines) == 2 and size > len(data)):
        return None
    record = journal.decode_line(lines[-2])
    if record is None or journal.last_state(record) != (document.revision, document.sha256):
        return None
    return State(document, current=raw, in_journal=True, journal_end=size)


def load(fs: Fs, folder: Handle, *, thorough: bool = False) -> State:
    """Return the state, whatever was done to the folder; call it with the lock held.

    Parameters
    ----------
    thorough : bool
        Read the whole journal also where file and journal agree at first sight.

    Raises
    ------
    StoreError
        ``damaged`` when there is something and nothing of it can be read; ``newer``.
    """
    seen = None if thorough else read_if_consistent(fs, folder)
    if seen and seen.document and seen.document.revision % VERIFY_EVERY:
        return seen
    raw = read_file(fs, folder, DOCUMENT_FILE, MAX_FILE_BYTES)
    previous_raw = read_file(fs, folder, PREVIOUS_FILE, MAX_FILE_BYTES)
    current, previous = _decode(raw), _decode(previous_raw)
    parsed = read_journal(fs, folder)
    of_journal = _last(None, parsed.records)
    rolled = (_last(document, parsed.records) for document in (current, previous))
    best = _highest(current, of_journal, *rolled)
    if best is None and (raw is not None or previous_raw is not None):
        raise StoreError("damaged", "no generation can be read")
    in_journal = of_journal is not None and best is not None and of_journal.sha256 == best.sha256
    notices: list[str] = []
    if parsed.damaged:
        notices.append("journal_damaged")
    if best is not None:
        if raw is not None and current is None:
            notices.append("file_damaged")
        elif raw is None and previous_raw is not None:
            notices.append("file_missing")
        elif current is None or best.revision > current.revision:
            notices.append("rolled_forward")
        if not in_journal:
            notices.append("from_previous" if best == previous else "journal_behind")
    return State(
        document=best,
        current=raw if current is not None else None,
        damaged=raw if raw is not None and current is None else b"",
        in_journal=in_journal,
        journal_end=parsed.end,
        ahead=best is not None and (current is None or best.sha256 != current.sha256),
        notices=tuple(notices),
    )


def _highest(*candidates: Document | None) -> Document | None:
    """Return the document of the highest revision; of equal ones the first."""
    documents = [document for document in candidates if document is not None]
    return max(documents, key=lambda document: document.revision, default=None)


def read_journal(fs: Fs, folder: Handle) -> journal.Parsed:
    """Return what the journal's file holds."""
    data = read_file(fs, folder, JOURNAL_FILE, journal.JOURNAL_READ_CAP)
    return journal.parse(data or b"")


def set_aside(fs: Fs, folder: Handle, damaged: bytes) -> None:
    """Keep a damaged file under another name, where somebody can look at it."""
    kept = [name for name in fs.names(folder) if name.startswith(_DAMAGED)]
    if len(kept) < MAX_DAMAGED_FILES:
        name = f"{_DAMAGED}{hashlib.sha256(damaged).hexdigest()[:8]}.json"
        fs.replace(folder, DOCUMENT_FILE, name)


def _decode(raw: bytes | None) -> Document | None:
    if raw is None:
        return None
    try:
        return Document.decode(raw)
    except DocumentError as error:
        if error.id == "newer_format":
            raise StoreError("newer", "format") from None
        return None


def _last(start: Document | None, records: Sequence[Json]) -> Document | None:
    last = start
    for _, document in journal.rolled(start, records):
        last = document
    return last
