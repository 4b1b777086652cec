"""Rows of plain text, whatever file they came from, and what a cell is beside its text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

MAX_ROWS: Final = 5_000
MAX_COLUMNS: Final = 60
MAX_CELL: Final = 200
#: Spaces of every width; a line break in a cell is one as well.
SPACES: Final = re.compile(r"[\s\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")


class Formula(str):
    """A cell that would compute something."""

    __slots__ = ()


class Date(str):
    """A cell that holds a date or a time of day, often one that a spreadsheet made of “1-2”."""

    __slots__ = ()


class Fraction(str):
    """A number with a decimal part: “1.10” that became 1.1."""

    __slots__ = ()


class Struck(str):
    """A cell whose text is struck through, at least in part."""

    __slots__ = ()


class OtherList(str):
    """The name of a further sheet that holds a list as well."""

    __slots__ = ()


class OtherSheet(str):
    """The name of a further sheet that holds something and is not read."""

    __slots__ = ()


class HiddenColumn(str):
    """The letter of a column that is hidden."""

    __slots__ = ()


class ReadSheet(str):
    """The name of the sheet that is read, where it is not the only one."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One row with its number as the sheet counts; empty cells at its end are left out.

    A row with the number 0 says something about the sheet: which further ones there are, and
    which columns are hidden.

    Attributes
    ----------
    number : int
    cells : tuple of str
    hidden : bool
        Whether the sheet does not show the row.
    across : tuple of str
        The letters of the columns whose cell is merged with the one on its left.
    """

    number: int
    cells: tuple[str, ...]
    hidden: bool = False
    across: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        end = len(self.cells)
        while end and not self.cells[end - 1]:
            end -= 1
        object.__setattr__(self, "cells", self.cells[:end])


def tidy(value: str) -> str:
    r"""Return a cell's text with simple spaces.

    Examples
    --------
    >>> tidy(" Айгүл\u00a0\\r\\n Б. ")
    'Айгүл Б.'
    """
    return SPACES.sub(" ", value.replace("\ufeff", "").replace("\u00ad", "")).strip()
