"""Looking back: the answers as they were at a revision, in today's definition."""

from __future__ import annotations

from collections.abc import Sequence

from ustaz.answers.applying import apply_changes
from ustaz.answers.document import Document
from ustaz.answers.errors import StoreError
from ustaz.answers.journal import Step, aside_of
from ustaz.answers.shape import Json
from ustaz.answers.validate import upgraded
from ustaz.workbook import Definition


def _step(chain: Sequence[Step], revision: int) -> int:
    """Return where the step to a revision stands: the save itself before a base made of it."""
    places = [at for at, (_, document) in enumerate(chain) if document.revision == revision]
    if not places:
        raise StoreError("no_revision", str(revision))
    return next((at for at in places if "aside" in chain[at][0]), places[-1])


def at(definition: Definition, chain: Sequence[Step], revision: int) -> Document:
    """Return the document at a revision; words that were given up then are shown in their place.

    Raises
    ------
    StoreError
        ``no_revision`` when it was never there or is not kept any more.
    """
    record, document = chain[_step(chain, revision)]
    answers = apply_changes(document.answers, aside_of(record))
    return upgraded(definition, document.with_(answers=answers))


def brought_back(
    definition: Definition, chain: Sequence[Step], revision: int, now: Document
) -> Json:
    """Return the answers that bringing back a revision leads to."""
    record, document = chain[_step(chain, revision)]
    aside = aside_of(record)
    if aside and document.definition == now.definition:
        return apply_changes(now.answers, aside)
    return at(definition, chain, revision).answers


def around(
    definition: Definition, chain: Sequence[Step], revision: int
) -> tuple[Document, Document]:
    """Return the documents before and after a revision.

    Raises
    ------
    StoreError
        ``no_revision`` when one of them is not kept any more.
    """
    position = next(
        (
            at
            for at, (record, after) in enumerate(chain)
            if after.revision == revision and record["kind"] == "save"
        ),
        0,
    )
    if not position:
        raise StoreError("no_revision", str(revision))
    before, after = chain[position - 1][1], chain[position][1]
    return upgraded(definition, before), upgraded(definition, after)
