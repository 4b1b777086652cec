"""What columns, roles, languages and states are called in lists, in three languages."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from ustaz.enrolment.vocabulary import (
    BESIDE,
    HEADINGS,
    LANG_NAMES,
    PARTS,
    PHRASES,
    ROLE_NAMES,
    STATUS_NAMES,
    TOGETHER,
)
from ustaz.roster.likeness import look


def fold(text: str) -> str:
    """Return a word for comparing: case, ё, dots, hyphens and underscores make no difference."""
    folded = unicodedata.normalize("NFC", text).casefold().replace("ё", "е")
    letters = "".join(char if char.isalnum() else " " for char in folded)
    return " ".join(letters.split())


def _index(table: dict[str, tuple[str, ...]]) -> dict[str, str]:
    return {fold(word): key for key, words in table.items() for word in words}


COLUMN_OF: Final = _index(HEADINGS)
ROLE_OF: Final = _index(ROLE_NAMES)
LANG_OF: Final = _index(LANG_NAMES)
STATUS_OF: Final = _index(STATUS_NAMES)
NUMBER_SIGNS: Final = frozenset({"№", "#", "№№", "№.", "№ №"})


@lru_cache(maxsize=4096)
def column_of(heading: str) -> str | None:
    """Return the column that a heading means, None for one that is not ours.

    Beside our own columns, ``surname``, ``given`` and ``patronymic`` are pieces of a name,
    ``fullname`` is certainly the whole one, and ``number`` numbers the rows.

    Examples
    --------
    >>> column_of("Ф.И.О. слушателя (полностью)"), column_of("Фамилия, имя"), column_of("Тегі")
    ('fullname', 'fullname', 'surname')
    >>> column_of("Школа / Мектеп"), column_of("№ п/п"), column_of("ФИО директора")
    ('school', 'number', None)
    """
    plain = "".join(char for char in heading if unicodedata.category(char) != "Cf")
    if plain.strip() in NUMBER_SIGNS:
        return "number"
    whole = _column(fold(plain)) or _column(look(plain))
    if whole:
        return whole
    pieces = [fold(part) for part in re.split(r"[()\[\]/|\n]", plain)]
    roles = {
        _column(piece)
        for piece in pieces
        if piece and any(part not in BESIDE for part in piece.split())
    }
    return roles.pop() if len(roles) == 1 else None


#: Headings that hold such a word stand over a piece of the name, whatever else they say.
PIECES_BY_WORD: Final = {
    "surname": re.compile(r"\b(?:фам|surname|famil|last ?name|тег[іи])"),
    "patronymic": re.compile(r"\b(?:отч|patron|middle ?name|әкес)"),
    "given": re.compile(r"\b(?:инициал|initial|imya|first ?name|есім)"),
}


def may_be_piece(heading: str) -> str:
    """Return the piece of a name that a heading may stand over though it is not known.

    Examples
    --------
    >>> may_be_piece("Фамиля"), may_be_piece("Familiya"), may_be_piece("Телефон")
    ('surname', 'surname', '')
    """
    folded = fold(heading)
    return next((piece for piece, word in PIECES_BY_WORD.items() if word.search(folded)), "")


def is_known(heading: str) -> bool:
    """Tell whether a heading is one of ours."""
    return column_of(heading) is not None


def _column(folded: str) -> str | None:
    if folded in COLUMN_OF:
        return COLUMN_OF[folded]
    for phrase, word in PHRASES:
        folded = re.sub(rf"\b{phrase}\b", word, folded)
    words = [part for part in folded.split() if part not in BESIDE]
    parts = {PARTS.get(word, "?") for word in words}
    return TOGETHER.get("".join(sorted(parts))) or COLUMN_OF.get(" ".join(words))


def roles_of(text: str) -> tuple[str, ...] | None:
    """Return the roles that a cell names, separated by commas, semicolons or spaces.

    Examples
    --------
    >>> roles_of("Қатысушы"), roles_of("фасилитатор; курс командасы"), roles_of("boss")
    (('participant',), ('facilitator', 'staff'), None)
    """
    roles: list[str] = []
    for part in text.replace(",", ";").replace("/", ";").split(";"):
        whole = fold(part)
        if not whole:
            continue
        if whole in ROLE_OF:
            roles.append(ROLE_OF[whole])
            continue
        for word in whole.split():
            if word not in ROLE_OF:
                return None
            roles.append(ROLE_OF[word])
    return tuple(dict.fromkeys(roles)) or None
