"""What is kept of one person: shown, copied out for them, erased. One list of places for all three.

The list stands in :mod:`ustaz.privacy.places`; a test holds it against ``docs/data-map.md``.
"""

from __future__ import annotations

from ustaz.privacy.erasing import Erasure, erase, look
from ustaz.privacy.exporting import Export, export
from ustaz.privacy.model import Amount, DataSubject, Member, PersonalError
from ustaz.privacy.subject import subject_of

__all__ = [
    "Amount",
    "DataSubject",
    "Erasure",
    "Export",
    "Member",
    "PersonalError",
    "erase",
    "export",
    "look",
    "subject_of",
]
