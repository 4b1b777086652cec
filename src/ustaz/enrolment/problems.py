"""What can be wrong in a list that somebody brings, each said with row and column."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from ustaz.enrolment.complaints import GATHERED, NOTES, PROBLEMS
from ustaz.roster.labels import WORDS

if TYPE_CHECKING:
    from ustaz.enrolment.choosing import Offer

__all__ = [
    "NOTES",
    "PROBLEMS",
    "Gathered",
    "Place",
    "Problem",
    "SheetError",
    "by_weight",
    "gathered",
    "letter",
    "ranges",
]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands, as the sheet names it.

    Attributes
    ----------
    row : int
        Counted from 1, as spreadsheets do; 0 for the whole file.
    column : str
        The column's letter, or empty.
    heading : str
        What the sheet calls the column, or empty.
    """

    row: int = 0
    column: str = ""
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One complaint, or one note.

    Attributes
    ----------
    id : str
        A key of :data:`PROBLEMS` or :data:`NOTES`.
    place : Place
    params : dict
    """

    id: str
    place: Place = field(default_factory=Place)
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """Return the English text, with placeholders."""
        return PROBLEMS.get(self.id) or NOTES[self.id]

    def text(self, gettext: Callable[[str], str]) -> tuple[str, dict[str, Any]]:
        """Return what is said in the language of `gettext`, and what fills it.

        Ids among the parameters become the words of that language, which lists understand too.
        """
        filled = {
            key: ", ".join(gettext(str(WORDS.get(word, word))) for word in value)
            if isinstance(value, tuple)
            else value
            for key, value in self.params.items()
        }
        return gettext(self.message), filled

    def to_json(self) -> dict[str, Any]:
        """Return the complaint for programs."""
        return {
            "id": self.id,
            "row": self.place.row,
            "column": self.place.column,
            "heading": self.place.heading,
            **{
                key: list(value) if isinstance(value, tuple) else value
                for key, value in self.params.items()
            },
        }


#: Notes about single rows that say the same of many people; they come last, and as one.
ROUTINE: Final = ("left_out", "repeated_heading", "alike", "by_account", "by_name", "new_id")


@dataclass(frozen=True, slots=True)
class Gathered:
    """Notes that say the same, as one.

    Attributes
    ----------
    note : Problem
        The first of them.
    rows : str
        All rows, such as “2–61, 64”; empty for a single note.
    """

    note: Problem
    rows: str = ""

    @property
    def message(self) -> str:
        """Return the English text, which names nobody where it is about several."""
        return GATHERED.get(self.note.id, self.note.message) if self.rows else self.note.message


def by_weight(notes: Iterable[Problem]) -> list[Problem]:
    """Return notes in the order in which they matter, those of one kind by row."""
    order = {id: index for index, id in enumerate(("", *ROUTINE))}
    return sorted(notes, key=lambda note: order.get(note.id, 0))


def gathered(notes: Iterable[Problem], few: int = 3) -> list[Gathered]:
    """Return notes for people: routine ones of more than a few rows as one line."""
    weighed = by_weight(notes)
    groups: list[Gathered] = []
    for problem in weighed:
        same = [other for other in weighed if other.id == problem.id]
        if problem.id not in ROUTINE or len(same) <= few:
            groups.append(Gathered(problem))
        elif problem is same[0]:
            groups.append(Gathered(problem, ranges(other.place.row for other in same)))
    return groups


def ranges(numbers: Iterable[int]) -> str:
    """Return numbers as people write them.

    Examples
    --------
    >>> ranges([2, 3, 4, 7, 9, 10])
    '2–4, 7, 9–10'
    """
    spans: list[list[int]] = []
    for number in sorted(set(numbers)):
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in spans)


class SheetError(Exception):
    """The file as a whole cannot be read.

    Parameters
    ----------
    id : str
    row : int
    offer : Offer, optional
        What can be chosen so that it can be read.
    **params : object
    """

    def __init__(
        self, id: str, row: int = 0, *, offer: Offer | None = None, **params: object
    ) -> None:
        super().__init__(id)
        self.problem = Problem(id, Place(row), params)
        self.offer = offer


def letter(index: int) -> str:
    """Return a column's letter.

    Examples
    --------
    >>> letter(0), letter(25), letter(26)
    ('A', 'Z', 'AA')
    """
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
