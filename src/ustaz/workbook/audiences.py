"""What of a document an audience may see."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from ustaz.workbook.evaluation import Answers
from ustaz.workbook.kinds import kind_of
from ustaz.workbook.model import Definition
from ustaz.workbook.sharing import SharedPart


def project(
    definition: Definition,
    answers: Answers,
    audience: str,
    shared: Collection[str] = frozenset(),
) -> dict[str, Any]:
    """Return the answers that `audience` may see, and what was withheld.

    Parameters
    ----------
    definition : Definition
    answers : mapping
    audience : str
        One of :data:`~ustaz.workbook.model.AUDIENCES`.
    shared : collection of str
        Places that the writer shows to whoever asks, whatever the definition says
        (:mod:`ustaz.workbook.sharing`); what is for the writer alone stays so.

    Returns
    -------
    dict
        ``answers``: fields whose audiences include `audience`, without withheld columns;
        ``withheld``: ids (``field`` or ``table.column``) of what is there but not shown; a table of
        which some rows are for other eyes is named, and shown without them. Keys that the
        definition does not know are shown to nobody.
    """
    shown: dict[str, Any] = {}
    withheld: list[str] = []
    for field in definition.fields:
        if field.id not in answers:
            continue
        part = SharedPart.of(field, shared)
        is_open = audience in field.audiences
        if not is_open and not part:
            withheld.append(field.id)
            continue
        value = answers[field.id]
        if field.columns:
            visible = kind_of(field).visible_rows(field, value, audience) if is_open else []
            by_definition = frozenset(row["id"] for row in visible)
            open_columns = frozenset(
                column.id for column in field.columns if audience in column.audiences
            )
            rows = []
            for row in value:
                columns = part.columns(field, row["id"])
                if row["id"] in by_definition:
                    columns |= open_columns
                elif not columns:
                    continue
                rows.append({key: row[key] for key in row if key == "id" or key in columns})
            if len(rows) < len(value):
                withheld.append(field.id)
            kept = {row["id"]: row for row in rows}
            withheld.extend(
                f"{field.id}.{column.id}"
                for column in field.columns
                if any(
                    column.id in row and column.id not in kept[row["id"]]
                    for row in value
                    if row["id"] in kept
                )
            )
            value = rows
        shown[field.id] = value
    return {"answers": shown, "withheld": withheld}


def withheld_from(definition: Definition, claimed: Iterable[str], audience: str) -> frozenset[str]:
    """Return those of the `claimed` fields that `audience` indeed may not see.

    A round says itself what it withheld. Saying it of a field that the reader may see would count
    an empty answer as given, so such a claim counts for nothing.
    """
    closed = set()
    for field in definition.fields:
        some_rows = kind_of(field).row_readers and audience != "self"
        if audience not in field.audiences or some_rows:
            closed.add(field.id)
        closed.update(
            f"{field.id}.{column.id}"
            for column in field.columns
            if audience not in column.audiences
        )
    return frozenset(closed.intersection(claimed))
