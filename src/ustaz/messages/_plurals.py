"""Plural rules of the three languages; the front end (``model/i18n.ts``) counts alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Plural:
    """How a language counts.

    Attributes
    ----------
    forms : int
        Number of forms an entry has.
    header : str
        Value of ``Plural-Forms`` in a catalogue.
    index : callable
        Index of the form for a number.
    samples : tuple of int
        One number for each form; translators and tests read them.
    """

    forms: int
    header: str
    index: Callable[[int], int]
    samples: tuple[int, ...]


def _one_other(n: int) -> int:
    return 0 if n == 1 else 1


def _one_few_many(n: int) -> int:
    if n % 10 == 1 and n % 100 != 11:
        return 0
    if 2 <= n % 10 <= 4 and not 12 <= n % 100 <= 14:
        return 1
    return 2


_TWO = Plural(2, "nplurals=2; plural=(n != 1);", _one_other, (1, 2))

PLURALS: Final[dict[str, Plural]] = {
    "en": _TWO,
    "kk": _TWO,
    "ru": Plural(
        3,
        "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : "
        "n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);",
        _one_few_many,
        (1, 2, 5),
    ),
}


def plural_index(lang: str, n: int) -> int:
    """Return which form of an entry `lang` uses for `n` things."""
    return PLURALS[lang].index(abs(n))
