"""What an evaluation says, in memory and as JSON."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import msgspec

Answers = Mapping[str, Any]
Param = str | int | float


class Context(msgspec.Struct, frozen=True):
    """What the rules need to know beside the answers.

    Attributes
    ----------
    today : date
        Where the course is.
    programme_start, programme_end : date or None
        The programme's window.
    linked : mapping
        Answers of other workbooks, by id.
    withheld : frozenset of str
        Fields that were answered for other eyes only; they count as answered.
    """

    today: dt.date
    programme_start: dt.date | None = None
    programme_end: dt.date | None = None
    linked: Mapping[str, Answers] = msgspec.field(default_factory=dict)
    withheld: frozenset[str] = frozenset()


class Finding(msgspec.Struct, frozen=True):
    """One thing that is missing, does not fit, or is worth a thought.

    Attributes
    ----------
    field, row, column : str or None
        Where.
    rule : str
        Key of ``shared/findings.json``.
    at : str
        ``ready`` or ``submitted``.
    kind : str
        ``missing``, ``problem`` or ``advice``.
    params : mapping
        For the sentence; option ids are joined by commas.
    id : str or None
        The rule's own id, where a rule of the workbook found it.
    message : str or None
        The author's own sentence (English; translate it).
    """

    field: str
    row: str | None
    column: str | None
    rule: str
    at: str
    kind: str
    params: Mapping[str, Param] = msgspec.field(default_factory=dict)
    id: str | None = None
    message: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return this as JSON."""
        return {
            "field": self.field,
            "row": self.row,
            "column": self.column,
            "rule": self.rule,
            "at": self.at,
            "kind": self.kind,
            "params": dict(self.params),
            "id": self.id,
            "message": self.message,
        }


class SectionEvaluation(msgspec.Struct, frozen=True):
    """One section: counts for its owner, a proposed score for staff."""

    id: str
    answered: int
    of: int
    passed: int
    checks: int
    points: int
    score: float
    findings: tuple[Finding, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return this as JSON."""
        return {
            "id": self.id,
            "answered": self.answered,
            "of": self.of,
            "passed": self.passed,
            "checks": self.checks,
            "points": self.points,
            "score": self.score,
            "findings": [finding.to_json() for finding in self.findings],
        }


class Evaluation(msgspec.Struct, frozen=True):
    """A whole workbook's evaluation."""

    sections: tuple[SectionEvaluation, ...]

    @property
    def answered(self) -> int:
        """Return how many of the required fields hold an answer."""
        return sum(section.answered for section in self.sections)

    @property
    def of(self) -> int:
        """Return how many fields are required."""
        return sum(section.of for section in self.sections)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return all findings."""
        return tuple(finding for section in self.sections for finding in section.findings)

    @property
    def level(self) -> str:
        """Return ``draft``, ``ready`` or ``complete``: what nothing stands in the way of."""
        open_ = {finding.at for finding in self.findings if finding.kind != "advice"}
        if "ready" in open_:
            return "draft"
        return "ready" if open_ else "complete"

    @property
    def complete(self) -> bool:
        """Tell whether nothing at all is missing."""
        return self.level == "complete"

    @property
    def score(self) -> float:
        """Return the proposed points of all sections together."""
        return round(sum(section.score for section in self.sections), 2)

    def to_json(self) -> dict[str, Any]:
        """Return this as JSON."""
        return {
            "answered": self.answered,
            "of": self.of,
            "level": self.level,
            "sections": [section.to_json() for section in self.sections],
        }
