"""What somebody says about a list whose headings or words are not known: which column is which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from ustaz.base.ids import ROLES
from ustaz.enrolment.cells import Row
from ustaz.enrolment.headings import fold

#: What a column can be chosen to be; an empty text leaves it out.
CHOICES: Final = (
    "name", "surname", "given", "patronymic", "school", "role", "group", "lang", "account",
    "status", "person",
)  # fmt: skip
#: Rows that are offered as the one with the headings.
OFFERED: Final = 40
SAMPLES: Final = 3
SHOWN: Final = 40
MANY_DIGITS: Final = 8


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen.

    Attributes
    ----------
    row : int or None
        The number of the row of headings; 0 where the list has none; None: as found.
    columns : mapping
        Letter to one of :data:`CHOICES`, or to an empty text for a column that is not used.
    words : mapping
        A word for a role, folded, to the role.
    """

    row: int | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)


AS_FOUND: Final = Choice()


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list, as it is offered.

    Attributes
    ----------
    letter, heading : str
    field : str
        What it is taken for: one of :data:`CHOICES`, ``number``, or empty.
    samples : tuple of str
        The beginnings of its first cells.
    """

    letter: str
    heading: str
    field: str
    samples: tuple[str, ...]


@dataclass(slots=True)
class Offer:
    """What can be chosen for a list.

    Attributes
    ----------
    row : int
        The row of headings, 0 for none.
    rows : list of tuple
        Rows that may be it: number and the beginnings of their cells.
    columns : list of Column
    words : list of str
        Words for roles that are not known, as the list writes them.
    """

    row: int = 0
    rows: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)
    words: list[str] = field(default_factory=list)


def sample(cell: str) -> str:
    """Return the beginning of a cell; what looks like a number or an address of a person is masked.

    Examples
    --------
    >>> sample("870112345678"), sample("aigul@example.kz"), sample("Айгүл 12")
    ('••••••••••••', '…@…', 'Айгүл 12')
    """
    if "@" in cell:
        return "…@…"
    many = sum(char.isdigit() for char in cell) >= MANY_DIGITS
    return "".join("•" if many and char.isdigit() else char for char in cell[:SHOWN])


def likely_heading(rows: Sequence[Row]) -> int:
    """Return the index of the row that looks most like one of headings."""
    width = max((sum(map(bool, row.cells)) for row in rows[:OFFERED]), default=0)
    for index, row in enumerate(rows[:OFFERED]):
        if sum(map(bool, row.cells)) == width:
            return index
    return 0


def offered_rows(rows: Sequence[Row]) -> list[tuple[int, tuple[str, ...]]]:
    """Return the rows that may be the one of headings."""
    return [
        (row.number, tuple(sample(cell) for cell in row.cells if cell)[:6])
        for row in rows[:OFFERED]
    ]


def checked_choice(
    row: int | None, columns: Mapping[str, str], words: Mapping[str, str]
) -> Choice | None:
    """Return a choice that came from outside; None where it is none."""
    if row is not None and row < 0:
        return None
    if any(column and column not in CHOICES for column in columns.values()):
        return None
    if any(word not in ROLES for word in words.values()):
        return None
    return Choice(row, dict(columns), {fold(key): value for key, value in words.items()})
