"""The short code on a receipt: eight characters that survive a telephone call.

The alphabet is Crockford's base 32: no ``I``, ``L``, ``O`` or ``U``. What a person types back may
hold small letters, spaces, other dashes, ``O`` for ``0``, ``I`` or ``L`` for ``1``, and Cyrillic
letters that look like Latin ones; all of them mean the same code.
"""

from __future__ import annotations

import re
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH: Final = 8
_BITS: Final = 5

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


def code_of(sha256: str) -> str:
    """Return the code of a receipt's hash, as people read it: ``XXXX-XXXX``."""
    number = int(sha256, 16) >> (256 - LENGTH * _BITS)
    letters = ""
    for _ in range(LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        letters = ALPHABET[rest] + letters
    return f"{letters[:4]}-{letters[4:]}"


def tidy_code(typed: str) -> str | None:
    """Return `typed` as :func:`code_of` writes it, or None when it cannot be a code."""
    letters = _SEPARATORS.sub("", typed).upper().translate(_LOOKS_LIKE)
    if len(letters) != LENGTH or any(letter not in ALPHABET for letter in letters):
        return None
    return f"{letters[:4]}-{letters[4:]}"
