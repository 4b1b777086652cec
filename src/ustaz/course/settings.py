"""A course's settings: what ``ustaz.toml`` may say, and the reading of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from ustaz import database
from ustaz.base import clock
from ustaz.base.errors import FileFault
from ustaz.base.ids import PERSON_ID
from ustaz.config_files.last_good import Watched, read_bytes
from ustaz.config_files.toml_file import Toml, parse
from ustaz.course.events import Event, in_our_time, read_events
from ustaz.messages import LANGUAGES, N_
from ustaz.roster.people import USE_ONE

SETTINGS_FILE: Final = "ustaz.toml"
HINT: Final = N_("docs/course.md shows every setting.")
UNKNOWN_ZONE: Final = N_("unknown time zone “{zone}”; write it as Asia/Almaty")
#: How a kind of value is called in a complaint.
KINDS: Final = {str: "text", bool: "true / false", list: "[…]", dict: "[table]", int: "number"}
#: Open; closed, so that it is read and course staff alone write; and closed and out of the way.
STANDINGS: Final = ("open", "closed", "archived")
SECTIONS: Final = ("course", "calendar", "event", "workbooks", "storage")


@dataclass(frozen=True, slots=True)
class Settings:
    """What ``ustaz.toml`` says.

    Attributes
    ----------
    id, name : str
        Of the course; the id is nbgrader's course id, too.
    demo : bool
        Invented people only.
    languages : tuple of str
    start, end : date
        First and last day of the programme.
    timezone : ZoneInfo
        In which people read times.
    due : dict
        Workbook -> the day, or the moment, by which it is expected (:mod:`ustaz.deadlines.due`).
    assignments : tuple of str
        The workbooks that are handed in, in the order of the year.
    companions : tuple of str
        The workbooks that home offers beside them and nobody hands in by themselves.
    library : tuple of Path
        Folders with workbooks of the course's own.
    events : tuple of Event
        Meetings and other days of the course, as they stand in the file.
    feedback_days : int
        In how many days after a submission feedback comes; 0: nothing is promised.
    database : str
        PostgreSQL's address, which may hold a password; empty: SQLite and files.
    standing : str
        One of :data:`STANDINGS`.
    extra : dict
        Other sections, as they stand.
    """

    id: str
    name: str
    demo: bool
    languages: tuple[str, ...]
    start: dt.date
    end: dt.date
    timezone: ZoneInfo
    due: dict[str, dt.date | dt.datetime]
    assignments: tuple[str, ...]
    library: tuple[Path, ...]
    companions: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()
    database: str = field(default="", repr=False)
    feedback_days: int = 7
    standing: str = "open"
    extra: dict[str, Any] = field(default_factory=dict, compare=False)


def read_settings(path: Path) -> Settings:
    """Read ``ustaz.toml``.

    Raises
    ------
    CourseError
        ``bad_settings``, with the file, the line and the field.
    """
    return parse_settings(read_bytes(path, "bad_settings"), path)


def watched_settings(root: Path, *, going_on: bool, keeping: bool) -> Watched[Settings]:
    """Return a course's ``ustaz.toml`` with its last good state."""
    return Watched(
        root,
        SETTINGS_FILE,
        parse_settings,
        kind="settings",
        id="bad_settings",
        going_on=going_on,
        keeping=keeping,
    )


def parse_settings(data: bytes, path: Path) -> Settings:
    """Return what the bytes of ``ustaz.toml`` say; `path` is where they stand or stood."""
    file = parse(data, path, HINT)
    return Settings(
        **_course(file),
        **_calendar(file),
        **_workbooks(file),
        events=read_events(file),
        database=_database(file),
        extra={key: value for key, value in file.values.items() if key not in SECTIONS},
    )


