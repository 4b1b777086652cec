"""The story line of a project: what happened when, as one picture and as a list by date.

Pure: it takes answers that are projected to their reader already, and what the course knows of
meetings and rounds; it gives events (:mod:`.events`), their places in the picture
(:mod:`.layout`) and HTML with an SVG in it (:mod:`.drawing`). Which answer is which event, the
workbooks say themselves: by ``story``, and by having a plan.
"""

from __future__ import annotations

from ustaz.storyline.drawing import (
    KIND_NAMES,
    PAPER_STYLE,
    drawn,
    lines,
    planned_and_happened,
    svg_file,
)
from ustaz.storyline.events import Event, first_written, in_order, of_workbook, undated_fields

__all__ = [
    "KIND_NAMES",
    "PAPER_STYLE",
    "Event",
    "drawn",
    "first_written",
    "in_order",
    "lines",
    "of_workbook",
    "planned_and_happened",
    "svg_file",
    "undated_fields",
]
