"""How far a workbook is, as somebody at a prompt reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Progress:
    """What is answered, and what is open.

    Attributes
    ----------
    answered, of : int
        Fields that have an answer, and fields that can have one.
    level : str
        ``draft``, ``ready`` or ``submittable``: what it may be marked as.
    open : tuple of str
        Labels of the fields that something is to be done about before it can be handed in, in
        the order of the page and in the reader's language.
    """

    answered: int
    of: int
    level: str
    open: tuple[str, ...] = ()

    @classmethod
    def from_page(cls, evaluation: Mapping[str, Any], definition: Mapping[str, Any]) -> Progress:
        """Read what the server says of a workbook: its evaluation and its definition."""
        labels = {
            field["id"]: str(field.get("label") or field["id"])
            for section in definition["sections"]
            for field in section["fields"]
        }
        unfinished = {
            finding["field"]
            for section in evaluation["sections"]
            for finding in section["findings"]
            if finding["kind"] != "advice"
        }
        return cls(
            int(evaluation["answered"]),
            int(evaluation["of"]),
            str(evaluation["level"]),
            tuple(label for field, label in labels.items() if field in unfinished),
        )

    def __str__(self) -> str:
        """Return ``12 of 14 answered``, and what is open."""
        counted = f"{self.answered} of {self.of} answered"
        return f"{counted}; open: {', '.join(self.open)}" if self.open else counted

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:  # noqa: ANN401, ARG002
        """Say the same as the last line of a cell."""
        printer.text(str(self))