def _take(file: Toml, section: str, key: str, kind: type, default: Any = None) -> Any:  # noqa: ANN401
    """Return a value of a section; refuse one of another kind, and a missing one."""
    table = file.values.get(section, {})
    if not isinstance(table, dict):
        raise file.refuse(section, N_("expected a table"))
    value = table.get(key, default)
    where = f"{section}.{key}"
    if value is None:
        raise file.refuse(where, N_("missing"))
    if kind is dt.date:
        return _date(file, where, value)
    if not isinstance(value, kind) or (kind is not bool and isinstance(value, bool)):
        raise file.refuse(where, N_("expected {kind}"), kind=KINDS[kind])
    return value


def _texts(file: Toml, section: str, key: str, default: list[str]) -> tuple[str, ...]:
    values = _take(file, section, key, list, default)
    if not all(isinstance(value, str) and value.strip() for value in values):
        raise file.refuse(f"{section}.{key}", N_("expected texts in quotation marks"))
    return tuple(values)


def _course(file: Toml) -> dict[str, Any]:
    course_id = _take(file, "course", "id", str)
    if not PERSON_ID.match(course_id):
        why = N_("use small letters, digits and hyphens, 32 at most")
        raise file.refuse("course.id", why)
    name = _take(file, "course", "name", str)
    if not name.strip() or not name.isprintable():
        raise file.refuse("course.name", N_("expected a text of one line"))
    languages = _texts(file, "course", "languages", list(LANGUAGES))
    if not languages or any(language not in LANGUAGES for language in languages):
        why = N_("use some of {choices}")
        raise file.refuse("course.languages", why, choices=", ".join(LANGUAGES))
    demo = _take(file, "course", "demo", bool, False)
    standing = _take(file, "course", "standing", str, "open")
    if standing not in STANDINGS:
        raise file.refuse("course.standing", USE_ONE, choices=", ".join(STANDINGS))
    return {
        "id": course_id,
        "name": name,
        "languages": languages,
        "demo": demo,
        "standing": standing,
    }


def _calendar(file: Toml) -> dict[str, Any]:
    start, end = (_take(file, "calendar", key, dt.date) for key in ("start", "end"))
    if not start < end:
        raise file.refuse("calendar.end", N_("must come after calendar.start"))
    zone = _take(file, "calendar", "timezone", str, "Asia/Almaty")
    timezone = clock.zone(zone)
    if timezone is None:
        raise file.refuse("calendar.timezone", UNKNOWN_ZONE, zone=zone[:60])
    days = _take(file, "calendar", "feedback_days", int, 7)
    if not 0 <= days <= 366:
        raise file.refuse("calendar.feedback_days", N_("use a number of days, 0 to 366"))
    due = {
        workbook: _moment(file, f"calendar.due.{workbook}", day)
        for workbook, day in _take(file, "calendar", "due", dict, {}).items()
    }
    return {"start": start, "end": end, "timezone": timezone, "feedback_days": days, "due": due}


def _workbooks(file: Toml) -> dict[str, Any]:
    folders = _texts(file, "workbooks", "library", [])
    if any("\0" in folder for folder in folders):
        raise file.refuse("workbooks.library", N_("expected names of folders"))
    return {
        "assignments": _texts(file, "workbooks", "assignments", ["focus", "action-plan"]),
        "companions": _texts(file, "workbooks", "companions", []),
        "library": tuple(file.path.parent / folder for folder in folders),
    }


def _database(file: Toml) -> str:
    try:
        return database.read_setting(file.path, file.values)
    except FileFault as error:
        if error.path != file.path:
            raise  # the hub's
        raise file.refuse(error.field, error.why, **error.params) from None


def _date(file: Toml, where: str, value: object) -> dt.date:
    if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
        raise file.refuse(where, N_("expected a date without quotation marks, as 2026-10-15"))
    return in_our_time(file, where, value)


def _moment(file: Toml, where: str, value: object) -> dt.date | dt.datetime:
    if not isinstance(value, dt.date):
        why = N_("expected a date, as 2026-10-15, or with a time, as 2026-10-15T18:00:00")
        raise file.refuse(where, why)
    return in_our_time(file, where, value)
