"""``{facilitator}``: a hint that only the facilitator edition contains."""

from __future__ import annotations

from docutils import nodes

from ustaz.book.block import Block


class Facilitator(Block):
    """A hint for facilitators.

    In the learner edition the content is not even parsed: it cannot reach the pages, the search
    index, or anything else that is published. (Access to the facilitator edition itself is the
    business of whoever serves it.)
    """

    kind = "facilitator"

    def label(self) -> str:
        """Return the fixed word."""
        return self.words("For facilitators")

    def run(self) -> list[nodes.Node]:
        """Build the block, or nothing."""
        return super().run() if self.facilitator_edition else []
