"""What of a document staff may see: the only answers that ever leave with a round."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ustaz.workbook import Definition, project
from ustaz.workbook.conditions import is_blank

AUDIENCE: Final = "staff"


def visible_to_staff(definition: Definition, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers that staff may see, and the ids of those that were given to others."""
    projected = project(definition, answers, AUDIENCE)
    projected["withheld"] = [
        place for place in projected["withheld"] if _is_answered(place, answers)
    ]
    return projected


def _is_answered(place: str, answers: Mapping[str, Any]) -> bool:
    field, _, column = place.partition(".")
    holders = (answers.get(field) or []) if column else [answers]
    values = [holder[column or field] for holder in holders if (column or field) in holder]
    # A null is the answer "cannot say" of a scale.
    return any(value is None or not is_blank(value) for value in values)
