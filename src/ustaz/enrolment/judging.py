"""Single cells of a list: what is wrong with a text, and what it means in its column."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Final

from ustaz.base.account import account_key, is_usable, mixes_alphabets
from ustaz.base.ids import PERSON_ID, ROLES
from ustaz.enrolment.cells import MAX_CELL, Date, Formula, Fraction, Struck
from ustaz.enrolment.changes import GROUP_NAME
from ustaz.enrolment.encodings import is_twice
from ustaz.enrolment.headings import LANG_OF, STATUS_OF, fold, roles_of
from ustaz.enrolment.lines import (
    are_several,
    is_date,
    is_no_name,
    is_nothing,
    is_power,
    unnumbered,
)
from ustaz.enrolment.problems import Place, Problem
from ustaz.messages import LANGUAGES
from ustaz.roster.people import STATUSES

MOST: Final = {
    "name": 80, "surname": 80, "given": 80, "patronymic": 80, "school": 80, "group": 120,
    "person": 32, "account": 64,
}  # fmt: skip
NAMES: Final = frozenset({"name", "surname", "given", "patronymic"})
TEXTS: Final = NAMES | {"school", "group"}

PERSONAL_NUMBER: Final = re.compile(r"(?<!\d)(?:\d[\s\-]?){11}\d(?!\d)")
EMAIL: Final = re.compile(r"\S@\S")
NOT_DIGITS: Final = re.compile(r"[\s()\-.]+")
PHONE: Final = re.compile(r"(?<!\d)(?:\+\d{10,14}|[78]\d{10}|7\d{9})(?!\d)")
LOST: Final = re.compile(r"\w\?|\?\w|\?\?")
#: Escapes of other programs: of spreadsheets, of the web, of programming.
ESCAPED: Final = re.compile(
    r"_x[0-9A-Fa-f]{4}_|&(?:#\d+|#x[0-9A-Fa-f]+|[A-Za-z]{2,8});|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}"
    r"|(?:%[0-9A-Fa-f]{2}){2}|=\?(?:utf-8|windows-1251|koi8-r)\?",
    re.IGNORECASE,
)
KINDS: Final = ((Formula, "formula"), (Struck, "struck"), (Date, "date"), (Fraction, "fraction"))


def wrong(column: str, cell: str) -> tuple[str, dict[str, Any]] | None:
    """Return what is wrong with a cell as text: id and parameters of a complaint."""
    for kind, id in KINDS:
        if isinstance(cell, kind):
            return id, {}
    most = MOST.get(column, MAX_CELL)
    if len(cell) > most:
        return "too_long", {"most": most}
    if any(unicodedata.category(char) in {"Cc", "Cf", "Co", "Cn", "Cs"} for char in cell):
        return "control", {}
    if PERSONAL_NUMBER.search(cell):
        return "personal_number", {}
    if column in {*TEXTS, "person"}:
        if EMAIL.search(cell):
            return "email", {}
        if PHONE.search(NOT_DIGITS.sub("", cell)):
            return "phone", {}
    if cell[0] in "=+-@":
        return "formula_like", {}
    if ESCAPED.search(cell):
        return "escaped", {}
    return _unlikely(column, cell)


def _unlikely(column: str, cell: str) -> tuple[str, dict[str, Any]] | None:
    if column in TEXTS and (LOST.search(cell) or "\ufffd" in cell or is_twice(cell)):
        return "lost_letters", {}
    if is_date(cell):
        return "date", {}
    if is_power(cell):
        return "fraction", {}
    if column in {"school", "group", "account", "role", "lang"} and is_nothing(cell):
        return "ditto", {}
    if column in NAMES and are_several(cell):
        return "two_names", {}
    if column == "name" and is_no_name(unnumbered(cell)):
        return "not_a_person", {}
    if column == "surname" and is_no_name(unnumbered(cell)):
        return "not_a_person", {}
    return None


def values(
    texts: dict[str, Any],
    places: dict[str, Place],
    problems: list[Problem],
    words: Mapping[str, str],
) -> list[str]:
    """Turn cells into what they mean; complain where they mean nothing.

    Returns
    -------
    list of str
        The words for roles that are not known.
    """

    def refuse(column: str, id: str, **params: object) -> None:
        problems.append(Problem(id, places[column], params))
        del texts[column]

    for column in ("name", "school", "group"):
        if column in texts:
            texts[column] = unicodedata.normalize("NFC", texts[column])
    if "name" in texts:
        texts["name"] = unnumbered(texts["name"])
    if "person" in texts and not PERSON_ID.match(texts["person"]):
        refuse("person", "bad_person")
    if "account" in texts:
        key = account_key(texts["account"])
        problem = _account_problem(texts["account"], key)
        texts["account"] = key
        if problem:
            refuse("account", problem)
    unknown: list[str] = []
    for column, known, id in VOCABULARIES:
        if column not in texts:
            continue
        text = texts[column]
        texts[column] = _meant(column, text, words)
        if texts[column] is None:
            unknown += [text] if column == "role" else []
            refuse(column, id, known=known)
    if "group" in texts and not _are_groups(texts["group"]):
        refuse("group", "bad_group")
    return unknown


#: Columns of few words: what they may mean, and the id of the problem where it is none of these.
VOCABULARIES: Final = (
    ("lang", tuple(LANGUAGES), "bad_lang"),
    ("status", tuple(STATUSES), "bad_status"),
    ("role", tuple(ROLES), "bad_role"),
)


def _meant(column: str, text: str, words: Mapping[str, str]) -> object:
    """Return what a word means in its column, or None; `words` are roles of the list's own."""
    if column == "role":
        return (words[fold(text)],) if fold(text) in words else roles_of(text)
    return (LANG_OF if column == "lang" else STATUS_OF).get(fold(text))


def _account_problem(text: str, key: str) -> str:
    """Return the id of what is wrong with an account, or nothing."""
    if " " in text or not is_usable(key):
        return "bad_account"
    return "mixed_account" if mixes_alphabets(key) else ""


def _are_groups(text: str) -> bool:
    parts = [part.strip() for part in text.replace(",", ";").split(";")]
    return any(parts) and all(not part or GROUP_NAME.match(part) for part in parts)
