"""A Sphinx builder that writes the texts of the pages down for translators.

It extends Sphinx's own, which knows what a page can have translated. Ours keeps the order of the
page, says beside each text what it is there, and writes one JSON file of all pages.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from docutils import nodes
from sphinx.builders.gettext import I18nBuilder
from sphinx.util.nodes import extract_messages

from ustaz.book import pages
from ustaz.book.nodes import block, block_title, feedback, fold

#: The file in the builder's folder: page to a list of texts with their notes.
TEXTS: Final = "texts.json"


class TextBuilder(I18nBuilder):
    """Collects ``[text, note]`` for each page; the name makes directives show all they have."""

    name = "gettext"

    def init(self) -> None:
        """Begin with no page."""
        super().init()
        self.texts: dict[str, list[tuple[str, str]]] = {}

    def write_doc(self, docname: str, doctree: nodes.document) -> None:
        """Note the texts of one page, in their order, each one once."""
        notes: dict[str, list[str]] = {}
        for node, text in extract_messages(doctree):
            if _in_contents(node):
                continue  # the captions are in the catalogue of what belongs to no page
            notes.setdefault(text, []).append(note(node, text))
        self._add_title(docname, notes)
        self.texts[pages.page_path(docname)] = [
            (text, "; ".join(dict.fromkeys(of_text))) for text, of_text in notes.items()
        ]

    def finish(self) -> None:
        """Write the file."""
        text = json.dumps(dict(sorted(self.texts.items())), ensure_ascii=False)
        Path(self.outdir, TEXTS).write_text(text, encoding="utf-8")

    def _add_title(self, docname: str, notes: dict[str, list[str]]) -> None:
        """Add what only the front matter says; a page whose text shows all of it has nothing."""
        matter = pages.of(self.env, docname).matter
        for text in (matter.title, *matter.objectives) if matter else ():
            notes.setdefault(text, ["front matter"])


def note(node: nodes.Element, text: str) -> str:
    """Say what a text is on its page."""
    parts = [_part(node, text)]
    parent = node.parent
    while parent is not None:
        if isinstance(parent, feedback):
            parts = ["remark on a choice"]
        elif isinstance(parent, fold):
            parts = [f"{parts[0]} of {{{parent['kind']}}}" if parts[0] else f"{{{parent['kind']}}}"]
        elif isinstance(parent, block):
            name = f"{{{parent['kind']}}}"
            parts.append(f"{name} {parent['quiz']}" if parent.get("quiz") else name)
        parent = parent.parent
    return ", ".join(filter(None, parts))


def _part(node: nodes.Element, text: str) -> str:
    """Return the standard name of the element that holds a text; empty for a paragraph."""
    if isinstance(node, nodes.image):
        uri = str(node.get("original_uri", node["uri"])).rsplit("/", 1)[-1]
        return f"alternative text of {uri}" if text == node.get("alt") else uri
    for kind, name in (
        (nodes.title, "heading"),
        (block_title, "title"),
        (nodes.caption, "caption"),
        (nodes.term, "term"),
        (nodes.meta, "description"),
    ):
        if isinstance(node, kind):
            return name
    for ancestor in _ancestors(node):
        if isinstance(ancestor, nodes.entry):
            heading = isinstance(ancestor.parent.parent, nodes.thead)
            return "table heading" if heading else "table cell"
        if isinstance(ancestor, nodes.definition):
            return f"definition of “{ancestor.parent[0].astext()}”"
        if isinstance(ancestor, nodes.list_item):
            classes = ancestor["classes"]
            choice = {"uz-right": "right choice", "uz-wrong": "wrong choice"}
            return next((choice[name] for name in classes if name in choice), "list item")
    return ""


def _in_contents(node: nodes.Element) -> bool:
    """Tell whether a text is in the list of pages, which Sphinx makes."""
    return any("toctree-wrapper" in ancestor.get("classes", ()) for ancestor in _ancestors(node))


def _ancestors(node: nodes.Element) -> list[nodes.Element]:
    ancestors = []
    while node.parent is not None:
        node = node.parent
        ancestors.append(node)
    return ancestors
