"""The short code on a receipt: eight characters that survive a telephone call."""

from __future__ import annotations

from typing import Final

from ustaz.base.spoken_code import BITS, from_number, normalized

LENGTH: Final = 8


def code_of(sha256: str) -> str:
    """Return the code of a receipt's hash, its first bits, as people read it: ``XXXX-XXXX``."""
    return from_number(int(sha256, 16) >> (256 - LENGTH * BITS), LENGTH)


def tidy_code(typed: str) -> str | None:
    """Return `typed` as :func:`code_of` writes it, or None when it cannot be a code."""
    return normalized(typed, LENGTH)
