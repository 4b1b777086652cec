"""``{say}``, ``{avoid}``, ``{trouble}``: the parts of an activity in a runbook."""

from __future__ import annotations

from ustaz.book.block import Block


class Say(Block):
    """Words that a facilitator can use as they are."""

    kind = "say"

    def label(self) -> str:
        """Return the fixed word."""
        return self.words("Say")


class Avoid(Block):
    """What not to say or do, and why."""

    kind = "avoid"

    def label(self) -> str:
        """Return the fixed word."""
        return self.words("Do not say")


class Trouble(Block):
    """If it goes wrong: what happens sometimes, and a way out."""

    kind = "trouble"

    def label(self) -> str:
        """Return the fixed word."""
        return self.words("If it goes wrong")
