"""Placeholders ``{name}``: filled in without ever interpreting what is put in."""

from __future__ import annotations

import re
from collections.abc import Callable
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

    A value that ends with a full stop, as a date in Russian does, ends the sentence as well.

    >>> format("До {day}.", day="4 декабря 2026 г.")
    'До 4 декабря 2026 г.'
    """

    def value(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in params:
            return match.group(0)
        text = str(params[name])
        stops = text.endswith(".") and message.startswith(".", match.end())
        return text[:-1] if stops else text

    return PLACEHOLDER.sub(value, message)


def placeholders(message: str) -> frozenset[str]:
    """Return the names of the placeholders in `message`."""
    return frozenset(PLACEHOLDER.findall(message))


def numbered(row: str, number: int, translate: Callable[[str], str]) -> str:
    """Return what a row is called by its number: "Step 3", in Kazakh "3‑қадам".

    A name that does not begin is no heading, and loses its capital. The front end writes the same.

    Examples
    --------
    >>> numbered("Step", 3, str)
    'Step 3'
    >>> numbered("Қадам", 3, {"{row} {number}": "{number}‑{row}"}.get)
    '3‑қадам'
    """
    form = translate("{row} {number}")  # taken into the catalogue from the front end
    name = row if form.startswith("{row}") else row[:1].lower() + row[1:]
    return format(form, row=name, number=number)
