"""How much one person may ask at once: generous for people, finite for scripts."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from typing import Final

MAX_BODY: Final = 512 * 1024
"""Bytes of one API request; a whole document is capped at half of that."""

MAX_UPLOAD: Final = 3 * 1024 * 1024
"""Bytes of one uploaded file with its form."""

MAX_FORM: Final = 16 * 1024
"""Bytes of one form of the pages."""

MAX_KEPT: Final = 10_000


class Limiter:
    """A leaking bucket per person.

    Parameters
    ----------
    burst : int
        Requests that pass at once, for instance a queue that comes back from a dead network.
    per_second : float
        Requests that pass for ever.
    clock : callable
        Monotonic seconds.
    """

    def __init__(
        self,
        burst: int = 120,
        per_second: float = 10.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.burst = burst
        self.per_second = per_second
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: dict[str, tuple[float, float]] = {}

    def wait(self, who: str) -> int:
        """Count one request of `who`; return 0, or the seconds to wait when it is too many."""
        now = self._clock()
        with self._lock:
            level, then = self._buckets.get(who, (0.0, now))
            level = max(0.0, level - (now - then) * self.per_second)
            if level + 1 > self.burst:
                self._buckets[who] = (level, now)
                return max(1, math.ceil((level + 1 - self.burst) / self.per_second))
            if len(self._buckets) >= MAX_KEPT and who not in self._buckets:
                self._buckets.clear()
            self._buckets[who] = (level + 1, now)
            return 0
