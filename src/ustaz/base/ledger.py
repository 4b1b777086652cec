"""What one party says about another's document: append-only, one file per person.

A line is one JSON object. A line is appended with one ``write`` under a lock and synced; a torn
last line (power loss) is skipped by readers and closed off by the next writer. The latest line
for a key decides, so that taking something back is one more line and history stays. Only where a
person is erased are lines exchanged.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

from filelock import FileLock

from ustaz.base import clock, files
from ustaz.base.ids import PERSON_ID


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
        return self.append_all(about, [entry])[0]

    def append_all(self, about: str, entries: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Write several lines at once and return them with their time: all of them, or none."""
        path = self._path(about)
        now = clock.stamp()
        lines = [{"at": now, **entry} for entry in entries]
        if not lines:
            return lines
        data = b"".join(
            json.dumps(line, ensure_ascii=False, sort_keys=True).encode() + b"\n" for line in lines
        )
        files.make_folder(self.folder)  # mkdir alone leaves what it makes above it open to others
        with FileLock(path.with_suffix(".lock"), timeout=10, mode=0o600):
            files.append(path, data)
        return lines

    def rewrite(self, about: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> int:
        """Put other lines in the place of lines, all or none; return how many.

        Only to erase somebody or removed words, and where a school gets another spelling.

        A line that `change` returns as it is, and one that cannot be read, keeps its bytes.
        """
        path = self._path(about)
        if not path.exists():
            return 0
        count = 0
        with FileLock(path.with_suffix(".lock"), timeout=10, mode=0o600):
            lines = path.read_bytes().split(b"\n")
            for at, raw in enumerate(lines):
                try:
                    line = json.loads(raw)
                except (ValueError, RecursionError):
                    continue
                fresh = change(line) if isinstance(line, dict) else line
                if fresh != line:
                    lines[at] = json.dumps(fresh, ensure_ascii=False, sort_keys=True).encode()
                    count += 1
            if count:
                files.replace(path, b"\n".join(lines), temporary=f".{about}.rewrite.tmp")
        return count

    def respell(self, key: str, spellings: Collection[str], into: str) -> None:
        """Put one spelling into the place of others, in every file of the folder."""
        old = {*spellings} - {into}
        for path in sorted(self.folder.glob("*.jsonl")):
            self.rewrite(
                path.stem, lambda line: {**line, key: into} if line.get(key) in old else line
            )

    def entries(self, about: str) -> Iterator[dict[str, Any]]:
        """Yield the readable lines about a person, oldest first."""
        try:
            data = self._path(about).read_bytes()
        except FileNotFoundError:
            return
        for raw in data.split(b"\n"):
            try:
                line = json.loads(raw)
            except (ValueError, RecursionError):
                continue
            if isinstance(line, dict):
                yield line

    def path(self, about: str) -> Path:
        """Return the file of the lines about a person."""
        return self._path(about)

    def _path(self, about: str) -> Path:
        if not PERSON_ID.match(about):
            raise ValueError("not a person id")
        return self.folder / f"{about}.jsonl"
