"""A course's settings: what ``ustaz.toml`` may say, and the reading of it."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ustaz import database
from ustaz.errors import CourseError, bad_setting
from ustaz.identity import PERSON_ID
from ustaz.messages import LANGUAGES

SETTINGS_FILE: Final = "ustaz.toml"
SECTIONS: Final = ("course", "calendar", "workbooks", "storage")


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
        Workbook -> the day, or the moment, by which it is expected (:mod:`ustaz.due`).
    assignments : tuple of str
        The workbooks that are handed in, in the order of the year.
    library : tuple of Path
        Folders with workbooks of the course's own.
    database : str
        PostgreSQL's address, which may hold a password; empty: SQLite and files.
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
    database: str = field(default="", repr=False)
    extra: dict[str, Any] = field(default_factory=dict, compare=False)


def read_settings(path: Path) -> Settings:
    """Read ``ustaz.toml``.

    Parameters
    ----------
    path : Path

    Raises
    ------
    CourseError
        ``bad_settings``, with the file and the field.
    """

    def refuse(where: str, why: str) -> CourseError:
        return bad_setting(path, where, why)

    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise refuse("file", f"not readable as TOML ({error})") from None

    def take(section: str, key: str, kind: type, default: Any = None) -> Any:  # noqa: ANN401
        table = data.get(section, {})
        if not isinstance(table, dict):
            raise refuse(section, "expected a table")
        value = table.get(key, default)
        if value is None:
            raise refuse(f"{section}.{key}", "missing")
        if not isinstance(value, kind) or (kind is not bool and isinstance(value, bool)):
            raise refuse(f"{section}.{key}", f"expected {kind.__name__}")
        return value

    course_id = take("course", "id", str)
    if not PERSON_ID.match(course_id):
        raise refuse("course.id", "use small letters, digits and hyphens, 32 at most")
    languages = tuple(take("course", "languages", list, list(LANGUAGES)))
    if not languages or any(one not in LANGUAGES for one in languages):
        raise refuse("course.languages", f"use some of {', '.join(LANGUAGES)}")
    start, end = take("calendar", "start", dt.date), take("calendar", "end", dt.date)
    if not start < end:
        raise refuse("calendar.end", "must come after calendar.start")
    zone = take("calendar", "timezone", str, "Asia/Almaty")
    try:
        timezone = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise refuse("calendar.timezone", f"unknown time zone {zone!r}") from None
    due = take("calendar", "due", dict, {})
    for workbook, day in due.items():
        if not isinstance(day, dt.date):
            why = "expected a date, as 2026-10-15, or with a time, as 2026-10-15T18:00:00"
            raise refuse(f"calendar.due.{workbook}", why)
    assignments = tuple(take("workbooks", "assignments", list, ["focus", "action-plan"]))
    library = tuple(path.parent / one for one in take("workbooks", "library", list, []))
    return Settings(
        id=course_id,
        name=take("course", "name", str),
        demo=take("course", "demo", bool, False),
        languages=languages,
        start=start,
        end=end,
        timezone=timezone,
        due=dict(due),
        assignments=assignments,
        library=library,
        database=database.read_setting(path, data),
        extra={key: value for key, value in data.items() if key not in SECTIONS},
    )
