"""Which pictures go into a file that is carried away: those that fit, the others made small."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ustaz.files import FileRefused, FileStore
from ustaz.portfolio.model import Attached

#: Bytes of all pictures in one file: it is sent by telephones, and by mail.
MOST: Final = 12 * 1024 * 1024
#: Bytes of words, fonts and lines of a file; for saying how large it will be.
BESIDE: Final = 150 * 1024


class Pictures:
    """The pictures of one portfolio, within a bound.

    As long as there is room, the picture itself; then the small one; then none.

    Parameters
    ----------
    store : FileStore
    person : str
        Whose files they are.
    files : iterable of Attached
        In the order in which they are shown.
    most : int
        Bytes.
    """

    def __init__(
        self, store: FileStore, person: str, files: Iterable[Attached], most: int = MOST
    ) -> None:
        self._store = store
        self._person = person
        self._chosen: dict[str, str] = {}
        self.size = 0
        for file in files:
            if file.is_picture:
                self._choose(file.sha256, most)

    def _choose(self, sha256: str, most: int) -> None:
        record = self._store.record(self._person, sha256)
        small = self._store.record(self._person, record.small) if record and record.small else None
        for candidate in (record, small):
            if candidate is not None and self.size + candidate.size <= most:
                self._chosen[sha256] = candidate.sha256
                self.size += candidate.size
                return

    def __len__(self) -> int:
        return len(self._chosen)

    def data(self, file: Attached) -> tuple[str, bytes] | None:
        """Return type and bytes of a picture; None where it has no room or cannot be read."""
        record = self._store.record(self._person, self._chosen.get(file.sha256, ""))
        if record is None:
            return None
        try:
            return record.type, self._store.data(self._person, record)
        except FileRefused:
            return None
