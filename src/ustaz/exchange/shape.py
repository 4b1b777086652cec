"""How a round's files are built, and which values its answers may hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from ustaz.answers import StrictError, loads_strict
from ustaz.base.ids import PERSON_ID
from ustaz.course import Course
from ustaz.exchange import files
from ustaz.exchange.model import FORMAT
from ustaz.workbook import Definition, ValueProblem, check_value, version_key

_VERSION: Final = re.compile(r"[0-9]{1,4}\.[0-9]{1,4}\.[0-9]{1,4}\Z")
# The whole shape of a round's record: key to type. Unknown keys are refused.
RECORD: Final[Mapping[str, type | tuple[type, ...]]] = {
    "format": int,
    "course": str,
    "person": str,
    "workbook": str,
    "round": int,
    "definition": str,
    "lang": str,
    "record_id": str,
    "revision": int,
    "received_at": str,
    "claimed_at": (str, type(None)),
    "by": str,
    "acting": bool,
    "answered": int,
    "of": int,
    "level": str,
    "content": str,
    "answers_sha256": str,
    "evidence": dict,
    "sha256": str,
}
DOCUMENT: Final[Mapping[str, type | tuple[type, ...]]] = {
    "format": int,
    "workbook": str,
    "definition": str,
    "subject": dict,
    "record_id": str,
    "lang": str,
    "status": str,
    "revision": int,
    "created_at": str,
    "updated_at": str,
    "answers": dict,
    "withheld": list,
    "linked": dict,
}
#: What was typed in for the owner, by workbook and place; absent where nothing was.
OPTIONAL: Final = {"entered": dict}
#: The hash under which the receipt was given, where the course sealed the round anew since.
RESEALED: Final = "receipt_sha256"
MARK: Final[Mapping[str, type | tuple[type, ...]]] = {
    "by": str,
    "revision": int,
    "at": (str, type(None)),
    "confirmed_at": (str, type(None)),
}
_PLACE: Final = re.compile(r"[a-z][a-z0-9_]{0,31}(#order|/[a-z0-9]{6,16}/[a-z][a-z0-9_]{0,31})?\Z")


def parsed(
    data: bytes,
    cap: int,
    shape: Mapping[str, type | tuple[type, ...]],
    name: str,
    optional: Mapping[str, type] = {},
) -> dict[str, Any]:
    """Return what the bytes of a round's file say, where it has exactly the fields of `shape`.

    Parameters
    ----------
    data : bytes
    cap : int
        More bytes than this are refused.
    shape, optional : mapping
        Key to type: what must be there, and what may be.
    name : str
        Of the file, for what is said.

    Raises
    ------
    Refused
        ``damaged`` or ``newer_format``.
    """
    try:
        value = loads_strict(data, max_bytes=cap)
    except StrictError as error:
        raise files.refuse("damaged", f"{name} cannot be read.", error.id) from None
    if not isinstance(value, dict):
        raise files.refuse("damaged", f"{name} cannot be read.", "not_an_object")
    format_ = value.get("format")
    if isinstance(format_, int) and not isinstance(format_, bool) and format_ > FORMAT:
        raise files.refuse("newer_format", f"{name} was written by a newer Ustaz.", str(format_))
    if value.keys() - optional.keys() != shape.keys():
        raise files.refuse("damaged", f"{name} has other fields than it should.", "keys")
    for key, kind in {**shape, **optional}.items():
        if key not in value:
            continue
        wrong_bool = isinstance(value[key], bool) and kind is not bool
        if wrong_bool or not isinstance(value[key], kind):
            raise files.refuse("damaged", f"{name} holds a value of the wrong kind.", key)
    if format_ != FORMAT:
        raise files.refuse("damaged", f"{name} has a format that never was.", "format")
    return value


def check_document(course: Course, workbook: str, document: Mapping[str, Any]) -> None:
    """Refuse answers that do not fit the course's workbooks, linked ones included."""
    definition = course.library[workbook]
    check_answers(definition, document["definition"], document["answers"], document["withheld"])
    for linked, part in document["linked"].items():
        if linked not in course.library.ids or part.keys() != {"definition", "answers", "withheld"}:
            raise files.refuse("damaged", "The round shows a workbook that there is not.", "linked")
        check_answers(course.library[linked], part["definition"], part["answers"], part["withheld"])
    _check_entered(document.get("entered", {}), {workbook, *document["linked"]})


def _check_entered(entered: Mapping[str, Any], workbooks: set[str]) -> None:
    """Refuse marks that are not built as ours are; whether they are true the ledger says."""
    sound = workbooks.issuperset(entered) and all(
        isinstance(places, dict)
        and all(
            _PLACE.match(place)
            and isinstance(mark, dict)
            and mark.keys() == MARK.keys()
            and all(
                isinstance(mark[key], kind) and not isinstance(mark[key], bool)
                for key, kind in MARK.items()
            )
            and PERSON_ID.match(mark["by"])
            for place, mark in places.items()
        )
        for places in entered.values()
    )
    if not sound:
        raise files.refuse("damaged", "The answers are not built as they should be.", "entered")


def check_answers(definition: Definition, version: Any, answers: Any, withheld: Any) -> None:  # noqa: ANN401
    """Refuse answers that are not built as the definition of their version says."""
    if not isinstance(version, str) or not _VERSION.match(version):
        raise files.refuse("damaged", "The version of the workbook is not one.", "definition")
    if version_key(version) > version_key(definition.version):
        raise files.refuse("newer_definition", "The answers belong to a newer workbook.", version)
    if not isinstance(answers, dict) or not isinstance(withheld, list):
        raise files.refuse("damaged", "The answers are not built as they should be.", "answers")
    if not all(isinstance(one, str) for one in withheld):
        raise files.refuse("damaged", "The answers are not built as they should be.", "withheld")
    if version != definition.version:
        return  # an older shape: upgraded, and judged again, when it is graded
    known = {field.id for field in definition.fields}
    if not known.issuperset(one.partition(".")[0] for one in withheld):
        raise files.refuse("damaged", "The answers are not built as they should be.", "withheld")
    for field, value in answers.items():
        try:
            check_value(definition, [field], value)
        except ValueProblem as problem:
            raise files.refuse(
                "bad_value", "A value is not of the field's kind.", problem.id
            ) from None
