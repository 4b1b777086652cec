"""Secrets of a hub directory: made once, readable by the hub's account only."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Final

from ustaz.base import files

BYTES: Final = 32


def secret(state: Path, name: str) -> Path:
    """Return the file of a secret; made with random hexadecimal digits where there is none."""
    path = state / name
    if not path.exists():
        files.write_once(path, secrets.token_hex(BYTES).encode())
    return path
