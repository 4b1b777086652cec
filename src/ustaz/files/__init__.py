"""Evidence files of people: taken in pieces, made harmless, kept once under their hash."""

from ustaz.base.evidence import MOST_OF_A_FILE, PICTURES, SUFFIXES, TO_BE_BLURRED, VISIBLE
from ustaz.files.model import MOST_OF_A_PERSON, REFUSALS, FileRecord, FileRefused
from ustaz.files.store import FileStore
from ustaz.files.uploads import Beginning, Uploads

__all__ = [
    "MOST_OF_A_FILE",
    "MOST_OF_A_PERSON",
    "PICTURES",
    "REFUSALS",
    "SUFFIXES",
    "TO_BE_BLURRED",
    "VISIBLE",
    "Beginning",
    "FileRecord",
    "FileRefused",
    "FileStore",
    "Uploads",
]
