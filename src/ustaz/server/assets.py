"""Static files: the front-end bundle and the pages' own style, kept packed in memory."""

from __future__ import annotations

import hashlib
import re
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import ustaz_widgets

import ustaz.grading
from ustaz.server.http import GZIP_FROM, Refusal, Reply, Visit, pack

TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}
#: Named by its content already: a part of the page that comes after its first words.
NAMED_BY_CONTENT: Final = re.compile(r"-[A-Z0-9]{8}\.js\Z")
FOR_EVER: Final = "private, max-age=31536000, immutable"
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
        if "/" in name or "\\" in name or name.startswith(".") or Path(name).suffix not in TYPES:
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


def static_file(visit: Visit) -> Reply:
    """Serve ``static/<name>``; for ever when the address carries the content's hash."""
    name = visit.params["name"]
    asset = visit.site.assets.find(name)
    if asset is None:
        raise Refusal(404, "no_page")
    headers = {"ETag": f'"{asset.version}"', "Vary": "Accept-Encoding"}
    fixed = NAMED_BY_CONTENT.search(name) or visit.query.get("v") == asset.version
    headers["Cache-Control"] = FOR_EVER if fixed else "private, no-cache"
    kind = TYPES[Path(name).suffix]
    if f'"{asset.version}"' in visit.headers.get("If-None-Match", ""):
        return Reply(304, b"", kind, headers)
    return Reply(200, asset.body, kind, headers, packed=asset.packed)
