"""Files on their way: sent in pieces, each acknowledged once it is on the disk, finished at last.

An upload is known by the hash of the whole file, so that beginning again, from whatever page, goes
on where it stopped. A piece is a file of its own, named by its offset and written whole or not at
all: what was acknowledged is there after a kill at any moment, and nothing torn is ever counted.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Final

import msgspec

from ustaz.base import clock, files
from ustaz.base.evidence import MOST_OF_A_FILE, SHA256, VISIBLE
from ustaz.files.content import Content
from ustaz.files.conversion import converted
from ustaz.files.model import (
    MOST_OF_A_PIECE,
    MOST_UNFINISHED,
    UNFINISHED_DAYS,
    FileRecord,
    FileRefused,
    Hash,
)
from ustaz.files.store import FileStore

INCOMING: Final = "incoming"
BEGINNING: Final = "upload.json"
LONGEST_SENT_NAME: Final = 400
_WIDTH: Final = 8


class Beginning(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is said of a file before it is sent.

    Attributes
    ----------
    name : str
        What its owner calls it.
    size : int
        Bytes.
    sha256 : str
        Of all of them.
    visible : str
        Who can be seen in it.
    """

    name: Annotated[str, msgspec.Meta(max_length=LONGEST_SENT_NAME)]
    size: Annotated[int, msgspec.Meta(ge=0)]
    sha256: Hash
    visible: str


class Begun(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``upload.json``: what was said, and when somebody last began or went on."""

    at: str
    beginning: Beginning


class Uploads:
    """The uploads of a course's people.

    Parameters
    ----------
    store : FileStore
    convert : callable
        Returns what is kept of the bytes as they were sent.
    """

    def __init__(self, store: FileStore, convert: Callable[[bytes], Content] = converted) -> None:
        self._store = store
        self._convert = convert

    def _folder(self, person: str, upload: str) -> Path:
        if not SHA256.match(upload):
            raise FileRefused("file_no_upload")
        return self._store.folder(person) / INCOMING / upload

    def begin(self, person: str, beginning: Beginning) -> FileRecord | int:
        """Begin an upload, or go on with one; return what is kept already, or the bytes held.

        Raises
        ------
        FileRefused
            ``file_bad_request``, ``file_empty``, ``file_too_large``, ``file_no_room``,
            ``file_too_many``, ``file_too_many_unfinished``, ``file_not_stored``.
        """
        if beginning.visible not in VISIBLE:
            raise FileRefused("file_bad_request")
        if not beginning.size:
            raise FileRefused("file_empty")
        if beginning.size > MOST_OF_A_FILE:
            raise FileRefused("file_too_large")
        folder = self._folder(person, beginning.sha256)
        with self._store.locked(person):
            kept = self._store.sent_as(person, beginning.sha256)
            if kept is not None:
                shutil.rmtree(folder, ignore_errors=True)
                return kept
            self._clean(folder.parent)
            if not (folder / BEGINNING).exists():
                if self._store.room(person) < beginning.size:
                    raise FileRefused("file_no_room")
                if sum(1 for _ in folder.parent.glob("*")) >= MOST_UNFINISHED:
                    raise FileRefused("file_too_many_unfinished")
            files.make_folder(folder)
            begun = Begun(at=clock.stamp(), beginning=beginning)
            files.replace(folder / BEGINNING, msgspec.json.encode(begun))
            files.sync_folder(folder.parent)
            return _held(folder)

    def held(self, person: str, upload: str) -> int:
        """Return how many bytes of an upload are on the disk, from its beginning."""
        folder = self._folder(person, upload)
        _begun(folder)
        return _held(folder)

    def take(self, person: str, upload: str, offset: int, piece: bytes) -> int:
        """Write a piece; return how many bytes are held, all of them synced.

        A piece that is there already is not written again; of one that begins earlier than what
        is held ends, the new part counts.

        Raises
        ------
        FileRefused
            ``file_no_upload``; ``file_wrong_offset`` with what is held where there would be a
            gap; ``file_too_large`` where it goes beyond the size that was said.
        """
        if len(piece) > MOST_OF_A_PIECE:
            raise FileRefused("file_bad_request")
        folder = self._folder(person, upload)
        with self._store.locked(person):
            size = _begun(folder).beginning.size
            held = _held(folder)
            if not 0 <= offset <= held:
                raise FileRefused("file_wrong_offset", offset=held)
            if offset + len(piece) > size:
                raise FileRefused("file_too_large")
            new = piece[held - offset :]
            if new:
                files.write_once(folder / f"{held:0{_WIDTH}d}", new)
                files.sync_folder(folder)
            return held + len(new)

    def finish(self, person: str, upload: str) -> FileRecord:
        """Read the whole file, keep what is kept of it, and return its record.

        Whoever asks again gets the same record. A file that cannot be used is removed, one that
        cannot be read just now stays.

        Raises
        ------
        FileRefused
        """
        folder = self._folder(person, upload)
        with self._store.locked(person):
            kept = self._store.sent_as(person, upload)
            if kept is not None:
                shutil.rmtree(folder, ignore_errors=True)
                return kept
            beginning = _begun(folder).beginning
            held = _held(folder)
            if held < beginning.size:
                raise FileRefused("file_wrong_offset", offset=held)
            data = b"".join(path.read_bytes() for path in _pieces(folder))
        if hashlib.sha256(data).hexdigest() != upload:
            self.drop(person, upload)
            raise FileRefused("file_wrong_hash")
        try:
            content = self._convert(data)
        except FileRefused as refused:
            if refused.id != "file_busy":
                self.drop(person, upload)
            raise
        record = self._store.keep(
            person, content, name=beginning.name, original=upload, visible=beginning.visible
        )
        self.drop(person, upload)
        return record

    def drop(self, person: str, upload: str) -> None:
        """Remove what was sent of an upload."""
        folder = self._folder(person, upload)
        with self._store.locked(person):
            shutil.rmtree(folder, ignore_errors=True)

    def _clean(self, incoming: Path) -> None:
        """Remove what nobody went on with for some days."""
        oldest = clock.stamp(clock.now() - dt.timedelta(days=UNFINISHED_DAYS))
        for folder in incoming.glob("*"):
            try:
                waiting = _begun(folder).at >= oldest
            except FileRefused:
                waiting = False
            if not waiting:
                shutil.rmtree(folder, ignore_errors=True)


def _begun(folder: Path) -> Begun:
    try:
        return msgspec.json.decode((folder / BEGINNING).read_bytes(), type=Begun)
    except (OSError, msgspec.MsgspecError) as error:
        raise FileRefused("file_no_upload") from error


def _pieces(folder: Path) -> list[Path]:
    """Return the pieces that follow each other from the beginning."""
    pieces, held = [], 0
    while (path := folder / f"{held:0{_WIDTH}d}").is_file() and (size := path.stat().st_size):
        pieces.append(path)
        held += size
    return pieces


def _held(folder: Path) -> int:
    return sum(path.stat().st_size for path in _pieces(folder))
