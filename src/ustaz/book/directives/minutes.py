"""``{minutes}``: how long a step takes; stands directly under the step's heading."""

from __future__ import annotations

from docutils import nodes

from ustaz.book.block import Block, minutes_text
from ustaz.book.nodes import fixed, step_minutes

LONGEST = 10


class Minutes(Block):
    """The argument is a whole number from 1 to 10: a longer step is two steps."""

    kind = "minutes"
    has_content = False
    required_arguments = 1
    optional_arguments = 0

    def run(self) -> list[nodes.Node]:
        """Return the line with the minutes."""
        text = self.arguments[0].strip()
        if not (text.isascii() and text.isdigit() and 1 <= int(text) <= LONGEST):
            self.complain(f"expected a whole number from 1 to {LONGEST}, found {text!r}")
            return []
        node = fixed(step_minutes, minutes_text(self.words, int(text)), minutes=int(text))
        self.set_source_info(node)
        return [node]
