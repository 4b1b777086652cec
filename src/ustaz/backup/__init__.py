"""Keeping what people wrote: backups made while they write, restored whole, and verified.

An archive is one file with everything that cannot be made again; see ``docs/operating.md``.
"""

from ustaz.backup.backup import Backup, make_backup
from ustaz.backup.log import Note, last_backup
from ustaz.backup.model import FINDINGS, FORMAT, About, Finding, KeepingError
from ustaz.backup.restore import Restored, restore
from ustaz.backup.verify import Verified, verify

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
