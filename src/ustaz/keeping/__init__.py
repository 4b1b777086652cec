"""Keeping what people wrote: backups made while they write, restored whole, and verified.

An archive is one file with everything that cannot be made again; see ``docs/operating.md``.
"""

from ustaz.keeping.backup import Backup, make_backup
from ustaz.keeping.model import FINDINGS, FORMAT, About, Finding, KeepingError
from ustaz.keeping.notes import Note, last_backup
from ustaz.keeping.restore import Restored, restore
from ustaz.keeping.verify import Verified, verify

__all__ = [
    "FINDINGS",
    "FORMAT",
    "About",
    "Backup",
    "Finding",
    "KeepingError",
    "Note",
    "Restored",
    "Verified",
    "last_backup",
    "make_backup",
    "restore",
    "verify",
]
