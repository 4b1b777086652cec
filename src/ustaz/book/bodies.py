"""The text of each written page, kept for the next build: most pages change in their frame alone.

The contents beside a page name all pages, so a new title changes every page of an edition. Their
own text stays as it was, unless they speak of the page with the new title. To read and draw it
again is nine tenths of the work of writing a page.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Collection
from html import unescape
from pathlib import Path
from posixpath import join, normpath
from typing import Final
from urllib.parse import urlsplit

_LINK: Final = re.compile(r'href="([^"#]+)')


class Bodies:
    """Keeps texts in a folder beside the pages that Sphinx has read.

    Parameters
    ----------
    folder : Path
        Where they lie; it can be removed at any time.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, docname: str, state: int, body: str, meta: str) -> None:
        """Keep a text; `state` is that of the page that it was drawn from."""
        path = self._path(docname)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps([state, body, meta], ensure_ascii=False), encoding="utf-8")

    def read(
        self, docname: str, state: int, uri: str, changed: Collection[str]
    ) -> tuple[str, str] | None:
        """Return the text of a page and what its head says; None where it has to be drawn again.

        Parameters
        ----------
        docname : str
            The page.
        state : int
            The state of what it is drawn from, now.
        uri : str
            The page's address, from the top of the edition.
        changed : collection of str
            The addresses of pages whose titles or anchors are others now.
        """
        with contextlib.suppress(OSError, ValueError):
            kept, body, meta = json.loads(self._path(docname).read_text(encoding="utf-8"))
            if kept == state and uri not in changed and not _links(body, uri) & set(changed):
                return body, meta
        return None

    def _path(self, docname: str) -> Path:
        return self._folder / f"{docname}.json"


def _links(body: str, uri: str) -> set[str]:
    """Return the addresses that a text leads to, from the top of the edition."""
    folder = uri.rpartition("/")[0]
    links = (urlsplit(unescape(link)) for link in set(_LINK.findall(body)))
    return {normpath(join(folder, link.path)) for link in links if not link.scheme}
