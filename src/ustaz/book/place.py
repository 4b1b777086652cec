"""The book of a course or hub directory: where it lies, which command builds it, how it stands."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import Final, Literal

from ustaz.book.build import STAMP, edition_folder, stamp_of
from ustaz.book.settings import EDITIONS, LANGUAGES
from ustaz.database import hub_around

#: Names another folder of the built book than ``book`` in the directory.
BOOK_ENV: Final = "USTAZ_BOOK"
FOLDER: Final = "book"

State = Literal["ok", "old", "missing"]


def home_of(course: Path) -> Path:
    """Return the directory whose book a course's people read: its hub's, or its own."""
    return hub_around(course) or course.resolve()


def book_folder(directory: Path) -> Path:
    """Return where the built book of a directory lies, whether it is there or not."""
    return Path(os.environ.get(BOOK_ENV) or directory / FOLDER).resolve()


def build_command(directory: Path, folder: Path) -> str:
    """Return what an operator types to have the book in `folder`, which is the directory's."""
    command = f"ustaz book build {shlex.quote(str(directory))}"
    if folder == (directory / FOLDER).resolve():
        return command
    return f"{BOOK_ENV}={shlex.quote(str(folder))} {command}"


def state(folder: Path) -> State:
    """Tell whether every edition is there, and made of the very sources that this program has."""
    stamps = []
    for edition in EDITIONS:
        for lang in LANGUAGES:
            built = folder / edition_folder(edition, lang)
            try:
                there = (built / "index.html").is_file()
                stamp = (built / STAMP).read_text(encoding="ascii") if there else None
            except (OSError, ValueError):
                stamp = "" if there else None
            if stamp is None:
                return "missing"
            stamps.append(stamp == stamp_of(edition, lang))
    return "ok" if all(stamps) else "old"
