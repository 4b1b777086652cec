"""nbgrader's exchange, for workbooks ours and for every other assignment its own.

``nbgrader submit``, ``collect``, ``list`` and ``fetch_assignment``, and the Assignments and Courses
pages of JupyterLab, go through these classes (``c.ExchangeFactory`` in ``nbgrader_config.py``).
Each looks at the assignment's name: a workbook of the course goes to :mod:`ustaz.exchange`, any
other assignment to the class of nbgrader that it derives from.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.exchange import default

from ustaz.course import Course
from ustaz.errors import UstazError
from ustaz.exchange import files
from ustaz.exchange.collecting import collect, released_notebooks, timestamp_of
from ustaz.exchange.inspection import read_round
from ustaz.exchange.model import Refused, Round
from ustaz.exchange.nearby import course_around
from ustaz.exchange.receipts import feedback_dir, rounds
from ustaz.exchange.submitting import submit
from ustaz.identity import Identity, acting_as, from_environment

Info = dict[str, Any]


class WorkbookMixin:
    """Finds the course and tells workbooks from other assignments."""

    coursedir: Any
    log: Any
    fail: Callable[[str], NoReturn]  # nbgrader's: logs, then raises

    def course(self) -> Course | None:
        """Return the course around nbgrader's course directory, if it is one of ours."""
        return course_around(self.coursedir.root)

    def workbook_course(self) -> Course | None:
        """Return the course when the assignment is one of its workbooks."""
        course = self.course()
        return course if course and is_workbook(course, self.coursedir.assignment_id) else None

    def identity(self, course: Course) -> Identity:
        """Return who runs this; ``--student`` names another person in a demo course only."""
        wanted = self.coursedir.student_id
        if course.demo and wanted not in {"", "*"}:
            return acting_as(course, wanted)
        return from_environment(course)

    def own_identity(self, course: Course) -> Identity | None:
        """Return who runs this, or None for somebody who is not in the roster."""
        try:
            return self.identity(course)
        except UstazError:
            return None


def is_workbook(course: Course, assignment: str) -> bool:
    """Tell whether an assignment is a workbook that people hand in."""
    return assignment in course.library.ids and not course.library[assignment].companion


class WorkbookSubmit(WorkbookMixin, default.ExchangeSubmit):  # type: ignore[misc]
    """``nbgrader submit`` and the Submit button."""

    def start(self) -> None:
        """Hand in a workbook from the person's answers; other assignments as nbgrader does."""
        course = self.workbook_course()
        if course is None:
            super().start()
            return
        self.set_timestamp()
        try:
            identity = self.identity(course)
            wanted = self.coursedir.student_id
            person = identity.person if wanted in {"", "*"} else wanted
            receipt = submit(
                course,
                person,
                self.coursedir.assignment_id,
                identity=identity,
                confirm=True,  # nbgrader's button has no second question; rounds are kept anyway
            )
        except UstazError as error:
            self.fail(f"{error.message} {error.hint}".strip())
        when = receipt.received_at.astimezone(course.timezone)
        self.log.info(
            "%s: %s %s %s round %d at %s, %d of %d answered, code %s",
            "Already submitted" if receipt.repeated else "Submitted as",
            course.id,
            receipt.workbook,
            receipt.person,
            receipt.round,
            f"{when:%Y-%m-%d %H:%M}",
            receipt.answered,
            receipt.of,
            receipt.code,
        )


class WorkbookCollect(WorkbookMixin, default.ExchangeCollect):  # type: ignore[misc]
    """``nbgrader collect`` and the Collect button."""

    def start(self) -> None:
        """Take the last round of everybody; ``--update`` is always on for workbooks."""
        course = self.workbook_course()
        if course is None:
            super().start()
            return
        wanted = self.coursedir.student_id
        report = collect(
            course,
            self.coursedir.assignment_id,
            person=None if wanted in {"", "*"} else wanted,
            before=self._due() if self.before_duedate else None,
        )
        for person, workbook, number in report.taken:
            self.log.info("Collecting submission: %s %s (round %d)", person, workbook, number)
        for person, workbook, _ in report.unchanged:
            self.log.info("No newer submission to collect: %s %s", person, workbook)
        for person, workbook, why, detail in report.refused:
            self.log.error("Refused, nothing changed: %s %s: %s %s", person, workbook, why, detail)
        self.log.info(
            "%d collected, %d unchanged, %d refused",
            len(report.taken),
            len(report.unchanged),
            len(report.refused),
        )

    def _due(self) -> dt.datetime | None:
        with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
            try:
                due: dt.datetime | None = gradebook.find_assignment(
                    self.coursedir.assignment_id
                ).duedate
            except MissingEntry:
                return None
        return due.replace(tzinfo=dt.UTC) if due else None


