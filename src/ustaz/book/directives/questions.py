"""``{questions}``: the questions that the page answers."""

from __future__ import annotations

from ustaz.book.directives._list import ListBlock


class Questions(ListBlock):
    """One bullet list of one to five questions."""

    kind = "questions"
    fewest, most = 1, 5

    def label(self) -> str:
        """Return the fixed word."""
        return self.words("Questions")
