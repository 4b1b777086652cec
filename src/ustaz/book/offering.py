"""Making the PDF and the zip of each edition and language that its pages then offer."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from ustaz.base.files import move
from ustaz.book import downloads
from ustaz.book.build import build, edition_folder, source_root, stamp_without_server
from ustaz.book.errors import BookError
from ustaz.book.pack import pack_folder
from ustaz.book.pdf import find_browser, print_folder
from ustaz.book.settings import EDITIONS, LANGUAGES


def make_downloads(
    out: str | os.PathLike[str],
    *,
    editions: Sequence[str] = EDITIONS,
    langs: Sequence[str] = LANGUAGES,
    source: Path | None = None,
) -> None:
    """Make the files that are not made of these sources already; build the pages afterwards.

    Parameters
    ----------
    out : path
        The site's folder.
    editions, langs : sequence of str
        Whose files.
    source : Path, optional
        The folder of its sources; default: those that come with this package.

    Raises
    ------
    BookError
        ``no_browser``, ``not_printed`` or ``not_written``; files of before stay as they are.
    """
    find_browser()
    root, site = (source or source_root()).resolve(), Path(out).resolve()
    for edition in editions:
        for lang in langs:
            stamp = stamp_without_server(root, edition, lang)
            if len(downloads.current(site, edition, lang, stamp)) < len(downloads.KINDS):
                _make(site, edition, lang, stamp, root)


def _make(site: Path, edition: str, lang: str, stamp: str, root: Path) -> None:
    """Make both files from one build without a server."""
    folder = downloads.folder_of(site, edition)
    pdf, archive = (folder / downloads.file_name(edition, lang, kind) for kind in downloads.KINDS)
    with tempfile.TemporaryDirectory(prefix="ustaz-book-") as work:
        pages = Path(work, "site")
        build(pages, edition=edition, lang=lang, source=root, workbooks="", languages=(lang,))
        pack_folder(pages, archive, archive.stem)
        print_folder(pages / edition_folder(edition, lang), pdf)
    record = downloads.record_of(folder) | {pdf.name: stamp, archive.name: stamp}
    fresh = folder / f"{downloads.RECORD}.{os.getpid()}"
    try:
        fresh.write_text(json.dumps(record, indent=1), encoding="utf-8")
        move(fresh, folder / downloads.RECORD)
    except OSError as error:
        raise BookError(
            "not_written", f"{folder} could not be written: {error.strerror or error}."
        ) from error
