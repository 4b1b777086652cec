"""The files of the search in a built edition, and what its page says.

All of them are scripts, not data that is fetched: a book on a USB stick has no server to ask.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from docutils import nodes

from ustaz.book.search import index, stems
from ustaz.book.search.pagetext import PageText, dumped, loaded, page_text

#: The text of each page, which is loaded when the page is among the first results.
TEXTS: Final = "_search"
INDEX: Final = "searchindex.js"
STEMS: Final = "_static/ustaz-stems.js"


def write_page(out: Path, address: str, doctree: nodes.document, title: str, part: str) -> None:
    """Keep what a page says for the search; `address` is the page's, without the suffix."""
    path = out / TEXTS / f"{address}.js"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dumped(page_text(doctree, title, part), address), encoding="utf-8")


def read_pages(out: Path, addresses: Iterable[str]) -> dict[str, PageText]:
    """Return what the pages say, in this order; also those that this build has not written."""
    return dict(
        loaded(path.read_text(encoding="utf-8"))
        for address in addresses
        if (path := out / TEXTS / f"{address}.js").is_file()
    )


def write_index(out: Path, addresses: Iterable[str], language: str, root: Path) -> int:
    """Write the index and the stems of an edition; return the compressed size in kilobytes."""
    pages = read_pages(out, addresses)
    text = index.dumped(pages, language, index.Vocabulary(root, language))
    (out / INDEX).write_text(text, encoding="utf-8")
    path = out / STEMS
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(stems.script(language), encoding="utf-8")
    return max(1, round(len(gzip.compress(text.encode())) / 1000))


def page_words(_: Callable[[str], str]) -> str:
    """Return what the script of the search page says, as JSON for the page."""
    return json.dumps(
        {
            "searching": _("Searching…"),
            "found": _("Pages found: {count}"),
            "near": _("No page has just these words. These pages have words like them: {count}"),
            "none": _("Nothing found for “{words}”."),
            "more": _("Show more pages"),
            "failed": _("The search could not be loaded. Check the connection, then search again."),
        },
        ensure_ascii=False,
    ).replace("<", "\\u003c")
