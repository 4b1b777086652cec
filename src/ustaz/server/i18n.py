"""Words, dates and times in the reader's language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from babel.dates import format_time
from markupsafe import Markup, escape

from ustaz import messages
from ustaz.base.clock import zoned
from ustaz.messages import long_date, month_title, short_month, translator, weekday_date

__all__ = ["Words", "choose_language", "zoned"]


class Words:
    """What a page says, in one language.

    Parameters
    ----------
    lang : str
        The reader's language.
    zone : ZoneInfo
        The course's time zone: people read its hours.
    """

    def __init__(self, lang: str, zone: ZoneInfo) -> None:
        self.lang = lang
        self.zone = zone
        self._texts = translator(lang)
        # "23 November 2026": day first, as in the other two languages

    def gettext(self, message: str, **params: object) -> Markup:
        """Return `message` translated, its parameters escaped."""
        return _filled(self._texts.gettext(message), params)

    def ngettext(self, singular: str, plural: str, count: int, /, **params: object) -> Markup:
        """Return the form of the message for `count`, which fills ``{n}``."""
        text = self._texts.ngettext(singular, plural, count)
        return _filled(text, {"n": count, **params})

    def plain(self, message: str) -> str:
        """Return `message` translated, unescaped: for JSON and for `definition_json`."""
        return str(self._texts.gettext(message))

    @property
    def draft(self) -> bool:
        """Tell whether a native reader still has to sign off texts of this language."""
        return self._texts.drafts > 0

    def date(self, day: dt.date | str) -> str:
        """Return a date in words."""
        if isinstance(day, str):
            day = dt.date.fromisoformat(day)
        return long_date(day, self.lang)

    def weekday(self, day: dt.date) -> str:
        """Return a day with its weekday, without the year."""
        return weekday_date(day, self.lang)

    def month(self, day: dt.date) -> str:
        """Return a month as a heading."""
        return month_title(day, self.lang)

    def short_month(self, day: dt.date) -> str:
        """Return a month's short name."""
        return short_month(day, self.lang)

    def clock(self, when: dt.datetime) -> str:
        """Return a time of day in the course's zone; nothing for the end of a day."""
        local = when.astimezone(self.zone).time()
        return "" if local.replace(microsecond=0) == dt.time(23, 59, 59) else f"{local:%H:%M}"

    def moment(self, when: dt.datetime | str) -> str:
        """Return a date and a time of day in words, in the course's time zone."""
        if isinstance(when, str):
            when = dt.datetime.fromisoformat(when)
        local = when.astimezone(self.zone)
        return f"{self.date(local.date())}, {format_time(local.time(), 'HH:mm')}"

    def answered(self, count: int, of: int) -> Markup:
        """Say how far somebody is: never marks, only counts."""
        return self.gettext("{answered} of {of} answered", answered=count, of=of)

    def due(self, day: dt.date, today: dt.date) -> Markup:
        """Say when something is due; a day that has passed is not scolded for."""
        left = (day - today).days
        when = self.date(day)
        if left > 1:
            return self.ngettext(
                "Due on {when}, {n} day left", "Due on {when}, {n} days left", left, when=when
            )
        if left == 1:
            return self.gettext("Due tomorrow, {when}", when=when)
        if left == 0:
            return self.gettext("Due today, {when}", when=when)
        return self.gettext("The date was {when}; you can still submit", when=when)


def choose_language(offered: tuple[str, ...], *wishes: str | None, accept: str = "") -> str:
    """Return the first wish that the course offers, then the browser's, then the course's own."""
    for wish in wishes:
        if wish in offered:
            return str(wish)
    ranked: list[tuple[float, int, str]] = []
    for position, part in enumerate(accept.split(",")):
        tag, _, quality = part.strip().partition(";q=")
        try:
            weight = float(quality) if quality else 1.0
        except ValueError:
            weight = 0.0
        ranked.append((-weight, position, tag.split("-")[0].lower()))
    for weight, _, tag in sorted(ranked):
        if weight < 0 and tag in offered:
            return tag
    return offered[0]


def _filled(text: str, params: Mapping[str, object]) -> Markup:
    """Return a text with its parameters, all of it escaped."""
    escaped = {name: str(escape(value)) for name, value in params.items()}
    return Markup(messages.format(str(escape(text)), **escaped))  # noqa: S704
