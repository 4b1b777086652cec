"""A second project: the first is kept as it was, the workbooks begin anew, and a day to think.

In this order, so that whatever stops it nothing is lost: every begun document is copied, then one
line says that the project is closed, then each workbook that is not taken along is emptied by a
save like any other. The save has a name of its own: done again after a crash, it is found and not
done twice; what somebody wrote meanwhile is a conflict and stays.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from pathlib import Path
from typing import Final

from filelock import FileLock

from ustaz.answers import Batch, Document, Subject, content, difference
from ustaz.answers.changes import Change
from ustaz.base import clock, files
from ustaz.base.ledger import Ledger
from ustaz.course import Course
from ustaz.exchange import rounds
from ustaz.exchange.confirmations import FOLDER as CONFIRMATIONS
from ustaz.projects.earlier import FOLDER, Part, Project, earlier, ledger, next_number, store_of

#: So long a beginning can be taken back.
TO_THINK: Final = dt.timedelta(days=1)
MOST: Final = 20
TITLE_MOST: Final = 100
CLIENT: Final = "project"
DOCUMENT: Final = "answers.json"


class ProjectError(Exception):
    """Why a project cannot be closed or opened again.

    Attributes
    ----------
    id : str
        ``nothing_begun``, ``nothing_left`` (everything would be taken along), ``too_many``,
        ``too_late`` or ``none``.
    """

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self.id = id


def begin(
    course: Course, person: str, *, title: str, workbooks: Collection[str], keep: Collection[str]
) -> Project:
    """Close the present project and begin another one.

    Parameters
    ----------
    title : str
        What the project that is closed was called.
    workbooks : collection of str
        Those that the course offers.
    keep : collection of str
        Those that go on as they are.

    Raises
    ------
    ProjectError
    """
    with _locked(course, person):
        _complete(course, person)
        documents = _begun(course, person, workbooks)
        if not documents:
            raise ProjectError("nothing_begun")
        if not set(documents) - set(keep):
            raise ProjectError("nothing_left")
        number = next_number(course, person)
        if number > MOST:
            raise ProjectError("too_many")
        parts = {}
        for workbook in documents:
            revision = _copied(course, person, workbook, number)
            summaries = rounds(course, person, workbook)
            last = summaries[-1].round if summaries else 0
            parts[workbook] = Part(revision, last, workbook in keep)
        ledger(course.dir).append(
            person,
            {
                "do": "close",
                "number": number,
                "title": " ".join(title.split())[:TITLE_MOST],
                "parts": {
                    workbook: {"revision": part.revision, "round": part.round, "kept": part.kept}
                    for workbook, part in parts.items()
                },
            },
        )
        _complete(course, person)
        return earlier(course, person)[-1]


def complete(course: Course, person: str) -> None:
    """Empty what a beginning that was stopped has left; nothing happens where there is none."""
    if any(project.emptied is None for project in earlier(course, person)):
        with _locked(course, person):
            _complete(course, person)


def undo(course: Course, person: str, *, now: dt.datetime | None = None) -> None:
    """Take the last beginning back, within a day: what was written since stays where it meets.

    Raises
    ------
    ProjectError
    """
    with _locked(course, person):
        _complete(course, person)
        projects = earlier(course, person)
        if not projects:
            raise ProjectError("none")
        project = projects[-1]
        if (now or clock.now()) - project.closed_at > TO_THINK:
            raise ProjectError("too_late")
        subject = Subject.person(person)
        for workbook, revision in (project.emptied or {}).items():
            course.store.take_back(subject, workbook, revision, who=person)
        ledger(course.dir).append(person, {"do": "undo", "number": project.number})
        _tell_confirmations(course, person, project, begun=False)


def _locked(course: Course, person: str) -> FileLock:
    folder = course.dir / FOLDER
    files.make_folder(folder)
    return FileLock(folder / f"{person}.begin.lock", timeout=10, mode=0o600)


def _begun(course: Course, person: str, workbooks: Collection[str]) -> dict[str, Document]:
    """Return the documents in which anything stands."""
    subject = Subject.person(person)
    documents = {workbook: course.store.read(subject, workbook) for workbook in workbooks}
    return {name: known for name, known in documents.items() if content(known.answers)}


def _copied(course: Course, person: str, workbook: str, number: int) -> int:
    """Copy a document's files, all of one moment; return the revision."""
    copy = course.store.files(Subject.person(person), workbook)
    # As a place in people/: the folders of a store, which reads it like any other.
    folder = store_of(course, number).folder(Subject.person(person), workbook)
    _make(folder, course.dir)
    # The document last: with it the copy is whole.
    for name in sorted(copy, key=lambda name: name == DOCUMENT):
        files.replace(folder / name, copy[name])
    return Document.decode(copy[DOCUMENT]).revision


def _make(folder: Path, above: Path) -> None:
    for path in reversed([folder, *folder.parents[: len(folder.relative_to(above).parts) - 1]]):
        files.make_folder(path)


def _complete(course: Course, person: str) -> None:
    for project in earlier(course, person):
        if project.emptied is not None:
            continue
        revisions = {
            workbook: _emptied(course, person, project, workbook)
            for workbook, part in project.parts.items()
            if not part.kept
        }
        ledger(course.dir).append(
            person, {"do": "emptied", "number": project.number, "revisions": revisions}
        )
        _tell_confirmations(course, person, project, begun=True)


def _emptied(course: Course, person: str, project: Project, workbook: str) -> int:
    """Empty one workbook by a save; return the revision at which it begins anew."""
    subject, definition = Subject.person(person), course.library[workbook]
    kept = store_of(course, project.number).read(subject, workbook)
    tables = [field.id for field in definition.fields if field.columns]
    changes: tuple[Change, ...] = difference(kept.answers, {}, tables)
    if kept.status != "draft":
        changes += (Change("status", value="draft"),)
    batch = Batch(f"project-{project.number}", CLIENT, kept.revision, changes, lang=kept.lang)
    saved = course.store.save(subject, workbook, batch, who=person)
    # Done before a crash, it has its revision already, and what was written since is above it.
    mark = course.store.read(subject, workbook).batches.get(batch.batch)
    return int(mark[0]) if mark else saved.revision


def _tell_confirmations(course: Course, person: str, project: Project, *, begun: bool) -> None:
    """Say in the record of confirmations from where on they are about another project."""
    book = Ledger(course.dir / CONFIRMATIONS)
    if not book.path(person).exists():
        return
    book.append_all(
        person,
        [
            {"workbook": workbook, "project": project.number, "begun": begun}
            for workbook, part in project.parts.items()
            if not part.kept
        ],
    )
