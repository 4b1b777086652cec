"""The front end's share of the catalogue: only what the components say, as one flat object."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

from ustaz.messages._catalogs import catalog, entry

#: Entries whose sources lie here travel to the browser.
SOURCES: Final = ("widgets/", "shared/findings.json")

#: Modules that say something only to somebody who writes, or in JupyterLab.
WRITING: Final = tuple(
    f"widgets/ustaz_widgets/{module}"
    for module in (
        "notebook/",
        "page/actions.tsx",
        "page/check.tsx",
        "page/comparison.tsx",
        "page/conflicts.tsx",
        "page/guarded.tsx",
        "page/history.tsx",
        "page/privacy.tsx",
        "page/save-state.tsx",
        "page/share.ts",
        "page/submit.tsx",
        "page/transcription.tsx",
        "page/typist.tsx",
        "page/unsent.tsx",
        "plan/move.ts",
        "plan/row-actions.ts",
        "plan/toolbar.tsx",
    )
)

#: The pages of a meeting have scripts of their own.
MEETING: Final = "widgets/ustaz_widgets/meeting/"

Frontend = dict[str, str | list[str]]


@lru_cache(maxsize=16)
def frontend(lang: str, *, writing: bool = True) -> Frontend:
    """Return the messages that components use, in `lang`.

    Parameters
    ----------
    writing : bool
        For a page that is only read, those that are said to nobody but a writer stay behind.

    Returns
    -------
    dict
        English message to translation; an entry with plural forms stands under its singular with
        the list of its forms, in gettext's order. In English there is none.
    """
    left = (MEETING,) if writing else (MEETING, *WRITING)
    return _from(lang, SOURCES, left)


@lru_cache(maxsize=8)
def meeting(lang: str) -> Frontend:
    """Return the messages of the scripts that plan, run and log a meeting."""
    return _from(lang, (MEETING,), ())


def _from(lang: str, sources: tuple[str, ...], without: tuple[str, ...]) -> Frontend:
    messages: Frontend = {}
    for message in catalog(lang):
        key, forms = entry(message)
        if key and not message.fuzzy and all(forms):
            files = [Path(file).as_posix() for file, _ in message.locations]
            if any(file.startswith(sources) and not file.startswith(without) for file in files):
                messages[key] = list(forms) if message.pluralizable else forms[0]
    return messages
