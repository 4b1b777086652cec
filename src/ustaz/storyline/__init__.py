"""The story line of a project: what happened when, as one picture and as a list by date.

Pure: it takes answers that are projected to their reader already, and what the course knows of
meetings and rounds; it gives events (:mod:`.events`), their places in the picture
(:mod:`.layout`) and HTML with an SVG in it (:mod:`.drawing`). Which answer is which event, the
workbooks say themselves: by ``story``, and by having a plan.
"""

from __future__ import annotations

from ustaz.storyline.drawing import KIND_NAMES, drawn, planned_and_happened
from ustaz.storyline.events import Event, in_order, of_workbook, undated_fields

__all__ = [
    "KIND_NAMES",
    "Event",
    "drawn",
    "in_order",
    "of_workbook",
    "planned_and_happened",
    "undated_fields",
]
