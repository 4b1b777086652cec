"""Words and their stems in each language of the book, the same in Python and on the search page.

English and Russian have Snowball's stemmers, which Sphinx ships in both languages; Kazakh has
:mod:`ustaz.book.search.kazakh`. What people type differs from what a page says by letters, too:
``е`` for ``ё``, Russian letters for Kazakh ones. Both sides lose them before a stem is made.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Final

from ustaz.book.search import kazakh

#: A word: letters and digits; a hyphen parts two words.
WORD: Final = re.compile(r"[^\W_]+")
#: Letters that are taken for others before a stem is made, by language.
LETTERS: Final[dict[str, dict[str, str]]] = {
    "en": {},
    # A Kazakh name in a Russian page: Russian letters stay themselves, Snowball needs ы.
    "ru": dict(zip("ёәіңғүұқөһ", "еаингуукох", strict=True)),
    "kk": kazakh.LETTERS,
}
#: Latin letters that people type for Cyrillic ones, the longest first; what is left stands alone.
LATIN: Final[dict[str, str]] = {
    "shch": "щ",
    "sh": "ш",
    "ch": "ч",
    "zh": "ж",
    "kh": "х",
    "gh": "г",
    "ts": "ц",
    "ng": "нг",
    "ya": "я",
    "yu": "ю",
    "yo": "е",
    "ye": "е",
    "ia": "я",
    "iu": "ю",
    **dict(zip("abcdefghijklmnopqrstuvwxyz", "абсдефгхижклмнопкрстувухиз", strict=True)),
    **dict(zip("äáəğıíñŋńóöşçüúūýň", "аааг" + "ии" + "ннн" + "оошчуууин", strict=True)),
}
SNOWBALL: Final = {"en": ("english", "EnglishStemmer"), "ru": ("russian", "RussianStemmer")}


@cache
def stemmer(language: str) -> Callable[[str], str]:
    """Return the function from a word to its stem in `language`; it remembers what it has seen."""
    if language == "kk":
        return cache(kazakh.stem)
    import snowballstemmer  # comes with Sphinx, and is needed only where a book is built

    letters = str.maketrans(LETTERS[language])
    snowball = snowballstemmer.stemmer(SNOWBALL[language][0])

    @cache
    def stem(word: str) -> str:
        stemmed: str = snowball.stemWord(word.lower().translate(letters))
        return stemmed

    return stem


def words_of(text: str) -> Iterator[str]:
    """Yield the words of a text in small letters; a single letter is none."""
    for match in WORD.finditer(unicodedata.normalize("NFC", text)):
        word = match[0].lower()
        if len(word) > 1 or word.isdigit():
            yield word


def stems_of(text: str, language: str) -> list[str]:
    """Return the stems of a text, in its order."""
    return list(map(stemmer(language), words_of(text)))


_SCRIPT: Final = """// The words of this language and their stems, as the index has them.
globalThis.ustazStems = (() => {
%(code)s
  const letters = %(letters)s;
  const latin = %(latin)s;
  const long = Math.max(0, ...Object.keys(latin).map((letter) => letter.length));
  const fold = (word) =>
    [...word.toLowerCase()].map((letter) => letters[letter] ?? letter).join("");
  const isLatin = (word) => long > 0 && /^[\\p{Script=Latin}]+$/u.test(word);
  const cyrillic = (word) => {
    let made = "";
    for (let at = 0; at < word.length; ) {
      let size = long;
      while (size > 1 && !latin[word.slice(at, at + size)]) size -= 1;
      made += latin[word.slice(at, at + size)] ?? word[at];
      at += size;
    }
    return made;
  };
  return {
    words: (text) => [...text.normalize("NFC").matchAll(/[\\p{L}\\p{N}]+/gu)]
      .map(({ 0: word, index: start }) => (
        { word: word.toLowerCase(), start, end: start + word.length }
      ))
      .filter(({ word }) => word.length > 1 || /\\d/.test(word)),
    stem: (word) => stem(fold(word)),
    latin: (word) => (isLatin(word) ? stem(fold(cyrillic(word))) : ""),
  };
})();
"""


def script(language: str) -> str:
    """Return the same rules for the search page, as JavaScript."""
    return _SCRIPT % {
        "code": kazakh.script() if language == "kk" else _snowball_script(language),
        "letters": json.dumps(LETTERS[language], ensure_ascii=False),
        "latin": json.dumps({} if language == "en" else LATIN, ensure_ascii=False),
    }


def _snowball_script(language: str) -> str:
    from sphinx import search

    name, class_name = SNOWBALL[language]
    folder = Path(search.__file__).parent / "minified-js"
    code = [
        (folder / file).read_text(encoding="utf-8").strip()
        for file in ("base-stemmer.js", f"{name}-stemmer.js")
    ]
    return "\n".join(
        [*code, f"const made = new {class_name}();", "const stem = (word) => made.stemWord(word);"]
    )
