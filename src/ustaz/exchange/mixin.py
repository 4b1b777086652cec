"""What nbgrader's classes ask before they act: which course, which assignment, and who."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NoReturn

from ustaz.base.errors import UstazError
from ustaz.course import Course
from ustaz.course.identity import Identity, acting_as, from_environment
from ustaz.course.locate import course_around
from ustaz.exchange.client import URL_ENV
from ustaz.exchange.ordinary import is_workbook
from ustaz.messages import translator

HUB: Final = "ustaz-hub.toml"


class WorkbookMixin:
    """Finds the course and tells workbooks from other assignments."""

    coursedir: Any
    log: Any
    fail: Callable[[str], NoReturn]  # nbgrader's: logs, then raises

    def course(self) -> Course | None:
        """Return the course around nbgrader's course directory, if it is one of ours."""
        return course_around(self.coursedir.root)

    def workbook_course(self) -> Course | None:
        """Return the course when it is asked for one of its workbooks."""
        return workbook_course_of(self.coursedir)

    def identity(self, course: Course) -> Identity:
        """Return who runs this; ``--student`` names another person in a demo course only."""
        wanted = self.coursedir.student_id
        if course.demo and wanted not in {"", "*"}:
            return acting_as(course, wanted)
        return from_environment(course)

    def refuse(self, error: UstazError) -> NoReturn:
        """Say a refusal in one line, in the language of whoever runs this where it is known."""
        course = self.course()
        who = self.own_identity(course) if course is not None else None
        lang = course.person(who.person).lang if course is not None and who is not None else ""
        refuse(self.fail, error, translator(lang).gettext)

    def own_identity(self, course: Course) -> Identity | None:
        """Return who runs this, or None for somebody who is not in the roster."""
        try:
            return self.identity(course)
        except UstazError:
            return None


class WorkbookAction(WorkbookMixin):
    """What nbgrader does by ``start``: ours for a workbook, its own for any other assignment."""

    def start(self) -> None:
        """Do it; whatever is refused of a workbook is said in one line."""
        course = self.workbook_course()
        if course is None:
            self.ordinary()
            return
        try:
            self.run(course)
        except UstazError as error:
            self.refuse(error)

    def ordinary(self) -> None:
        """Do as nbgrader does."""
        super().start()  # type: ignore[misc]

    def run(self, course: Course) -> None:
        """Do it for a workbook of a course."""
        raise NotImplementedError


def workbook_course_of(coursedir: Any) -> Course | None:  # noqa: ANN401 - nbgrader has no types
    """Return the course when nbgrader is asked for one of its workbooks.

    Another course's assignment of the same name is not ours, and neither is an ordinary one.
    """
    course = course_around(coursedir.root)
    if course is None or coursedir.course_id not in {"", "*", course.id}:
        return None
    return course if is_workbook(course, coursedir.assignment_id) else None


NOT_OFFERED: Final = (
    "{assignment} is released, but nobody can fetch it on this hub: only workbooks are offered to "
    "participants here, since grading an ordinary assignment runs what they wrote, in the account "
    "of staff. Hand it out in another way (the files lie in {folder}) and take what comes back "
    "with `nbgrader zip_collect {assignment}`."
)


def in_hub(course: Course) -> bool:
    """Tell whether a course's participants work on a hub, without an account of the computer."""
    above = course.dir.parent
    return URL_ENV in os.environ or (above.name == "courses" and (above.parent / HUB).is_file())


def warn_if_not_offered(mixin: WorkbookMixin, folder: str) -> None:
    """Say, where staff release an ordinary assignment, that a hub's participants get nothing."""
    course = mixin.course()
    if course is not None and in_hub(course):
        assignment = mixin.coursedir.assignment_id
        mixin.log.warning(NOT_OFFERED.format(assignment=assignment, folder=folder))


def refuse(
    fail: Callable[[str], NoReturn], error: UstazError, translate: Callable[[str], str] = str
) -> NoReturn:
    """Say a refusal in one line, as nbgrader's `fail` does."""
    fail(" ".join(error.translated(translate)).strip())


def notebook_info(path: Path) -> dict[str, Any]:
    """Return what nbgrader's lists say of a notebook."""
    return {"notebook_id": path.stem, "path": os.fspath(path)}
