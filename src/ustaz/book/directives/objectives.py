"""``{objectives}``: what a reader can do afterwards, from the page's front matter."""

from __future__ import annotations

from docutils import nodes

from ustaz.book import pages
from ustaz.book.block import Block

FEWEST, MOST = 2, 6


class Objectives(Block):
    """Show the objectives of the front matter. Takes no content: they are written once."""

    kind = "objectives"
    takes_title = False
    needs_content = False

    def label(self) -> str:
        """Return the fixed word."""
        return self.words("After this page you can")

    def content_nodes(self) -> list[nodes.Node]:
        """Return the list of objectives."""
        if self.content:
            self.complain("takes no content; write the objectives in the front matter")
        matter = pages.of(self.env, self.env.docname).matter
        objectives = matter.objectives if matter else ()
        if not FEWEST <= len(objectives) <= MOST:
            self.complain(f"the front matter has {len(objectives)} objectives; use 2 to 6")
        line = matter.lines.get("objectives", 1) if matter else 1
        items = nodes.bullet_list()
        for number, objective in enumerate(objectives, 1):
            inline, messages = self.parse_inline(objective, lineno=line + number)
            paragraph = nodes.paragraph(objective, "", *inline)
            paragraph.source, paragraph.line = self.get_source_info()[0], line + number
            items += nodes.list_item("", paragraph, *messages)
        return [items]
