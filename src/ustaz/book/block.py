"""The base of our directives: parse, label, complain with file and line."""

from __future__ import annotations

from typing import Any, ClassVar

from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from ustaz.book.nodes import block, block_label, block_meta, block_title, fixed
from ustaz.book.settings import FACILITATOR
from ustaz.book.words import Gettext, words

logger = logging.getLogger(__name__)


def positive(argument: str | None) -> int:
    """Convert an option to a whole number of minutes; docutils reports the error with its line."""
    text = (argument or "").strip()
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= 300):
        message = "expected a whole number of minutes from 1 to 300"
        raise ValueError(message)
    return int(text)


class Block(SphinxDirective):
    """A block with a fixed word, perhaps an author's title, and content.

    Subclasses set :attr:`kind` and, where they need more than parsed content, override
    :meth:`content_nodes` or :meth:`run`.
    """

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[Any] = {}
    kind: ClassVar[str]
    takes_title: ClassVar[bool] = True
    needs_content: ClassVar[bool] = True

    @property
    def words(self) -> Gettext:
        """Return the function that translates the fixed words."""
        return words(self.config.language)

    @property
    def facilitator_edition(self) -> bool:
        """Tell whether facilitator blocks are written (also when texts are extracted)."""
        return self.config.ustaz_edition == FACILITATOR or self.env.app.builder.name == "gettext"

    def label(self) -> str:
        """Return the fixed word of the block."""
        raise NotImplementedError

    def meta(self) -> str:
        """Return the line under the title, for instance the minutes; empty when there is none."""
        return ""

    def complain(self, message: str, line: int | None = None) -> None:
        """Report a fault of the page; the build fails at its end, after all faults are known."""
        where = (self.env.docname, line if line is not None else self.lineno)
        logger.warning(
            f"{{{self.name}}}: {message}",  # noqa: G004  # no participant's text in here
            location=where,
            type="ustaz",
            subtype=self.kind,
        )

    def content_line(self, number: int) -> int:
        """Return the line of the file at which line `number` of the content stands (from 0).

        MyST counts the content's offset from the directive, not from the top of the file.
        """
        return int(self.lineno + self.content_offset + number + 1)

    def content_nodes(self) -> list[nodes.Node]:
        """Return the parsed content."""
        parsed: list[nodes.Node] = self.parse_content_to_nodes()
        return parsed

    def run(self) -> list[nodes.Node]:
        """Build the block."""
        title = self.arguments[0].strip() if self.arguments else ""
        if title and not self.takes_title:
            self.complain(f"takes no title (found {title!r})")
            title = ""
        if self.needs_content and not self.content:
            self.complain("is empty")
        return [self.build(title, self.content_nodes())]

    def build(self, title: str, content: list[nodes.Node]) -> nodes.Element:
        """Return the block's node around `content`."""
        node = block(kind=self.kind, name=self.name, minutes=self.options.get("minutes"))
        self.set_source_info(node)
        number = self.env.new_serialno("uz-block")
        labelled = [f"uz-label-{number}"]
        node += fixed(block_label, self.label(), ids=[labelled[0]])
        if title:
            labelled.append(f"uz-title-{number}")
            heading = block_title(title, "", ids=[labelled[1]])
            inline, messages = self.parse_inline(title)
            heading += inline
            self.set_source_info(heading)
            node += heading
            node += messages
        if self.meta():
            node += fixed(block_meta, self.meta())
        node["labelled"] = labelled
        node += content
        return node


def minutes_text(gettext: Gettext, minutes: int) -> str:
    """Return "8 min", which has one form in all three languages."""
    return gettext("{minutes} min").format(minutes=minutes)


def only_list(content: list[nodes.Node]) -> nodes.bullet_list | None:
    """Return the one bullet list that `content` consists of, or None."""
    if len(content) == 1 and isinstance(content[0], nodes.bullet_list):
        return content[0]
    return None
