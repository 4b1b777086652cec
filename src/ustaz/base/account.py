"""The one form of an account's name, wherever it is typed, listed, looked up or kept.

A name is typed on telephones that begin it with a capital, by people with different keyboards, and
read aloud. So all spellings of one name are one account: capital and small letters, composed and
decomposed ones, full width, spaces and hyphens, and the four letters i of Kazakh and Turkish.
Whatever asks about an account asks with :func:`account_key`; nothing compares names by itself.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

LONGEST: Final = 64
#: Letters and digits first, so that no name is a path, an option or part of an address.
USABLE: Final = re.compile(r"[^\W_][\w.@+-]*\Z")
#: Small i without its dot, and the dot that a capital İ leaves behind: one letter i.
MANY_I: Final = re.compile("ı\u0307?|i\u0307")


@lru_cache(maxsize=65_536)
def account_key(text: str) -> str:
    """Return the form in which an account's name is compared and kept.

    Examples
    --------
    >>> account_key(" Aigul S "), account_key("АЙГҮЛ"), account_key("Straße"), account_key("İvan")
    ('aigul-s', 'айгүл', 'strasse', 'ivan')
    """
    if text.isascii() and text.islower() and not re.search(r"\s", text):
        return text
    # Casefolding can leave letters that compose, and composing letters that fold: to its end.
    # Taken apart before blanks are looked for: some marks that stand alone are a blank and a mark.
    before, now = "", "-".join(unicodedata.normalize("NFKD", text).split())
    while before != now:
        before = now
        folded = unicodedata.normalize("NFKD", now).casefold()
        now = unicodedata.normalize("NFKC", MANY_I.sub("i", folded))
        now = "-".join(now.split())
    return now


def is_usable(key: str) -> bool:
    """Tell whether somebody can sign in with this name, in the form of :func:`account_key`."""
    return len(key) <= LONGEST and USABLE.match(key) is not None


def mixes_alphabets(key: str) -> bool:
    """Tell whether a name has letters of two alphabets: nobody could type what they read.

    Examples
    --------
    >>> mixes_alphabets("aigul"), mixes_alphabets("аigul")
    (False, True)
    """
    names = {unicodedata.name(letter, "").split(" ")[0] for letter in key if letter.isalpha()}
    return len(names) > 1
