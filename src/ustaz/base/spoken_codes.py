"""Codes that survive a telephone call: their letters, their grouping, how they are read back.

The alphabet is Crockford's base 32: no ``I``, ``L``, ``O`` or ``U``. What a person types back may
hold small letters, spaces, other dashes, ``O`` for ``0``, ``I`` or ``L`` for ``1``, and Cyrillic
letters that look like Latin ones; all of them mean the same code. How long a code is belongs to
whoever makes it: the receipt's length and a sign-in code's have nothing to do with each other.
"""

from __future__ import annotations

import re
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

_LOOKS_LIKE: Final = str.maketrans(
    {
        "O": "0",
        "I": "1",
        "L": "1",
        # Cyrillic capitals that are drawn as Latin ones
        "А": "A",
        "В": "B",
        "С": "C",
        "Е": "E",
        "Н": "H",
        "К": "K",
        "М": "M",
        "О": "0",
        "Р": "P",
        "Т": "T",
        "Х": "X",
        "І": "1",
        "З": "3",
    }
)
_SEPARATORS: Final = re.compile(r"[\s\u2010-\u2015_.-]+")


def grouped(letters: str) -> str:
    """Return a code's letters in two halves: ``XXXX-XXXX``."""
    half = (len(letters) + 1) // 2
    return f"{letters[:half]}-{letters[half:]}"


def normalize(typed: str, length: int) -> str | None:
    """Return a typed code as :func:`grouped` writes it, or None when it cannot be a code.

    Parameters
    ----------
    typed : str
    length : int
        How many letters the code has.
    """
    letters = _SEPARATORS.sub("", typed).upper().translate(_LOOKS_LIKE)
    if len(letters) != length or any(letter not in ALPHABET for letter in letters):
        return None
    return grouped(letters)
