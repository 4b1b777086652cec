"""How a number is written in each language.

Kazakh and Russian have a decimal comma, English a point; from five digits on, all have no-break
spaces between thousands (ISO 80000-1), so that no sign means two things. The front end writes the
same; both are tested on ``tests/vectors/numbers.json``.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

GROUPED_FROM: Final = 10_000
SPACE: Final = "\u00a0"
MINUS: Final = "\u2212"


def number_text(value: float, lang: str) -> str:
    r"""Return a number as it is read.

    Examples
    --------
    >>> number_text(12.5, "kk"), number_text(-3, "en"), number_text(1234567, "ru")
    ('12,5', '\u22123', '1\xa0234\xa0567')
    """
    # Through repr: the shortest digits that mean this number, as a browser writes them.
    whole, _, part = format(abs(Decimal(repr(value))).normalize(), "f").partition(".")
    if abs(value) >= GROUPED_FROM:
        whole = f"{int(whole):,}".replace(",", SPACE)
    sign = MINUS if value < 0 else ""
    return sign + whole + ((("." if lang == "en" else ",") + part) if part else "")
