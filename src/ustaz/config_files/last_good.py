"""Files that people edit while a course runs: a mistake in one never stops what worked before it.

A file is read again when it changes. What can be read is used, and its bytes are kept under
``state/last-good/``; what cannot be read is refused with file, line and field, and the state before
goes on, also after a restart. Whoever only looks (the command line) reads strictly.
"""

from __future__ import annotations

import logging
import os
import stat
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

from ustaz.base import clock, files
from ustaz.base.errors import FileFault, UstazError
from ustaz.messages import N_

log = logging.getLogger("ustaz.files")

FOLDER: Final = "state/last-good"
#: No file that a person writes by hand comes near it.
LARGEST: Final = 16 * 1024 * 1024

Key = tuple[int, int, int, int]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Fault:
    """A file as it stands is not used.

    Attributes
    ----------
    kind : str
        ``settings``, ``roster``, ``workbook``, ``translation``, ``nbgrader``, ``ledger`` …
    error : UstazError
        Mostly a :class:`~ustaz.base.errors.FileFault`.
    since : str
        ISO 8601: when the state that goes on was last seen to be good; empty where nothing was
        there before, so that what the file says is missing.
    """

    kind: str
    error: UstazError
    since: str = ""


def stat_key(path: Path) -> Key | None:
    """Return what changes when a file does; None where there is none."""
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    # The time of its mode, too: a file that was closed to us can be opened again.
    return (status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino)


def visible_key(path: Path) -> Key | None:
    """Return :func:`stat_key`, and None also where the account may not look."""
    try:
        return stat_key(path)
    except OSError:
        return None


def read_bytes(path: Path, id: str, largest: int = LARGEST) -> bytes:
    """Return a file's content; a :class:`FileFault` where it is no file, closed or too large."""
    try:
        with path.open("rb") as handle:
            if not stat.S_ISREG(os.fstat(handle.fileno()).st_mode):
                raise FileFault(id, path, 0, "", N_("is not a file"))
            data = handle.read(largest + 1)
    except IsADirectoryError:
        raise FileFault(id, path, 0, "", N_("is not a file")) from None
    except OSError as error:
        why = N_("cannot be read ({error})")
        raise FileFault(id, path, 0, "", why, params={"error": error.strerror}) from None
    if len(data) > largest:
        params = {"size": largest // 1024}
        raise FileFault(id, path, 0, "", N_("is larger than {size} KiB"), params=params)
    return data


def keep(root: Path, name: str, data: bytes) -> None:
    """Keep the bytes of a good file below `root`; what cannot be kept stops nothing."""
    target = root / FOLDER / name
    with suppress(OSError):
        if hasattr(os, "geteuid") and os.geteuid() != root.stat().st_uid:
            return  # a file of another account would be in the way of the course's own
        try:
            if target.read_bytes() == data:
                os.utime(target)
                return
        except FileNotFoundError:
            pass
        for folder in reversed(
            [parent for parent in target.parents if parent.is_relative_to(root)][:-1]
        ):
            folder.mkdir(mode=0o700, exist_ok=True)
        files.replace(target, data)


def kept(root: Path, name: str) -> tuple[bytes, str] | None:
    """Return what was kept of a file, and since when; None where nothing was."""
    target = root / FOLDER / name
    try:
        data = target.read_bytes()
        moment = target.stat().st_mtime
    except OSError:
        return None
    return data, clock.stamp(clock.from_timestamp(moment))


def drop(root: Path, name: str) -> None:
    """Forget what was kept of a file."""
    (root / FOLDER / name).unlink(missing_ok=True)


class Watched(Generic[T]):
    """One file, read again when it changes.

    Parameters
    ----------
    root : Path
        The directory in which the file is, and in whose ``state/`` the last good one is kept.
    name : str
        Of the file.
    parse : callable
        Makes a value of the bytes and the path; raises :class:`UstazError`.
    kind : str
        As in :class:`Fault`.
    going_on : bool
        Whether the state before goes on where the file cannot be used; else the error is raised.
    keeping : bool
        Whether what is good is kept; who only looks on writes nothing.

    Attributes
    ----------
    data : bytes
        Of which the value was made.
    fault : Fault or None
        Why the file as it stands is not used.
    """

    def __init__(
        self,
        root: Path,
        name: str,
        parse: Callable[[bytes, Path], T],
        *,
        kind: str,
        id: str,
        going_on: bool,
        keeping: bool = True,
    ) -> None:
        self.root, self.path, self.name = root, root / name, name
        self._parse, self._kind, self._id = parse, kind, id
        self.going_on, self.keeping = going_on, keeping
        self._key: Any = None
        self._value: T | None = None
        self.data = b""
        self._seen = False
        self._since = ""
        self.fault: Fault | None = None

    @property
    def absent(self) -> bool:
        """Tell whether there is no file, and no state before that could go on."""
        if visible_key(self.path) is not None:
            return False
        return not self.going_on or (self._value is None and kept(self.root, self.name) is None)

    def get(self) -> T:
        """Return what the file says, or said when it was last good."""
        key = visible_key(self.path)
        if not self._seen or self._stamp(key) != self._key:
            self._read(key)
        if self._value is None:
            if self.fault is None:
                raise RuntimeError("neither a value nor a fault")
            raise self.fault.error
        if self.fault is not None and not self.going_on:
            raise self.fault.error
        return self._value

    def _stamp(self, key: Key | None) -> Any:  # noqa: ANN401 - compared only
        """Return what changes when the file does, whose own key is `key`."""
        return key

    def _run_kept(self, data: bytes, path: Path) -> T:
        """Return the value of a state that was kept."""
        return self._parse(data, path)

    def _read(self, key: Key | None) -> None:
        try:
            data = read_bytes(self.path, self._id)
            value = self._parse(data, self.path)
        except UstazError as error:
            self._refused(error)
        else:
            self._value, self.data, self.fault = value, data, None
            self._since = clock.stamp(clock.from_timestamp(time.time()))
            if self.keeping:
                keep(self.root, self.name, data)
        self._key, self._seen = self._stamp(key), True

    def _refused(self, error: UstazError) -> None:
        before = kept(self.root, self.name) if self.going_on else None
        # Another process, or a page, may have seen a later good state than this one.
        if before is not None and (self._value is None or before[1] >= self._since):
            # What was kept by an earlier version may be no good to this one.
            with suppress(UstazError):
                self._value = self._run_kept(before[0], self.path)
                self.data, self._since = before
        state = (
            "the state before goes on" if self._value is not None else "nothing was there before"
        )
        log.error("%s: %s; %s", self.name, error.id, state)
        self.fault = Fault(self._kind, error, self._since if self._value is not None else "")
