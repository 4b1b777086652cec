"""Where a course or a hub may lie: nbgrader and Jupyter read more into a path than its letters."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path
from typing import Final

from ustaz.base.errors import UstazError
from ustaz.messages import N_

#: Patterns of files, variables of the shell, and what an address in a database URL means.
SIGNS: Final = "[]*?$%"


def hindrance(directory: Path) -> str:
    """Return the first sign of a path that stops nbgrader; empty where none does.

    Examples
    --------
    >>> hindrance(Path("/srv/[2026]"))
    '['
    >>> hindrance(Path("/srv/a b {c} \u04d9"))
    ''
    """
    for sign in os.fspath(directory.resolve()):
        if sign in SIGNS:
            return sign
        if unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"}:
            return f"U+{ord(sign):04X}"
    return ""


def refuse_path(directory: Path) -> None:
    """Refuse a path before anything is made there.

    Raises
    ------
    UstazError
        ``bad_path``.
    """
    sign = hindrance(directory)
    if sign:
        shown = "".join(letter if letter.isprintable() else "?" for letter in os.fspath(directory))
        raise UstazError(
            "bad_path",
            N_("The path {path} holds {sign}, which nbgrader may take for something else."),
            N_("Choose a path without it; nothing was made."),
            exit_code=2,
            params={"path": shown, "sign": sign},
        )


def refuse_occupied(directory: Path, *, follow: bool = True) -> None:
    """Refuse to make a directory where something is already.

    Parameters
    ----------
    directory : Path
    follow : bool
        Whether a link to an empty directory will do; else every link is something.

    Raises
    ------
    UstazError
        ``not_empty``.
    """
    if directory.is_symlink() and not follow:
        free = False
    else:
        free = not any(directory.iterdir()) if directory.is_dir() else not directory.exists()
    if not free:
        raise UstazError(
            "not_empty",
            N_("{path} holds something already; nothing was changed."),
            N_("Name a new or an empty directory."),
            exit_code=12,
            params={"path": directory},
        )
