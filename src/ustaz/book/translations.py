"""The translations of the book as its build reads them: by page, whole entries only.

A catalogue's fuzzy entries count as missing. Whether a page is translated is decided where its
texts are known, in :mod:`ustaz.book.translating`.
"""

from __future__ import annotations

import hashlib
import json
import pickle
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ustaz.base import files
from ustaz.book.cache import cache_folder

#: Language of the sources; the first of those in the settings.
SOURCE: Final = "en"
#: Catalogues of the book begin with it: a folder beside the other catalogues.
PREFIX: Final = "book/"
#: Catalogues of what belongs to no page: words in figures; title and parts of the book.
FIGURES: Final = "figures"
SHARED: Final = "shared"
#: The page of the bibliography; the notes of its entries are ours and are translated with it.
REFERENCES: Final = "references"
DRAFT: Final = "draft"

_State = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class PageWords:
    """The translations of one catalogue.

    Attributes
    ----------
    texts : dict
        English text to its translation.
    drafts : frozenset of str
        English texts whose translation no native reader has signed off.
    """

    texts: dict[str, str] = field(default_factory=dict)
    drafts: frozenset[str] = frozenset()

    def __call__(self, text: str) -> str:
        """Return the translation of `text`, or the text itself."""
        return self.texts.get(text, text)

    def digest(self) -> str:
        """Return a digest that changes with any translation."""
        content = json.dumps([self.texts, sorted(self.drafts)], sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Translations:
    """The catalogues of the book in one language, by the page as it is published."""

    pages: dict[str, PageWords] = field(default_factory=dict)

    def of(self, page: str) -> PageWords:
        """Return the words of a page, or of one of the two other catalogues; may be empty."""
        return self.pages.get(page) or PageWords()


def read(root: Path, lang: str) -> Translations:
    """Read the catalogues of a language; those that have not changed come from the cache."""
    folder = root / "locale" / lang / "LC_MESSAGES" / PREFIX
    if lang == SOURCE or not folder.is_dir():
        return Translations()
    kept_in = cache_folder(root) / f"words-{lang}.pickle"
    kept = _kept(kept_in)
    fresh: dict[str, tuple[_State, PageWords]] = {}
    for path in sorted(folder.rglob("*.po")):
        name = path.relative_to(folder).with_suffix("").as_posix()
        state = files.state_of(path)
        known = kept.get(name)
        fresh[name] = known if known and known[0] == state else (state, _words(path, lang))
    if fresh != kept:
        _keep(kept_in, fresh)
    return Translations({name: words for name, (_, words) in fresh.items()})


def _words(path: Path, lang: str) -> PageWords:
    from babel.messages.pofile import read_po  # English needs no catalogue, and no Babel

    from ustaz.messages import keep_dashes

    texts: dict[str, str] = {}
    drafts: set[str] = set()
    with path.open("rb") as handle:
        for message in read_po(handle, locale=lang):
            if isinstance(message.id, str) and message.id and message.string and not message.fuzzy:
                texts[message.id] = keep_dashes(str(message.string))
                if DRAFT in message.user_comments:
                    drafts.add(message.id)
    return PageWords(texts, frozenset(drafts))


def _kept(path: Path) -> dict[str, tuple[_State, PageWords]]:
    try:
        with path.open("rb") as handle:
            kept = pickle.load(handle)  # noqa: S301  # in the person's own cache folder
    except Exception:  # noqa: BLE001  # of another version, or torn: read the catalogues again
        return {}
    return kept if isinstance(kept, dict) else {}


def _keep(path: Path, words: dict[str, tuple[_State, PageWords]]) -> None:
    from ustaz.base.files import replace

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace(path, pickle.dumps(words))
    except OSError:
        return  # no room or no rights there: it is read again next time
