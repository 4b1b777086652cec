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

    def place(finding: Finding) -> tuple[str, ...]:
        label = words.gettext(definition.field(finding.field).label)
        if finding.row is None:
            return (label,)
        rows = [row["id"] for row in answers.get(finding.field) or []]
        return (label, str(rows.index(finding.row) + 1)) if finding.row in rows else (label,)

    def text(finding: Finding) -> str:
        return finding_text(
            finding,
            definition,
            words,
            day=lambda day: long_date(day, lang),
            number=lambda value: number_text(value, lang),
        )

    sentences: dict[tuple[tuple[str, ...], str, bool], list[str]] = {}
    for finding in findings:
        columns = sentences.setdefault(
            (place(finding), text(finding), finding.column is not None), []
        )
        if finding.column is not None:
            columns.append(
                words.gettext(definition.field(f"{finding.field}.{finding.column}").label)
            )
    return [f"{', '.join([*at, *columns])}: {what}" for (at, what, _), columns in sentences.items()]
