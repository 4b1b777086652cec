"""The discipline of terms: first use linked, none undefined, none unused.

Sphinx itself reports an undefined term. This module reports the first use of a term on a page that
is not a link, and a term that no page links to.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, cast

from docutils import nodes
from sphinx import addnodes

from ustaz.book import pages
from ustaz.book.nodes import block, block_label, block_title
from ustaz.book.settings import FACILITATOR
from ustaz.book.translations import SOURCE

if TYPE_CHECKING:
    from sphinx.domains.std import StandardDomain
    from sphinx.environment import BuildEnvironment

#: Blocks that repeat or announce: a term may stand there before the text introduces it.
SKIPPED_BLOCKS: Final = (
    "objectives",
    "questions",
    "facilitator",
    "keypoints",
    "workbook",
    "criteria",
)


def terms_of(env: BuildEnvironment) -> dict[str, str]:
    """Return the document of each term, by the term in small letters."""
    objects = cast("StandardDomain", env.get_domain("std")).objects
    return {name.lower(): doc for (kind, name), (doc, _) in objects.items() if kind == "term"}


def check(env: BuildEnvironment, language: str, edition: str) -> None:
    """Check all pages; every complaint has its file and line."""
    terms = terms_of(env)
    linked: set[str] = set()
    pattern = _pattern(terms)
    # In the larger edition: a term may serve runbooks only.
    all_linked = edition == FACILITATOR and language == SOURCE
    for docname, page in sorted(pages.all_of(env).items()):
        strict = (
            not docname.startswith("facilitator_notes/")
            and docname not in terms.values()
            and page.matter is not None
            and page.matter.lang == language
        )
        if strict or all_linked:  # else it need not be fetched from the disk
            linked |= _check_page(docname, env.get_doctree(docname), pattern, strict=strict)
    if all_linked:
        for term in sorted(set(terms) - linked):
            pages.warn(f"glossary: no page links to the term {term!r}", terms[term], None, "terms")


def _pattern(terms: dict[str, str]) -> re.Pattern[str] | None:
    if not terms:
        return None
    longest_first = sorted(terms, key=len, reverse=True)
    return re.compile(rf"\b({'|'.join(map(re.escape, longest_first))})s?\b", re.IGNORECASE)


def _check_page(
    docname: str, doctree: nodes.document, pattern: re.Pattern[str] | None, *, strict: bool
) -> set[str]:
    linked: set[str] = set()
    reported: set[str] = set()
    for node in doctree.findall():
        if isinstance(node, addnodes.pending_xref) and node.get("reftype") == "term":
            linked.add(str(node["reftarget"]).lower())
        elif strict and pattern and isinstance(node, nodes.Text) and not _skipped(node):
            for match in pattern.finditer(node.astext()):
                term = match.group(1).lower()
                if term not in linked | reported:
                    reported.add(term)
                    pages.warn(
                        f"glossary: the first use of {term!r} is not a link "
                        f"(write {{term}}`{match.group(0)} <{term}>`)",
                        docname,
                        _line(node),
                        "terms",
                    )
    return linked


def _line(node: nodes.Node) -> int | None:
    at: nodes.Node | None = node
    while at is not None and not at.line:
        at = at.parent
    return at.line if at is not None else None


def _skipped(node: nodes.Node) -> bool:
    parent = node.parent
    while parent is not None:
        if isinstance(
            parent,
            nodes.title
            | nodes.caption
            | nodes.literal
            | nodes.comment
            | addnodes.pending_xref
            | nodes.reference
            | block_label
            | block_title
            | nodes.citation,
        ):
            return True
        if isinstance(parent, block) and parent["kind"] in SKIPPED_BLOCKS:
            return True
        parent = parent.parent
    return False
