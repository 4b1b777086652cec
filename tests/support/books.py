"""A built book that nobody had to build."""

from __future__ import annotations

from pathlib import Path

from ustaz.book.build import STAMP, edition_folder, stamp_of
from ustaz.book.settings import EDITIONS, LANGUAGES


def published(folder: Path, *, stamp: str | None = None) -> None:
    """Make what a build leaves, without building."""
    for edition in EDITIONS:
        for lang in LANGUAGES:
            made = folder / edition_folder(edition, lang)
            made.mkdir(parents=True, exist_ok=True)
            (made / "index.html").write_text("<p>Book", encoding="utf-8")
            (made / STAMP).write_text(stamp or stamp_of(edition, lang))
