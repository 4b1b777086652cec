"""How often somebody may do something: a leaking bucket for each name that is counted for."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

MAX_KEPT: Final = 20_000


@dataclass(frozen=True, slots=True)
class Limit:
    """Something that tries are counted for.

    Attributes
    ----------
    name : str
        What, for instance a person, or an account at an address.
    allowed : int
        Tries that pass at once.
    forget_after : float
        Seconds after which one try is forgotten; nobody waits for longer.
    """

    name: str
    allowed: int
    forget_after: float


class Throttle:
    """Tries by name, forgotten one by one.

    A try is counted before it is judged, and taken off again where it was right: of guesses that
    come at the same moment no more are judged than of those that come one by one. One that was not
    judged is not counted, so the longest wait is that of one try, however many came.

    Parameters
    ----------
    clock : callable
        Monotonic seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._tries: dict[str, tuple[float, float]] = {}

    def _level(self, limit: Limit, now: float) -> float:
        level, then = self._tries.get(limit.name, (0.0, now))
        return max(0.0, level - (now - then) / limit.forget_after)

    def _wait(self, limit: Limit, now: float) -> int:
        over = self._level(limit, now) + 1 - limit.allowed
        # What is a hair's breadth over is over by the rounding of a division.
        return max(1, math.ceil(over * limit.forget_after - 1e-6)) if over > 1e-9 else 0

    def wait(self, *limits: Limit) -> int:
        """Return how many seconds to wait before the next try; 0 for none."""
        with self._lock:
            now = self._clock()
            return max((self._wait(limit, now) for limit in limits), default=0)

    def begin(self, *limits: Limit) -> int:
        """Count a try that is about to be judged, or return the seconds to wait before it is."""
        with self._lock:
            now = self._clock()
            wait = max((self._wait(limit, now) for limit in limits), default=0)
            if not wait:
                for limit in limits:
                    self._tries[limit.name] = (self._level(limit, now) + 1, now)
                self._bound()
        return wait

    def _bound(self) -> None:
        """Forget whose last try is the oldest where there are too many."""
        if len(self._tries) > MAX_KEPT:
            newest = sorted(self._tries.items(), key=lambda entry: entry[1][1])[MAX_KEPT // 4 :]
            self._tries = dict(newest)

    def succeeded(self, own: Limit, *shared: Limit) -> None:
        """Forget the tries of `own`, and of `shared` only the try that was right."""
        with self._lock:
            now = self._clock()
            self._tries.pop(own.name, None)
            for mark in shared:
                self._tries[mark.name] = (max(0.0, self._level(mark, now) - 1), now)
