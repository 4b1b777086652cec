"""What the definition has to say about changes and about older answers."""

from __future__ import annotations

from typing import Any, Final

from ustaz.answers.applying import equal
from ustaz.answers.changes import Batch, Change
from ustaz.answers.document import Document
from ustaz.answers.errors import StoreError
from ustaz.answers.merge import Stamps, within
from ustaz.answers.shape import Json
from ustaz.answers.typist import client_for, is_reserved, writer_of
from ustaz.workbook import (
    Definition,
    ValueProblem,
    VersionProblem,
    apply_upgrades,
    check_value,
    version_key,
)
from ustaz.workbook.kinds import kind_of

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
    if bool(field.columns) != bool(rest):
        raise ValueProblem("not_the_place", [name])
    if change.op == "set":
        check_value(definition, list(change.path), change.value)
    elif change.op == "add_row":
        for column, value in change.value.items():
            check_value(definition, [*change.path, column], value)
    elif change.op == "clear" and rest and field.column(rest[1]) is None:
        raise ValueProblem("unknown_column", [name, rest[1]])


def check_rows(definition: Definition, document: Document, changes: tuple[Change, ...]) -> None:
    """Refuse (``too_large``) a table that grew over the hard cap of its kind."""
    for change in changes:
        if change.op == "add_row":
            name = change.path[0]
            cap = kind_of(definition.field(name)).rows_cap
            if len(document.answers.get(name, [])) > cap:
                raise StoreError("too_large", f"{name}: more than {cap} rows")


def largest(definition: Definition, usual: int) -> int:
    """Return how many bytes a document may have: more than `usual` where a kind needs them."""
    return max([usual, *(kind_of(field).document_bytes or 0 for field in definition.fields)])


def table_fields(definition: Definition) -> list[str]:
    """Return the fields that hold rows."""
    return [field.id for field in definition.fields if field.columns]


def upgraded(definition: Definition, document: Document) -> Document:
    """Return a document as today's definition sees it.

    The revision stays: nobody changed anything. What the upgrade moved or changed is stamped
    as changed now, so that a page with the older definition gets a conflict and not its way.

    Raises
    ------
    StoreError
        ``newer`` for a document of a later definition; ``no_upgrade`` when the definition's
        steps do not lead from it to answers that fit.
    """
    if document.definition == definition.version:
        return document
    if version_key(document.definition) > version_key(definition.version):
        raise StoreError("newer", f"definition {document.definition}")
    try:
        answers = apply_upgrades(definition, document.answers, document.definition)
    except VersionProblem as problem:
        raise StoreError("no_upgrade", f"{document.definition}: {problem.id}") from None
    stamps = {
        path: mark
        for path, mark in document.stamps.items()
        if path.split("/")[0].split("#")[0] in ("", *answers)
    }
    for name, value in answers.items():
        before = document.answers.get(name)
        if before is None or not equal(before, value):
            client = _client(document.stamps, name, answers)
            stamps = _stamped(stamps, name, before, value, [document.revision, client])
    return document.with_(definition=definition.version, answers=answers, stamps=stamps)


def _client(stamps: Stamps, name: str, answers: Json) -> str:
    """Return the client of what an upgrade changed.

    What somebody typed in for the owner stays marked, also under another name: rather once more
    than needed than not at all.
    """
    for path, (_, client) in stamps.items():
        field = path.split("/")[0].split("#")[0]
        if is_reserved(client) and (field == name or field not in answers):
            return client_for(str(writer_of(client)), UPGRADE_CLIENT)
    return UPGRADE_CLIENT


def _stamped(
    stamps: Stamps,
    name: str,
    before: Any,  # noqa: ANN401
    value: Any,  # noqa: ANN401
    mark: list[Any],
) -> Stamps:
    """Return the stamps after an upgrade changed a field, or rows of it."""
    if not isinstance(value, list) or not all(
        isinstance(row, dict) and "id" in row for row in value
    ):
        return {**stamps, name: mark}
    old: dict[str, Json] = {row["id"]: row for row in before or []}
    for row in value:
        if not equal(old.get(row["id"]), row):
            path = f"{name}/{row['id']}"
            kept = {key: stamp for key, stamp in stamps.items() if not within(key, path)}
            stamps = {**kept, path: mark}
    return stamps
