"""``{caution}``: what can go wrong, or what not to do."""

from __future__ import annotations

from ustaz.book.block import Block


class Caution(Block):
    """A warning, short."""

    kind = "caution"

    def label(self) -> str:
        """Return the fixed word."""
        return self.words("Take care")
