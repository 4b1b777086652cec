"""How a day is written in each language.

Babel is imported at the first date: help and most commands show none.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel import Locale


@cache
def display_locale(lang: str) -> Locale:
    """Return the locale of dates and times: English puts the day first, as the others do."""
    from babel import Locale

    return Locale.parse("en_GB" if lang == "en" else lang)


def long_date(day: dt.date, lang: str) -> str:
    """Return a day with the month in words: "23 November 2026"."""
    from babel.dates import format_date

    return str(format_date(day, "long", locale=display_locale(lang)))


def weekday_date(day: dt.date, lang: str) -> str:
    """Return a day with its weekday, without the year: "Monday, 23 November"."""
    from babel.dates import format_date

    pattern = "d MMMM, EEEE" if lang == "kk" else "EEEE, d MMMM"
    return str(format_date(day, pattern, locale=display_locale(lang)))


def month_title(day: dt.date, lang: str) -> str:
    """Return a month as a heading: "November 2026"."""
    from babel.dates import format_date

    text = str(format_date(day, "LLLL y", locale=display_locale(lang)))
    return text[:1].upper() + text[1:]


def short_month(day: dt.date, lang: str) -> str:
    """Return a month's short name, to stand alone: "Nov"."""
    from babel.dates import format_date

    return str(format_date(day, "LLL", locale=display_locale(lang))).rstrip(".")
