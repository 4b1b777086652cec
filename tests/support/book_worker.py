"""One process that has Sphinx loaded and builds all books of a test process.

Each build of the product loads Sphinx with its extensions in a process of its own, more than a
second of the processor; a small book is built in half of one. Here each build is a child of one
process that has loaded them.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from ustaz.book import worker
from ustaz.book.settings import LANGUAGES
from ustaz.book.words import words
from ustaz.book.worker import Done, Job

ROOT = Path(__file__).resolve().parents[2]
END = "end"


class LoadedWorker:
    """Takes the place of :func:`ustaz.book.worker.run` in a test process."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def run(self, jobs: Sequence[Job], *, at_once: int) -> Iterator[Done]:
        """Run jobs in a child of the loaded process."""
        process = self._process = self._process or subprocess.Popen(
            [sys.executable, "-c", f"from {__name__} import main; main()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            text=True,
            encoding="utf-8",
        )
        assert process.stdin
        assert process.stdout
        asked = {"jobs": [asdict(job) for job in jobs], "at_once": at_once}
        request = {"environment": dict(os.environ), "asked": asked}
        process.stdin.write(json.dumps(request) + "\n")
        process.stdin.flush()
        lines = list(iter(process.stdout.readline, f"{END}\n"))
        assert len(lines) == len(jobs)
        yield from (Done(**json.loads(line)) for line in lines)

    def close(self) -> None:
        """End the process."""
        if self._process:
            self._process.communicate()


def main() -> None:
    """Load what builds need; then read requests, and build each in a child."""
    worker.load_programs()
    for lang in LANGUAGES:
        words(lang)
    for line in iter(sys.stdin.readline, ""):
        pid = os.fork()
        if not pid:
            try:
                request = json.loads(line)
                os.environ.clear()
                os.environ.update(request["environment"])
                sys.stdin = io.StringIO(json.dumps(request["asked"]))
                worker.main()
            finally:
                os._exit(0)
        os.waitpid(pid, 0)
        sys.stdout.write(f"{END}\n")
        sys.stdout.flush()
