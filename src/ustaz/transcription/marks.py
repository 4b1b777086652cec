"""Answers that somebody typed in for their owner, who wrote on paper: where, by whom, confirmed.

Two sources, each for what it cannot lose. The document's own stamps say that a place was typed in
and by whom (:mod:`ustaz.answers.typist`): they are written with the words themselves, and the
owner's next change replaces them. The ledger ``entered/<person>.jsonl`` says when, and what the
owner has confirmed: a confirmation names the place and the revision that the owner read, so that
what is typed a moment later is never confirmed unseen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ustaz.answers import Document
from ustaz.answers.typist import writer_of
from ustaz.base.ledger import Ledger
from ustaz.workbook import Definition
from ustaz.workbook.kinds import kind_of

#: As which audience somebody types in: what it may not see, it may not write.
AUDIENCE: Final = "facilitator"
FOLDER: Final = "entered"
ORDER: Final = "#order"
TYPED: Final = "typed"
CONFIRMED: Final = "confirmed"

Line = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Mark:
    """One place that somebody else typed in, and that its owner has not changed since.

    Attributes
    ----------
    place : str
        ``field``, ``table/row/column``, or ``table#order`` for rows put in another order.
    by : str
        Id of the person who typed.
    revision : int
        The document's revision that brought it.
    at : str or None
        When; None where only the document knows of it yet.
    confirmed_at : str or None
        When the owner said that it is as they wrote it.
    empty : bool
        The owner's own words were taken out and nothing stands there.
    """

    place: str
    by: str
    revision: int
    at: str | None = None
    confirmed_at: str | None = None
    empty: bool = False

    @property
    def open(self) -> bool:
        """Tell whether the owner still has to read it."""
        return self.confirmed_at is None


def is_blank(value: object) -> bool:
    """Tell whether a value says nothing; null is the answer "cannot say"."""
    return not value.strip() if isinstance(value, str) else value == []


def stamped(definition: Definition, document: Document) -> Iterator[tuple[str, str, int, bool]]:
    """Yield place, writer, revision and emptiness of what others typed in, by the stamps alone."""
    for place, key, holder in _places(definition, document):
        revision, client = document.stamps.get(place) or document.stamps.get(key) or (0, "")
        writer = writer_of(client)
        if writer is not None:
            name = place.rpartition("/")[2]
            empty = holder is not None and is_blank(holder.get(name, ""))
            yield place, writer, revision, empty


def _places(
    definition: Definition, document: Document
) -> Iterator[tuple[str, str, Mapping[str, Any] | None]]:
    """Yield every place, the place whose stamp stands for it, and what holds its value."""
    for field in definition.fields:
        if not field.columns:
            yield field.id, field.id, document.answers
            continue
        yield field.id + ORDER, field.id + ORDER, None
        for row in document.answers.get(field.id) or ():
            path = f"{field.id}/{row['id']}"
            for column in field.columns:
                yield f"{path}/{column.id}", path, row


def marks(definition: Definition, document: Document, lines: Iterable[Line]) -> list[Mark]:
    """Return what was typed in and stands, in the order of the workbook's fields.

    Parameters
    ----------
    definition : Definition
    document : Document
    lines : iterable of dict
        The ledger's lines about the document's owner.
    """
    typed: dict[tuple[str, int], str] = {}
    confirmed: dict[tuple[str, int], str] = {}
    known = list(about(lines, definition.id))
    for line in known:
        at = str(line.get("at", ""))
        target = typed if line["kind"] == TYPED else confirmed
        for pair in line["places"].items():
            target.setdefault(pair, at)
    over = covered(known)
    return [
        Mark(
            place,
            writer,
            revision,
            at=typed.get((place, revision)),
            confirmed_at=confirmed.get((place, revision)),
            empty=empty,
        )
        for place, writer, revision, empty in stamped(definition, document)
        # Typed and taken out again is no answer, unless the owner's own words stood there before.
        if not empty or place in over
    ]


def standing(ledger: Ledger, definition: Definition, document: Document) -> list[Mark]:
    """Return the marks that stand on a document; a document without any costs nothing."""
    if not any(True for _ in stamped(definition, document)):
        return []
    return marks(definition, document, ledger.entries(document.subject.id))


def seen_by(
    audience: str, ledger: Ledger, definition: Definition, document: Document
) -> list[Mark]:
    """Return the marks on what an audience may see of a document."""
    return [
        mark
        for mark in standing(ledger, definition, document)
        if audience == "self" or visible(definition, mark.place, audience, document.answers)
    ]


def covered(lines: Iterable[Line]) -> set[str]:
    """Return where the owner's own words were typed over, and the owner has not confirmed it.

    Parameters
    ----------
    lines : iterable of dict
        Well-formed lines about one workbook.
    """
    over: set[str] = set()
    for line in lines:
        if line["kind"] == TYPED:
            over.update(line.get("over") or ())
        else:
            over.difference_update(line["places"])
    return over


def about(lines: Iterable[Line], workbook: str) -> Iterator[Line]:
    """Yield the well-formed lines about one workbook."""
    for line in lines:
        if (
            line.get("workbook") == workbook
            and line.get("kind") in (TYPED, CONFIRMED)
            and isinstance(line.get("places"), dict)
        ):
            yield line


def visible(definition: Definition, place: str, audience: str, answers: Mapping[str, Any]) -> bool:
    """Tell whether `audience` may see a place: its field, and its row and column if it has them.

    A row that is not there is nobody's secret.
    """
    name, _, rest = place.partition("/")
    name = name.removesuffix(ORDER)
    field = next((field for field in definition.fields if field.id == name), None)
    if field is None or audience not in field.audiences:
        return False
    if not rest:
        return True
    row_id, _, column_id = rest.partition("/")
    rows = [row for row in answers.get(name) or () if row["id"] == row_id]
    if len(kind_of(field).visible_rows(field, rows, audience)) < len(rows):
        return False
    column = field.column(column_id)
    return column is not None and audience in column.audiences


def frozen(known: Iterable[Mark]) -> dict[str, dict[str, Any]]:
    """Return marks as a round keeps them."""
    return {
        mark.place: {
            "by": mark.by,
            "revision": mark.revision,
            "at": mark.at,
            "confirmed_at": mark.confirmed_at,
        }
        for mark in known
    }
