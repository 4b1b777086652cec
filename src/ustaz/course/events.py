"""The events of a course as ``ustaz.toml`` names them: workshops, tutorials, network events.

``[[event]]`` stands once for each. Times are those of the course's time zone. What a group, a
school or a person has otherwise is no matter of this file: :mod:`ustaz.calendar.moves`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from ustaz.base.ids import PERSON_ID
from ustaz.config_files.toml_file import Toml
from ustaz.messages import LANGUAGES, N_

EVENT_KINDS: Final = ("workshop", "tutorial", "network_event", "deadline", "other")
KEYS: Final = (
    "id",
    "kind",
    "title",
    "day",
    "start",
    "end",
    "place",
    "link",
    "groups",
    "revision",
    "cancelled",
)
MOST_EVENTS: Final = 200
MOST_TITLE: Final = 120
MOST_PLACE: Final = 200
MOST_LINK: Final = 500
#: Outside of these a year is a slip of the pen, and the ends of the calendar tell no moment.
YEARS: Final = (1990, 2199)
CLOCK: Final = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)\Z")
D = TypeVar("D", bound=dt.date)


@dataclass(frozen=True, slots=True)
class Slot:
    """When and where something is, by the clocks of the course.

    Attributes
    ----------
    day : date
    start, end : time or None
        Without a start it lasts the whole day.
    place, link : str
        A room; an address of a meeting online.
    cancelled : bool
        It does not take place.
    """

    day: dt.date
    start: dt.time | None = None
    end: dt.time | None = None
    place: str = ""
    link: str = ""
    cancelled: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return it as a line of a ledger and an export have it."""
        return {
            "day": self.day.isoformat(),
            "start": f"{self.start:%H:%M}" if self.start else "",
            "end": f"{self.end:%H:%M}" if self.end else "",
            "place": self.place,
            "link": self.link,
            "cancelled": self.cancelled,
        }


@dataclass(frozen=True, slots=True)
class Event:
    """One event of the course.

    Attributes
    ----------
    id : str
        Never changes: calendars of telephones know the event by it.
    kind : str
        One of :data:`EVENT_KINDS`.
    titles : mapping
        Language -> title; under ``""`` the one for every language.
    slot : Slot
    groups : tuple of str
        For whom; none: for everybody.
    revision : int
        Raised with each change of what stands in the file, so that calendars take it over.
    """

    id: str
    kind: str
    titles: Mapping[str, str]
    slot: Slot
    groups: tuple[str, ...] = ()
    revision: int = 0

    def title(self, lang: str) -> str:
        """Return the title in a language, or in one that there is."""
        return self.titles.get(lang) or self.titles.get("") or next(iter(self.titles.values()))


def clock_time(text: str) -> dt.time | None:
    """Return a time of day as people write it, "9:05" or "14:30"; None for anything else."""
    match = CLOCK.match(text.strip())
    return dt.time(int(match[1]), int(match[2])) if match else None


