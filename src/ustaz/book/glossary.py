"""The discipline of terms: first use linked, none undefined, none unused.

Sphinx itself reports an undefined term. This module reports the first use of a term on a page that
is not a link, and a term that no page links to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from docutils import nodes
from sphinx import addnodes

from ustaz.book import pages
from ustaz.book.nodes import block, block_label, block_title
from ustaz.book.settings import FACILITATOR
from ustaz.book.translations import SOURCE

if TYPE_CHECKING:
    from sphinx.application import Sphinx
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


@dataclass(frozen=True, slots=True)
class _Uses:
    """How a page uses the terms.

    Attributes
    ----------
    state : str
        Of what this was seen: when the page was read, which terms there are.
    linked : frozenset of str
        The terms that it links to.
    faults : tuple
        What is to complain of, each with its line.
    """

    state: str
    linked: frozenset[str]
    faults: tuple[tuple[str, int | None], ...]


def collect(app: Sphinx, env: BuildEnvironment) -> None:
    """Look through the pages that were read, and through all once there are other terms."""
    terms = terms_of(env)
    pattern = _pattern(terms)
    language, edition = app.config.language or SOURCE, app.config.ustaz_edition
    before: dict[str, _Uses] = getattr(env, "ustaz_terms", {})
    uses: dict[str, _Uses] = {}
    for docname, page in sorted(pages.all_of(env).items()):
        strict = (
            not docname.startswith("facilitator_notes/")
            and docname not in terms.values()
            and page.matter is not None
            and page.matter.lang == language
        )
        if strict or _all_linked(language, edition):  # else it need not be fetched from the disk
            state = repr((env.all_docs.get(docname), strict, pattern and pattern.pattern))
            known = before.get(docname)
            if known is None or known.state != state:
                known = _uses(env.get_doctree(docname), pattern, state, strict=strict)
            uses[docname] = known
    env.ustaz_terms = uses  # type: ignore[attr-defined]


def _all_linked(language: str, edition: str) -> bool:
    """Tell whether each term is to have a link: in the larger edition, some serve runbooks only."""
    return edition == FACILITATOR and language == SOURCE


def check(env: BuildEnvironment, language: str, edition: str) -> None:
    """Check all pages; every complaint has its file and line."""
    uses: dict[str, _Uses] = getattr(env, "ustaz_terms", {})
    for docname, of_page in uses.items():
        for message, line in of_page.faults:
            pages.warn(message, docname, line, "terms")
    if _all_linked(language, edition):
        terms = terms_of(env)
        linked = frozenset[str]().union(*(of_page.linked for of_page in uses.values()))
        for term in sorted(set(terms) - linked):
            pages.warn(f"glossary: no page links to the term {term!r}", terms[term], None, "terms")


def _pattern(terms: dict[str, str]) -> re.Pattern[str] | None:
    if not terms:
        return None
    longest_first = sorted(terms, key=len, reverse=True)
    return re.compile(rf"\b({'|'.join(map(re.escape, longest_first))})s?\b", re.IGNORECASE)


def _uses(
    doctree: nodes.document, pattern: re.Pattern[str] | None, state: str, *, strict: bool
) -> _Uses:
    linked: set[str] = set()
    faults: dict[str, tuple[str, int | None]] = {}
    for node in doctree.findall():
        if isinstance(node, addnodes.pending_xref) and node.get("reftype") == "term":
            linked.add(str(node["reftarget"]).lower())
        elif strict and pattern and isinstance(node, nodes.Text) and not _skipped(node):
            for match in pattern.finditer(node.astext()):
                term = match.group(1).lower()
                if term not in linked | faults.keys():
                    message = (
                        f"glossary: the first use of {term!r} is not a link "
                        f"(write {{term}}`{match.group(0)} <{term}>`)"
                    )
                    faults[term] = message, _line(node)
    return _Uses(state, frozenset(linked), tuple(faults.values()))


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
