"""Lists of people that come in, and what staff change in the roster: planned, shown, then done."""

from __future__ import annotations

from ustaz.enrolment.changes import (
    can_undo,
    end_substitution,
    groups_in,
    history,
    move,
    set_status,
    substitute,
    undo,
)
from ustaz.enrolment.choosing import Choice
from ustaz.enrolment.importing import Plan, Planned, import_list, plan_import
from ustaz.enrolment.joining import join, undo_join
from ustaz.enrolment.problems import Problem

__all__ = [
    "Choice",
    "Plan",
    "Planned",
    "Problem",
    "can_undo",
    "end_substitution",
    "groups_in",
    "history",
    "import_list",
    "join",
    "move",
    "plan_import",
    "set_status",
    "substitute",
    "undo",
    "undo_join",
]
