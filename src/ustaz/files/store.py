"""Files of people on the disk: named by the hash of their bytes, written once, read back.

They lie at ``people/<person>/files/<sha256>``, each with its record ``<sha256>.json`` beside it,
which is written last: a file without one is not there. Where a course keeps its answers in
PostgreSQL, files lie here all the same (docs/decisions/0031).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import msgspec
from filelock import FileLock, Timeout

from ustaz.base import clock, files
from ustaz.base.evidence import SHA256, SUFFIXES
from ustaz.base.ids import FILES_FOLDER, PERSON_ID
from ustaz.files.content import Content
from ustaz.files.model import (
    LONGEST_NAME,
    MOST_FILES,
    MOST_OF_A_PERSON,
    UNNAMED_DAYS,
    FileRecord,
    FileRefused,
)

LOCK: Final = ".files.lock"
RECORD: Final = ".json"
PATIENCE: Final = 20.0
#: Signs that would turn a name around or hide a part of it.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def harmless_name(name: str, media_type: str) -> str:
    """Return what somebody called a file, as it may stand in a page and in a header.

    Examples
    --------
    >>> harmless_name("../Урок 5.HTML", "image/jpeg")
    'Урок 5.jpg'
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    plain = "".join(char for char in last if unicodedata.category(char) not in _UNSEEN)
    stem = re.sub(r'[<>:"|?*\s]+', " ", plain.rpartition(".")[0] or plain).strip(" .")
    suffix = SUFFIXES[media_type]
    return (stem[: LONGEST_NAME - len(suffix)].rstrip(" .") or "file") + suffix


class FileStore:
    """The files of a course's people.

    Parameters
    ----------
    people_dir : Path
        ``people/`` of a course.
    """

    def __init__(self, people_dir: Path) -> None:
        self._people = people_dir

    def folder(self, person: str) -> Path:
        """Return where the files of a person lie; refuse what is no person's id."""
        if not PERSON_ID.match(person):
            raise FileRefused("no_file")
        return self._people / person / FILES_FOLDER

    @contextmanager
    def locked(self, person: str) -> Iterator[Path]:
        """Hold a person's files, their folder made where it is not there."""
        folder = self.folder(person)
        try:
            files.make_folder(folder)
            with FileLock(folder / LOCK, timeout=PATIENCE, mode=0o600):
                yield folder
        except Timeout as error:
            raise FileRefused("file_busy") from error
        except OSError as error:
            raise FileRefused("file_not_stored") from error

    # -- reading ----------------------------------------------------------------------------------
    def record(self, person: str, sha256: str) -> FileRecord | None:
        """Return what is known of a file; None where there is none."""
        if not SHA256.match(sha256):
            return None
        path = self.folder(person) / f"{sha256}{RECORD}"
        try:
            record = msgspec.json.decode(path.read_bytes(), type=FileRecord)
        except (OSError, msgspec.MsgspecError):
            return None
        return record if record.sha256 == sha256 and record.type in SUFFIXES else None

    def records(self, person: str) -> list[FileRecord]:
        """Return all files of a person, oldest first, pictures of pages among them."""
        folder = self.folder(person)
        names = folder.glob(f"*{RECORD}") if folder.is_dir() else ()
        records = (self.record(person, path.name.removesuffix(RECORD)) for path in names)
        return sorted(filter(None, records), key=lambda record: (record.at, record.sha256))

    def data(self, person: str, record: FileRecord) -> bytes:
        """Return the bytes of a file, which are those that were kept.

        Raises
        ------
        FileRefused
            ``no_file`` where they are gone or are no longer what they were.
        """
        try:
            data = (self.folder(person) / record.sha256).read_bytes()
        except OSError as error:
            raise FileRefused("no_file") from error
        if hashlib.sha256(data).hexdigest() != record.sha256:
            raise FileRefused("no_file")
        return data

    def sent_as(self, person: str, original: str) -> FileRecord | None:
        """Return the file that was kept of bytes with this hash; None where none was."""
        return next(
            (
                record
                for record in self.records(person)
                if not record.of and original in {record.original, record.sha256}
            ),
            None,
        )

    def room(self, person: str) -> int:
        """Return how many bytes a person may still keep.

        Raises
        ------
        FileRefused
            ``file_too_many`` where no further file may be kept.
        """
        records = self.records(person)
        if sum(not record.of for record in records) >= MOST_FILES:
            raise FileRefused("file_too_many")
        return MOST_OF_A_PERSON - sum(record.size for record in records)

    # -- writing ----------------------------------------------------------------------------------
    def keep(
        self, person: str, content: Content, *, name: str, original: str, visible: str
    ) -> FileRecord:
        """Keep a file and the pictures of its pages; return its record once all is on the disk.

        Raises
        ------
        FileRefused
            ``file_no_room``, ``file_too_many``, ``file_not_stored``.
        """
        with self.locked(person) as folder:
            sha256 = _hash_of(content)
            earlier = self.record(person, sha256)
            size = sum(len(part.data) for part in (content, *content.parts))
            if earlier is None and size > self.room(person):
                raise FileRefused("file_no_room")
            record = FileRecord(
                sha256=sha256,
                size=len(content.data),
                type=content.type,
                name=harmless_name(name, content.type),
                original=original,
                visible=visible,
                at=earlier.at if earlier else clock.stamp(),
                width=content.width,
                height=content.height,
                pages=tuple(map(_hash_of, content.pages)),
                small=_hash_of(content.small) if content.small else "",
            )
            for part in content.parts:
                if self.record(person, _hash_of(part)) is None:
                    self._write(folder, _part_of(record, part), part.data)
            self._write(folder, record, content.data)
            return record

    def _write(self, folder: Path, record: FileRecord, data: bytes) -> None:
        path = folder / record.sha256
        files.write_once(path, data)
        if path.read_bytes() != data:  # damaged since: whole again
            files.replace(path, data)
            if path.read_bytes() != data:
                raise OSError(5, "read back differently")
        # Its name is synced with the record's.
        files.replace(folder / f"{record.sha256}{RECORD}", msgspec.json.encode(record))

    def drop_unnamed(self, person: str, named: Callable[[], Collection[str]]) -> int:
        """Remove files that nothing names and that were sent some time ago; return how many.

        Parameters
        ----------
        person : str
        named : callable
            Returns the hashes that stand in the person's workbooks and rounds.
        """
        with self.locked(person) as folder:
            limit = clock.stamp(clock.now() - dt.timedelta(days=UNNAMED_DAYS))
            old = [record for record in self.records(person) if record.at < limit]
            if not old:
                return 0
            kept = set(named())
            dropped = [record for record in old if (record.of or record.sha256) not in kept]
            for record in dropped:
                # The record first: a file without one is not there.
                for path in (folder / f"{record.sha256}{RECORD}", folder / record.sha256):
                    with suppress(FileNotFoundError):
                        path.unlink()
            return len(dropped)


def _hash_of(content: Content) -> str:
    return hashlib.sha256(content.data).hexdigest()


def _part_of(record: FileRecord, part: Content) -> FileRecord:
    """Return the record of a picture that is kept beside a file."""
    return FileRecord(
        sha256=_hash_of(part),
        size=len(part.data),
        type=part.type,
        name=harmless_name(record.name, part.type),
        original=record.original,
        visible=record.visible,
        at=record.at,
        width=part.width,
        height=part.height,
        of=record.sha256,
    )
