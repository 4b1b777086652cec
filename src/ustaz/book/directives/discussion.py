"""``{discussion}``: a question to talk about with others."""

from __future__ import annotations

from typing import Any, ClassVar

from ustaz.book.block import Block, minutes_text, positive


class Discussion(Block):
    """A question without a right answer; ``minutes`` may be given."""

    kind = "discussion"
    option_spec: ClassVar[Any] = {"minutes": positive}

    def label(self) -> str:
        """Return the fixed word."""
        return self.words("Discuss")

    def meta(self) -> str:
        """Return the minutes, when given."""
        minutes = self.options.get("minutes")
        return minutes_text(self.words, minutes) if minutes else ""
