"""What the definition has to say about changes and about older answers."""

from __future__ import annotations

from typing import Final

from ustaz.answers.changes import Batch, Change
from ustaz.answers.document import Document
from ustaz.answers.errors import StoreError
from ustaz.answers.merge import Stamps
from ustaz.workbook import (
    Definition,
    ValueProblem,
    VersionProblem,
    apply_upgrades,
    check_value,
    version_key,
)

MAX_ROWS: Final = 100
UPGRADE_CLIENT: Final = "upgrade"


def check_batch(definition: Definition, batch: Batch) -> None:
    """Refuse (``bad_change``) a batch with a change that does not fit the workbook."""
    for index, change in enumerate(batch.changes):
        try:
            check_change(definition, change)
        except ValueProblem as problem:
            raise StoreError("bad_change", f"changes[{index}]: {problem.id}") from None


def check_change(definition: Definition, change: Change) -> None:
    """Raise ValueProblem for a place that does not exist or a value that does not belong there.

    Only types, known ids and hard caps bind here; limits and requirements never stop a save.
    """
    if not change.path:
        return
    name, *rest = change.path
    try:
        field = definition.field(name)
    except KeyError:
        raise ValueProblem("unknown_field", [name]) from None
    if (field.kind == "table") != bool(rest):
        raise ValueProblem("not_the_place", [name])
    if change.op == "set":
        check_value(definition, list(change.path), change.value)
    elif change.op == "add_row":
        for column, value in change.value.items():
            check_value(definition, [*change.path, column], value)
    elif change.op == "clear" and rest and field.column(rest[1]) is None:
        raise ValueProblem("unknown_column", [name, rest[1]])


def check_rows(document: Document, changes: tuple[Change, ...]) -> None:
    """Refuse (``too_large``) a table that grew over the hard cap."""
    for change in changes:
        if change.op == "add_row" and len(document.answers.get(change.path[0], [])) > MAX_ROWS:
            raise StoreError("too_large", f"{change.path[0]}: more than {MAX_ROWS} rows")


def table_fields(definition: Definition) -> list[str]:
    """Return the fields that hold rows."""
    return [field.id for field in definition.fields if field.kind == "table"]


def upgraded(definition: Definition, document: Document) -> Document:
    """Return a document as today's definition sees it.

    The revision stays: nobody changed anything. What the upgrade moved or changed is stamped
    as changed now, so that a page with the older definition gets a conflict and not its way.

    Raises
    ------
    StoreError
        ``newer`` for a document of a later definition, or of one that nothing leads on from.
    """
    if document.definition == definition.version:
        return document
    if version_key(document.definition) > version_key(definition.version):
        raise StoreError("newer", f"definition {document.definition}")
    try:
        answers = apply_upgrades(definition, document.answers, document.definition)
    except VersionProblem:
        raise StoreError("newer", f"definition {document.definition}: no way on") from None
    stamps: Stamps = {
        path: mark
        for path, mark in document.stamps.items()
        if path.split("/")[0].split("#")[0] in ("", *answers)
    }
    mark = [document.revision, UPGRADE_CLIENT]
    for name, value in answers.items():
        if document.answers.get(name) != value or name not in document.answers:
            stamps[name] = mark
    return document.with_(definition=definition.version, answers=answers, stamps=stamps)
