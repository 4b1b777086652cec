"""What a preview's page is sent: a definition in three languages, and what is to be mended."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ustaz.messages import LANGUAGES, frontend, translator
from ustaz.preview.reading import Reading
from ustaz.workbook import Definition, Library, definition_json

__all__ = ["complaints_of", "page_of"]


def page_of(definition: Definition, library: Library, lang: str | None) -> dict[str, Any]:
    """Return everything that a page needs to show a definition, with answers that nobody keeps.

    Parameters
    ----------
    definition : Definition
    library : Library
        The workbooks that it may refer to.
    lang : str or None
        In which language it opens; default: that of the workbook.
    """
    today = dt.date.today()  # noqa: DTZ011 - the author's day: there is no course around it
    return {
        "workbook": definition.id,
        "lang": lang or definition.language,
        "languages": list(LANGUAGES),
        "words": {name: _words(definition, library, name) for name in LANGUAGES},
        "context": {
            "today": today.isoformat(),
            "programme_start": (today - dt.timedelta(days=60)).isoformat(),
            "programme_end": (today + dt.timedelta(days=240)).isoformat(),
        },
    }


def complaints_of(reading: Reading) -> list[dict[str, Any]]:
    """Return what is to be mended, by line."""
    return [
        {"line": problem.line, "place": problem.place, "message": problem.message}
        for problem in reading.problems
    ]


def _words(definition: Definition, library: Library, lang: str) -> dict[str, Any]:
    """Return everything that is said of a workbook in one language."""
    translate = translator(lang).gettext
    linked = {}
    if definition.id in library:
        linked = {
            name: definition_json(library[name], translate)
            for name in library.linked(definition.id)
        }
    return {
        "definition": {**definition_json(definition, translate), "closed": []},
        "linked": linked,
        "messages": frontend(lang),
    }
