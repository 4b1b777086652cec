"""The demo's history happened over some weeks: a clock that can be set while it is written."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_VARIABLE: Final = "USTAZ_NOW"


@contextmanager
def at(moment: dt.datetime) -> Iterator[None]:
    """Make :func:`ustaz.base.clock.now` say `moment`."""
    before = os.environ.get(_VARIABLE)
    os.environ[_VARIABLE] = moment.isoformat()
    try:
        yield
    finally:
        if before is None:
            del os.environ[_VARIABLE]
        else:
            os.environ[_VARIABLE] = before
