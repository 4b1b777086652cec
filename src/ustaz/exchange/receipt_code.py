"""The short code on a receipt, made of the first bits of the hash of a submission's record."""

from __future__ import annotations

from typing import Final

from ustaz.base import spoken_codes
from ustaz.base.spoken_codes import ALPHABET

LENGTH: Final = 8
_BITS: Final = 5


def code_of(sha256: str) -> str:
    """Return the code of a receipt's hash, as people read it: ``XXXX-XXXX``."""
    number = int(sha256, 16) >> (256 - LENGTH * _BITS)
    letters = ""
    for _ in range(LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        letters = ALPHABET[rest] + letters
    return spoken_codes.grouped(letters)


def tidy_code(typed: str) -> str | None:
    """Return `typed` as :func:`code_of` writes it, or None when it cannot be a code."""
    return spoken_codes.normalize(typed, LENGTH)
