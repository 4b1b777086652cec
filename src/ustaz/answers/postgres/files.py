"""A file that lies in a table as chunks: what was seen of it, and what is to be added."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

#: A chunk is at most so large; a save of a journal is one chunk, mostly a small one.
CHUNK: Final = 1 << 15


@dataclass(slots=True)
class Stored:
    """One file: the server's bytes, of which the end may have been seen, and ours behind them.

    Attributes
    ----------
    name : str
        Under which the server keeps it.
    kept : int
        How many of the server's bytes stand; ours follow.
    seen_from : int
        From here on the server's bytes are in `seen`.
    seen : bytes
    added : bytearray
        Ours.
    fresh : bool
        Nothing of the server's stands: all of it is ours.
    """

    name: str = ""
    kept: int = 0
    seen_from: int = 0
    seen: bytes = b""
    added: bytearray = field(default_factory=bytearray)
    fresh: bool = False

    @classmethod
    def new(cls) -> Stored:
        """Return a file that the server does not have."""
        return cls(fresh=True)

    @classmethod
    def seen_as(cls, name: str, start: int, end: int, data: bytes | None) -> Stored:
        """Return a file that ends at `end`, and what was seen of it from `start` on."""
        if data is None or len(data) != end - start:  # a piece is missing: load what there is
            return cls(name, kept=end, seen_from=end)
        return cls(name, kept=end, seen_from=start, seen=data)

    @property
    def size(self) -> int:
        """Return how long the file is."""
        return self.kept + len(self.added)

    @property
    def replaces(self) -> bool:
        """Tell whether nothing of the server's stays (what is empty there is a row, too)."""
        return self.fresh or (not self.kept and bool(self.added))

    def covers(self, position: int) -> bool:
        """Tell whether what stands at `position` is known here."""
        return position >= min(self.seen_from, self.kept)

    def fill(self, data: bytes) -> None:
        """Take in all of the server's bytes."""
        self.seen, self.seen_from, self.kept = data, 0, len(data)

    def read(self, position: int, count: int) -> bytes:
        """Return at most `count` bytes."""
        if position < self.kept:
            at = position - self.seen_from
            return self.seen[at : at + min(count, self.kept - position)]
        at = position - self.kept
        return bytes(self.added[at : at + count])

    def own(self, load: Callable[[], bytes]) -> None:
        """Make all bytes ours, so that they can be cut or stand under another name."""
        if self.fresh:
            return
        if self.seen_from and self.kept:
            self.fill(load())
        self.added[:0] = self.seen[: self.kept]
        self.seen, self.seen_from, self.kept, self.fresh = b"", 0, 0, True


def chunks(file: Stored) -> Iterator[tuple[int, bytes]]:
    """Give what is to be written of a file: where each piece begins, and its bytes."""
    if file.fresh and not file.added:
        yield 0, b""  # an empty file is there, too
    for at in range(0, len(file.added), CHUNK):
        yield file.kept + at, bytes(file.added[at : at + CHUNK])
