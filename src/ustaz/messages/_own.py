"""Catalogues of workbooks that only one course has: in ``locale/`` beside its library."""

from __future__ import annotations

import logging
from collections import defaultdict
from pathlib import Path

from ustaz.messages._catalogs import (
    LANGUAGES,
    SOURCE,
    catalog_path,
    entry,
    keep_dashes,
    locale_dir,
)

log = logging.getLogger("ustaz.messages")
DOMAIN = "workbooks"


def locale_beside(library: Path) -> Path:
    """Return the folder of a library's catalogues."""
    return library.parent / "locale"


def own_texts(library: Path) -> dict[str, dict[str, str]]:
    """Return what the catalogues beside a library translate: text to language to translation.

    Empty for the workbooks that come with Ustaz: theirs are everybody's. A catalogue that cannot be
    read is named in the log and left out, for a course must not stop over it.
    """
    from babel.messages.pofile import PoFileError, read_po

    found: dict[str, dict[str, str]] = defaultdict(dict)
    root = locale_beside(library)
    if root.resolve() == locale_dir().resolve():
        return {}
    for lang in LANGUAGES:
        path = catalog_path(lang, DOMAIN, root)
        if lang == SOURCE or not path.is_file():
            continue
        try:
            with path.open("rb") as handle:
                catalog = read_po(handle, locale=lang, domain=DOMAIN, abort_invalid=True)
        except (OSError, ValueError, PoFileError) as error:
            log.warning("not read: %s (%s)", path, error)
            continue
        for message in catalog:
            text, forms = entry(message)
            if text and not message.fuzzy and forms[0]:
                found[text][lang] = keep_dashes(forms[0])
    return dict(found)
