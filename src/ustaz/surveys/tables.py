"""What is published of the answers to one statement."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ustaz.base.suppression import is_enough, is_nearly_all

LOWEST: Final = 1
HIGHEST: Final = 5
ROLES: Final = ("teacher", "leader", "support", "prefer_not")
TEACHER: Final = "teacher"
MOST_COMMENT: Final = 300

#: Answers that mean the same for a talk; "cannot say" is one of them.
CLASSES: Final = ("disagree", "between", "agree", "cannot_say")
WHOLE, NEARLY_ALL, FEW = "whole", "nearly_all", "few"
STATES: Final = (WHOLE, NEARLY_ALL, FEW)


@dataclass(frozen=True, slots=True)
class Answers:
    """What one person answered.

    Attributes
    ----------
    ratings : tuple of int or None
        By statement, 1 to 5; None is "cannot say".
    role : str
        One of :data:`ROLES`.
    comments : mapping
        By dimension; for the course staff alone.
    """

    ratings: tuple[int | None, ...]
    role: str
    comments: Mapping[str, str]


def class_of(rating: int | None) -> str:
    """Return which of :data:`CLASSES` an answer is in."""
    if rating is None:
        return "cannot_say"
    return "disagree" if rating <= 2 else "between" if rating == 3 else "agree"


@dataclass(frozen=True, slots=True)
class Table:
    """The published answers to one statement.

    Attributes
    ----------
    state : str
        ``whole``: everything stands there. ``nearly_all``: all, or all but one or two, answered in
        one class, which is all that is said. ``few``: fewer than five gave a number.
    people : int
        How many answered, with "cannot say".
    most : str
        The class of ``nearly_all``.
    counts : tuple of int
        By :data:`CLASSES`, of ``whole``.
    mean, spread : float or None
        Of the numbers, to one decimal; the spread is the standard deviation.
    """

    state: str
    people: int
    most: str = ""
    counts: tuple[int, ...] = ()
    mean: float | None = None
    spread: float | None = None

    @property
    def rated(self) -> int:
        """Return how many gave a number, of a table that is whole."""
        return sum(self.counts[:-1])

    @property
    def agreeing(self) -> float:
        """Return the share of 4 and 5 among the numbers, of a table that is whole."""
        return self.counts[CLASSES.index("agree")] / self.rated

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON, without what is not said."""
        known: dict[str, Any] = {"state": self.state, "people": self.people}
        if self.state == NEARLY_ALL:
            known["most"] = self.most
        elif self.state == WHOLE:
            known |= {"counts": list(self.counts), "mean": self.mean, "spread": self.spread}
        return known

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Table:
        """Return the table of :meth:`to_json`."""
        return cls(
            str(value["state"]), int(value["people"]), str(value.get("most", "")),
            tuple(value.get("counts", ())), value.get("mean"), value.get("spread"),
        )  # fmt: skip


def table(ratings: Sequence[int | None]) -> Table | None:
    """Return what is published of the answers to a statement; None of fewer than five people."""
    people = len(ratings)
    if not is_enough(people):
        return None
    numbers = [rating for rating in ratings if rating is not None]
    if not is_enough(len(numbers)):
        return Table(FEW, people)
    classes = [class_of(rating) for rating in ratings]
    counts = tuple(classes.count(name) for name in CLASSES)
    for name, count in zip(CLASSES, counts, strict=True):
        if is_nearly_all(count, people):
            return Table(NEARLY_ALL, people, name)
    mean = sum(numbers) / len(numbers)
    spread = math.sqrt(sum((number - mean) ** 2 for number in numbers) / len(numbers))
    return Table(WHOLE, people, "", counts, round(mean, 1), round(spread, 1))


def split(
    teachers: Sequence[int | None], others: Sequence[int | None]
) -> tuple[Table, Table] | None:
    """Return the tables of teachers and of everybody else, where both are whole.

    If only one of both could be said, the other would follow from it and from the table of all.
    """
    first, second = table(teachers), table(others)
    if first is None or second is None or {first.state, second.state} != {WHOLE}:
        return None
    return first, second
