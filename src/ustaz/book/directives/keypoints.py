"""``{keypoints}``: what to keep, at the end of a page."""

from __future__ import annotations

from ustaz.book.directives._list import ListBlock


class KeyPoints(ListBlock):
    """One bullet list of three to seven sentences."""

    kind = "keypoints"
    fewest, most = 3, 7

    def label(self) -> str:
        """Return the fixed word."""
        return self.words("Key points")
