"""What the search knows of a page: its sections with their anchors, headings and text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from docutils import nodes
from sphinx import addnodes

#: What nobody reads on a page.
UNSEEN: Final = (
    nodes.comment,
    nodes.raw,
    nodes.substitution_definition,
    nodes.docinfo,
    nodes.field_list,
)
#: Stands between paragraphs, entries and cells, which are one line in a result.
SEPARATOR: Final = " · "


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page that has an address of its own.

    Attributes
    ----------
    anchor : str
        Its id on the page; empty for the page's beginning.
    heading : str
        The heading, or the term that is explained.
    text : str
        Everything else, without the sections inside of it.
    """

    anchor: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class PageText:
    """A page for the search.

    Attributes
    ----------
    title : str
        As it stands on the page.
    part : str
        The part of the contents that lists the page; may be empty.
    sections : tuple of Section
        The first one is the page's beginning.
    """

    title: str
    part: str
    sections: tuple[Section, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the form in which the search page reads it."""
        return {
            "title": self.title,
            "part": self.part,
            "sections": [[part.anchor, part.heading, part.text] for part in self.sections],
        }


def page_text(doctree: nodes.document, title: str, part: str) -> PageText:
    """Return what a page says, as it is shown in this edition and language."""
    top = next(iter(doctree.findall(nodes.section)), doctree)
    sections = list(_sections(top, ""))
    if sections:
        first = sections[0]
        sections[0] = Section("", "", first.text)
    return PageText(title, part, tuple(sections))


def _sections(section: nodes.Element, anchor: str) -> Iterator[Section]:
    inner: list[tuple[nodes.Element, str]] = []
    terms: list[Section] = []
    heading = ""
    texts = []
    for child in section.children:
        if isinstance(child, nodes.section):
            inner.append((child, str(child["ids"][0]) if child["ids"] else anchor))
        elif isinstance(child, nodes.title):
            heading = _words(child)
        elif isinstance(child, addnodes.glossary):
            terms += _terms(child)
        elif isinstance(child, nodes.Element) and not isinstance(child, UNSEEN):
            texts.append(_words(child))
    yield Section(anchor, heading, SEPARATOR.join(filter(None, texts)))
    yield from terms
    for child, own in inner:
        yield from _sections(child, own)


def _terms(glossary: nodes.Element) -> Iterator[Section]:
    for entry in glossary.findall(nodes.definition_list_item):
        terms = [child for child in entry.children if isinstance(child, nodes.term)]
        anchor = next((str(name) for term in terms for name in term["ids"]), "")
        texts = [_words(child) for child in entry.children if child not in terms]
        yield Section(anchor, ", ".join(map(_words, terms)), SEPARATOR.join(filter(None, texts)))


def _words(node: nodes.Node) -> str:
    unseen = {
        id(inside)
        for hidden in node.findall(lambda child: isinstance(child, UNSEEN))
        for inside in hidden.findall(nodes.Text)
    }
    blocks: list[str] = []
    owner: nodes.Node | None = None
    for text in node.findall(nodes.Text):
        if id(text) in unseen:
            continue
        holder = text.parent
        while isinstance(holder, nodes.Inline) and holder.parent is not None:
            holder = holder.parent
        if holder is owner:
            blocks[-1] += text.astext()
        else:
            blocks.append(text.astext())
        owner = holder
    return SEPARATOR.join(filter(None, (" ".join(part.split()) for part in blocks)))


def dumped(page: PageText, address: str) -> str:
    """Return the file by which the search page loads a page's text, also from a USB stick."""
    content = json.dumps(page.as_json(), ensure_ascii=False, separators=(",", ":"))
    return f"ustazSearch.setPage({json.dumps(address)},{content});\n"


def loaded(text: str) -> PageText:
    """Return the page of such a file."""
    _, content = json.loads(
        "[" + text.strip().removeprefix("ustazSearch.setPage(").removesuffix(");") + "]"
    )
    sections = tuple(Section(*part) for part in content["sections"])
    return PageText(content["title"], content["part"], sections)
