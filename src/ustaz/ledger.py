"""What one party says about another's document: append-only, one file per person.

A line is one JSON object. A line is appended with one ``write`` under a lock and synced; a torn
last line (power loss) is skipped by readers and closed off by the next writer. The latest line
for a key decides, so that taking something back is one more line and history stays.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from filelock import FileLock

from ustaz import clock
from ustaz.course import PERSON_ID


class Ledger:
    """Lines about people in one folder.

    Parameters
    ----------
    folder : Path
        Made when the first line is written, readable by the course's account only.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def append(self, about: str, entry: dict[str, Any]) -> dict[str, Any]:
        """Write one line about a person and return it with its time."""
        path = self._path(about)
        line = {"at": clock.stamp(), **entry}
        data = json.dumps(line, ensure_ascii=False, sort_keys=True).encode() + b"\n"
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with FileLock(path.with_suffix(".lock"), timeout=10, mode=0o600):
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
            try:
                size = os.fstat(handle).st_size
                if size and os.pread(handle, 1, size - 1) != b"\n":
                    data = b"\n" + data
                written = os.write(handle, data)
                if written != len(data):
                    os.ftruncate(handle, size)
                    raise OSError(28, "short write")
                os.fsync(handle)
            finally:
                os.close(handle)
        return line

    def entries(self, about: str) -> Iterator[dict[str, Any]]:
        """Yield the readable lines about a person, oldest first."""
        try:
            data = self._path(about).read_bytes()
        except FileNotFoundError:
            return
        for raw in data.split(b"\n"):
            try:
                line = json.loads(raw)
            except ValueError:
                continue
            if isinstance(line, dict):
                yield line

    def _path(self, about: str) -> Path:
        if not PERSON_ID.match(about):
            raise ValueError("not a person id")
        return self.folder / f"{about}.jsonl"
