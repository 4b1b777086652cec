"""The front end's share of the catalogue: only what the components say, as one flat object."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Final

from ustaz.messages._catalogs import catalog, entry

#: Entries whose sources lie here travel to the browser.
SOURCES: Final = ("widgets/", "shared/findings.json")

Frontend = dict[str, str | list[str]]


@lru_cache(maxsize=8)
def frontend(lang: str) -> Frontend:
    """Return the messages that components use, in `lang`.

    Returns
    -------
    dict
        English message to translation; an entry with plural forms stands under its singular with
        the list of its forms, in gettext's order. In English there is none.
    """
    messages: Frontend = {}
    for message in catalog(lang):
        key, forms = entry(message)
        if key and not message.fuzzy and all(forms) and _travels(message.locations):
            messages[key] = list(forms) if message.pluralizable else forms[0]
    return messages


def _travels(locations: Iterable[tuple[str, int | None]]) -> bool:
    return any(Path(file).as_posix().startswith(SOURCES) for file, _ in locations)
