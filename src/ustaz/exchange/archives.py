"""``nbgrader zip_collect``: for ordinary assignments as nbgrader has it, for workbooks a word.

A notebook out of an archive would lie in ``submitted/`` without answers and without a round, and
grading could only fail on it.
"""

from __future__ import annotations

from typing import Any, Final

from nbgrader.plugins import ExtractorPlugin

from ustaz.exchange.mixin import workbook_course_of

NOT_IN_ARCHIVES: Final = (
    "{workbook} is a workbook: its answers are kept by the course and do not come in archives. "
    "People submit it on its page; take what they submitted with "
    "`nbgrader collect {workbook}` or `ustaz collect {workbook}`. Nothing was changed."
)


class WorkbookExtractor(ExtractorPlugin):  # type: ignore[misc]
    """Refuses workbooks before anything is unpacked; unpacks everything else."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - traitlets' own signature
        super().__init__(**kwargs)
        coursedir = getattr(self.parent, "coursedir", None)
        if coursedir is not None and workbook_course_of(coursedir) is not None:
            self.parent.fail(NOT_IN_ARCHIVES.format(workbook=coursedir.assignment_id))
