"""``{example}`` with ``{weak}`` and ``{strong}``: two examples to compare."""

from __future__ import annotations

from docutils import nodes

from ustaz.book.block import Block
from ustaz.book.nodes import block


class Example(Block):
    """A weak and a strong example, and what makes the difference."""

    kind = "example"

    def label(self) -> str:
        """Return the fixed word."""
        return self.words("Compare")

    def content_nodes(self) -> list[nodes.Node]:
        """Return the content after checking that both examples and the comparison are there."""
        content = super().content_nodes()
        kinds = [node["kind"] for node in content if isinstance(node, block)]
        for kind in ("weak", "strong"):
            if kinds.count(kind) != 1:
                self.complain(f"needs exactly one `{{{kind}}}` example inside")
        if not any(isinstance(node, nodes.paragraph | nodes.bullet_list) for node in content):
            self.complain("says nothing about what makes the difference")
        pair = [node for node in content if isinstance(node, block)]
        rest = [node for node in content if not isinstance(node, block)]
        both = nodes.container("", *pair, classes=["uz-pair"])
        return [both, *rest]


class _Kind(Block):
    """One of the two examples; the title says whose it is."""

    def run(self) -> list[nodes.Node]:
        if not self.arguments:
            self.complain("has no title: say whose example it is")
        return super().run()


class Weak(_Kind):
    """The example that needs work."""

    kind = "weak"

    def label(self) -> str:
        """Return the fixed word."""
        return self.words("Needs work")


class Strong(_Kind):
    """The example that works."""

    kind = "strong"

    def label(self) -> str:
        """Return the fixed word."""
        return self.words("Works")
