"""What Kazakh asks of an ending after a number: it follows the last sound of the number's name.

«28-і» (жиырма сегіз), «29-ы» (жиырма тоғыз), «2-ні» (екі), «70 %-ы» (жетпіс пайыз).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

# The names that a number can end in: by their vowels front (ә, е, і, ө, ү) or back, and what their
# last sound is: a vowel, voiceless, з, a nasal, or another one.
_VOWEL, _VOICELESS, _Z, _NASAL, _OTHER = range(5)
_NAMES: Final[dict[int, tuple[bool, int]]] = {
    0: (True, _OTHER),  # нөл
    1: (True, _OTHER),  # бір
    2: (True, _VOWEL),  # екі
    3: (True, _VOICELESS),  # үш
    4: (True, _VOICELESS),  # төрт
    5: (True, _VOICELESS),  # бес
    6: (False, _VOWEL),  # алты
    7: (True, _VOWEL),  # жеті
    8: (True, _Z),  # сегіз
    9: (False, _Z),  # тоғыз
    10: (False, _NASAL),  # он
    20: (False, _VOWEL),  # жиырма
    30: (False, _Z),  # отыз
    40: (False, _VOICELESS),  # қырық
    50: (True, _OTHER),  # елу
    60: (False, _VOICELESS),  # алпыс
    70: (True, _VOICELESS),  # жетпіс
    80: (True, _NASAL),  # сексен
    90: (False, _NASAL),  # тоқсан
    100: (True, _Z),  # жүз
    1000: (False, _NASAL),  # мың
}
_PERCENT: Final = (False, _Z)  # пайыз

# Endings, each with the first letters that it has after the sounds above, in their order.
_ENDINGS: Final = (
    (re.compile(r"[ғгқк][ае]"), ("ғг", "қк", "ғг", "ғг", "ғг")),  # to
    (re.compile(r"[дт](?:а|е|ағы|егі)"), ("д", "т", "д", "д", "д")),  # in
    (re.compile(r"[дтн](?:ан|ен)"), ("д", "т", "д", "н", "д")),  # from
    (re.compile(r"[дтн][ыі]"), ("н", "т", "д", "д", "д")),  # the object
    (re.compile(r"[дтн](?:ың|ің)"), ("н", "т", "д", "н", "д")),  # of
    (re.compile(r"[мбп]ен"), ("м", "п", "б", "м", "м")),  # with
    (
        re.compile(r"с?(?:ы|і|ын|ін|ына|іне|ында|інде|ынан|інен|ының|інің)"),  # its
        ("с", "ыі", "ыі", "ыі", "ыі"),
    ),
)
_AFTER: Final = re.compile(
    r"(\d+(?:[ \u00a0\u202f]\d{3})*)(?:[.,:](\d+))?([ \u00a0\u202f]?%)?"
    r"([-‑–]?)([а-яёәғқңөұүһі]+)(?![\w-])"
)


def number_faults(text: str) -> Iterator[str]:
    """Yield every ending after a number that does not fit the number's name."""
    for whole, part, percent, hyphen, ending in _AFTER.findall(text):
        front, sound = _PERCENT if percent else _name(int(re.sub(r"\D", "", part or whole)))
        for pattern, firsts in _ENDINGS:
            if pattern.fullmatch(ending):
                shown = f"{part or whole}{percent}{hyphen}{ending}"
                if hyphen not in ("-", "‑"):
                    yield f"has “{shown}”: a hyphen stands between a number and its ending"
                elif ending[0] not in firsts[sound] or not _in_harmony(ending, front):
                    yield f"has “{shown}”: the ending does not fit the number's name"
                break


def _name(number: int) -> tuple[bool, int]:
    for unit, above in ((1, 10), (10, 100), (100, 1000)):
        if rest := number % above // unit:
            return _NAMES[100 if unit == 100 else rest * unit]
    return _NAMES[1000 if number else 0]


def _in_harmony(ending: str, front: bool) -> bool:
    """Tell whether an ending's vowels are those of the number; «мен» has only one form."""
    if ending in ("мен", "бен", "пен"):
        return True
    return front == (ending.strip("бвгғдкқлмнңпрст")[0] in "еі")