class WorkbookList(WorkbookMixin, default.ExchangeList):  # type: ignore[misc]
    """``nbgrader list`` and the lists of the Assignments page."""

    def parse_assignments(self) -> list[Info]:
        """Return nbgrader's own list, with the rounds of our workbooks in it."""
        listed: list[Info] = super().parse_assignments()
        course = self.course()
        if course is None or self.coursedir.course_id not in {"", "*", course.id}:
            return listed
        wanted = self.coursedir.assignment_id
        workbooks = [one for one in course.assignments if wanted in {"", "*", one}]
        if self.inbound or self.cached:
            return listed + self._rounds(course, workbooks)
        person = self.own_identity(course)
        for info in listed:
            if person and info["assignment_id"] in workbooks:
                self._own_copy(course, person, info)
        return listed

    def _own_copy(self, course: Course, person: Identity, info: Info) -> None:
        """Show the person's own folder: the one that the page writes into."""
        folder = course.people_dir / person.person / info["assignment_id"]
        notebooks = sorted(folder.glob("*.ipynb"))
        if info["status"] == "released" and notebooks:
            info["status"] = "fetched"
            info["path"] = str(folder)
            info["notebooks"] = [_notebook(path) for path in notebooks]

    def _rounds(self, course: Course, workbooks: list[str]) -> list[Info]:
        people = list(course.people)
        if self.cached:
            identity = self.own_identity(course)
            people = [identity.person] if identity else []
        wanted = self.coursedir.student_id
        found: list[Info] = []
        for person in people:
            if wanted not in {"", "*", person}:
                continue
            for workbook in workbooks:
                submissions = [
                    self._submission(course, one) for one in rounds(course, person, workbook)
                ]
                if submissions:
                    found.append(
                        {
                            "course_id": course.id,
                            "student_id": person,
                            "assignment_id": workbook,
                            "status": "submitted",
                            "submissions": submissions,
                        }
                    )
        return found

    def _submission(self, course: Course, one: Round) -> Info:
        person, workbook = one.receipt.person, one.receipt.workbook
        local = feedback_dir(course, person, workbook, one.round)
        ready = one.status == "returned"
        has_local = ready and local.is_dir()
        return {
            "course_id": course.id,
            "student_id": person,
            "assignment_id": workbook,
            "timestamp": timestamp_of(read_round(course, person, workbook, one.round)),
            "status": "submitted",
            "path": str(course.exchange_dir / "inbound" / person / workbook / f"{one.round:04d}"),
            "notebooks": [
                {
                    "notebook_id": path.stem,
                    "path": str(path),
                    "has_local_feedback": has_local,
                    "has_exchange_feedback": ready,
                    "local_feedback_path": str(local / f"{path.stem}.html") if has_local else None,
                    "feedback_updated": False,
                }
                for path in _released(course, workbook)
            ],
            "has_local_feedback": has_local,
            "has_exchange_feedback": ready,
            "feedback_updated": False,
            "local_feedback_path": str(local) if has_local else None,
        }

    def remove_files(self) -> list[Info]:
        """Remove as nbgrader does; what people handed in as workbooks is never removed."""
        removed: list[Info] = super().remove_files()
        if self.inbound or self.cached:
            self.log.info("Rounds of workbooks are kept.")
        return removed


class WorkbookFetchAssignment(WorkbookMixin, default.ExchangeFetchAssignment):  # type: ignore[misc]
    """``nbgrader fetch_assignment`` and the Fetch button."""

    def start(self) -> None:
        """Put the released notebook beside the person's answers, which it never touches."""
        course = self.workbook_course()
        if course is None:
            super().start()
            return
        workbook = self.coursedir.assignment_id
        try:
            identity = self.identity(course)
            folder = course.people_dir / identity.person / workbook
            files.make_folder(folder)
            for notebook in released_notebooks(course, workbook):
                files.replace(folder / notebook.name, notebook.read_bytes())
        except UstazError as error:
            self.fail(f"{error.message} {error.hint}".strip())
        self.log.info("Fetched as: %s %s", course.id, workbook)


class WorkbookFetchFeedback(WorkbookMixin, default.ExchangeFetchFeedback):  # type: ignore[misc]
    """``nbgrader fetch_feedback`` and the button of that name."""

    def start(self) -> None:
        """Show the feedback that was released; it lies with the person's answers already."""
        course = self.workbook_course()
        if course is None:
            super().start()
            return
        try:
            person = self.identity(course).person
        except UstazError as error:
            self.fail(f"{error.message} {error.hint}".strip())
        workbook = self.coursedir.assignment_id
        returned = [one for one in rounds(course, person, workbook) if one.status == "returned"]
        for one in returned:
            self.log.info("Feedback: %s", feedback_dir(course, person, workbook, one.round))
        if not returned:
            self.log.warning("There is no feedback for %s yet.", workbook)


def _released(course: Course, workbook: str) -> list[Path]:
    try:
        return released_notebooks(course, workbook)
    except Refused:
        return []


def _notebook(path: Path) -> Info:
    return {"notebook_id": path.stem, "path": os.fspath(path)}
