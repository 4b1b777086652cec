"""What the rules found, with the place it is about, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ustaz.messages import long_date, number_text, translator
from ustaz.workbook import Definition, Finding, finding_text


def sentences(
    definition: Definition, answers: Mapping[str, Any], findings: Iterable[Finding], lang: str
) -> list[str]:
    """Return findings as ``Steps, 2, Action: This is still empty.``.

    What is said of several columns of one row is said once: ``Steps, 2, Who, From: …``.
    """
    words = translator(lang)

    def place(found: Finding) -> tuple[str, ...]:
        label = words.gettext(definition.field(found.field).label)
        if found.row is None:
            return (label,)
        rows = [row["id"] for row in answers.get(found.field) or []]
        return (label, str(rows.index(found.row) + 1)) if found.row in rows else (label,)

    def text(found: Finding) -> str:
        return finding_text(
            found,
            definition,
            words,
            day=lambda day: long_date(day, lang),
            number=lambda value: number_text(value, lang),
        )

    said: dict[tuple[tuple[str, ...], str, bool], list[str]] = {}
    for found in findings:
        columns = said.setdefault((place(found), text(found), found.column is not None), [])
        if found.column is not None:
            columns.append(words.gettext(definition.field(f"{found.field}.{found.column}").label))
    return [f"{', '.join([*at, *columns])}: {what}" for (at, what, _), columns in said.items()]
