"""Which questions of a page somebody may not read: told before a workbook is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from ustaz.workbook import Definition, Field, Library

READERS: Final = ("facilitator", "staff")


def closed_questions(
    library: Library, definition: Definition, translate: Callable[[str], str]
) -> list[dict[str, Any]]:
    """Return the questions that the facilitator or the course staff may not read.

    Answered or not: a person decides by it what to write there. Columns of tables and the
    sections that a page shows of other workbooks are among them.

    Returns
    -------
    list of dict
        ``label``, and whether the ``facilitator`` and the ``staff`` may read it. What staff may
        not read is not sent.
    """
    questions = []
    for field, table in _shown(library, definition):
        audiences = set(field.audiences) & set(table.audiences if table else field.audiences)
        reads = {reader: reader in audiences for reader in READERS}
        if not all(reads.values()):
            label = translate(field.label)
            questions.append(
                {"label": f"{translate(table.label)}, {label}" if table else label} | reads
            )
    return questions


def _shown(library: Library, definition: Definition) -> Iterator[tuple[Field, Field | None]]:
    """Give the fields of a page; the columns of a table that is closed itself are not named."""
    for section in definition.sections:
        fields = section.fields
        if section.embed:
            workbook, _, name = section.embed.partition("/")
            fields = next(
                section.fields for section in library[workbook].sections if section.id == name
            )
        for field in fields:
            yield field, None
            if set(READERS) <= set(field.audiences):
                for column in field.columns:
                    yield column, field
