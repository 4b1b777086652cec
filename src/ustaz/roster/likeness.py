"""Spellings of the same thing: names, schools and groups that only look different.

Three strengths. The **same** text: capitals, look-alike letters, spaces and marks make no
difference. A name or school that is **alike**: something would say that it is another one, yet
most often it is not; this is only pointed out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final

from ustaz.roster.names import latin, sound

#: Letters of other alphabets that look like ours, small ones; and what ә is typed as.
LOOKS: Final = str.maketrans(
    {
        "a": "а", "c": "с", "e": "е", "h": "һ", "i": "і", "k": "к", "m": "м", "o": "о", "p": "р",
        "t": "т", "x": "х", "y": "у", "b": "в", "ə": "ә", "ǝ": "ә", "ё": "е", "ɵ": "ө",
        "ѳ": "ө", "ӊ": "ң", "ґ": "г", "ї": "і", "ε": "е",
        "α": "а", "ο": "о", "ρ": "р", "ν": "в", "ι": "і", "κ": "к", "ѵ": "ү", "l": "і",
    }
)  # fmt: skip
#: Capitals that look like another letter than their small ones do.
CAPITALS: Final = str.maketrans({"H": "Н", "B": "В", "Y": "У"})
#: Latin letters that alone may stand for Cyrillic ones.
DOUBLES: Final = frozenset("aceikmopxyhtbəǝ")
#: Words that say of what kind a school is and leave open which.
KINDS: Final = frozenset(
    [
        "школа",
        "школы",
        "мектеп",
        "мектебі",
        "мектебінің",
        "сш",
        "ош",
        "сош",
        "осш",
        "гу",
        "кгу",
        "кгп",
        "кмм",
        "мм",
        "кмқк",
        "коммунальное",
        "государственное",
        "учреждение",
        "общеобразовательная",
        "общеобразовательное",
        "средняя",
        "основная",
        "орта",
        "жалпы",
        "білім",
        "беретін",
        "беру",
        "коммуналдық",
        "мемлекеттік",
        "мекемесі",
        "негізгі",
        "no",
        "n",
        "номер",
        "school",
        "secondary",
        "отдел",
        "управления",
        "образования",
    ]
)
NUMBER_SIGN: Final = re.compile(r"\b(?:no|n|№)\.?\s*(?=\d)", re.IGNORECASE)
GROUP_KINDS: Final = frozenset(
    ["группа", "топ", "тобы", "группы", "group", "гр", "no", "n", "номер", "g", "г"]
)


@lru_cache(maxsize=20_000)
def look(text: str) -> str:
    """Return a text as it looks: its letters in one alphabet, without capitals and marks.

    Examples
    --------
    >>> look("АЙГҮЛ  Сейiтова") == look("Aйгүл Сейітова"), look("Iңкәр Əлі") == look("іңкәр әлі")
    (True, True)
    >>> look("Aigul S."), look("№ 5") == look("№5")
    ('aigul s', True)
    """
    plain = unicodedata.normalize("NFKC", text.replace("№", " "))
    if _mixed(plain):
        plain = plain.translate(CAPITALS)
        plain = unicodedata.normalize("NFC", plain.casefold()).translate(LOOKS)
    plain = unicodedata.normalize("NFC", plain.casefold()).replace("ё", "е")
    kept = "".join(char if char.isalnum() else " " for char in plain)
    return " ".join(kept.split())


def _mixed(text: str) -> bool:
    """Tell whether Latin letters of a text stand for Cyrillic ones."""
    latins = {char for char in text.casefold() if char.isalpha() and _is_latin(char)}
    if any(char.isalpha() and not _is_latin(char) for char in text):
        return bool(latins)
    return latins <= DOUBLES


def _is_latin(letter: str) -> bool:
    return "LATIN" in unicodedata.name(letter, "")


@lru_cache(maxsize=20_000)
def heard(name: str) -> str:
    """Return a name as it is heard: in any alphabet, its words in any order.

    Examples
    --------
    >>> heard("Сейітова Айгүл") == heard("Aigul Seitova") == heard("Айгуль Сеитова")
    True
    """
    words = (re.sub(r"(.)\1", r"\1", sound(part)) for part in latin(look(name)).split())
    return " ".join(sorted(words))


def alike_names(first: str, other: str) -> bool:
    """Tell whether two names may be one person's: heard alike, or one with a patronymic more."""
    mine, theirs = heard(first).split(), heard(other).split()
    short, long = sorted((mine, theirs), key=len)
    if short == long:
        return True
    return len(short) > 1 and set(short) < set(long)


@lru_cache(maxsize=20_000)
def school_core(school: str) -> str:
    """Return what tells a school from others.

    Examples
    --------
    >>> school_core("№5 мектеп") == school_core("Школа № 5") == school_core("5")
    True
    >>> school_core("Лицей № 5") == school_core("5"), school_core("Средняя школа")
    (False, 'средняя школа')
    """
    return _core(NUMBER_SIGN.sub(" ", school), KINDS)


@lru_cache(maxsize=20_000)
def group_core(group: str) -> str:
    """Return what tells a group from others.

    Examples
    --------
    >>> group_core("1 топ") == group_core("Группа №1") == group_core("1-топ") == group_core("g1")
    True
    """
    return _core(re.sub(r"^([^\W\d_]{1,2})(\d+)$", r"\1 \2", group.strip()), GROUP_KINDS)


def _core(text: str, kinds: frozenset[str]) -> str:
    whole = look(text)
    words = [
        part.lstrip("0") or "0" for part in whole.split() if part not in kinds | _looks_of(kinds)
    ]
    return " ".join(sorted(words)) or whole


@lru_cache(maxsize=4)
def _looks_of(kinds: frozenset[str]) -> frozenset[str]:
    return frozenset(kind.translate(LOOKS) for kind in kinds)


def spellings(texts: Iterable[str], core: Callable[[str], str]) -> list[list[str]]:
    """Return the texts that look like one another, each bundle in the order in which they come."""
    bundles: dict[str, list[str]] = {}
    for fromkey in dict.fromkeys(texts):
        if fromkey:
            bundles.setdefault(core(fromkey), []).append(fromkey)
    return [bundle for bundle in bundles.values() if len(bundle) > 1]
