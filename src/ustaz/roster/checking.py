"""Rows of a list as people: every cell judged, every complaint with its place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from ustaz.account import account_key, is_usable, mixes_alphabets
from ustaz.identity import PERSON_ID
from ustaz.messages import LANGUAGES
from ustaz.roster.changes import GROUP_NAME
from ustaz.roster.headings import COLUMN_OF, LANG_OF, STATUS_OF, fold, roles_of
from ustaz.roster.people import STATUSES, split_groups
from ustaz.roster.problems import Place, Problem, SheetError, letter
from ustaz.roster.sheets import MAX_CELL, Formula, Row

MOST: Final = {"name": 80, "school": 80, "group": 120, "person": 32, "account": 64}
KNOWN_ROLES: Final = "participant, facilitator, director, reviewer, staff, operator"

PERSONAL_NUMBER: Final = re.compile(r"(?<!\d)(?:\d[\s\-]?){11}\d(?!\d)")
EMAIL: Final = re.compile(r"\S@\S")
NOT_DIGITS: Final = re.compile(r"[\s()\-.]+")
PHONE: Final = re.compile(r"(?<!\d)(?:\+\d{10,14}|[78]\d{10}|7\d{9})(?!\d)")
LOST: Final = re.compile(r"\w\?|\?\w|\?\?")


@dataclass(slots=True)
class Wanted:
    """One row of a list, judged: the fields that it gives, and its places for complaints.

    Attributes
    ----------
    row : int
    given : dict
        Field to value; a cell that is empty or absent gives nothing.
    places : dict
        Field to its place.
    """

    row: int
    given: dict[str, Any]
    places: dict[str, Place]


@dataclass(slots=True)
class Checked:
    """A list, judged row by row."""

    rows: list[Wanted] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)


def check(rows: Sequence[Row]) -> Checked:
    """Judge a list; the first row is the one of headings."""
    found = Checked()
    columns = _columns(rows[0], found)
    for row in rows[1:]:
        wanted = _row(row, rows[0], columns, found.problems)
        if wanted is not None:
            found.rows.append(wanted)
    if len(rows) < 2:
        raise SheetError("empty")
    return found


def _columns(heading: Row, found: Checked) -> dict[int, str]:
    columns: dict[int, str] = {}
    for index, text in enumerate(heading.cells):
        if not text:
            continue
        place = Place(heading.number, letter(index), text[:MAX_CELL])
        column = COLUMN_OF.get(fold(text))
        if column is None:
            found.notes.append(Problem("unused", place))
        elif column in columns.values():
            found.problems.append(Problem("twice_heading", place))
        else:
            columns[index] = column
    return columns


def _row(row: Row, heading: Row, columns: dict[int, str], problems: list[Problem]) -> Wanted | None:
    before = len(problems)
    given: dict[str, Any] = {}
    places: dict[str, Place] = {}
    for index, cell in enumerate(row.cells):
        named = heading.cells[index] if index < len(heading.cells) else ""
        place = Place(row.number, letter(index), named)
        column = columns.get(index)
        if column is None:
            if cell and not named:
                problems.append(Problem("too_many_cells", place))
            continue
        places[column] = place
        if not cell:
            continue
        problem = _wrong(column, cell)
        if problem is not None:
            problems.append(Problem(problem[0], place, problem[1]))
        else:
            given[column] = cell
    for column, index in ((name, number) for number, name in columns.items()):
        places.setdefault(column, Place(row.number, letter(index), heading.cells[index]))
    _values(given, places, problems)
    if "name" not in given and "person" not in given and len(problems) == before:
        place = places.get("name") or places["person"]
        problems.append(Problem("no_name", place))
    return Wanted(row.number, given, places) if len(problems) == before else None


def _wrong(column: str, cell: str) -> tuple[str, dict[str, Any]] | None:
    """Return what is wrong with a cell as text, whatever its column means."""
    if isinstance(cell, Formula):
        return "formula", {}
    most = MOST.get(column, MAX_CELL)
    if len(cell) > most:
        return "too_long", {"most": most}
    if any(unicodedata.category(one) in {"Cc", "Cf", "Co", "Cn", "Cs"} for one in cell):
        return "control", {}
    if PERSONAL_NUMBER.search(cell):
        return "personal_number", {}
    if column in {"name", "person"}:
        if EMAIL.search(cell):
            return "email", {}
        if PHONE.search(NOT_DIGITS.sub("", cell)):
            return "phone", {}
    if cell[0] in "=+-@":
        return "formula_like", {}
    if column in {"name", "school", "group"} and (LOST.search(cell) or "\ufffd" in cell):
        return "lost_letters", {}
    return None


def _values(given: dict[str, Any], places: dict[str, Place], problems: list[Problem]) -> None:
    """Turn the cells into what they mean; complain where they mean nothing."""

    def refuse(column: str, id: str, **params: object) -> None:
        problems.append(Problem(id, places[column], params))
        del given[column]

    for column in ("name", "school"):
        if column in given:
            given[column] = unicodedata.normalize("NFC", given[column])
    if "person" in given and not PERSON_ID.match(given["person"]):
        refuse("person", "bad_person")
    if "account" in given:
        key = account_key(given["account"])
        if " " in given["account"] or not is_usable(key):
            refuse("account", "bad_account")
        elif mixes_alphabets(key):
            refuse("account", "mixed_account")
        else:
            given["account"] = key
    for column, table, known, id in (
        ("lang", LANG_OF, LANGUAGES, "bad_lang"),
        ("status", STATUS_OF, STATUSES, "bad_status"),
    ):
        if column in given:
            meant = table.get(fold(given[column]))
            if meant is None:
                refuse(column, id, known=", ".join(known))
            else:
                given[column] = meant
    if "role" in given:
        roles = roles_of(given["role"])
        if roles is None:
            refuse("role", "bad_role", known=KNOWN_ROLES)
        else:
            given["role"] = roles
    if "group" in given:
        given["group"] = unicodedata.normalize("NFC", given["group"])
        parts = [one.strip() for one in given["group"].replace(",", ";").split(";")]
        if any(one and not GROUP_NAME.match(one) for one in parts) or not any(parts):
            refuse("group", "bad_group")


def known_groups(wanted: Iterable[Wanted], before: Iterable[str]) -> set[str]:
    """Return the groups that participants of the list, or of the course, are in."""
    found = set(before)
    for one in wanted:
        roles = one.given.get("role", ("participant",))
        if "facilitator" not in roles and "group" in one.given:
            found.add(one.given["group"])
    return found


def groups_for(one: Wanted, roles: Sequence[str], known: set[str]) -> tuple[str, ...] | None:
    """Return the groups that a row means for somebody with `roles`; None for too many."""
    text = one.given["group"]
    if "facilitator" in roles:
        return split_groups(text, known)
    if ";" in text or "," in text:
        parts = split_groups(text)
        return parts if len(parts) == 1 else None
    return (text,)
