"""The projects of one person: the one that goes on, and earlier ones that stay readable."""

from __future__ import annotations

from ustaz.projects.beginning import ProjectError, begin, complete, undo
from ustaz.projects.earlier import NOWHERE, Floor, Part, Project, earlier, floors, present, store_of

__all__ = [
    "NOWHERE",
    "Floor",
    "Part",
    "Project",
    "ProjectError",
    "begin",
    "complete",
    "earlier",
    "floors",
    "present",
    "store_of",
    "undo",
]
