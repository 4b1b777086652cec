"""Secret addresses of outside readers: which share one opens, and when it was opened.

Kept are the SHA-256 of the secret and the time of each opening; not who opened it, from where or
with what.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from typing import Final

from ustaz.base.ids import PERSON_ID
from ustaz.base.ledger import Ledger
from ustaz.course import Course
from ustaz.shares.record import FOLDER, LINK, Share, digest_of, is_live, read

OPENINGS: Final = f"{FOLDER}/openings"
SECRET: Final = re.compile(r"[A-Za-z0-9_-]{43}\Z")
#: Openings of one address that are written down; its owner is told "more than" beyond it.
MOST_KEPT: Final = 500


@dataclass(frozen=True, slots=True)
class Opening:
    """How often an address was opened, and when first and last; times are ISO 8601."""

    count: int = 0
    first: str = ""
    last: str = ""

    @property
    def is_full(self) -> bool:
        """Tell whether later openings were no longer written down."""
        return self.count >= MOST_KEPT


def share_of_secret(course: Course, secret: str) -> Share | None:
    """Return the live share that a secret opens; None for one that ended or was never made."""
    if not SECRET.match(secret):
        return None
    digest, result = digest_of(secret), None
    for path in (course.dir / FOLDER).glob("*.jsonl"):
        if not PERSON_ID.match(path.stem):
            continue
        for share in read(course, path.stem):
            if share.to == LINK and hmac.compare_digest(share.digest, digest):
                result = share
    return result if result is not None and is_live(course, result) else None


def record_opening(course: Course, share: Share) -> None:
    """Write down that an address was opened: the time, and nothing else."""
    if not openings(course, share).is_full:
        Ledger(course.dir / OPENINGS).append(share.owner, {"id": share.id})


def openings(course: Course, share: Share) -> Opening:
    """Return how often an address was opened."""
    times = [
        str(line.get("at", ""))
        for line in Ledger(course.dir / OPENINGS).entries(share.owner)
        if line.get("id") == share.id
    ]
    return Opening(len(times), times[0], times[-1]) if times else Opening()
