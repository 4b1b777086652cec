"""Search in Kazakh: a word is found by its stem, whichever letters it is typed with.

A Kazakh noun grows endings one after another: ``мұғалім``, ``мұғалім-дер``, ``мұғалім-дер-іміз``,
``мұғалім-дер-іміз-ге``. Sphinx and Snowball have nothing for it, so :data:`ENDINGS` lists the
endings of number, person and case; they are taken off from the right, the longest first, as long
as :data:`SHORTEST` letters remain. A consonant that the endings have voiced is set back
(``кітабы``: ``кітап``).

The stem need not be a word (``мұғалім`` itself becomes ``мұғал``, since ``-ім`` is "my"): what
counts is that all forms of a word arrive at the same one, and for that each ending must start with
a consonant or be one of the single letters of the table. Words with a
vowel that comes and goes (``халық``, ``халқы``) and stems of two letters are not brought together.

Many telephones have no Kazakh letters, and people type ``мугалимге`` for ``мұғалімге``. So a word
loses its Kazakh letters first (:data:`LETTERS`), and everything after that, the table of endings
too, is done without them: both ways of typing arrive at the same stem.

The search page runs the same table: :func:`script` is made from it.
"""

from __future__ import annotations

import json
from typing import Final

#: What is typed where a keyboard lacks the letter; ``ы`` and ``і`` both become ``и``.
LETTERS: Final = dict(zip("әіыңғүұқөһё", "аиингуукохе", strict=True))

#: Endings by what they mean; the order does not matter.
ENDINGS: Final = {
    "plural": "лар лер дар дер тар тер",
    "my, your, our": "м ң ңыз ңіз мыз міз",
    "his, her, its": "сы сі ы і",
    "of": "ның нің дың дің тың тің",
    "to": "ға ге қа ке на не ма ме ңа ңе",
    "the": "ны ні ды ді ты ті н",
    "in, from": "да де та те дан ден тан тен нан нен",
    "with": "мен бен пен",
    "that is in": "дағы дегі тағы тегі",
    "that belongs to": "нікі дікі тікі",
    # Stems that end so would lose it before -і, as in "әріптес": "әріптесі", "мақсат": "мақсаты".
    "end of a stem": "с т",
}
#: These follow a vowel only.
AFTER_VOWEL: Final = frozenset(["м", "ң", "н", "с", "т", "сы", "сі"])
VOWELS: Final = "аеиоуэюя"
#: What endings have made of the last letter of a stem.
VOICED: Final = {"б": "п", "г": "к"}
SHORTEST: Final = 3

_LETTERS: Final = str.maketrans(LETTERS)


def fold(word: str) -> str:
    """Return a word in small letters, as it is typed without Kazakh ones."""
    return word.lower().translate(_LETTERS)


_ALL: Final = sorted(
    {fold(part) for row in ENDINGS.values() for part in row.split()},
    key=lambda part: (-len(part), part),
)
_ENDINGS: Final = frozenset(_ALL)
#: The longest first: of one length a word has one ending only.
_SIZES: Final = sorted({len(part) for part in _ALL}, reverse=True)
_AFTER_VOWEL: Final = frozenset(map(fold, AFTER_VOWEL))


def stem(word: str) -> str:
    """Return what all forms of a word have in common."""
    word = fold(word)
    while size := next((size for size in _SIZES if _ends(word, word[-size:])), 0):
        word = word[:-size]
    return word[:-1] + VOICED.get(word[-1], word[-1]) if len(word) >= SHORTEST else word


def _ends(word: str, ending: str) -> bool:
    rest = len(word) - len(ending)
    return (
        rest >= SHORTEST
        and ending in _ENDINGS
        and (ending not in _AFTER_VOWEL or word[rest - 1] in VOWELS)
    )


#: The same steps for the search page; a test compares the two on every word that it has.
_SCRIPT: Final = """
  const endings = %(endings)s;
  const afterVowel = new Set(%(after_vowel)s);
  const vowels = %(vowels)s;
  const voiced = %(voiced)s;
  const shortest = %(shortest)s;
  const ends = (word, ending) => {
    const rest = word.length - ending.length;
    return rest >= shortest && word.endsWith(ending)
      && (!afterVowel.has(ending) || vowels.includes(word[rest - 1]));
  };
  const stem = (folded) => {
    let word = folded;
    for (;;) {
      const ending = endings.find((candidate) => ends(word, candidate));
      if (!ending) break;
      word = word.slice(0, -ending.length);
    }
    if (word.length < shortest) return word;
    const last = word.slice(-1);
    return word.slice(0, -1) + (voiced[last] || last);
  };
"""


def script() -> str:
    """Return the definition of ``stem`` for a word that is folded, as JavaScript."""
    values: dict[str, object] = {
        "endings": _ALL,
        "after_vowel": sorted(_AFTER_VOWEL),
        "vowels": VOWELS,
        "voiced": VOICED,
        "shortest": SHORTEST,
    }
    return _SCRIPT % {name: json.dumps(value, ensure_ascii=False) for name, value in values.items()}
