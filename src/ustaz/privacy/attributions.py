"""What a person said about others: it goes on to count, and no more says who said it.

A facilitator's confirmation belongs to the teacher whose plan it is about, and an answer that was
typed in from paper is the teacher's own. So these stay, with "a former facilitator" in the place of
name and id, in the records and in pages that were made of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from ustaz.answers import StoreError, pseudonymize
from ustaz.answers.postgres.migrate import Place as Documents
from ustaz.base.ledger import Ledger
from ustaz.deadlines.scoped import FOLDER as SHIFTS
from ustaz.deadlines.scoped import SHARED
from ustaz.exchange import pseudonymize_submissions
from ustaz.messages import N_
from ustaz.privacy.course_data import CONFIRMATIONS, documents, own_notes
from ustaz.privacy.file_trees import as_json, put
from ustaz.privacy.model import Amount, Member, Place
from ustaz.projects.earlier import numbered
from ustaz.schools.agreements import FOLDER as SCHOOLS
from ustaz.schools.asks import FOLDER as ASKS
from ustaz.shares.record import FOLDER as SHARES
from ustaz.transcription.marks import FOLDER as ENTERED
from ustaz.tutorials import FOLDER as TUTORIALS

FOLDERS: Final = (CONFIRMATIONS, ENTERED, SHIFTS, f"{SHIFTS}/{SHARED}", SHARES, TUTORIALS,
                  ASKS, SCHOOLS)  # fmt: skip
Line = dict[str, Any]
#: What of a line is the own word of whoever said it.
OWN_WORDS: Final = ("at", "workbook", "field", "value", "do", "answer", "text", "day", "terms",
             "title", "parts", "to")  # fmt: skip


def _lines(member: Member) -> Iterator[tuple[str, str, Line]]:
    """Yield folder, whom it is about, and the line, of everything that the person said."""
    for folder in FOLDERS:
        for path in sorted((member.course.dir / folder).glob("*.jsonl")):
            if path.stem != member.person:
                for line in Ledger(path.parent).entries(path.stem):
                    if line.get("by") == member.person:
                        yield folder, path.stem, line


def _documents(member: Member) -> Iterator[tuple[Documents, str]]:
    """Yield other people's documents that name the person as a writer, of earlier projects too."""
    course = member.course
    earlier = (Documents(folder, course.id) for folder in numbered(course.dir))
    for place in (documents(course), *earlier):
        own = own_notes(member)
        for folder in place.folders():
            if folder.split("/")[0] == member.person or folder in own:
                continue
            if pseudonymize.names(place.peek(folder), member.person):
                yield place, folder


def _rounds(member: Member) -> Iterator[Path]:
    for folder in pseudonymize_submissions.folders(member.course):
        if _about(member, folder) != member.person and (
            pseudonymize_submissions.mentions(folder, member.person)
            or pseudonymize_submissions.unfinished(folder)
        ):
            yield folder


def _about(member: Member, path: Path) -> str:
    parts = path.relative_to(member.course.dir).parts
    return parts[2] if parts[0] == "exchange" else parts[1]


def _pages(member: Member) -> Iterator[Path]:
    from ustaz.grading import pseudonymize_marks

    for page in pseudonymize_marks.pages(member.course):
        try:
            sentences = pseudonymize_marks.unnamed(page, member.name, member.person, member.former)
        except (UnicodeDecodeError, ValueError, TypeError):
            continue  # no page of ours
        if sentences is not None and _about(member, page) != member.person:
            yield page


def _amount(member: Member) -> Amount:
    lines = [line for _, _, line in _lines(member)]
    rest = (*_documents(member), *_rounds(member), *_pages(member))
    return Amount(len(lines) + len(rest), sum(len(as_json(line)) for line in lines))


def _copied(member: Member, to: Path) -> None:
    """Copy what the person said, without about whom: that is the others'."""
    words = [
        {
            "kind": folder,
            **{key: line[key] for key in OWN_WORDS if key in line},
        }
        for folder, _, line in _lines(member)
    ]
    if words:
        put(to.with_suffix(".json"), as_json(words))


def _erased(member: Member) -> None:
    from ustaz.grading import pseudonymize_marks

    old, new = member.person, member.former

    def without(line: Line) -> Line:
        return {**line, "by": new} if line.get("by") == old else line

    for folder, about in sorted({(folder, about) for folder, about, _ in _lines(member)}):
        Ledger(member.course.dir / folder).rewrite(about, without)
    for place, folder in list(_documents(member)):
        pseudonymize.rename(place, folder, old, new)
    for path in list(_rounds(member)):
        pseudonymize_submissions.reseal(path, old, new)
        (path.parent / pseudonymize_submissions.FRESH).unlink(missing_ok=True)
    for page in list(_pages(member)):
        pseudonymize_marks.unname(page, member.name, old, new)


def touched(member: Member) -> set[Path]:
    """Return the files and folders of others in which the person is exchanged."""
    folders = (place.dir / name for place, name in _documents(member))
    return {*folders, *_rounds(member), *_pages(member)}


def unchanged(member: Member) -> list[str]:
    """Return what goes on to name the person, because it was damaged before: never sealed anew.

    Looked at before an erasure, it is what will stay; nothing of it is changed by looking.
    """
    damaged = []
    for place, folder in _documents(member):
        try:
            files = place.peek(folder)
        except StoreError:
            files = {}
        if pseudonymize.renamed(files, member.person, member.former) is None:
            damaged.append((place.dir / folder).relative_to(member.course.dir).as_posix())
    broken = (path for path in _rounds(member) if not pseudonymize_submissions.sound(path))
    return damaged + [path.relative_to(member.course.dir).as_posix() for path in broken]


ATTRIBUTIONS: Final[Place[Member]] = Place(
    "said",
    N_("what they confirmed, allowed or typed in for others: stays, without name and id"),
    _amount,
    _copied,
    _erased,
)
