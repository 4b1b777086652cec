"""Reading catalogues: ``.po`` files by Babel, kept in memory, English as the fallback."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ustaz.base.shipped import shipped
from ustaz.messages._plurals import plural_index

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog, Message

LANGUAGES: Final = ("en", "ru", "kk")
#: How each language calls itself.
LANGUAGE_NAMES: Final = {"en": "English", "ru": "Русский", "kk": "Қазақша"}
SOURCE: Final = "en"
DOMAINS: Final = ("ustaz", "workbooks")
# A dash stays with the word before it. Translators type an ordinary space: they could not see the
# other one in their editor.
_BEFORE_DASH: Final = re.compile(r"(?<=\S) (?=[—–] )")


def locale_dir() -> Path:
    """Return the folder of the catalogues."""
    return shipped("locale")


def catalog_path(lang: str, domain: str, root: Path | None = None) -> Path:
    """Return where the catalogue of `domain` in `lang` lies."""
    return (root or locale_dir()) / lang / "LC_MESSAGES" / f"{domain}.po"


def language_of(value: str | None) -> str:
    """Return the language that a locale name means: ``ru_RU.UTF-8`` is ``ru``; else English.

    Examples
    --------
    >>> language_of("kk_KZ.UTF-8"), language_of("C"), language_of(None)
    ('kk', 'en', 'en')
    """
    short = (value or "").replace("-", "_").split(".")[0].split("_")[0].lower()
    return short if short in LANGUAGES else SOURCE


@lru_cache(maxsize=16)
def catalog(lang: str, domain: str = "ustaz") -> Catalog:
    """Return the catalogue of `domain` in `lang` (empty where there is none), read once."""
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import read_po

    path = catalog_path(lang, domain)
    if lang == SOURCE or not path.is_file():
        return Catalog(locale=lang, domain=domain)
    with path.open("rb") as handle:
        read = read_po(handle, locale=lang, domain=domain)
    for message in read:
        if message.id:
            forms = tuple(keep_dashes(form) for form in entry(message)[1])
            message.string = forms if message.pluralizable else forms[0]
    return read


def keep_dashes(text: str) -> str:
    r"""Return `text` with no line that could begin with a dash: on a phone many sentences break.

    Examples
    --------
    >>> keep_dashes("План — это обещание.")
    'План\xa0— это обещание.'
    """
    return _BEFORE_DASH.sub("\N{NO-BREAK SPACE}", text)


class OwnText(str):
    """A text that brings its own translations: of a workbook that only one course has.

    It can stand wherever a text can. Every translator asks it first, so that two courses of one
    server never get each other's words.

    Attributes
    ----------
    own : dict
        Language to translation.
    """

    __slots__ = ("own",)
    own: dict[str, str]

    def __new__(cls, text: str, own: dict[str, str] | None = None) -> OwnText:
        """Return `text` with its translations."""
        own_text = super().__new__(cls, text)
        own_text.own = own or {}
        return own_text


#: Where texts stand that nobody reads on a page.
SHELL: Final = (
    "src/ustaz/cli/",
    "src/ustaz/doctor/",
    "src/ustaz/backup/",
    "src/ustaz/admin/create.py",
)


@dataclass(frozen=True, slots=True)
class Translator:
    """Looks messages up as gettext does; English where there is no translation.

    Attributes
    ----------
    lang : str
        The language of the answers.
    singular : dict
        Message to translation.
    plural : dict
        Singular message to its forms.
    drafts : int
        How many entries that a page can show no native reader has signed off yet.
    """

    lang: str
    singular: dict[str, str] = field(default_factory=dict, repr=False)
    plural: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    drafts: int = 0

    def gettext(self, message: str) -> str:
        """Return the translation of `message`."""
        if isinstance(message, OwnText) and self.lang in message.own:
            return message.own[self.lang]
        return self.singular.get(message, message)

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        """Return the form for `count` things."""
        index = plural_index(self.lang, count)
        forms = self.plural.get(singular, ())
        if index < len(forms):
            return forms[index]
        return singular if count == 1 else plural

    def __call__(self, message: str) -> str:
        """Return the translation of `message`; lets a translator stand where ``_`` is wanted."""
        return self.gettext(message)


@lru_cache(maxsize=16)
def translator(lang: str, domain: str | None = None) -> Translator:
    """Return the translator to `lang`, for one domain or (default) for both.

    Where both domains hold a message, the pages' one wins; a test keeps them equal.
    """
    if lang not in LANGUAGES or lang == SOURCE:
        return Translator(SOURCE)
    singular: dict[str, str] = {}
    plural: dict[str, tuple[str, ...]] = {}
    drafts = 0
    for name in reversed((domain,) if domain else DOMAINS):
        for message in catalog(lang, name):
            key, forms = entry(message)
            if not key or message.fuzzy or not all(forms):
                continue
            drafts += "draft" in message.user_comments and on_pages(message)
            if message.pluralizable:
                plural[key] = forms
            else:
                singular[key] = forms[0]
    return Translator(lang, singular, plural, drafts)


def on_pages(message: Message) -> bool:
    """Tell whether a page can show an entry, or only a shell, whose texts are read last."""
    files = [file for file, _ in message.locations]
    return not files or not all(file.startswith(SHELL) for file in files)


def entry(message: Message) -> tuple[str, tuple[str, ...]]:
    """Return an entry's key (its singular) and its forms; one form where nothing is counted."""
    key = message.id if isinstance(message.id, str) else message.id[0]
    value = message.string
    if message.pluralizable:
        return key, tuple(value) if isinstance(value, tuple | list) else (value or "",)
    return key, (value if isinstance(value, str) else "",)
