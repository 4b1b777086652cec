"""The front end's share of the catalogue: only what the components say, as one flat object."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from ustaz.base.shipped import shipped
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
        "page/keys.ts",
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

#: The first words of a workbook page, those of kinds that few workbooks have, and the others.
PARTS: Final = ("first", "kinds", "typist", "later")

Frontend = dict[str, str | list[str]]


@lru_cache(maxsize=64)
def frontend(
    lang: str, *, writing: bool = True, parts: frozenset[str] = frozenset(PARTS)
) -> Frontend:
    """Return the messages that components use, in `lang`.

    Parameters
    ----------
    writing : bool
        For a page that is only read, those that are said to nobody but a writer stay behind.
    parts : frozenset of str
        Some of `PARTS`: a message belongs to the earliest part of the page that says it.

    Returns
    -------
    dict
        English message to translation; an entry with plural forms stands under its singular with
        the list of its forms, in gettext's order. In English there is none.
    """
    left = (MEETING,) if writing else (MEETING, *WRITING)
    return _from(lang, SOURCES, left, parts)


@lru_cache(maxsize=8)
def meeting(lang: str) -> Frontend:
    """Return the messages of the scripts that plan, run and log a meeting."""
    return _from(lang, (MEETING,), ())


def first_parts(kinds: Iterable[str], *, typing: bool = False) -> tuple[str, ...]:
    """Return the parts of the messages that a page with fields of these kinds begins with.

    With `typing` the page is for whoever types in what somebody else wrote on paper.
    """
    modules = {f"widgets/ustaz_widgets/form/kinds/{kind}.tsx" for kind in kinds}
    needed = {"first": True, "kinds": not modules.isdisjoint(_later()["kinds"]), "typist": typing}
    return tuple(part for part in PARTS if needed.get(part))


def _from(
    lang: str,
    sources: tuple[str, ...],
    without: tuple[str, ...],
    parts: frozenset[str] = frozenset(PARTS),
) -> Frontend:
    messages: Frontend = {}
    for message in catalog(lang):
        key, forms = entry(message)
        if key and not message.fuzzy and all(forms):
            files = [Path(file).as_posix() for file, _ in message.locations]
            says = [f for f in files if f.startswith(sources) and not f.startswith(without)]
            if says and PARTS[min(map(_part, says))] in parts:
                messages[key] = list(forms) if message.pluralizable else forms[0]
    return messages


@cache
def _later() -> dict[str, tuple[str, ...]]:
    """Return the parts that come after the first one, each with where its modules lie."""
    parts = json.loads(shipped("shared/later.json").read_text("utf-8"))
    return {
        part: tuple(f"widgets/ustaz_widgets/{module}" for module in modules)
        for part, modules in parts.items()
    }


def _part(file: str) -> int:
    """Return the place in `PARTS` of the part that a module belongs to."""
    return next(
        (PARTS.index(part) for part, modules in _later().items() if file.startswith(modules)), 0
    )
