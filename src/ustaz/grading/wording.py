"""What the rules found, with the place it is about, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from babel.dates import format_date

from ustaz.messages import translator
from ustaz.workbook import Definition, Finding, finding_text


def sentence(definition: Definition, answers: Mapping[str, Any], found: Finding, lang: str) -> str:
    """Return a finding as ``Steps, 2, Action: This is still empty.``."""
    words = translator(lang)
    place = [words.gettext(definition.field(found.field).label)]
    if found.row is not None:
        rows = [row["id"] for row in answers.get(found.field) or []]
        place += [str(rows.index(found.row) + 1)] if found.row in rows else []
    if found.column is not None:
        place.append(words.gettext(definition.field(f"{found.field}.{found.column}").label))
    text = finding_text(
        found, definition, words, day=lambda day: format_date(day, "long", locale=lang)
    )
    return f"{', '.join(place)}: {text}"
