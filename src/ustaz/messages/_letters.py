"""In which language a name or a quoted sentence is read out, told from its letters.

A screen reader speaks what has no ``lang`` with the voice of the page: Cyrillic names on an English
page are spelt or left out. The page's own language is left as it is wherever its letters would do.
"""

from __future__ import annotations

import re
from typing import Final

_KAZAKH: Final = re.compile("[ӘәҒғҚқҢңӨөҰұҮүҺһІі]")
_CYRILLIC: Final = re.compile("[\u0400-\u052f]")
_LATIN: Final = re.compile("[A-Za-z]")
_CYRILLIC_PAGES: Final = frozenset({"ru", "kk"})


def language_by_letters(text: str, lang: str) -> str:
    """Return the language of `text` on a page in `lang`; empty where it needs no other.

    Parameters
    ----------
    text : str
        A name, or a sentence somebody wrote.
    lang : str
        The language of what stands around it.

    Examples
    --------
    >>> language_by_letters("Әйгүл С.", "en"), language_by_letters("Ольга П.", "kk")
    ('kk', '')
    """
    if _KAZAKH.search(text):
        language = "kk"
    elif _CYRILLIC.search(text):
        language = lang if lang in _CYRILLIC_PAGES else "ru"
    elif _LATIN.search(text):
        language = "en"
    else:
        language = lang
    return "" if language == lang else language
