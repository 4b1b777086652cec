"""Secret addresses under which a telephone reads its owner's calendar.

One for each person at a time. The address is shown once; kept is the SHA-256 of its secret part,
as a line of the person's own file. A new address, and "close", end the one before at once.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from ustaz.base.ids import PERSON_ID
from ustaz.base.ledger import Ledger
from ustaz.config_files.last_good import stat_key
from ustaz.course import Course

FOLDER: Final = "calendars"
BYTES: Final = 32
SECRET: Final = re.compile(r"[A-Za-z0-9_-]{43}\Z")


@dataclass(frozen=True, slots=True)
class Subscription:
    """An open address.

    Attributes
    ----------
    person : str
    digest : str
        SHA-256 of the secret, in hexadecimal digits.
    steps : bool
        Whether the steps of the person's plans stand in it, in their own words.
    since : str
        ISO 8601.
    """

    person: str
    digest: str
    steps: bool
    since: str


def book(course: Course) -> Ledger:
    """Return the lines about addresses."""
    return Ledger(course.dir / FOLDER)


def open_address(course: Course, person: str, *, steps: bool) -> str:
    """Open a new address for a person, end the one before; return the secret, this once."""
    secret = secrets.token_urlsafe(BYTES)
    book(course).append(person, {"open": _digest(secret), "steps": steps})
    return secret


def close_address(course: Course, person: str) -> None:
    """End a person's address; nothing happens where there is none."""
    if subscription(course, person) is not None:
        book(course).append(person, {"open": ""})


def subscription(course: Course, person: str) -> Subscription | None:
    """Return a person's open address."""
    key = stat_key(book(course).path(person))
    return None if key is None else _latest(course.dir, person, key)


def owner(course: Course, secret: str) -> Subscription | None:
    """Return whose calendar a secret opens; None for one that is closed or was never made."""
    if not SECRET.match(secret):
        return None
    digest, result = _digest(secret), None
    for path in (course.dir / FOLDER).glob("*.jsonl"):
        if not PERSON_ID.match(path.stem):
            continue
        known = subscription(course, path.stem)
        if known is not None and hmac.compare_digest(known.digest, digest):
            result = known
    return result


@lru_cache(maxsize=4096)
def _latest(directory: Path, person: str, _key: tuple[int, int, int, int]) -> Subscription | None:
    latest = None
    for line in Ledger(directory / FOLDER).entries(person):
        digest = line.get("open")
        if isinstance(digest, str):
            at, steps = str(line.get("at", "")), line.get("steps") is True
            latest = Subscription(person, digest, steps, at) if digest else None
    return latest


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("ascii")).hexdigest()