def is_meeting_link(text: str) -> bool:
    """Tell whether a text is an address that a page may link to."""
    if not text.isprintable() or any(letter.isspace() for letter in text) or len(text) > MOST_LINK:
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def read_events(file: Toml) -> tuple[Event, ...]:
    """Read ``[[event]]``; refuse what is wrong with its line and field."""
    tables = file.values.get("event", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise file.refuse("event", N_("begin each event with [[event]]"))
    if len(tables) > MOST_EVENTS:
        raise file.refuse("event", N_("more than {most} events"), most=MOST_EVENTS)
    events: list[Event] = []
    for number, table in enumerate(tables, 1):
        event = _Reader(file, f"event[{number}]", table).event()
        if any(event.id == earlier.id for earlier in events):
            raise file.refuse(f"event[{number}].id", N_("there is an event with this id already"))
        events.append(event)
    return tuple(events)


def in_our_time(file: Toml, where: str, value: D) -> D:
    """Return a day of a file; refuse one in a year that is a slip of the pen."""
    if not YEARS[0] <= value.year <= YEARS[1]:
        why = N_("the year must lie between {first} and {last}")
        raise file.refuse(where, why, first=YEARS[0], last=YEARS[1])
    return value


class _Reader:
    """Reads one table."""

    def __init__(self, file: Toml, where: str, table: dict[str, Any]) -> None:
        self.file, self.where, self.table = file, where, table

    def event(self) -> Event:
        unknown = next((key for key in self.table if key not in KEYS), None)
        if unknown is not None:
            why = N_("unknown key; use some of {choices}")
            raise self.file.refuse(f"{self.where}.{unknown}", why, choices=", ".join(KEYS))
        kind = self._text("kind", 32, required=True)
        if kind not in EVENT_KINDS:
            raise self._refuse("kind", N_("use one of {choices}"), choices=", ".join(EVENT_KINDS))
        return Event(
            self._id(), kind, self._titles(), self._slot(), self._groups(), self._revision()
        )

    def _refuse(self, key: str, why: str, **params: object) -> Exception:
        return self.file.refuse(f"{self.where}.{key}", why, **params)

    def _text(self, key: str, most: int, *, required: bool = False) -> str:
        value = self.table.get(key, "")
        if required and key not in self.table:
            raise self._refuse(key, N_("missing"))
        if not isinstance(value, str) or not value.isprintable():
            raise self._refuse(key, N_("expected a text of one line"))
        text = value.strip()
        if required and not text:
            raise self._refuse(key, N_("missing"))
        if len(text) > most:
            raise self._refuse(key, N_("longer than {most} characters"), most=most)
        return text

    def _id(self) -> str:
        id_ = self._text("id", 64, required=True)
        if not PERSON_ID.match(id_):
            raise self._refuse("id", N_("use small letters, digits and hyphens, 32 at most"))
        return id_

    def _titles(self) -> dict[str, str]:
        value = self.table.get("title")
        if not isinstance(value, dict):
            return {"": self._text("title", MOST_TITLE, required=True)}
        if not value or any(language not in LANGUAGES for language in value):
            why = N_("use some of {choices}")
            raise self._refuse("title", why, choices=", ".join(LANGUAGES))
        reader = _Reader(self.file, f"{self.where}.title", value)
        return {language: reader._text(language, MOST_TITLE, required=True) for language in value}

    def _slot(self) -> Slot:
        day = self.table.get("day")
        if not isinstance(day, dt.date) or isinstance(day, dt.datetime):
            why = N_("expected a date without quotation marks, as 2026-10-15")
            raise self._refuse("day", why)
        in_our_time(self.file, f"{self.where}.day", day)
        start, end = self._time("start"), self._time("end")
        if end is not None and (start is None or end <= start):
            raise self._refuse("end", N_("must come after the start, on the same day"))
        link = self._text("link", MOST_LINK)
        if link and not is_meeting_link(link):
            raise self._refuse("link", N_("expected an address that begins with https://"))
        cancelled = self.table.get("cancelled", False)
        if not isinstance(cancelled, bool):
            raise self._refuse("cancelled", N_("expected {kind}"), kind="true / false")
        return Slot(day, start, end, self._text("place", MOST_PLACE), link, cancelled)

    def _time(self, key: str) -> dt.time | None:
        value = self.table.get(key)
        if isinstance(value, str):
            value = clock_time(value) or value
        if value is None or (isinstance(value, dt.time) and value.tzinfo is None):
            return value.replace(second=0, microsecond=0) if value else None
        raise self._refuse(key, N_("expected a time, as 14:30"))

    def _groups(self) -> tuple[str, ...]:
        values = self.table.get("groups", [])
        if not isinstance(values, list) or not all(
            isinstance(value, str) and value.strip() and value.isprintable() for value in values
        ):
            raise self._refuse("groups", N_("expected texts in quotation marks"))
        return tuple(dict.fromkeys(value.strip() for value in values))

    def _revision(self) -> int:
        value = self.table.get("revision", 0)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 10**6:
            raise self._refuse("revision", N_("expected a whole number, 0 or more"))
        return value
