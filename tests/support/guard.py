"""The guard of the page (`model/guard/guard.ts`), asked from Python through the locked Node."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

SCRIPT = Path(__file__).with_suffix(".mjs")
ROOT = SCRIPT.parents[2]


class Guard:
    """A running guard; offsets are in code units of UTF-16, as in the browser."""

    def __init__(self, asking: IO[str], answering: IO[str]) -> None:
        self._asking, self._answering = asking, answering

    def ask(self, call: str, argument: Any) -> Any:
        """Return the answer to one call of the script."""
        self._asking.write(json.dumps([call, argument]) + "\n")
        self._asking.flush()
        return json.loads(self._answering.readline())

    def notices(self, text: str) -> list[dict[str, Any]]:
        """Return what the guard notices in a text."""
        return list(self.ask("notices", text))

    def masked(self, text: str) -> str:
        """Return the text with everything masked that is noticed in it."""
        return str(self.ask("masked", text))

    def whole(self, text: str) -> str:
        """Return the text masked until nothing more is noticed."""
        return str(self.ask("whole", text))


@contextmanager
def guard() -> Iterator[Guard]:
    """Run the guard for as long as the block lasts."""
    own = Path(sys.executable).with_name("node")
    node = str(own) if own.exists() else shutil.which("node") or "node"
    with subprocess.Popen(
        [node, str(SCRIPT)], cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin
        assert process.stdout
        try:
            yield Guard(process.stdin, process.stdout)
        finally:
            process.stdin.close()
