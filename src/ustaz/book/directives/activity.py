"""``{activity}``: something to do, with minutes and grouping."""

from __future__ import annotations

from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives

from ustaz.book.block import Block, minutes_text, positive
from ustaz.book.directives.hint import in_order, number_hints
from ustaz.book.groupings import GROUPING_WORDS, GROUPINGS
from ustaz.book.words import Gettext


def grouping_text(_: Gettext, grouping: str) -> str:
    """Return the words for a grouping."""
    return _(GROUPING_WORDS[grouping])


def _grouping(argument: str | None) -> str:
    chosen: str = directives.choice(argument or "", GROUPINGS)
    return chosen


def _minute(argument: str | None) -> int:
    return 0 if (argument or "").strip() == "0" else positive(argument)


class Activity(Block):
    """A task. ``minutes`` and ``grouping`` are required.

    In a runbook ``talk`` is required too: the minutes in which the facilitator talks. Where a page
    holds several meetings, ``from`` sets the clock of its timetable back to a minute. ``shorten``
    (the minutes that are still enough) and ``drop`` say what a meeting that runs late may do; who
    plans it reads them (:mod:`ustaz.sessions.runbooks`), the book does not show them.
    """

    kind = "activity"
    option_spec: ClassVar[Any] = {
        "minutes": positive,
        "grouping": _grouping,
        "talk": _minute,
        "from": _minute,
        "shorten": positive,
        "drop": directives.flag,
    }

    def label(self) -> str:
        """Return the fixed word."""
        return self.words("Activity")

    def meta(self) -> str:
        """Return minutes, grouping and, in a runbook, the facilitator's talking time."""
        parts = []
        if "minutes" in self.options:
            parts.append(minutes_text(self.words, self.options["minutes"]))
        if "grouping" in self.options:
            parts.append(grouping_text(self.words, self.options["grouping"]))
        if "talk" in self.options:
            talk = self.words("you talk for {minutes} min at most")
            parts.append(talk.format(minutes=self.options["talk"]))
        return " · ".join(parts)

    def content_nodes(self) -> list[nodes.Node]:
        """Return the task, its hints with their numbers, and the answer."""
        content = super().content_nodes()
        for message, node in in_order(content):
            self.complain(message, node.line)
        number_hints(self.words, content)
        return content

    def run(self) -> list[nodes.Node]:
        """Check the options and build the block."""
        for option in ("minutes", "grouping"):
            if option not in self.options:
                self.complain(f"the option `:{option}:` is missing")
        if not self.arguments:
            self.complain("has no title")
        if self.options.get("shorten", 0) >= self.options.get("minutes", 301):
            self.complain("`:shorten:` is less than `:minutes:`")
        built = super().run()
        for node in built:
            if isinstance(node, nodes.Element):
                for option in ("talk", "grouping", "from"):
                    node[option] = self.options.get(option)
        return built
