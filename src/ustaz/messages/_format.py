"""Placeholders ``{name}``: filled in without ever interpreting what is put in."""

from __future__ import annotations

import re
from typing import Final

PLACEHOLDER: Final = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def format(message: str, **params: object) -> str:
    """Fill the placeholders of `message`; one without a value stays as it is.

    A value is put in as text and not looked into again, so that braces in a participant's words
    mean nothing (``str.format`` would follow attributes). The front end does the same.

    Examples
    --------
    >>> format("Saved at {time}", time="14:05")
    'Saved at 14:05'
    >>> format("{a} and {b}", a="{b}", b=2)
    '{b} and 2'
    """

    def value(match: re.Match[str]) -> str:
        name = match.group(1)
        return str(params[name]) if name in params else match.group(0)

    return PLACEHOLDER.sub(value, message)


def placeholders(message: str) -> frozenset[str]:
    """Return the names of the placeholders in `message`."""
    return frozenset(PLACEHOLDER.findall(message))
