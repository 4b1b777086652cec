"""The people of a course: who they are now, and what changed and by whom."""

from __future__ import annotations

from ustaz.roster.errors import RosterError
from ustaz.roster.granting import Giver
from ustaz.roster.history import Entry, Past, Substitution
from ustaz.roster.names import by_name, find, name_key
from ustaz.roster.people import (
    ROSTER_COLUMNS,
    ROSTER_FILE,
    STATUSES,
    Person,
    read_roster,
)

__all__ = [
    "ROSTER_COLUMNS",
    "ROSTER_FILE",
    "STATUSES",
    "Entry",
    "Giver",
    "Past",
    "Person",
    "RosterError",
    "Substitution",
    "by_name",
    "find",
    "name_key",
    "read_roster",
]
