"""How often somebody may try a password or a code."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from typing import Final

MAX_KEPT: Final = 20_000


class Tries:
    """Failures per name, forgotten one by one.

    Parameters
    ----------
    allowed : int
        Failures that have no consequence.
    forget_after : float
        Seconds after which one failure is forgotten.
    clock : callable
        Monotonic seconds.
    """

    def __init__(
        self, allowed: int, forget_after: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.allowed = allowed
        self.forget_after = forget_after
        self._clock = clock
        self._lock = threading.Lock()
        self._failures: dict[str, tuple[float, float]] = {}

    def _level(self, name: str, now: float) -> float:
        level, then = self._failures.get(name, (0.0, now))
        return max(0.0, level - (now - then) / self.forget_after)

    def wait(self, name: str) -> int:
        """Return how many seconds `name` has to wait before the next try; 0 for none."""
        with self._lock:
            over = self._level(name, self._clock()) + 1 - self.allowed
        return math.ceil(over * self.forget_after) if over > 0 else 0

    def failed(self, name: str) -> None:
        """Count a failure."""
        with self._lock:
            now = self._clock()
            if len(self._failures) >= MAX_KEPT and name not in self._failures:
                self._failures = {
                    one: kept for one, kept in self._failures.items() if self._level(one, now) > 0
                }
            self._failures[name] = (self._level(name, now) + 1, now)

    def succeeded(self, name: str) -> None:
        """Forget the failures of `name`."""
        with self._lock:
            self._failures.pop(name, None)
