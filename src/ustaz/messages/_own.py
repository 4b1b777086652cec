"""Catalogues of workbooks that only one course has: in ``locale/`` beside its library."""

from __future__ import annotations

import io
import logging
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from pathlib import Path

from ustaz.messages._catalogs import (
    LANGUAGES,
    catalog_path,
    entry,
    keep_dashes,
    locale_dir,
)

log = logging.getLogger("ustaz.messages")
DOMAIN = "workbooks"

#: Given a file and a reader of its bytes, returns what the file says.
Take = Callable[[Path, Callable[[bytes], dict[str, str]]], dict[str, str]]


def locale_beside(library: Path) -> Path:
    """Return the folder of a library's catalogues."""
    return library.parent / "locale"


def own_texts(library: Path, take: Take | None = None) -> dict[str, dict[str, str]]:
    """Return what the catalogues beside a library translate: text to language to translation.

    Empty for the workbooks that come with Ustaz: theirs are everybody's. A catalogue that cannot be
    read is named in the log and left out, for a course must not stop over it; `take` may bring
    back what it said before.
    """
    texts: dict[str, dict[str, str]] = defaultdict(dict)
    for lang, path in own_catalogues(library).items():
        if not path.is_file() and take is None:
            continue
        for text, translation in (take or _or_nothing)(path, partial(read_own, lang=lang)).items():
            texts[text][lang] = translation
    return dict(texts)


def own_catalogues(library: Path) -> dict[str, Path]:
    """Return where a library's own catalogues are, or would be, by language."""
    root = locale_beside(library)
    if root.resolve() == locale_dir().resolve():
        return {}
    return {lang: catalog_path(lang, DOMAIN, root) for lang in LANGUAGES}


def read_own(data: bytes, *, lang: str) -> dict[str, str]:
    """Return the translations of a catalogue; raise ValueError where it is none."""
    from babel.messages.pofile import PoFileError, read_po

    try:
        catalog = read_po(io.BytesIO(data), locale=lang, domain=DOMAIN, abort_invalid=True)
    except PoFileError as error:
        raise BadCatalogue(str(error.args[0]), (error.lineno or 0) + 1) from None
    except ValueError as error:
        raise BadCatalogue(str(error)) from None
    except (AttributeError, IndexError, LookupError, RecursionError) as error:
        raise BadCatalogue(type(error).__name__) from None
    texts = {}
    for message in catalog:
        text, forms = entry(message)
        if text and not message.fuzzy and forms[0]:
            texts[text] = keep_dashes(forms[0])
    return texts


class BadCatalogue(ValueError):
    """A catalogue cannot be read.

    Attributes
    ----------
    line : int
        0 where none can be told.
    """

    def __init__(self, why: str, line: int = 0) -> None:
        super().__init__(why)
        self.line = line


def _or_nothing(path: Path, read: Callable[[bytes], dict[str, str]]) -> dict[str, str]:
    try:
        return read(path.read_bytes())
    except (OSError, ValueError) as error:
        log.warning("not read: %s (%s)", path, error)
        return {}
