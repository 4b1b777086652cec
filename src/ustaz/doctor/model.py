"""One finding, and what all examinations use."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from ustaz.base.desk import is_desk
from ustaz.base.errors import UstazError

MARKS: Final = {"ok": "✓", "note": "•", "problem": "✗"}
#: So many of one kind are named; the rest is counted.
SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes
    ----------
    id : str
        For programs.
    level : str
        ``ok``, ``note`` (worth knowing) or ``problem``.
    message, hint : str
        Messages with placeholders.
    params : dict
        Their values.
    error : UstazError, optional
        What ``{error}`` stands for, in the reader's language.
    """

    id: str
    level: str
    message: str
    hint: str = ""
    params: dict[str, Any] = field(default_factory=dict)
    error: UstazError | None = None

    def sentences(self, translate: Callable[..., str]) -> tuple[str, str]:
        """Return message and hint in the language of `translate`, which fills placeholders."""
        params = dict(self.params)
        if self.error is not None:
            params["error"] = self.error.translated(translate)[0]
        hint = translate(self.hint, **params) if self.hint else ""
        return translate(self.message, **params), hint


def walk(folder: Path) -> Iterator[Path]:
    """Yield everything below a folder, links not followed."""
    for top, folders, files in os.walk(folder, followlinks=False):
        for name in sorted([*folders, *files]):
            yield Path(top) / name


def open_to_others(path: Path) -> bool:
    """Tell whether other accounts of the computer may read or change something."""
    status = path.lstat()
    mode = status.st_mode
    # What the desks of a course share belongs to a group of theirs alone.
    group = 0 if is_desk(status.st_gid) else stat.S_IWGRP
    return bool(mode & (stat.S_IRWXO | group)) and not stat.S_ISLNK(mode)
