"""Which files of a person somebody may read: their own, and what they are shown in answers.

An answer shows a file to whoever may read the answer: in the workbook as it stands, or in a round
that was handed in. As long as somebody in it still has to be made unrecognisable, nobody but its
owner is shown it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ustaz.answers import Subject
from ustaz.base.evidence import TO_BE_BLURRED
from ustaz.course import Course
from ustaz.exchange import read_round, rounds
from ustaz.files import FileRecord, FileRefused, FileStore
from ustaz.server.access import Sight, sight
from ustaz.server.http import Request
from ustaz.server.pages import reviewer
from ustaz.shares import Share
from ustaz.workbook import Definition, attaches, attachments, project

#: A reviewer reads what staff may see of what was handed in, and no draft.
_PROJECTED: dict[str, str] = {"reviewer": "staff"}


def readable_file(request: Request, store: FileStore) -> tuple[str, FileRecord]:
    """Return whose file an address means, and its record.

    Raises
    ------
    HTTPProblem
        ``not_yours``.
    FileRefused
        ``no_file``, also where it is there and not for the asker.
    """
    course = request.site.course
    person, reader = _reader(request)
    record = store.record(person, request.params["hash"])
    if record is None:
        raise FileRefused("no_file")
    reviewer.refuse_former(course, person, reader.audience)
    if reader.audience != "self" and _whole(record) not in _shown(course, person, reader):
        raise FileRefused("no_file")
    return person, record


def _reader(request: Request) -> tuple[str, Sight]:
    """Return whom an address of files means, and how the asker reads what is theirs."""
    asked = request.params["person"]
    person, seen_as = reviewer.known_as(request, asked)
    if seen_as:
        return person, Sight(seen_as)
    return asked, sight(request.site.course, request.who, asked)


def shared_file(course: Course, store: FileStore, share: Share, sha256: str) -> FileRecord:
    """Return a file that a share shows; refuse every other one."""
    record = store.record(share.owner, sha256)
    if record is None or _whole(record) not in _shown(
        course, share.owner, Sight("outside", (share,))
    ):
        raise FileRefused("no_file")
    return record


def _whole(record: FileRecord) -> str:
    """Return the hash of the file that a small picture is of, or its own."""
    return record.of or record.sha256


def named_files(course: Course, person: str) -> set[str]:
    """Return the hashes of all files that a person's workbooks and rounds name."""
    return {sha256 for sha256, _ in _named(course, person, Sight("self"))}


def _shown(course: Course, person: str, reader: Sight) -> Iterator[str]:
    return (
        sha256 for sha256, visible in _named(course, person, reader) if visible != TO_BE_BLURRED
    )


def _named(course: Course, person: str, reader: Sight) -> Iterator[tuple[str, str]]:
    for workbook in course.library.ids:
        definition = course.library[workbook]
        if not attaches(definition) and definition.portfolio is None:
            continue
        if reader.audience != "reviewer":
            answers = course.store.read(Subject.person(person), workbook).answers
            places = reader.places_in(definition, answers)
            yield from _files(definition, answers, reader.audience, places)
        if reader.by_shares:
            continue  # what is shown is what stands in the workbook now, and no round
        for summary in rounds(course, person, workbook):
            document = read_round(course, person, workbook, summary.round).document
            yield from _files(definition, document["answers"], reader.audience)
            along = document.get("manifest", {"parts": {}})["parts"]
            for name, part in (*document["linked"].items(), *along.items()):
                yield from _files(course.library[name], part["answers"], reader.audience)


def _files(
    definition: Definition,
    answers: Mapping[str, Any],
    seen_as: str,
    places: frozenset[str] = frozenset(),
) -> Iterator[tuple[str, str]]:
    if seen_as != "self":
        answers = project(definition, answers, _PROJECTED.get(seen_as, seen_as), places)["answers"]
    for attachment in attachments(definition, answers):
        yield attachment.sha256, attachment.visible
