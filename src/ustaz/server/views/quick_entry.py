"""One sentence from home into a journal: one row, in one batch."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ustaz.answers import Batch, Subject
from ustaz.server.http import HTTPProblem
from ustaz.server.views.records import Record
from ustaz.workbook import Definition, Field
from ustaz.workbook.kinds import kind_of, serves

CLIENT: Final = "home"
DAY: Final = "date"


@dataclass(frozen=True, slots=True)
class Form:
    """What the form for an entry holds beside its text.

    Attributes
    ----------
    batch : str
        So that a form that is sent twice adds one row.
    after : str
        The row that was the last one; empty where there is none.
    max : int or None
        How many characters a person may write.
    count : int
        How many entries there are: of a journal nobody asks how much of it is answered.
    """

    batch: str
    after: str
    max: int | None
    count: int


def place(definition: Definition) -> tuple[Field, Field] | None:
    """Return the journal of a workbook and the column for one sentence; None without a journal."""
    for field in definition.fields:
        if kind_of(field).row_readers:
            column = next((column for column in field.columns if serves(column, "title")), None)
            if column is not None:
                return field, column
    return None


def form(own: Record) -> Form | None:
    """Return the form for an entry in a workbook of its owner, or None where it has no journal."""
    there = place(own.definition)
    if there is None:
        return None
    table, column = there
    rows = own.document.answers.get(table.id) or []
    after = rows[-1]["id"] if rows else ""
    return Form(str(uuid.uuid4()), after, column.max, len(rows))


def add(own: Record, sent: Mapping[str, str]) -> bool:
    """Add what was sent as an entry for its writer alone; tell whether there was anything."""
    there = place(own.definition)
    text = sent.get("text", "").replace("\r\n", "\n").strip()
    if there is None:
        raise HTTPProblem(404, "no_field")
    if not text:
        return False
    table, column = there
    try:
        batch = str(uuid.UUID(sent.get("batch", "")))
        day = dt.date.fromisoformat(sent["day"]).isoformat() if sent.get("day") else None
    except ValueError:
        raise HTTPProblem(400, "bad_request") from None
    value = {column.id: text, **({DAY: day} if day else {})}
    document, course = own.document, own.course
    body = {
        "batch": batch,
        "client": CLIENT,
        "base_revision": document.revision,
        # People are expected to write in their own language, until they say another.
        "lang": document.lang if document.revision else course.person(own.person).lang,
        "changes": [
            {
                "op": "add_row",
                # Of the batch, so that the same form is the same change.
                "path": [table.id, f"h{batch.replace('-', '')[:11]}"],
                "after": sent.get("after") or None,
                "value": value,
            }
        ],
    }
    course.store.save(
        Subject.person(own.person), own.workbook, Batch.from_json(body), who=own.person
    )
    return True
