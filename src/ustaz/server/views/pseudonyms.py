"""Pseudonyms under which reviewers read: the same for one reviewer through a whole course.

An id in the roster is often a name (``olga-p``), so a reviewer never meets one, in no page and no
address. A pseudonym follows from a secret of the course, the reviewer and the person: it cannot be
computed from a name, two reviewers cannot put what they read together by it, and nothing has to be
kept of anybody, or erased.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from typing import Final

from ustaz.base import files
from ustaz.course import Course

#: Beside the roster; it is in every backup, so that pseudonyms stay after a restore.
KEY_FILE: Final = "pseudonyms.key"
PREFIX: Final = "t-"
LENGTH: Final = 10


def pseudonym(course: Course, reviewer: str, person: str) -> str:
    """Return as whom `reviewer` knows `person`: an id that fits into an address."""
    secret = f"{reviewer}\0{person}".encode()
    digest = hmac.new(_key(course), secret, hashlib.sha256).digest()
    return PREFIX + base64.b32encode(digest).decode("ascii")[:LENGTH].lower()


def person_of(course: Course, reviewer: str, shown: str) -> str | None:
    """Return whom `reviewer` knows as `shown`, or None."""
    if not shown.startswith(PREFIX):
        return None
    matches = (
        person
        for person in course.people
        if hmac.compare_digest(pseudonym(course, reviewer, person), shown)
    )
    return next(matches, None)


def _key(course: Course) -> bytes:
    path = course.dir / KEY_FILE
    try:
        return path.read_bytes()
    except FileNotFoundError:
        files.write_once(path, secrets.token_hex(32).encode("ascii"))
        return path.read_bytes()
