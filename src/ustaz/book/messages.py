"""The texts of the book for translators: which there are, in which catalogue, and what each one is.

A page has a catalogue of its own, named as it is published (``book/modules/focus``). Two more hold
what belongs to no page: the words of all figures, and those around the pages (title of the book,
captions of its contents).
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from ustaz.base.files import write_once
from ustaz.book.cache import cache_folder
from ustaz.book.errors import BookError
from ustaz.book.figures import figures, words_of
from ustaz.book.settings import FACILITATOR, PACKAGE, TOC_FILES, read_config
from ustaz.book.translations import FIGURES, PREFIX, REFERENCES, SHARED

_NOTE: Final = re.compile(r"^\s*note\s*=\s*\{(.*)\},?\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Text:
    """One text to translate.

    Attributes
    ----------
    text : str
        The English, with its MyST markup.
    note : str
        What it is on its page; may be empty.
    """

    text: str
    note: str = ""


def texts(root: Path) -> dict[str, list[Text]]:
    """Return the texts of a book by catalogue, each one once, in the order of the page."""
    catalogues = {page: [Text(*entry) for entry in entries] for page, entries in _pages(root)}
    catalogues[FIGURES] = _unique(_figure_texts(root))
    catalogues[SHARED] = _unique(_shared_texts(root))
    if REFERENCES in catalogues:
        catalogues[REFERENCES] = _unique([*catalogues[REFERENCES], *_note_texts(root)])
    return {PREFIX + name: catalogues[name] for name in sorted(catalogues) if catalogues[name]}


def _unique(entries: list[Text]) -> list[Text]:
    notes: dict[str, list[str]] = {}
    for entry in entries:
        notes.setdefault(entry.text, []).append(entry.note)
    return [Text(text, "; ".join(dict.fromkeys(of_text))) for text, of_text in notes.items()]


def _figure_texts(root: Path) -> list[Text]:
    return [
        Text(words, f"{path.name}, {'label' if element == 'text' else element}")
        for path in figures(root)
        for words, element in words_of(path.read_text(encoding="utf-8"))
    ]


def _shared_texts(root: Path) -> list[Text]:
    entries = [Text(read_config(root)["title"], "title of the book")]
    for name in TOC_FILES.values():
        if (root / name).is_file():
            contents = yaml.safe_load((root / name).read_text(encoding="utf-8"))
            entries += [
                Text(part["caption"], "caption of a part of the contents")
                for part in contents.get("parts", [])
                if part.get("caption")
            ]
    return entries


def _note_texts(root: Path) -> list[Text]:
    return [
        Text(note, "note of a source")
        for name in read_config(root).get("bibtex_bibfiles", [])
        for note in _NOTE.findall((root / name).read_text(encoding="utf-8"))
    ]


def _pages(root: Path) -> Iterator[tuple[str, list[list[str]]]]:
    """Yield each page with its texts; kept until a source or the program changes."""
    folder = cache_folder(root) / "texts"
    digest = _digest(root)
    kept = folder / f"{digest}.json"
    if not kept.is_file():
        extracted = _extracted(root)
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("*.json"):
            old.unlink(missing_ok=True)
        write_once(kept, extracted.encode())
    yield from json.loads(kept.read_text(encoding="utf-8")).items()


def _digest(root: Path) -> str:
    """Return a digest of all that decides which texts there are."""
    digest = hashlib.sha256()
    names = [root / "_config.yml", *(root / name for name in TOC_FILES.values())]
    for folder, pattern in (
        (root / "book", "*.md"),
        (root / "book", "*.bib"),
        (root / "facilitator_notes", "*.md"),
        (PACKAGE, "*.py"),
    ):
        names += sorted(folder.rglob(pattern))
    for path in names:
        if path.is_file():
            digest.update(f"{path}\0{path.stat().st_size}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:32]


def _extracted(root: Path) -> str:
    """Run Sphinx over all pages of the larger edition; return what the builder has written."""
    from ustaz.book.text_builder import TEXTS  # Sphinx only where it is used

    with tempfile.TemporaryDirectory(prefix="ustaz-book-") as work:
        command = [sys.executable, "-m", "sphinx", "-b", "gettext", "-t", FACILITATOR]
        command += ["-W", "--keep-going", "-q", "--no-color", "-c", str(root / "book" / "_sphinx")]
        command += ["-d", f"{work}/doctrees", str(root), f"{work}/texts"]
        done = subprocess.run(
            command,
            cwd=root,
            env=os.environ | {"PYTHONPATH": str(PACKAGE.parents[1])},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        if done.returncode:
            raise BookError(
                "book_faults",
                f"The book has faults:\n{done.stderr.strip()}",
                "Each line names the file and the line. No catalogue was changed.",
            )
        return Path(work, "texts", TEXTS).read_text(encoding="utf-8")
