"""``{hint}``, ``{answer}``, ``{remark}``: help inside an activity that opens on request, in steps.

They are native ``<details>``: keyboard and screen reader know them, and no script is needed. On
paper and in the PDF they are open.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from docutils import nodes

from ustaz.book.block import Block
from ustaz.book.nodes import block, fold
from ustaz.book.words import Gettext

#: More steps than these make a second task.
MOST_HINTS: Final = 3
#: What stands last in a task, once.
CLOSING: Final = ("answer", "remark")


class Hint(Block):
    """One step of help. The activity around it numbers its hints."""

    kind = "hint"
    takes_title = False

    def label(self) -> str:
        """Return the fixed word."""
        return self.words("Hint")

    def build(self, title: str, content: list[nodes.Node]) -> nodes.Element:  # noqa: ARG002
        """Return the folded text."""
        node = fold("", *content, kind=self.kind, name=self.name, summary=self.label())
        self.set_source_info(node)
        if any(True for _ in node.findall(block)):
            self.complain("holds text only, no other block")
        return node


class Answer(Hint):
    """Our answer to a task that has one; it stands after the hints."""

    kind = "answer"

    def label(self) -> str:
        """Return the fixed word."""
        return self.words("Our answer")


class Remark(Hint):
    """What we think about a task that has no answer; it stands in the answer's place."""

    kind = "remark"

    def label(self) -> str:
        """Return the fixed word."""
        return self.words("Our thoughts")


def in_order(content: list[nodes.Node]) -> Iterator[tuple[str, nodes.Node]]:
    """Yield what is wrong with the order and the number of an activity's hints and answer."""
    hints, answers = 0, 0
    for node in content:
        kind = node["kind"] if isinstance(node, fold) else ""
        hints += kind == "hint"
        answers += kind in CLOSING
        if answers and kind not in CLOSING:
            yield "`{answer}` stands last, after the task and its hints", node
        elif hints and not kind:
            yield "hints stand after the task, one after another", node
    if hints > MOST_HINTS:
        yield f"has {hints} hints; use {MOST_HINTS} at most", content[0]
    if answers > 1:
        yield f"has {answers} answers; use one", content[0]


def number_hints(_: Gettext, content: list[nodes.Node]) -> None:
    """Say which hint of how many each one is, when there are several."""
    hints = [node for node in content if isinstance(node, fold) and node["kind"] == "hint"]
    if len(hints) > 1:
        for number, node in enumerate(hints, 1):
            summary = _("Hint {number} of {of}").format(number=number, of=len(hints))
            node["summary"] = summary
