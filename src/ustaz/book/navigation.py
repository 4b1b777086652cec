"""The contents beside each page, drawn once and led from each page anew.

Sphinx and Furo resolve the whole tree for every page, which was half of the time of a build. Our
contents are flat lists below captions, so that only the addresses and the mark of the page differ.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Final

from sphinx.util.osutil import relative_uri

if TYPE_CHECKING:
    from sphinx.builders.html import StandaloneHTMLBuilder

#: A page of no edition, at its top: from there the tree is drawn.
TOP: Final = "search"
#: Faults of Sphinx's own HTML that assistive technology stumbles over.
_ROLE: Final = ' role="heading"'
_ENTRY: Final = re.compile(
    r'<li class="toctree-l1"><a class="reference internal" href="([^"]*)">(.*?)</a></li>', re.DOTALL
)


def tree(builder: StandaloneHTMLBuilder, pagename: str) -> str:
    """Return the tree of a page."""
    whole = _whole(builder, TOP)
    if "toctree-l2" in whole:
        return _whole(builder, pagename)
    uri = builder.get_target_uri(pagename)
    parts = whole.split("<ul>")
    return "".join(part if number == 0 else _part(part, uri) for number, part in enumerate(parts))


def _part(part: str, uri: str) -> str:
    """Return one list of the tree, from where the page at `uri` is."""
    current = False

    def entry(match: re.Match[str]) -> str:
        nonlocal current
        address, title = html.unescape(match[1]), match[2]
        if address == uri:
            current = True
            return (
                '<li class="toctree-l1 current current-page">'
                f'<a class="current reference internal" href="#">{title}</a></li>'
            )
        href = html.escape(relative_uri(uri, address))
        return (
            f'<li class="toctree-l1"><a class="reference internal" href="{href}">{title}</a></li>'
        )

    entries = _ENTRY.sub(entry, part)
    return ('<ul class="current">' if current else "<ul>") + entries


def _whole(builder: StandaloneHTMLBuilder, pagename: str) -> str:
    """Return the tree as Sphinx and Furo draw it, once for each page that is asked for."""
    # Jupyter Book has another theme, and no Furo.
    from furo.navigation import get_navigation_tree

    kept: dict[str, str] = builder.__dict__.setdefault("ustaz_trees", {})
    if pagename not in kept:
        drawn = builder._get_local_toctree(  # noqa: SLF001  # what templates call
            pagename, collapse=False, titles_only=True, maxdepth=-1, includehidden=True
        )
        kept[pagename] = get_navigation_tree(drawn).replace(_ROLE, "")
    return kept[pagename]
