"""How a day is written in each language."""

from __future__ import annotations

import datetime as dt
from functools import cache

from babel import Locale
from babel.dates import format_date


@cache
def display_locale(lang: str) -> Locale:
    """Return the locale of dates and times: English puts the day first, as the others do."""
    return Locale.parse("en_GB" if lang == "en" else lang)


def long_date(day: dt.date, lang: str) -> str:
    """Return a day with the month in words: "23 November 2026"."""
    return str(format_date(day, "long", locale=display_locale(lang)))
