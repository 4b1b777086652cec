"""The people of a course: who they are now, what changed and by whom, and lists that come in."""

from __future__ import annotations

from ustaz.messages import LANGUAGES
from ustaz.roster.changes import (
    can_undo,
    end_substitution,
    groups_in,
    history,
    move,
    set_status,
    substitute,
    undo,
)
from ustaz.roster.choosing import Choice
from ustaz.roster.errors import RosterError
from ustaz.roster.granting import Giver
from ustaz.roster.history import Entry, Past, Substitution
from ustaz.roster.importing import Plan, Planned, import_list, plan_import
from ustaz.roster.joining import join, undo_join
from ustaz.roster.names import by_name, find, name_key
from ustaz.roster.people import (
    ROSTER_COLUMNS,
    ROSTER_FILE,
    STATUSES,
    Person,
    read_roster,
)
from ustaz.roster.problems import Problem

__all__ = [
    "LANGUAGES",
    "ROSTER_COLUMNS",
    "ROSTER_FILE",
    "STATUSES",
    "Choice",
    "Entry",
    "Giver",
    "Past",
    "Person",
    "Plan",
    "Planned",
    "Problem",
    "RosterError",
    "Substitution",
    "by_name",
    "can_undo",
    "end_substitution",
    "find",
    "groups_in",
    "history",
    "import_list",
    "join",
    "move",
    "name_key",
    "plan_import",
    "read_roster",
    "set_status",
    "substitute",
    "undo",
    "undo_join",
]
