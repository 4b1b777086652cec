"""Where in a document a remark stands, and what it was written about."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

#: What a remark is: it tells, asks or proposes; none of them marks.
SORTS: Final = ("notice", "question", "suggestion")
#: A field, or a row of a table.
PLACE: Final = re.compile(r"[a-z][a-z0-9_]{0,63}(/[A-Za-z0-9_-]{1,64})?\Z")
#: Signs of an answer that a remark quotes.
MOST_QUOTE: Final = 300


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a remark stands.

    Attributes
    ----------
    workbook, place : str
        ``focus`` and ``focus_statement``, or ``steps/ROW``.
    sort : str
        One of :data:`SORTS`.
    quote : str
        How the answer began when the remark was written; empty where there was none.
    digest : str
        Of the answer as its facilitators read it, to see later whether it has changed.
    revision : int
        Of the document.
    """

    workbook: str
    place: str
    sort: str
    quote: str = ""
    digest: str = ""
    revision: int = 0

    @property
    def field(self) -> str:
        """Return the field, or the table, beside which it stands."""
        return self.place.partition("/")[0]

    @property
    def row(self) -> str:
        """Return the row; empty where it is about a field."""
        return self.place.partition("/")[2]

    def to_json(self) -> dict[str, Any]:
        """Return it as a line of the store holds it."""
        return asdict(self)


def anchor_in(line: Mapping[str, Any]) -> Anchor | None:
    """Return the anchor of a thread's first line; None where there is none that can be read."""
    value = line.get("anchor")
    if not isinstance(value, Mapping):
        return None
    texts = [value.get(key, "") for key in ("workbook", "place", "sort", "quote", "digest")]
    if not all(isinstance(text, str) for text in texts):
        return None
    workbook, place, sort, quote, digest = texts
    revision = value.get("revision", 0)
    if not workbook or not PLACE.match(place) or sort not in SORTS or type(revision) is not int:
        return None
    return Anchor(workbook, place, sort, quote, digest, revision)


def digest_of(value: object) -> str:
    """Return what an answer is compared by; empty where there is none."""
    if value in (None, "", [], {}):
        return ""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def quote_of(text: str) -> str:
    """Return how an answer begins, in one paragraph."""
    words = " ".join(text.split())
    return words if len(words) <= MOST_QUOTE else words[: MOST_QUOTE - 1].rstrip() + "…"
