"""Changing the events in ``ustaz.toml``: what else stands there, comments too, stays as it is.

The new text is read like any other before it takes the file's place, so a form can no more break a
course than a careful editor.
"""

from __future__ import annotations

import re
import secrets
import stat
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from filelock import FileLock

from ustaz.base import files
from ustaz.base.errors import FileFault
from ustaz.config_files.last_good import read_bytes
from ustaz.course import Course
from ustaz.course.events import Event
from ustaz.course.settings import SETTINGS_FILE, parse_settings
from ustaz.messages import N_

if TYPE_CHECKING:
    import tomlkit
    from tomlkit.items import Table

UNREADABLE: Final = N_("is written in a way that a page cannot change")


def add(course: Course, *events: Event) -> None:
    """Add events at the end of the file.

    Raises
    ------
    FileFault
        The file as it stands, or as it would be, cannot be read; nothing was changed.
    """

    def change(document: tomlkit.TOMLDocument) -> None:
        import tomlkit

        tables = document.get("event")
        if tables is None:
            tables = tomlkit.aot()
            document.append("event", tables)
        for event in events:
            table = tomlkit.table()
            _fill(table, event)
            tables.append(table)

    rewrite(course, change)


def replace(course: Course, event: Event) -> None:
    """Change an event; its revision is raised by one.

    Raises
    ------
    FileFault
        As for :func:`add`.
    KeyError
        There is no event with this id any more.
    """

    def change(document: tomlkit.TOMLDocument) -> None:
        tables = _tables(document)
        table = tables[_place(tables, event.id)]
        _fill(table, event)
        before = table.get("revision", 0)
        table["revision"] = int(before) + 1 if isinstance(before, int) else 1

    rewrite(course, change)


def remove(course: Course, id: str) -> None:
    """Take an event out of the file.

    Raises
    ------
    FileFault
        As for :func:`add`.
    KeyError
        There is no event with this id any more.
    """

    def change(document: tomlkit.TOMLDocument) -> None:
        tables = _tables(document)
        del tables[_place(tables, id)]

    rewrite(course, change)


def new_id(course: Course, kind: str) -> str:
    """Return an id for a new event: its kind, with a number that is free."""
    taken = {event.id for event in course.events}
    base = re.sub(r"[^a-z]+", "-", kind)[:20]
    # Not one that stood here once: a telephone would take the new event for the old one.
    while (name := f"{base}-{secrets.token_hex(3)}") in taken:
        pass
    return name


def _tables(document: tomlkit.TOMLDocument) -> Any:  # noqa: ANN401 - tomlkit's own list
    return document.get("event", [])


def _place(tables: Any, id: str) -> int:  # noqa: ANN401
    """Return where an event stands; KeyError where it does not."""
    for at, table in enumerate(tables):
        if table.get("id") == id:
            return at
    raise KeyError(id)


def _fill(table: Table, event: Event) -> None:
    import tomlkit

    slot = event.slot
    values: dict[str, Any] = {
        "id": event.id,
        "kind": event.kind,
        "title": event.titles.get("") or _titles(event),
        "day": tomlkit.date(slot.day.isoformat()),
        "start": f"{slot.start:%H:%M}" if slot.start else None,
        "end": f"{slot.end:%H:%M}" if slot.end else None,
        "place": slot.place or None,
        "link": slot.link or None,
        "groups": list(event.groups) or None,
        "cancelled": slot.cancelled or None,
    }
    for key, value in values.items():
        if value is None:
            table.pop(key, None)
        elif key not in table or table[key] != value:
            table[key] = value


def _titles(event: Event) -> Any:  # noqa: ANN401
    import tomlkit

    titles = tomlkit.inline_table()
    titles.update(event.titles)
    return titles


def rewrite(course: Course, change: Callable[[tomlkit.TOMLDocument], None]) -> None:
    """Change the file of settings as a whole, or not at all.

    Raises
    ------
    FileFault
        As for :func:`add`.
    """
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    path = course.dir / SETTINGS_FILE
    state = course.dir / "state"
    state.mkdir(mode=0o700, exist_ok=True)
    with FileLock(state / "settings.lock", timeout=10, mode=0o600):
        data = read_bytes(path, "bad_settings")
        parse_settings(data, path)
        try:
            document = tomlkit.parse(data.decode("utf-8"))
            change(document)
            fresh = tomlkit.dumps(document).encode("utf-8")
        except TOMLKitError:
            raise FileFault("bad_settings", path, 0, "event", UNREADABLE) from None
        parse_settings(fresh, path)
        files.replace(path, fresh, mode=stat.S_IMODE(path.stat().st_mode))
