"""``{reflection}``: prompts to write about, for oneself."""

from __future__ import annotations

from typing import Any, ClassVar

from ustaz.book.block import Block, minutes_text, positive


class Reflection(Block):
    """Prompts for a private note; nobody collects the answers."""

    kind = "reflection"
    option_spec: ClassVar[Any] = {"minutes": positive}

    def label(self) -> str:
        """Return the fixed word."""
        return self.words("Reflect, for yourself")

    def meta(self) -> str:
        """Return the minutes, when given."""
        minutes = self.options.get("minutes")
        return minutes_text(self.words, minutes) if minutes else ""
