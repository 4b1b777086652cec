"""How much one person may ask at once: generous for people, finite for scripts."""

from __future__ import annotations

from typing import Final

from ustaz.base.throttle import Limit

MAX_BODY: Final = 512 * 1024
"""Bytes of one API request; a whole document is capped at half of that."""

#: An own download of an earlier year, which is answers without many photos.
MAX_EXPORT: Final = 16 * 1024 * 1024
MAX_UPLOAD: Final = 3 * 1024 * 1024
"""Bytes of one uploaded file with its form."""

MAX_FORM: Final = 16 * 1024
"""Bytes of one form of the pages."""

#: A form with a message, and room for one that is too long, which comes back to be shortened.
MAX_MESSAGE: Final = 64 * 1024

BURST: Final = 120
"""Saves of one person that pass at once, for instance a queue from a dead network."""

SECONDS_EACH: Final = 0.1
"""Seconds between saves of one person that pass for ever."""


def saves_of(person: str) -> Limit:
    """Return what the saves of a person are counted for."""
    return Limit(person, BURST, SECONDS_EACH)
