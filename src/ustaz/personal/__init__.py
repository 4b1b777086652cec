"""What is kept of one person: shown, copied out for them, erased. One list of places for all three.

The list stands in :mod:`ustaz.personal.places`; a test holds it against ``docs/data-map.md``.
"""

from __future__ import annotations

from ustaz.personal.erasing import Erasure, erase, look
from ustaz.personal.exporting import Export, export
from ustaz.personal.model import Found, Member, PersonalError, Whose
from ustaz.personal.whose import whose

__all__ = [
    "Erasure",
    "Export",
    "Found",
    "Member",
    "PersonalError",
    "Whose",
    "erase",
    "export",
    "look",
    "whose",
]
