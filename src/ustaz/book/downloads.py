"""The PDF and the zip of each edition and language, which its pages offer to take home.

They lie beside the editions: ``downloads/`` for learners, and ``facilitator/downloads/``, which is
guarded as the facilitators' pages are. A page offers a file only while it is made of the same
sources as the page.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ustaz.book.settings import FACILITATOR

FOLDER: Final = "downloads"
#: Which sources each file was made of; hidden, so that no server gives it out.
RECORD: Final = ".made.json"
PDF: Final = "pdf"
ZIP: Final = "zip"
KINDS: Final = (PDF, ZIP)


@dataclass(frozen=True, slots=True)
class Download:
    """A file that an edition offers: its name, its kind, its size in bytes."""

    name: str
    kind: str
    size: int


def folder_of(site: Path, edition: str) -> Path:
    """Return the folder of an edition's files inside the site."""
    return site / FACILITATOR / FOLDER if edition == FACILITATOR else site / FOLDER


def file_name(edition: str, lang: str, kind: str) -> str:
    """Return the name of a file, which says what is in it wherever somebody saves it."""
    return f"ustaz-book-{edition}-{lang}.{kind}"


def current(site: Path, edition: str, lang: str, stamp: str) -> tuple[Download, ...]:
    """Return the files of an edition that are made of the sources with this stamp."""
    folder = folder_of(site, edition)
    record = record_of(folder)
    files = []
    for kind in KINDS:
        name = file_name(edition, lang, kind)
        if record.get(name) == stamp and (folder / name).is_file():
            files.append(Download(name, kind, (folder / name).stat().st_size))
    return tuple(files)


def as_setting(files: Iterable[Download]) -> str:
    """Return files as a setting of Sphinx."""
    return json.dumps([[file.name, file.kind, file.size] for file in files])


def from_setting(text: str) -> list[Download]:
    """Return the files of a setting of Sphinx."""
    return [Download(*parts) for parts in json.loads(text or "[]")]


def record_of(folder: Path) -> dict[str, str]:
    """Return the stamp of the sources that each file of a folder was made of."""
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}
