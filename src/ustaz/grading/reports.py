"""What a grading and a giving back did, for people and for ``--json``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class GradeReport:
    """What a grading did; every entry is (person, workbook).

    Attributes
    ----------
    graded, unchanged : list
    again : list
        Of the graded ones those that were marked before and wait to be marked again.
    failed : list of (person, workbook, error id, detail)
    """

    graded: list[tuple[str, str]] = field(default_factory=list)
    unchanged: list[tuple[str, str]] = field(default_factory=list)
    again: list[tuple[str, str]] = field(default_factory=list)
    failed: list[tuple[str, str, str, str]] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        return {
            "graded": _pairs(self.graded),
            "unchanged": _pairs(self.unchanged),
            "again": _pairs(self.again),
            "failed": _failures(self.failed),
        }


@dataclass(slots=True)
class FeedbackReport:
    """What was given back; every entry is (person, workbook).

    Attributes
    ----------
    returned, unchanged : list
    waiting : list
        Graded, but somebody has to mark them first.
    failed : list of (person, workbook, error id, detail)
    """

    returned: list[tuple[str, str]] = field(default_factory=list)
    unchanged: list[tuple[str, str]] = field(default_factory=list)
    waiting: list[tuple[str, str]] = field(default_factory=list)
    failed: list[tuple[str, str, str, str]] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        return {
            "returned": _pairs(self.returned),
            "unchanged": _pairs(self.unchanged),
            "waiting": _pairs(self.waiting),
            "failed": _failures(self.failed),
        }

    @classmethod
    def from_dict(cls, record: dict[str, Any]) -> FeedbackReport:
        """Return the report that :meth:`to_dict` made `said` of."""

        def entries(name: str) -> list[Any]:
            return [tuple(row.values()) for row in record.get(name, ())]

        return cls(*(entries(name) for name in ("returned", "unchanged", "waiting", "failed")))


def _pairs(entries: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"person": person, "workbook": workbook} for person, workbook in entries]


def _failures(entries: Iterable[tuple[str, str, str, str]]) -> list[dict[str, str]]:
    keys = ("person", "workbook", "error", "detail")
    return [dict(zip(keys, entry, strict=True)) for entry in entries]
