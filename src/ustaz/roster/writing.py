"""The one writer of ``people.csv``: under a lock, whole or not at all, with history.

The order is: read both, note what was changed in the file by hand, write the new file beside the
old one, add the lines of history, put the new file in the place of the old one. Whatever is cut
off in between, the file is whole, and the next change notes what the history has missed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

from filelock import FileLock, Timeout

from ustaz.base import files
from ustaz.config_files.last_good import Key, drop, keep, stat_key
from ustaz.roster.errors import RosterError
from ustaz.roster.granting import Giver, breaches
from ustaz.roster.history import (
    ABOUT,
    FOLDER,
    TRACKED,
    UNTOLD,
    Past,
    ledger,
    read_past,
    state_of,
)
from ustaz.roster.people import ROSTER_COLUMNS, ROSTER_FILE, Person, Table, read_table

People = dict[str, Person]
Line = dict[str, Any]

LOCK_FILE: Final = ".people.lock"
LOCK_SECONDS: Final = 10.0
TRIES: Final = 5


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Hold the roster of a course directory; ``roster_busy`` when it does not come free."""
    folder = directory / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    lock = FileLock(folder / LOCK_FILE, timeout=LOCK_SECONDS, mode=0o600)
    try:
        lock.acquire()
    except Timeout:
        raise RosterError("roster_busy") from None
    try:
        yield
    finally:
        lock.release()


def write(
    directory: Path,
    change: Callable[[People, Past], tuple[People, list[Line]]],
    *,
    by: Giver | str,
    how: str,
    more: Line | None = None,
) -> People:
    """Change the roster.

    Parameters
    ----------
    directory : Path
        The course's.
    change : callable
        Gets the people and the history as they are; returns the people as they shall be, and
        lines of history that are about something else than fields (substitutions).
    by : Giver or str
        Who does it, and what they may give; a name alone is that of the directory's owner.
    how : str
        ``page``, ``command`` or ``import``.
    more : dict, optional
        What the line of each change bears beside it.

    Returns
    -------
    dict
        The people now.

    Raises
    ------
    RosterError
        When the change would do what :mod:`ustaz.roster.granting` refuses.
    """
    path, giver = directory / ROSTER_FILE, Giver.named(by)
    with locked(directory):
        for _ in range(TRIES):
            key = stat_key(path)
            table = read_table(path) if key else Table(ROSTER_COLUMNS, {}, {})
            past = read_past(directory)
            noticed = [
                {**difference, "by": "", "how": "file"}
                for difference in differences(past.states, table.people)
            ]
            people, extra = change(dict(table.people), past)
            if extra and not giver.gives:
                raise RosterError("may_not_change")
            for breach in breaches(giver, table.people, people):
                raise RosterError(breach.id)
            changes = [{**change, **(more or {})} for change in _changes(table.people, people)]
            lines = noticed + [
                {**change, "by": giver.person, "how": how} for change in [*changes, *extra]
            ]
            if people == table.people:
                ledger(directory).append_all(ABOUT, lines)
                return people
            if _replace(path, table, people, key, partial(_add, directory, lines)):
                return people
    raise RosterError("roster_busy")


def forget(directory: Path, person: str) -> None:
    """Take a person out of the roster and of its history: for an erasure.

    A line of history that was about them stands for nothing now, so that the others keep their
    numbers; one that they brought about says no more by whom.
    """

    def without(line: Line) -> Line:
        if line.get("person") == person:
            return {"kind": "erased"}
        return {**line, "by": ""} if line.get("by") == person else line

    path = directory / ROSTER_FILE
    with locked(directory):
        drop(directory, ROSTER_FILE)  # whatever becomes of the new one
        for _ in range(TRIES):
            key = stat_key(path)
            table = read_table(path) if key else Table(ROSTER_COLUMNS, {}, {})
            left = {id_: member for id_, member in table.people.items() if id_ != person}
            if len(left) == len(table.people) or _replace(path, table, left, key, lambda: None):
                break
        else:
            raise RosterError("roster_busy")
        if stat_key(path):
            keep(directory, ROSTER_FILE, path.read_bytes())
        ledger(directory).rewrite(ABOUT, without)


def _add(directory: Path, lines: list[Line]) -> None:
    ledger(directory).append_all(ABOUT, lines)


def _replace(
    path: Path,
    table: Table,
    people: People,
    key: Key | None,
    before: Callable[[], None],
) -> bool:
    """Put the new file in the old one's place; False when somebody saved it meanwhile."""
    data = table.text(people.values()).encode()
    temporary = f".{path.name}.tmp"
    with files.draft(files.DISK, path.parent, path.name, data, temporary=temporary) as fresh:
        read_table(fresh.path)  # what cannot be read again is never put in place
        if stat_key(path) != key:
            return False
        before()
        fresh.put_in_place()
    files.sync_folder(path.parent)
    # At once: who was taken out must not come back with the state that is kept.
    keep(path.parent, ROSTER_FILE, data)
    return True


def differences(states: dict[str, dict[str, Any]], people: People) -> Iterator[Line]:
    """Yield what the file says and the history does not know yet."""
    for person, member in people.items():
        now = state_of(member)
        known = states.get(person)
        if known is None:
            yield {"person": person, "kind": "first", "set": now}
        elif known != now:
            yield _changed(person, known, now)
    for person in states.keys() - people.keys():
        yield {"person": person, "kind": "removed"}


def _changes(before: People, after: People) -> Iterator[Line]:
    for person, member in after.items():
        old = before.get(person)
        if old is None:
            yield {"person": person, "kind": "joined", "set": state_of(member)}
        elif old != member:
            line = _changed(person, state_of(old), state_of(member))
            line["also"] = [key for key in UNTOLD if getattr(old, key) != getattr(member, key)]
            yield line
    for person in before.keys() - after.keys():
        yield {"person": person, "kind": "removed"}


def _changed(person: str, old: dict[str, Any], new: dict[str, Any]) -> Line:
    keys = [key for key in TRACKED if old.get(key) != new.get(key)]
    return {
        "person": person,
        "kind": "changed",
        "was": {key: old.get(key) for key in keys},
        "set": {key: new.get(key) for key in keys},
    }
