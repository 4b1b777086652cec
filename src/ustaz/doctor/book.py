"""Examination of the book that people of a course or a hub read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ustaz.base.errors import UstazError
from ustaz.book.place import book_folder, build_command, state
from ustaz.doctor.model import Finding
from ustaz.messages import N_


def book(directory: Path, *, missing: str = "problem") -> Iterator[Finding]:
    """Look whether the book is there, whole, and of this very version.

    Parameters
    ----------
    directory : Path
        A hub, or a course that is in none.
    missing : str
        The level of the finding that there is none.
    """
    folder = book_folder(directory)
    params = {"command": build_command(directory, folder)}
    try:
        stand = state(folder)
    except UstazError as error:  # its sources are not here
        yield Finding("no_book_sources", "problem", error.message, error.hint)
        return
    if stand == "missing":
        yield Finding(
            "no_book",
            missing,
            N_("The book is not built: people find a page without it."),
            N_("Build it: {command}"),
            params,
        )
    elif stand == "old":
        yield Finding(
            "old_book",
            "note",
            N_("The book is of another version than this program."),
            N_("Build it anew; people can go on reading meanwhile: {command}"),
            params,
        )
    else:
        yield Finding("book", "ok", N_("The book is built."))
