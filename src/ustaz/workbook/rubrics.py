"""Rubrics: criteria with a descriptor for each level, and the rule of the award, as data.

One loader for whoever needs one: self-assessment, marks of a reviewer, the book. Texts are English
and are translated by message, as those of workbooks are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ustaz.base.ids import FIELD_ID, WORKBOOK_ID
from ustaz.base.shipped import shipped
from ustaz.workbook.cursor import Cursor, Problems
from ustaz.workbook.model import Definition, Translate
from ustaz.workbook.problems import DefinitionErrors
from ustaz.workbook.yamlio import Mapping as YamlMapping
from ustaz.workbook.yamlio import read_yaml

FORMAT: Final = 1
VERSION: Final = re.compile(r"(0|[1-9][0-9]{0,3})(\.(0|[1-9][0-9]{0,3})){2}\Z")
CODE: Final = re.compile(r"[A-Z][A-Z0-9]{0,7}\Z")
DECISION: Final = re.compile(r"[a-z][a-z_]{0,31}\Z")
FOLDER: Final = "rubrics"
MOST_LEVELS: Final = 6


@dataclass(frozen=True, slots=True)
class Criterion:
    """What is looked at, and what each level of it looks like, from 0."""

    id: str
    code: str
    label: str
    descriptors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Award:
    """A decision and its conditions, which all have to hold.

    Attributes
    ----------
    decision : str
    every : int
        The level that every criterion has reached.
    at_least : tuple of (count, level)
        So many criteria have reached a level.
    these : tuple of (criterion, level)
        These criteria have reached a level.
    """

    decision: str
    every: int = 0
    at_least: tuple[tuple[int, int], ...] = ()
    these: tuple[tuple[str, int], ...] = ()

    def holds(self, levels: Mapping[str, int]) -> bool:
        """Tell whether all conditions hold; a criterion without a level is at 0."""
        reached = list(levels.values())
        return (
            all(level >= self.every for level in reached)
            and all(
                sum(level >= least for level in reached) >= count for count, least in self.at_least
            )
            and all(levels[criterion] >= least for criterion, least in self.these)
        )


@dataclass(frozen=True, slots=True)
class Rubric:
    """A whole rubric; a level's number is its place in `levels`."""

    id: str
    version: str
    title: str
    levels: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    award: tuple[Award, ...]

    def decision(self, levels: Mapping[str, int]) -> str:
        """Return the decision that follows from the levels of the criteria.

        Parameters
        ----------
        levels : mapping
            Criterion to level; one that is missing is at 0.

        Raises
        ------
        ValueError
            For a criterion or a level that the rubric does not have.
        """
        known = {criterion.id for criterion in self.criteria}
        if not set(levels) <= known or not set(levels.values()) <= set(range(len(self.levels))):
            raise ValueError("no such criterion or level")
        whole = {**dict.fromkeys(known, 0), **levels}
        return next(award.decision for award in self.award if award.holds(whole))

    def to_json(self, translate: Translate = str) -> dict[str, Any]:
        """Return the rubric as JSON for a front end, texts through `translate`."""
        return {
            "id": self.id,
            "version": self.version,
            "title": translate(self.title),
            **self.scale(translate),
        }

    def scale(self, translate: Translate = str) -> dict[str, Any]:
        """Return levels and criteria as JSON, texts through `translate`."""
        return {
            "levels": [translate(level) for level in self.levels],
            "criteria": [
                {
                    "id": criterion.id,
                    "code": criterion.code,
                    "label": translate(criterion.label),
                    "descriptors": [translate(text) for text in criterion.descriptors],
                }
                for criterion in self.criteria
            ],
        }


def load_rubric(path: Path, *, name: str | None = None) -> Rubric:
    """Read a rubric.

    Raises
    ------
    DefinitionErrors
        With every complaint, each with file, line and place.
    """
    label = name or str(path)
    problems = Problems(label)
    top = Cursor(read_yaml(path, label), "", problems)
    rubric = _read(top) if top.is_mapping() else None
    if problems.complaints or rubric is None:
        raise DefinitionErrors(problems.complaints)
    return rubric


