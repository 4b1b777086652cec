"""Static files: the front-end bundle and the pages' own style, kept packed in memory."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import ustaz_widgets

import ustaz.grading
from ustaz.server.media import GZIP_FROM, pack

#: What the front end and the pages' own folder hold.
SUFFIXES: Final = frozenset(
    {".css", ".js", ".mjs", ".json", ".svg", ".png", ".ico", ".woff2", ".txt"}
)
OWN: Final = Path(__file__).parent / "static"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent."""

    key: tuple[int, int]
    body: bytes
    packed: bytes | None
    version: str


class Assets:
    """Files by name from a few flat folders.

    Parameters
    ----------
    folders : Path
        Searched in order. A file is read again when it changes, so that a rebuilt bundle is
        seen without a restart.
    """

    def __init__(self, *folders: Path) -> None:
        self.folders = folders
        self._lock = threading.Lock()
        self._known: dict[str, Asset] = {}

    @classmethod
    def shipped(cls) -> Assets:
        """Return the files that come with Ustaz."""
        bundle = Path(ustaz_widgets.__file__).parent / "static"
        return cls(OWN, bundle, Path(ustaz.grading.__file__).parent)

    def find(self, name: str) -> Asset | None:
        """Return a file, or None; only plain names of known kinds exist."""
        if "/" in name or "\\" in name or name.startswith(".") or Path(name).suffix not in SUFFIXES:
            return None
        for folder in self.folders:
            path = folder / name
            try:
                status = path.stat()
            except (OSError, ValueError):
                continue
            key = (status.st_mtime_ns, status.st_size)
            with self._lock:
                known = self._known.get(name)
                if known is not None and known.key == key:
                    return known
                body = path.read_bytes()
                packed = pack(body) if len(body) >= GZIP_FROM else None
                if packed is not None and len(packed) >= len(body):
                    packed = None
                known = Asset(key, body, packed, hashlib.sha256(body).hexdigest()[:16])
                self._known[name] = known
                return known
        return None

    def version(self, name: str) -> str:
        """Return the hash of a file's content; ``0`` when it is not there."""
        asset = self.find(name)
        return asset.version if asset else "0"
