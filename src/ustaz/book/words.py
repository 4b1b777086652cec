"""The fixed words of the blocks ("Objectives", "Check your answer"), in the book's language.

They come from the one catalogue of the project. An edition in English needs no catalogue, so the
book also builds where :mod:`ustaz.messages` is not installed (Jupyter Book's own environment).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

Gettext = Callable[[str], str]


@cache
def words(language: str) -> Gettext:
    """Return the translating function for `language`."""
    if language == "en":
        return str
    from ustaz.messages import translator  # not needed for English

    gettext: Gettext = translator(language).gettext
    return gettext
