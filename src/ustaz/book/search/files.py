"""The files of the search in a built edition, and what its page says.

All of them are scripts, not data that is fetched: a book on a USB stick has no server to ask.
"""

from __future__ import annotations

import gzip
import json
import pickle
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from docutils import nodes

from ustaz.base.files import state_of
from ustaz.book.search import index, stems
from ustaz.book.search.pagetext import dumped, loaded, page_text

#: The text of each page, which is loaded when the page is among the first results.
TEXTS: Final = "_search"
INDEX: Final = "searchindex.js"
STEMS: Final = "_static/ustaz-stems.js"

#: Pages by their addresses, each with the state of what was counted.
_Counts = dict[str, tuple[tuple[int, int, int, str], index.CountedPage]]


def write_page(out: Path, address: str, doctree: nodes.document, title: str, part: str) -> None:
    """Keep what a page says for the search; `address` is the page's, without the suffix."""
    path = out / TEXTS / f"{address}.js"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dumped(page_text(doctree, title, part), address), encoding="utf-8")


def write_index(
    out: Path, addresses: Iterable[str], language: str, root: Path, kept: Path | None = None
) -> int:
    """Write the index and the stems of an edition; return the compressed size in kilobytes.

    Parameters
    ----------
    out : Path
        The built edition; the text of each page is there, also of those not written by this build.
    addresses : iterable of str
        The pages, in order; those without a text are left out.
    language : str
        The language of the edition.
    root : Path
        The sources, with the vocabulary.
    kept : Path, optional
        A file in which the counts stay for the next build; it can be removed at any time.
    """
    vocabulary = index.Vocabulary(root, language)
    before = _kept(kept)
    counts: _Counts = {}
    for address in addresses:
        path = out / TEXTS / f"{address}.js"
        if path.is_file():
            names = vocabulary.names.get(address, "")
            state = (*state_of(path), names)
            known = before.get(address)
            if known is None or known[0] != state:
                page = loaded(path.read_text(encoding="utf-8"))
                known = state, index.counted(page, language, names)
            counts[address] = known
    if kept and any(before.get(address) is not known for address, known in counts.items()):
        kept.write_bytes(pickle.dumps(counts))
    pages = {address: page for address, (_, page) in counts.items()}
    text = index.dumped(pages, language, vocabulary)
    (out / INDEX).write_text(text, encoding="utf-8")
    path = out / STEMS
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(stems.script(language), encoding="utf-8")
    return max(1, round(len(gzip.compress(text.encode())) / 1000))


def _kept(path: Path | None) -> _Counts:
    try:
        kept = pickle.loads(path.read_bytes()) if path else {}  # noqa: S301  # beside the doctrees
    except Exception:  # noqa: BLE001  # of another version, or torn: count again
        return {}
    return kept if isinstance(kept, dict) else {}


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
