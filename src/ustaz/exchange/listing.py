"""``nbgrader list``: nbgrader's own list of assignments, with the rounds of workbooks in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbgrader.exchange import default

from ustaz.course import Course
from ustaz.course.identity import Identity
from ustaz.exchange.collecting import released_notebooks, timestamp_of
from ustaz.exchange.mixin import WorkbookMixin, notebook_info
from ustaz.exchange.model import Refused, SubmissionSummary
from ustaz.exchange.ordinary import is_workbook
from ustaz.exchange.receipts import feedback_dir, rounds
from ustaz.exchange.validate import read_round

Info = dict[str, Any]


class WorkbookList(WorkbookMixin, default.ExchangeList):  # type: ignore[misc]
    """``nbgrader list`` and the lists of the Assignments page."""

    def parse_assignments(self) -> list[Info]:
        """Return nbgrader's own list, with the rounds of our workbooks in it."""
        infos: list[Info] = super().parse_assignments()
        course = self.course()
        if course is None or self.coursedir.course_id not in {"", "*", course.id}:
            return infos
        wanted = self.coursedir.assignment_id
        workbooks = [
            assignment
            for assignment in course.assignments
            if wanted in {"", "*", assignment} and is_workbook(course, assignment)
        ]
        if self.inbound or self.cached:
            return infos + self._rounds(course, workbooks)
        person = self.own_identity(course)
        for info in infos:
            if person and info["course_id"] == course.id and info["assignment_id"] in workbooks:
                self._own_copy(course, person, info)
        return infos

    def format_inbound_assignment(self, info: Info) -> str:
        """Return nbgrader's line of a submission, and whether a round came late."""
        line: str = super().format_inbound_assignment(info)
        return f"{line} (late)" if info.get("late") else line

    def _own_copy(self, course: Course, person: Identity, info: Info) -> None:
        """Show the person's own folder: the one that the page writes into."""
        folder = course.people_dir / person.person / info["assignment_id"]
        notebooks = sorted(folder.glob("*.ipynb"))
        if info["status"] == "released" and notebooks:
            info["status"] = "fetched"
            info["path"] = str(folder)
            info["notebooks"] = [notebook_info(path) for path in notebooks]

    def _rounds(self, course: Course, workbooks: list[str]) -> list[Info]:
        people = list(course.people)
        if self.cached:
            identity = self.own_identity(course)
            people = [identity.person] if identity else []
        wanted = self.coursedir.student_id
        infos: list[Info] = []
        for person in people:
            if wanted not in {"", "*", person}:
                continue
            for workbook in workbooks:
                submissions = [
                    self._submission(course, round_) for round_ in rounds(course, person, workbook)
                ]
                if submissions:
                    infos.append(
                        {
                            "course_id": course.id,
                            "student_id": person,
                            "assignment_id": workbook,
                            "status": "submitted",
                            "submissions": submissions,
                        }
                    )
        return infos

    def _submission(self, course: Course, round_: SubmissionSummary) -> Info:
        person, workbook = round_.receipt.person, round_.receipt.workbook
        local = feedback_dir(course, person, workbook, round_.round)
        ready = round_.status == "returned"
        has_local = ready and local.is_dir()
        return {
            "course_id": course.id,
            "student_id": person,
            "assignment_id": workbook,
            "timestamp": timestamp_of(read_round(course, person, workbook, round_.round)),
            "status": "submitted",
            "late": round_.receipt.late,
            "path": str(
                course.exchange_dir / "inbound" / person / workbook / f"{round_.round:04d}"
            ),
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


def _released(course: Course, workbook: str) -> list[Path]:
    try:
        return released_notebooks(course, workbook)
    except Refused:
        return []
