"""The error of everything that makes the book."""

from __future__ import annotations

from ustaz.base.errors import UstazError


class BookError(UstazError):
    """The book could not be built, packed, printed or read."""
