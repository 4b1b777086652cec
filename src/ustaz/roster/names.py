"""Names: sorted as a Kazakh list is, and found however they are typed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from ustaz.roster.people import Person

KAZAKH: Final = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
ORDER: Final = {letter: index for index, letter in enumerate(KAZAKH)}

#: How a letter is read in Latin, one letter at a time: a piece of a name stays a piece.
LATIN: Final = dict(
    zip(
        KAZAKH,
        [
            *("a", "a", "b", "v", "g", "g", "d", "e", "e", "zh", "z", "i", "i", "k", "k", "l"),
            *("m", "n", "n", "o", "o", "p", "r", "s", "t", "u", "u", "u", "f", "kh", "kh", "ts"),
            *("ch", "sh", "shch", "", "y", "i", "", "e", "yu", "ya"),
        ],
        strict=True,
    )
)
#: Letters of the Kazakh Latin alphabets whose mark is more than an accent.
MARKED: Final = str.maketrans({"ş": "sh", "ı": "y", "ə": "a", "ç": "ch"})

#: Different habits of writing the same sound, brought together; the order matters.
HABITS: Final = (
    ("shch", "w"),
    ("sch", "w"),
    ("sh", "w"),
    ("zh", "j"),
    ("kh", "k"),
    ("gh", "g"),
    ("ch", "c"),
    ("ts", "c"),
    ("ck", "k"),
    ("q", "k"),
    ("x", "ks"),
    ("y", "i"),
    ("ie", "e"),
    ("io", "e"),
    ("ii", "i"),
    ("h", "k"),
)


def name_key(name: str) -> tuple[tuple[int, int], ...]:
    """Return the key that sorts names as a Kazakh list does, Latin before Cyrillic.

    The Kazakh alphabet holds every Russian letter, so one order serves both. Capitals and small
    letters are the same, and so are a letter and its mark however they were typed.
    """
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
    return tuple((1, ORDER[letter]) if letter in ORDER else (0, ord(letter)) for letter in folded)


def by_name(people: Iterable[Person]) -> list[Person]:
    """Return people in the order of their names."""
    return sorted(people, key=lambda person: (name_key(person.name), person.person))


def latin(name: str) -> str:
    """Return a name in small Latin letters, letter by letter, words separated by one space.

    Examples
    --------
    >>> latin("Әйгүл С.")
    'aigul s'
    """
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
    letters = []
    for letter in folded.translate(MARKED):
        if letter in LATIN:
            letters.append(LATIN[letter])
            continue
        bare = unicodedata.normalize("NFKD", letter)
        kept = "".join(char for char in bare if not unicodedata.combining(char))
        letters.append("".join(char if char.isalnum() else " " for char in kept) if kept else "")
    return " ".join("".join(letters).split())


def sound(text: str) -> str:
    """Return Latin letters with the habits of transliteration evened out.

    Examples
    --------
    >>> sound("aygul"), sound("yerlan"), sound("bahyt") == sound("bakhyt")
    ('aigul', 'erlan', True)
    """
    for habit, plain in HABITS:
        text = text.replace(habit, plain)
    return text


def matches(query: str, *texts: str) -> bool:
    """Tell whether `query` finds somebody by one of `texts`.

    Case, hyphens, spaces, Kazakh letters and the alphabet make no difference. Each word of the
    query must be there, in any order.

    Examples
    --------
    >>> matches("aigul", "Әйгүл С."), matches("аигул", "Әйгүл С."), matches("с айгул", "Әйгүл С.")
    (True, True, True)
    """
    words = latin(query).split()
    if not words:
        return not query.strip()
    return any(_inside(words, latin(text)) for text in texts if text)


def _inside(words: list[str], text: str) -> bool:
    parts = text.split()
    joined, heard = "".join(parts), "".join(sound(part) for part in parts)
    whole = "".join(words)
    if whole in joined or sound(whole) in sound(joined) or sound(whole) in heard:
        return True
    return all(word in joined or sound(word) in heard for word in words)


def find(people: Iterable[Person], query: str) -> list[Person]:
    """Return the people whom a typed text means, by name, id or school, in the order of names."""
    return by_name(
        person for person in people if matches(query, person.name, person.person, person.school)
    )


NOT_ID: Final = re.compile(r"[^a-z0-9]+")


def make_id(name: str, taken: Iterable[str]) -> str:
    """Return a new person id for a name: first word and the next one's letter.

    Examples
    --------
    >>> make_id("Әйгүл С.", ()), make_id("Әйгүл Сейітова", {"aigul-s"})
    ('aigul-s', 'aigul-s-2')
    """
    words = [NOT_ID.sub("", part) for part in latin(name).split()]
    words = [word for word in words if word] or ["p"]
    base = words[0][:20] + "".join(f"-{word[0]}" for word in words[1:2])
    used = set(taken)
    number, id_ = 1, base
    while id_ in used:
        number += 1
        id_ = f"{base}-{number}"
    return id_
