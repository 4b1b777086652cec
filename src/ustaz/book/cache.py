"""Where builds keep what they need not make twice; it can be removed at any time.

It holds pickled pages of both editions. So it lies in the person's own cache folder, never beside a
site that somebody serves, and is for the sources and the program that made it alone.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Final

#: Names another folder than the one of the system's user.
CACHE_ENV: Final = "USTAZ_CACHE"


def cache_folder(root: Path) -> Path:
    """Return the folder for the book whose sources are in `root`; it need not be there."""
    chosen = os.environ.get(CACHE_ENV)
    if chosen:
        base = Path(chosen)
    else:
        home = os.environ.get("XDG_CACHE_HOME")
        base = (Path(home) if home else Path("~/.cache").expanduser()) / "ustaz"
    name = hashlib.sha256(os.fsencode(root.resolve())).hexdigest()[:16]
    return base.absolute() / "book" / name
