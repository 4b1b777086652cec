"""The store of threads: in ``threads/<thread>.jsonl`` lines that are only ever added.

Three things exchange a line: a message that is taken back before anybody has read it loses its
words and says so, and an erasure takes a person's words, and everything that is about them alone.
Files also where answers are in a database, as shares and confirmations are.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from filelock import FileLock

from ustaz.base import clock, files
from ustaz.base.ledger import Ledger
from ustaz.config_files.last_good import stat_key
from ustaz.threads.model import (
    MESSAGE_ID,
    MOST_MESSAGES,
    THREAD_ID,
    UNDO,
    Thread,
    ThreadError,
    thread_in,
)

FOLDER: Final = "threads"
Line = dict[str, Any]
#: Between one member and others: they go whole when the member is erased.
ABOUT_ONE: Final = ("two", "help", "remark", "peer")


class Threads:
    """The threads of a course.

    Parameters
    ----------
    directory : Path
        Of the course.
    """

    def __init__(self, directory: Path) -> None:
        self.folder = directory / FOLDER
        self.ledger = Ledger(self.folder)

    def __iter__(self) -> Iterator[Thread]:
        """Yield every thread that can be read."""
        try:
            names = sorted(path.stem for path in self.folder.glob("*.jsonl"))
        except PermissionError:
            return
        for name in names:
            thread = self.get(name)
            if thread is not None:
                yield thread

    def get(self, id: str) -> Thread | None:
        """Return a thread by its id."""
        if not THREAD_ID.match(id):
            return None
        try:
            key = stat_key(self.ledger.path(id))
        except PermissionError:  # a person's own account: only the course's may read it
            return None
        return None if key is None else _read(self.folder, id, key)

    # -- writing ----------------------------------------------------------------------------------
    def begin(
        self, line: Line, message: Line, *, only: Callable[[Thread], bool] | None = None
    ) -> str:
        """Begin a thread with its first message; where `only` knows one already, write there.

        The same message sent twice is kept once.
        """
        with self._turn("begin"):
            for thread in self:
                if any(known.id == message["id"] for known in thread.messages):
                    return thread.id
                if only is not None and only(thread):
                    self.say(thread.id, message)
                    return thread.id
            id = secrets.token_hex(6)
            lines = [{"do": "begin", **line}, {"do": "say", **message}]
            self.ledger.append_all(id, lines)
        return id

    def say(self, id: str, message: Line, *before: Line) -> None:
        """Add a message, after other lines where these belong to it; one sent twice is kept once.

        Raises
        ------
        ThreadError
            ``message_many``.
        """
        if not MESSAGE_ID.match(message["id"]):
            raise ThreadError("message_nobody")
        with self._turn(id):
            thread = self._there(id)
            if any(known.id == message["id"] for known in thread.messages):
                return
            if len(thread.messages) >= MOST_MESSAGES:
                raise ThreadError("message_many")
            self.ledger.append_all(id, [*before, {"do": "say", **message}])

    def take_back(self, id: str, message: str, by: str) -> None:
        """Take the words of an own message away that nobody has read yet.

        Raises
        ------
        ThreadError
            ``message_read``.
        """
        with self._turn(id):
            thread = self._there(id)
            numbers = {known.id: number for number, known in enumerate(thread.messages)}
            number = numbers.get(message, -1)
            known = thread.messages[number] if number >= 0 else None
            if known is None or known.by != by or not known.text:
                raise ThreadError("message_read")
            late = clock.now() - dt.datetime.fromisoformat(known.at) > UNDO
            if late or thread.readers_of(number):
                raise ThreadError("message_read")
            now = clock.stamp()

            def emptied(line: Line) -> Line:
                own = line.get("do") == "say" and line.get("id") == message
                return {**line, "text": "", "back": now} if own else line

            self.ledger.rewrite(id, emptied)

    def read(self, id: str, by: str) -> None:
        """Note that somebody has opened a thread; nothing is written where nothing is new."""
        with self._turn(id):
            thread = self._there(id)
            count = len(thread.messages)
            if any(known.by != by for known in thread.messages[thread.seen.get(by, 0) :]):
                self.ledger.append(id, {"do": "read", "by": by, "seen": count})

    def mark(self, id: str, do: str, by: str, **more: object) -> None:
        """Add a line that is no message: ``end``, ``dismiss``, ``settle``, ``reopen``."""
        with self._turn(id):
            self._there(id)
            self.ledger.append(id, {"do": do, "by": by, **more})

    def _there(self, id: str) -> Thread:
        thread = self.get(id)
        if thread is None:
            raise ThreadError("message_closed")
        return thread

    def _turn(self, id: str) -> FileLock:
        files.make_folder(self.folder)
        return FileLock(self.folder / f"{id}.turn.lock", timeout=10, mode=0o600)

    # -- a person's part --------------------------------------------------------------------------
    def lines_of(self, person: str) -> Iterator[tuple[str, list[Line]]]:
        """Yield what each thread holds of a person: all of it, or their own lines alone."""
        for thread in self:
            lines = list(self.ledger.entries(thread.id))
            if _is_about(thread, person):
                yield thread.id, lines
                continue
            own = [
                line if not line.get("people") else _alone(line, person)
                for line in lines
                if line.get("by") == person or person in line.get("people", ())
            ]
            if own:
                yield thread.id, own

    def erase(self, person: str, former: str) -> None:
        """Remove what is about a person alone; elsewhere their words and their id."""
        for thread in list(self):
            with self._turn(thread.id):
                if _is_about(thread, person):
                    path = self.ledger.path(thread.id)
                    path.unlink(missing_ok=True)
                    path.with_suffix(".lock").unlink(missing_ok=True)
                    continue
                self.ledger.rewrite(thread.id, lambda line: _without(line, person, former))


def _is_about(thread: Thread, person: str) -> bool:
    """Tell whether a thread is between one member and others, and the member is `person`."""
    if thread.kind not in ABOUT_ONE:
        return False
    return bool(thread.people) and thread.people[0] == person


def _alone(line: Line, person: str) -> Line:
    """Return the first line of a thread without anybody else, and without others' answers."""
    own = {**line, "people": [person], "by": person if line.get("by") == person else ""}
    if isinstance(line.get("anchor"), dict):
        own["people"] = []
        own["anchor"] = {**line["anchor"], "quote": "", "digest": ""}
    return own


def _without(line: Line, person: str, former: str) -> Line:
    fresh = dict(line)
    if line.get("by") == person:
        fresh["by"] = former
        if line.get("do") == "say":
            fresh |= {"text": "", "erased": True}
        if line.get("title"):
            fresh["title"] = ""
    people = line.get("people")
    if isinstance(people, list) and person in people:
        fresh["people"] = [former if known == person else known for known in people]
    return fresh


@lru_cache(maxsize=8192)
def _read(folder: Path, id: str, _key: tuple[int, int, int, int]) -> Thread | None:
    return thread_in(id, Ledger(folder).entries(id))