def rubric(rubric_id: str, folder: Path | None = None) -> Rubric:
    """Return a rubric by its id: of a course's own `folder` of workbooks, else one that ships.

    Raises
    ------
    KeyError
        Where there is none.
    """
    if WORKBOOK_ID.match(rubric_id):
        for workbooks in (*([folder] if folder else []), shipped("workbooks")):
            path = workbooks / FOLDER / f"{rubric_id}.yml"
            if path.is_file():
                return load_rubric(path)
    raise KeyError(rubric_id)


def rubric_of(definition: Definition) -> Rubric:
    """Return the rubric of a portfolio: from beside its workbook, else one that ships.

    Raises
    ------
    KeyError
        Where there is none.
    """
    gathering = definition.portfolio
    if gathering is None:
        raise KeyError(definition.id)
    parents = Path(definition.file).parents
    return rubric(gathering.rubric, parents[1] if len(parents) > 1 else None)


def rubric_messages(rubric: Rubric) -> Iterator[tuple[str, str]]:
    """Yield every text that a person reads: a note on where it stands, and the text."""
    yield f"{rubric.id}: title", rubric.title
    for number, level in enumerate(rubric.levels):
        yield f"{rubric.id}: level {number}", level
    for criterion in rubric.criteria:
        yield f"{rubric.id}: {criterion.id}: label", criterion.label
        for number, text in enumerate(criterion.descriptors):
            yield f"{rubric.id}: {criterion.id}: level {number}", text


def _read(top: Cursor) -> Rubric:
    top.only("format", "id", "version", "title", "levels", "criteria", "award")
    if top.integer("format", least=1, most=99) != FORMAT:
        top.complain("format", f"this version of Ustaz reads format {FORMAT}")
    levels = top.words("levels")
    if not 2 <= len(levels) <= MOST_LEVELS:
        top.complain("levels", f"expected 2 to {MOST_LEVELS}")
    criteria: list[Criterion] = []
    for entry in top.items("criteria", least=1):
        if entry.is_mapping():
            criteria.append(_criterion(entry, len(levels)))
            if criteria[-1].id in {criterion.id for criterion in criteria[:-1]}:
                entry.complain("id", f"another criterion is called {criteria[-1].id!r} too")
    known = frozenset(criterion.id for criterion in criteria)
    award = tuple(
        _award(entry, known, len(levels) - 1)
        for entry in top.items("award", least=1)
        if entry.is_mapping()
    )
    if award and award[-1] != Award(award[-1].decision):
        top.complain("award", "the last decision has no conditions: something has to hold")
    return Rubric(
        top.match("id", WORKBOOK_ID, "small letters, digits and hyphens, 32 at most"),
        top.match("version", VERSION, "three numbers, as 1.0.0"),
        top.text("title"),
        levels,
        tuple(criteria),
        award,
    )


def _criterion(cursor: Cursor, levels: int) -> Criterion:
    cursor.only("id", "code", "label", "descriptors")
    descriptors = cursor.words("descriptors")
    if len(descriptors) != levels:
        cursor.complain("descriptors", f"expected one for each level: {levels}")
    return Criterion(
        cursor.match("id", FIELD_ID, "small letters, digits and _, 32 at most"),
        cursor.match("code", CODE, "capital letters and digits, as T1"),
        cursor.text("label"),
        descriptors,
    )


def _award(cursor: Cursor, criteria: frozenset[str], highest: int) -> Award:
    cursor.only("decision", "every", "at_least", "these")
    counts = []
    for entry in cursor.items("at_least", required=False):
        if entry.is_mapping():
            entry.only("count", "level")
            count = entry.integer("count", least=1, most=max(len(criteria), 1))
            counts.append((count, entry.integer("level", least=1, most=highest)))
    these = cursor.child("these")
    named = []
    if these is not None and these.is_mapping() and isinstance(these.node, YamlMapping):
        these.only(*sorted(criteria))
        named = [(key, these.integer(key, least=1, most=highest)) for key in these.node.entries]
    return Award(
        cursor.match("decision", DECISION, "small letters and _"),
        cursor.number("every", most=highest) or 0,
        tuple(counts),
        tuple(named),
    )
