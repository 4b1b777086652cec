"""The words in the figures: found for translators, and put into a figure of another language.

Figures are SVG drawn by hand. What a reader sees or hears of them stands in ``<text>``, ``<title>``
and ``<desc>``; a ``<tspan>`` inside a text is a text of its own, because it is drawn in another
place or in another weight.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape, unescape

#: Where figures of the book lie, from the top of the sources.
FOLDER: Final = "book/figures"
#: Text between two tags, inside of an element that holds words.
_ELEMENT: Final = re.compile(r"(<(text|title|desc)\b[^>]*>)(.*?)(</\2>)", re.DOTALL)
_WORDS: Final = re.compile(r">([^<>]*)<")
_LETTER: Final = re.compile(r"[^\W\d_]")


def words_of(svg: str) -> Iterator[tuple[str, str]]:
    """Yield each text of a figure, and the element that holds it."""
    for _, element, content, _ in _ELEMENT.findall(svg):
        for words in _WORDS.findall(f">{content}<"):
            if _LETTER.search(words):
                yield _key(words), element


def translated(svg: str, translate: Callable[[str], str], lang: str) -> str:
    """Return a figure with its words in another language; spaces around words stay."""

    def words(match: re.Match[str]) -> str:
        text = match.group(1)
        if not _LETTER.search(text):
            return match.group(0)
        lead = text[: len(text) - len(text.lstrip())]
        trail = text[len(text.rstrip()) :]
        return f">{lead}{escape(translate(_key(text)))}{trail}<"

    def element(match: re.Match[str]) -> str:
        start, _, content, end = match.groups()
        return start + _WORDS.sub(words, f">{content}<")[1:-1] + end

    return _ELEMENT.sub(element, svg).replace("<svg ", f'<svg xml:lang="{lang}" ', 1)


def figures(root: Path) -> list[Path]:
    """Return the figures of a book."""
    return sorted((root / FOLDER).glob("*.svg"))


def _key(words: str) -> str:
    return " ".join(unescape(words, {"&quot;": '"', "&apos;": "'"}).split())
