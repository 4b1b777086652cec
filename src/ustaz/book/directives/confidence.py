"""``{confidence}``: how sure are we, claim by claim.

Each item starts with a level in square brackets. ``[studied]`` and ``[reported]`` must cite;
``[ours]`` and ``[open]`` need not.
"""

from __future__ import annotations

import re
from typing import Final

from docutils import nodes

from ustaz.book.block import Block, only_list
from ustaz.book.words import Gettext

LEVELS: Final = ("studied", "reported", "ours", "open")
CITED: Final = ("studied", "reported")
_STATEMENT: Final = re.compile(r"^- \[([^\]]*)\]\s+")


def level_text(_: Gettext, level: str) -> str:
    """Return the words for a level."""
    return {
        "studied": _("Studied"),
        "reported": _("Reported"),
        "ours": _("Our own view"),
        "open": _("Nobody has shown"),
    }[level]


class Confidence(Block):
    """A bullet list of claims, each with its level and, where it needs one, its source."""

    kind = "confidence"
    takes_title = False

    def label(self) -> str:
        """Return the fixed word."""
        return self.words("How sure are we?")

    def content_nodes(self) -> list[nodes.Node]:
        """Return the list of claims with their levels."""
        levels: list[tuple[str, int]] = []
        # The levels are taken out before parsing: in a translated list they would be lost.
        for number, line in enumerate(self.content):
            if line.startswith("- "):
                match = _STATEMENT.match(line)
                level = match.group(1) if match else ""
                where = self.content_line(number)
                if level not in LEVELS:
                    self.complain(f"an item starts with one of {self._allowed()}", where)
                    level = "open"
                levels.append((level, where))
                if match:
                    self.content[number] = "- " + line[match.end() :]
        content = super().content_nodes()
        items = only_list(content)
        if items is None or len(items) != len(levels):
            self.complain(f"expected one bullet list whose items start with {self._allowed()}")
            return content
        for node, (level, where) in zip(items, levels, strict=True):
            if level in CITED and not any(map(_cites, node.findall(nodes.Element))):
                self.complain(f"a claim marked [{level}] must cite its source", where)
            badge = nodes.strong("", level_text(self.words, level), classes=["uz-level"])
            node["classes"].append(f"uz-level-{level}")
            node.insert(0, nodes.paragraph("", "", badge, translatable=False))
        return content

    @staticmethod
    def _allowed() -> str:
        return ", ".join(f"[{level}]" for level in LEVELS)


def _cites(node: nodes.Element) -> bool:
    return str(node.get("refdomain", "")) == "cite"
