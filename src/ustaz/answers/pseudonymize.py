"""Another id in the place of a writer's, everywhere in a document's files: after an erasure.

The answers stay as they are. What changes is who typed in which of them: the stamps, and who and
which client each save of the journal names. Digests are computed anew along the whole chain, so
that the journal goes on to prove every save.
"""

from __future__ import annotations

from typing import Final

from ustaz.answers import journal, recovery
from ustaz.answers.document import Document, DocumentError, Json
from ustaz.answers.errors import StoreError
from ustaz.answers.merge import apply_record
from ustaz.answers.postgres.migrate import Content, Place
from ustaz.answers.typist import PREFIX, is_reserved, writer_of
from ustaz.base.files import TEMP_SUFFIX, write_file

#: The document comes last: until then the files say the same as before.
_ORDER: Final = (recovery.JOURNAL_FILE, recovery.PREVIOUS_FILE)


def names(files: Content, who: str) -> bool:
    """Tell whether a document's files name a writer."""
    needles = (f'"{PREFIX}{who}:'.encode(), f'"who":"{who}"'.encode())
    return any(needle in data for data in files.values() for needle in needles)


def renamed(files: Content, old: str, new: str) -> Content | None:
    """Return the files that change, with `new` in the place of `old`.

    Returns
    -------
    dict or None
        None where the files cannot be read to their end, or do not belong together: then nothing
        may be made anew, because nothing could prove that it says the same.
    """
    result: Content = {}
    try:
        documents = {
            name: Document.decode(data)
            for name, data in files.items()
            if name.startswith("answers.") and not name.endswith(TEMP_SUFFIX)
        }
    except DocumentError:
        return None
    for name, document in documents.items():
        result[name] = _stamped(document, old, new).encode()
    parsed = journal.parse(files.get(recovery.JOURNAL_FILE, b""))
    lines = _journal(parsed, old, new)
    if lines is None or parsed.end != len(files.get(recovery.JOURNAL_FILE, b"")):
        return None
    result[recovery.JOURNAL_FILE] = b"".join(journal.encode_line(line) for line in lines)
    last = journal.last_state(lines[-1]) if lines else None
    current = documents.get(recovery.DOCUMENT_FILE)
    if current is None or last is None:
        return None
    if last != (current.revision, _stamped(current, old, new).sha256):
        return None
    return {name: data for name, data in result.items() if data != files.get(name)}


def rename(place: Place, folder: str, old: str, new: str) -> bool | None:
    """Put `new` in the place of `old` in one document, under its lock.

    Returns
    -------
    bool or None
        Whether something was changed; None where it names `old` and cannot be made anew.

    Notes
    -----
    Killed on the way, the journal is ahead of the document by its digests only: the answers are
    the same, and doing it again completes it.
    """
    with place.held(folder) as handle:
        files = place.content(handle)
        if not names(files, old):
            return False
        result = renamed(files, old, new)
        if result is None:
            return None
        rest = [name for name in result if name not in _ORDER]
        for name in (*_ORDER, *sorted(rest)):
            if name in result:
                write_file(place.fs, handle, name, result[name])
    return bool(result)


def _client(client: str, old: str, new: str) -> str:
    if is_reserved(client) and writer_of(client) == old:
        return f"{PREFIX}{new}:{client.split(':', 2)[2]}"
    return client


def _stamped(document: Document, old: str, new: str) -> Document:
    return document.with_(
        stamps={
            path: [revision, _client(client, old, new)]
            for path, (revision, client) in document.stamps.items()
        }
    )


def _journal(parsed: journal.Parsed, old: str, new: str) -> list[Json] | None:
    """Return every record anew; None where one of them does not continue the chain."""
    lines: list[Json] = []
    document: Document | None = None
    steps = list(journal.rolled(None, parsed.records))
    if len(steps) != len(parsed.records) or parsed.damaged:
        return None
    for record, after in steps:
        if record["kind"] == "base":
            document = _stamped(after, old, new)
            lines.append(journal.base_record(document, str(record.get("reason", ""))))
            continue
        if document is None:
            return None
        fresh = {
            **record,
            "who": new if record["who"] == old else record["who"],
            "client": _client(record["client"], old, new),
        }
        try:
            document = apply_record(document, fresh, journal.changes_of(record))
        except StoreError:
            return None
        if document.answers != after.answers:
            return None
        lines.append({**fresh, "document": document.sha256})
    return lines
