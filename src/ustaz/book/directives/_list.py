"""Blocks whose content is one bullet list of a bounded length."""

from __future__ import annotations

from typing import ClassVar

from docutils import nodes

from ustaz.book.block import Block, only_list


class ListBlock(Block):
    """A block that holds one bullet list and nothing else."""

    takes_title = False
    fewest: ClassVar[int] = 1
    most: ClassVar[int] = 10

    def content_nodes(self) -> list[nodes.Node]:
        """Return the list after checking its length."""
        content = super().content_nodes()
        items = only_list(content)
        if items is None:
            if self.content:
                self.complain("expected one bullet list (lines that start with `- `)")
        elif not self.fewest <= len(items) <= self.most:
            self.complain(f"has {len(items)} items; use {self.fewest} to {self.most}")
        return content
