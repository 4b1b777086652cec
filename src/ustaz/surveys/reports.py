"""The report of a round: computed once from the answers, and everything else from what it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ustaz.base.suppression import is_enough, may_split
from ustaz.surveys.definitions import SURVEYS, Dimension, Survey
from ustaz.surveys.tables import HIGHEST, TEACHER, WHOLE, Answers, Table, split, table

#: Statements in the list of the widest gaps, and of the most different views.
MOST_GAPS: Final = 5
MOST_DIFFERENT: Final = 3


@dataclass(frozen=True, slots=True)
class Report:
    """What is published of a round.

    Attributes
    ----------
    survey : str
    people : int
        How many answered.
    tables : tuple of Table
        By statement.
    parts : tuple
        By statement: the tables of teachers and of everybody else, or None. Empty where one of
        both is smaller than five.
    """

    survey: str
    people: int
    tables: tuple[Table, ...]
    parts: tuple[tuple[Table, Table] | None, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "format": 1,
            "survey": self.survey,
            "people": self.people,
            "tables": [figures.to_json() for figures in self.tables],
            "parts": [pair and [figures.to_json() for figures in pair] for pair in self.parts],
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Report:
        """Return the report of :meth:`to_json`."""
        parts = (
            (Table.from_json(pair[0]), Table.from_json(pair[1])) if pair else None
            for pair in value["parts"]
        )
        tables = tuple(Table.from_json(figures) for figures in value["tables"])
        return cls(str(value["survey"]), int(value["people"]), tables, tuple(parts))


def report(survey: Survey, answers: Sequence[Answers]) -> Report | None:
    """Return what is published of the answers; None of fewer than five people."""
    if not is_enough(len(answers)):
        return None
    columns = [[person.ratings[at] for person in answers]
               for at in range(len(survey.statements))]  # fmt: skip
    tables = tuple(known for column in columns if (known := table(column)) is not None)
    teaches = [person.role == TEACHER for person in answers]
    parts: tuple[tuple[Table, Table] | None, ...] = ()
    if may_split([sum(teaches), len(answers) - sum(teaches)]):
        parts = tuple(
            split(
                [rating for rating, taught in zip(column, teaches, strict=True) if taught],
                [rating for rating, taught in zip(column, teaches, strict=True) if not taught],
            )
            for column in columns
        )
    return Report(survey.id, len(answers), tables, parts)


@dataclass(frozen=True, slots=True)
class Summary:
    """A dimension's figures: the mean over those of its statements that are published whole.

    It follows from the published tables alone, so that it says nothing that they do not say.

    Attributes
    ----------
    dimension : Dimension
    statements : int
        Of how many statements; 0 where none is published whole.
    mean, agreeing : float or None
        The share of 4 and 5 is between 0 and 1.
    cannot_say : int
    """

    dimension: Dimension
    statements: int
    mean: float | None
    agreeing: float | None
    cannot_say: int


def summaries(published: Report) -> list[Summary]:
    """Return the figures of each dimension."""
    survey = SURVEYS[published.survey]
    lines = []
    for dimension in survey.dimensions:
        tables = published.tables[survey.span(dimension.id)]
        whole = [
            figures for figures in tables if figures.state == WHOLE and figures.mean is not None
        ]
        count = len(whole)
        mean = round(sum(figures.mean or 0 for figures in whole) / count, 1) if count else None
        agreeing = sum(figures.agreeing for figures in whole) / count if count else None
        cannot_say = sum(figures.counts[-1] for figures in whole)
        lines.append(Summary(dimension, count, mean, agreeing, cannot_say))
    return lines


def gaps(published: Report) -> list[tuple[int, float]]:
    """Return the statements that are furthest from full agreement, and how far; widest first."""
    far = [
        (at, round(HIGHEST - figures.mean, 1))
        for at, figures in enumerate(published.tables)
        if figures.mean is not None
    ]
    return sorted(far, key=lambda pair: (-pair[1], pair[0]))[:MOST_GAPS]


def most_different(published: Report) -> list[tuple[int, float]]:
    """Return the statements on which people differ most, and the spread; widest first."""
    spreads = [
        (at, figures.spread)
        for at, figures in enumerate(published.tables)
        if figures.spread is not None
    ]
    return sorted(spreads, key=lambda pair: (-pair[1], pair[0]))[:MOST_DIFFERENT]


def changes(start: Report, end: Report) -> list[tuple[float | None, float | None]]:
    """Return by dimension the mean of an earlier report and of this one."""
    before, after = summaries(start), summaries(end)
    return [(first.mean, second.mean) for first, second in zip(before, after, strict=True)]
