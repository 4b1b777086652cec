"""The one place that asks what time it is, so that tests can say.

Times are kept in UTC with an offset; what a person reads is the course's own time zone.
Order never depends on a clock: documents carry revisions, rounds carry numbers.
"""

from __future__ import annotations

import datetime as dt
import os
from zoneinfo import ZoneInfo

UTC = dt.UTC


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
