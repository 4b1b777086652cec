"""The words of Ustaz in three languages: one gettext catalogue format for everything.

English stands in the sources and is the key; ``locale/<language>/LC_MESSAGES/`` holds the
translations in two domains: ``ustaz`` (pages, components, command line) and ``workbooks`` (texts
of ``workbook.yml``). Catalogues are read as they are, ``.po``, once per process; nothing is
compiled. A missing or fuzzy entry falls back to English, never to an error. The workbooks of one
course only have their catalogues beside the course's library (:func:`own_texts`).

``python -m ustaz.catalogs update|check|status`` keeps the catalogues current; it is the only part
that knows where the texts come from.
"""

from __future__ import annotations

from ustaz.messages._catalogs import (
    DOMAINS,
    LANGUAGE_NAMES,
    LANGUAGES,
    SOURCE,
    OwnText,
    Translator,
    catalog,
    keep_dashes,
    language_of,
    locale_dir,
    translator,
)
from ustaz.messages._dates import (
    display_locale,
    long_date,
    month_title,
    short_month,
    weekday_date,
)
from ustaz.messages._format import format, numbered, placeholders  # noqa: A004
from ustaz.messages._frontend import PARTS, first_parts, frontend, meeting
from ustaz.messages._letters import language_by_letters
from ustaz.messages._numbers import number_text
from ustaz.messages._own import BadCatalogue, own_catalogues, own_texts
from ustaz.messages._plurals import PLURALS, plural_index

__all__ = [
    "DOMAINS",
    "LANGUAGES",
    "LANGUAGE_NAMES",
    "N_",
    "PARTS",
    "PLURALS",
    "SOURCE",
    "BadCatalogue",
    "OwnText",
    "Translator",
    "catalog",
    "display_locale",
    "first_parts",
    "format",
    "frontend",
    "keep_dashes",
    "language_by_letters",
    "language_of",
    "locale_dir",
    "long_date",
    "meeting",
    "month_title",
    "number_text",
    "numbered",
    "own_catalogues",
    "own_texts",
    "placeholders",
    "plural_index",
    "short_month",
    "translator",
    "weekday_date",
]


def N_(message: str) -> str:  # noqa: N802
    """Mark `message` for translation where it stands, and return it unchanged."""
    return message
