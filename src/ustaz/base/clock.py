"""The one place that asks what time it is, so that tests can say.

Times are kept in UTC with an offset; what a person reads is the course's own time zone.
Order never depends on a clock: documents carry revisions, rounds carry numbers.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import zoneinfo
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

UTC = dt.UTC
_ZONE: Final = re.compile(r"[A-Za-z0-9_+-]{1,40}(/[A-Za-z0-9_+-]{1,40}){0,3}\Z")

_RELEASE: Final = re.compile(r"20\d\d[a-z]+")


def newest_zones() -> str:
    """Read time zones from the newer of two tables: the system's, or the package tzdata.

    Rules change and computers are not always brought up to date: Almaty's hour moved in March
    2024. Return the release that is read, empty where it cannot be told.
    """
    system = max((_release(Path(folder)) for folder in zoneinfo.TZPATH), default="")
    ours = str(import_module("tzdata").IANA_VERSION)
    if system < ours:
        zoneinfo.reset_tzpath(())
        ZoneInfo.clear_cache()
        return ours
    return system


def _release(folder: Path) -> str:
    """Return the release of a system's table, as "2026a"; empty where it does not say."""
    for name in ("tzdata.zi", "+VERSION"):
        with suppress(OSError), (folder / name).open(encoding="ascii", errors="replace") as file:
            match = _RELEASE.search(file.readline(80))
            if match:
                return match[0]
    return ""


def now() -> dt.datetime:
    """Return the present moment, aware, in UTC, to the second.

    The environment variable ``USTAZ_NOW`` (ISO 8601 with an offset) fixes it; tests and the
    demo use it so that "overdue" means the same on every day.
    """
    fixed = os.environ.get("USTAZ_NOW")
    if fixed:
        return dt.datetime.fromisoformat(fixed).astimezone(UTC).replace(microsecond=0)
    return dt.datetime.now(UTC).replace(microsecond=0)


def today(zone: ZoneInfo | dt.tzinfo = UTC) -> dt.date:
    """Return the calendar date of :func:`now` in `zone`."""
    return now().astimezone(zone).date()


def stamp(moment: dt.datetime | None = None, zone: ZoneInfo | dt.tzinfo = UTC) -> str:
    """Return `moment` (default: now) as ISO 8601 with an offset, to the second."""
    return (moment or now()).astimezone(zone).isoformat(timespec="seconds")


def zoned(text: str, zone: dt.tzinfo) -> str:
    """Return a kept stamp with the hours and the offset of `zone`; any other text stays.

    A page in the browser reads the hours as they stand there. So it agrees with the pages made
    here, wherever the reader is and however old the browser's table of time zones.

    Examples
    --------
    >>> zoned("2026-11-23T20:05:00+00:00", ZoneInfo("Asia/Almaty"))
    '2026-11-24T01:05:00+05:00'
    """
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return text
    return stamp(moment, zone) if moment.tzinfo else text


def from_timestamp(seconds: float) -> dt.datetime:
    """Return the moment of a file's time, aware, in UTC, to the second."""
    return dt.datetime.fromtimestamp(seconds, UTC).replace(microsecond=0)


def zone(name: object) -> ZoneInfo | None:
    """Return a time zone by its name, as Asia/Almaty; None where there is no such one.

    Names come from people: a folder of the table (``Asia``), a path and a text of any length are
    no names.
    """
    if not isinstance(name, str) or not _ZONE.match(name):
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


newest_zones()
