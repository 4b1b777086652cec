"""Staff's long jobs: one at a time for a course, started once, watched from any page."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ustaz.base import clock


@dataclass(slots=True)
class Run:
    """One job.

    Attributes
    ----------
    action : str
        ``collect``, ``grade`` or ``feedback``.
    workbook : str
    by : str
        Person id of who started it.
    started : str
        Time, ISO 8601.
    done, of : int
        Progress, where the job tells it.
    result : dict or None
        The summary, once there is one.
    error : str or None
        An error id when the job as a whole failed.
    number : int
        Tells it from the jobs before and after it.
    """

    action: str
    workbook: str
    by: str
    started: str = field(default_factory=clock.stamp)
    done: int = 0
    of: int = 0
    result: dict[str, Any] | None = None
    error: str | None = None
    number: int = field(default_factory=itertools.count(1).__next__)
    finished: threading.Event = field(default_factory=threading.Event)

    def progress(self, done: int, of: int, _detail: str = "") -> None:
        """Note how far the job is."""
        self.done, self.of = done, of

    def as_json(self) -> dict[str, Any]:
        """Return what the API says about the job."""
        return {
            "number": self.number,
            "action": self.action,
            "workbook": self.workbook,
            "by": self.by,
            "started": self.started,
            "finished": self.finished.is_set(),
            "done": self.done,
            "of": self.of,
            "result": self.result,
            "error": self.error,
        }


class Runs:
    """The jobs of one course."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.last: Run | None = None

    def start(self, run: Run, job: Callable[[Run], dict[str, Any]], failed: Failed) -> bool:
        """Start `job` in a thread of its own; return False when another one is still running."""
        with self._lock:
            if self.last is not None and not self.last.finished.is_set():
                return False
            self.last = run

        def work() -> None:
            try:
                run.result = job(run)
            except Exception as error:  # noqa: BLE001 - the page says so, the log has the rest
                run.error = failed(error)
            finally:
                run.finished.set()

        threading.Thread(target=work, name=f"ustaz-{run.action}", daemon=True).start()
        return True


Failed = Callable[[Exception], str]
