"""Answers that are not lost: strict JSON, documents, changes, and the store that keeps them.

Knows workbooks' definitions and nothing of rounds, grading, servers or notebooks.
"""

from ustaz.answers.applying import apply_changes, difference
from ustaz.answers.changes import Batch, Change, parse_change
from ustaz.answers.document import (
    MAX_DOCUMENT_BYTES,
    Document,
    Subject,
    content,
    content_hash,
    digest,
    same_content,
)
from ustaz.answers.errors import STORE_ERRORS, StoreError
from ustaz.answers.folders import place_of
from ustaz.answers.recovery import NOTICES
from ustaz.answers.results import HistoryEntry, Saved
from ustaz.answers.shape import DocumentError
from ustaz.answers.snapshot import Judged, folders, is_ours, judge, take
from ustaz.answers.store import Store
from ustaz.answers.strict import STRICT_ERRORS, StrictError, dumps_canonical, loads_strict

__all__ = [
    "MAX_DOCUMENT_BYTES",
    "NOTICES",
    "STORE_ERRORS",
    "STRICT_ERRORS",
    "Batch",
    "Change",
    "Document",
    "DocumentError",
    "HistoryEntry",
    "Judged",
    "Saved",
    "Store",
    "StoreError",
    "StrictError",
    "Subject",
    "apply_changes",
    "content",
    "content_hash",
    "difference",
    "digest",
    "dumps_canonical",
    "folders",
    "is_ours",
    "judge",
    "loads_strict",
    "parse_change",
    "place_of",
    "same_content",
    "take",
]
