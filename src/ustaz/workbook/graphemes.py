"""Characters as a person sees them: "Ә" is one, a family emoji is one, "é" is one however typed.

Extended grapheme clusters of Unicode Standard Annex 29, counted after NFC and trimming. The page
counts with ``Intl.Segmenter``; both are tested on ``tests/vectors/graphemes.json``.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any, Final

# What JavaScript's String.prototype.trim takes away; the same on both sides. No other character
# becomes one of these in NFC: a text is blank before it exactly where it is after it.
BLANKS: Final = (
    "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)

#: Letters and signs of Latin, Greek and Cyrillic script: each is a character of its own whatever
#: stands beside it, in NFC as before.
ALONE: Final = "\0-\x0c\x0e-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u205f\u20a0-\u20bf\u2100-\u214f"
_ALL_ALONE: Final = re.compile(f"[{ALONE}]*+")


def trim(text: str) -> str:
    """Return `text` in NFC without blanks at its ends."""
    return unicodedata.normalize("NFC", text).strip(BLANKS)


@cache
def _cluster() -> Any:  # noqa: ANN401  (regex has no types)
    import regex  # slow to load, and most commands count nothing

    return regex.compile(r"\X")


def graphemes(text: str) -> int:
    """Return how many characters a person sees in `text`, blanks at its ends left out."""
    if _ALL_ALONE.fullmatch(text):  # clusters take a hundred times longer
        return len(text.strip(BLANKS))
    return len(_cluster().findall(trim(text)))


def clipped(text: str, most: int) -> str:
    """Return a name in at most `most` characters, the last one a sign that there is more.

    Blanks and line breaks within it become single blanks. The page does the same.
    """
    line = " ".join(trim(text).split())
    if graphemes(line) <= most:
        return line
    return "".join(_cluster().findall(line)[: most - 1]).rstrip() + "…"
