"""What of a document an audience may see."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ustaz.workbook.evaluation import Answers
from ustaz.workbook.kinds import kind_of
from ustaz.workbook.model import Definition


def project(definition: Definition, answers: Answers, audience: str) -> dict[str, Any]:
    """Return the answers that `audience` may see, and what was withheld.

    Parameters
    ----------
    definition : Definition
    answers : mapping
    audience : str
        One of :data:`~ustaz.workbook.model.AUDIENCES`.

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
        if audience not in field.audiences:
            withheld.append(field.id)
            continue
        value = answers[field.id]
        if field.columns:
            rows = kind_of(field).visible_rows(field, value, audience)
            if len(rows) < len(value):
                withheld.append(field.id)
            value = rows
            open_columns = {column.id for column in field.columns if audience in column.audiences}
            closed = [column.id for column in field.columns if column.id not in open_columns]
            withheld.extend(
                f"{field.id}.{column}" for column in closed if any(column in row for row in value)
            )
            value = [
                {key: inner for key, inner in row.items() if key == "id" or key in open_columns}
                for row in value
            ]
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
