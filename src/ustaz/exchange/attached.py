"""Files that a round shows have to be there, and whole, before it is written."""

from __future__ import annotations

import msgspec

from ustaz.course import Course
from ustaz.exchange.model import Refused
from ustaz.files import FileRefused, FileStore
from ustaz.messages import N_
from ustaz.workbook import attachments


def refuse_missing_files(course: Course, person: str, workbook: str, frozen: bytes) -> None:
    """Refuse a round that shows a file which is gone, or is no longer what it was.

    A round holds hashes, not copies: who reads it years later looks into the same folder.

    Parameters
    ----------
    course : Course
    person, workbook : str
    frozen : bytes
        The answers as they would be written, with what travels of other workbooks.

    Raises
    ------
    Refused
        ``file_missing``; its detail is the workbook that shows the file.
    """
    document = msgspec.json.decode(frozen)
    travelling = {workbook: document, **document["linked"]}
    travelling |= document.get("manifest", {}).get("parts", {})
    store = FileStore(course.people_dir)
    whole: set[str] = set()
    for name, part in travelling.items():
        for attachment in attachments(course.library[name], part["answers"]):
            if attachment.sha256 in whole:
                continue
            if not _is_whole(store, person, attachment.sha256):
                raise Refused(
                    "file_missing",
                    N_("A file that your answers show is no longer here, or it is damaged."),
                    N_(
                        "Nothing was sent, and nothing that you wrote is lost. Look through your "
                        "pictures and files: one of them cannot be opened. Add it once more or "
                        "remove it, then submit."
                    ),
                    detail=name,
                )
            whole.add(attachment.sha256)


def _is_whole(store: FileStore, person: str, sha256: str) -> bool:
    record = store.record(person, sha256)
    if record is None:
        return False
    try:
        store.data(person, record)
    except FileRefused:
        return False
    return True
