"""Codes that are read aloud and typed: receipts, invitations, one-time codes.

The alphabet is Crockford's base 32 (https://www.crockford.com/base32.html): no ``I``, ``L``, ``O``
or ``U``. What a person types back may hold small letters, spaces, other dashes, ``O`` for ``0``,
``I`` or ``L`` for ``1``, and Cyrillic letters that look like Latin ones; all mean the same code.
Each use has a length of its own.
"""

from __future__ import annotations

import re
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BITS: Final = 5
"""Bits of one character."""
LONGEST_GROUP: Final = 4

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
    """Return a code as people read it: in equal groups of at most four, with hyphens.

    Examples
    --------
    >>> grouped("ABCDEFGH"), grouped("ABCDEF")
    ('ABCD-EFGH', 'ABC-DEF')
    """
    groups = -(-len(letters) // LONGEST_GROUP)
    size = -(-len(letters) // groups)
    return "-".join(letters[start : start + size] for start in range(0, len(letters), size))


def from_number(number: int, length: int) -> str:
    """Return the code of `length` characters that holds the low bits of `number`."""
    letters = ""
    for _ in range(length):
        number, rest = divmod(number, len(ALPHABET))
        letters = ALPHABET[rest] + letters
    return grouped(letters)


def normalized(typed: str, length: int) -> str | None:
    """Return `typed` as a code of this length is written, or None when it cannot be one."""
    letters = _SEPARATORS.sub("", typed).upper().translate(_LOOKS_LIKE)
    if len(letters) != length or any(letter not in ALPHABET for letter in letters):
        return None
    return grouped(letters)
