"""The real book, built once in a run; and a built book that nobody had to build."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.shared import shared
from ustaz.book.build import STAMP, build_all, edition_folder, stamp_of
from ustaz.book.settings import EDITIONS, LANGUAGES


def both_editions(factory: pytest.TempPathFactory) -> Path:
    """Build both editions of the real book in English, once in a run; nobody changes them."""

    def make(out: Path) -> None:
        build_all(out, langs=("en",), languages=LANGUAGES)

    return shared(factory, "book", make)


def published(folder: Path, *, stamp: str | None = None) -> None:
    """Make what a build leaves, without building."""
    for edition in EDITIONS:
        for lang in LANGUAGES:
            made = folder / edition_folder(edition, lang)
            made.mkdir(parents=True, exist_ok=True)
            (made / "index.html").write_text("<p>Book", encoding="utf-8")
            (made / STAMP).write_text(stamp or stamp_of(edition, lang))
