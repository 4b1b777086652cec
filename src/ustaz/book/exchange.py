"""Put a new folder in the place of an old one, so that at no moment neither is there."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path
from typing import Final

from ustaz.base.files import rename

_HERE: Final = -100  # AT_FDCWD
_EXCHANGE: Final = 2  # RENAME_EXCHANGE


def put_in_place(fresh: Path, place: Path, old: Path) -> None:
    """Move `fresh` to `place`, and what stood there to `old`.

    Where the system cannot exchange two names at once there is nothing at `place` for the time
    between two calls; a process that is killed just then leaves what stood there in `old`.
    """
    if not place.exists():
        rename(fresh, place)
    elif _exchange(fresh, place):
        rename(fresh, old)
    else:
        rename(place, old)
        try:
            rename(fresh, place)
        except OSError:
            rename(old, place)
            raise


def _exchange(first: Path, other: Path) -> bool:
    """Exchange two names in one step; tell whether that could be done."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return False
    names = os.fsencode(first), os.fsencode(other)
    return bool(rename(_HERE, names[0], _HERE, names[1], _EXCHANGE) == 0)
