"""Secrets of a hub directory: made once, readable by the hub's account only."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path
from typing import Final

BYTES: Final = 32


def secret(state: Path, name: str) -> Path:
    """Return the file of a secret; made with random hexadecimal digits where there is none."""
    path = state / name
    with contextlib.suppress(FileExistsError):
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(handle, secrets.token_hex(BYTES).encode())
            os.fsync(handle)
        finally:
            os.close(handle)
    return path
