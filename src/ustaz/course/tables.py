"""A whole course as tables, for whoever counts: one call, in files or in PostgreSQL.

Only what an audience may see is in them. Where nothing is found there is an error and never an
empty table: a wrong folder must not look like a course in which nobody wrote.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ustaz.answers import Document, StoreError, Subject
from ustaz.base.errors import CourseError
from ustaz.course import Course
from ustaz.messages import N_
from ustaz.workbook import data_dictionary, project, tidy
from ustaz.workbook.model import AUDIENCES, BY_SHARE_ALONE

if TYPE_CHECKING:
    import pandas as pd

#: Private answers reach nobody else, whoever counts included.
READERS: Final = tuple(
    audience for audience in AUDIENCES if audience not in ("self", *BY_SHARE_ALONE)
)


@dataclass(frozen=True)
class CourseTables:
    """What stands in a course's workbooks now.

    Attributes
    ----------
    documents : dict
        Workbook to person to document, with the answers that the audience may see. Who has
        written nothing in a workbook is not in it.
    tables : dict of str to DataFrame
        As :func:`ustaz.workbook.tidy` makes them, by name: ``<workbook>``,
        ``<workbook>.<field>``, ``<workbook>.<table>.<column>``.
    dictionary : DataFrame
        What each column of each table means.
    """

    documents: dict[str, dict[str, Document]]
    tables: dict[str, pd.DataFrame]
    dictionary: pd.DataFrame


def read(
    directory: str | os.PathLike[str],
    workbooks: Iterable[str] | None = None,
    *,
    audience: str = "staff",
    people: Iterable[str] | None = None,
    translate: Callable[[str], str] = str,
) -> CourseTables:
    """Return a course's documents and tables, wherever its setting says that they are kept.

    Parameters
    ----------
    directory : path
        The course directory: the one with ``ustaz.toml``.
    workbooks : iterable of str, optional
        Their ids; default those that are handed in, and what they refer to.
    audience : str
        Who may see what is in the tables: ``staff``, ``facilitator``, ``group``, ``network`` or
        ``public``.
    people : iterable of str, optional
        Whose documents are in it; default everybody's. Of who allows research to use them,
        ``ustaz.shares.consenting(course)`` gives the ids.
    translate : callable
        Gives a text of the dictionary in the reader's language.

    Raises
    ------
    CourseError
        ``no_course``, ``unknown_workbook``, ``unknown_audience``, ``nobody`` (the roster has no
        participants) or ``no_documents`` (nobody has written anything: is it the right folder?).
    StoreError
        Where a document cannot be read, or the database does not answer, with person and workbook:
        what is missing is never left out unsaid.
    """
    import pandas as pd

    if audience not in READERS:
        raise CourseError(
            "unknown_audience",
            N_("There is no audience “{audience}” for tables."),
            N_("Use one of {known}."),
            params={"audience": audience, "known": ", ".join(READERS)},
        )
    course = Course.open(directory)
    wanted = _wanted(course) if workbooks is None else list(dict.fromkeys(workbooks))
    for workbook in wanted:
        if workbook not in course.library.ids:
            raise CourseError(
                "unknown_workbook",
                N_("There is no workbook “{workbook}” in this course."),
                N_("It has: {known}."),
                params={"workbook": workbook, "known": ", ".join(course.library.ids)},
            )
    asked = None if people is None else frozenset(people)
    documents = {workbook: _documents(course, workbook, audience, asked) for workbook in wanted}
    _check_not_empty(course, documents)
    tables: dict[str, pd.DataFrame] = {}
    for workbook, written in documents.items():
        answers = [(person, document.answers) for person, document in written.items()]
        tables |= tidy(course.library[workbook], answers)
    described = [data_dictionary(course.library[workbook], translate) for workbook in wanted]
    return CourseTables(documents, tables, pd.concat(described, ignore_index=True))


def _wanted(course: Course) -> list[str]:
    own = [assignment for assignment in course.assignments if assignment in course.library.ids]
    linked = [name for workbook in own for name in course.library.linked(workbook)]
    return list(dict.fromkeys([*own, *linked]))


def _documents(
    course: Course, workbook: str, audience: str, people: frozenset[str] | None
) -> dict[str, Document]:
    definition = course.library[workbook]
    documents = {}
    for person in course.with_role("participant"):
        if people is not None and person.person not in people:
            continue
        try:
            document = course.store.read(Subject.person(person.person), workbook)
        except StoreError as error:
            raise StoreError(error.id, f"{person.person}/{workbook}: {error.detail}") from error
        if document.revision:
            shown = project(definition, document.answers, audience)["answers"]
            documents[person.person] = document.with_(answers=shown, stamps={}, batches={})
    return documents


def _check_not_empty(course: Course, documents: dict[str, dict[str, Document]]) -> None:
    if not course.with_role("participant"):
        raise CourseError(
            "nobody",
            N_("No participant is in the roster of {path}."),
            N_("Is it the right course directory? `ustaz roster list` shows who is in it."),
            params={"path": course.dir},
        )
    if not any(documents.values()):
        place: Path | str = course.people_dir if not course.database else N_("the database")
        raise CourseError(
            "no_documents",
            N_("Nobody has written anything in {path}: no answers were found in {place}."),
            N_("Is it the right course directory, and the whole of it?"),
            params={"path": course.dir, "place": place},
        )
