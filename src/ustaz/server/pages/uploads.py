"""Lists that somebody looks at before taking them over: in memory, for a while, for them alone.

Names stand in ``people.csv`` and nowhere else, so a list that was only looked at never touches
the disk; after a restart of the server the file is simply chosen again.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from ustaz.enrolment import Plan
from ustaz.enrolment.choosing import AS_FOUND, Choice
from ustaz.enrolment.parsing_process import Parsed

KEPT_SECONDS: Final = 3600.0
MOST: Final = 20


@dataclass(slots=True)
class Kept:
    """A list that somebody brought.

    Attributes
    ----------
    choice : Choice
        Which column is which, as far as somebody said so.
    sheet : Parsed
        It is read once, when it comes.
    done : Plan or None
        What was taken over.
    """

    course: str
    person: str
    name: str
    sheet: Parsed
    at: float
    choice: Choice = AS_FOUND
    done: Plan | None = None


class Uploads:
    """The lists of one process.

    Parameters
    ----------
    clock : callable
        Monotonic seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: dict[str, Kept] = {}

    def keep(self, course: str, person: str, name: str, sheet: Parsed) -> str:
        """Keep a list; return the token of its address."""
        token = secrets.token_hex(16)
        now = self._clock()
        with self._lock:
            for old in [
                key for key, upload in self._kept.items() if now - upload.at > KEPT_SECONDS
            ]:
                del self._kept[old]
            while len(self._kept) >= MOST:
                del self._kept[next(iter(self._kept))]
            self._kept[token] = Kept(course, person, name, sheet, now)
        return token

    def get(self, course: str, person: str, token: str) -> Kept | None:
        """Return a list to whoever brought it, while it is kept."""
        with self._lock:
            upload = self._kept.get(token)
        if upload is None or (upload.course, upload.person) != (course, person):
            return None
        return upload if self._clock() - upload.at <= KEPT_SECONDS else None


UPLOADS: Final = Uploads()
