"""The built book under ``book/``: files of one folder, and nothing outside of it.

The book is ours, so its own inline scripts may run: each by its hash, computed from the page that
is sent. Nothing may be loaded from elsewhere.
"""

from __future__ import annotations

import base64
import hashlib
import re
import threading
from collections import OrderedDict
from pathlib import Path
from typing import Final
from urllib.parse import quote

from ustaz.book.place import build_command, home_of
from ustaz.server import problem_texts
from ustaz.server.http import HTTPProblem, Request, Response, redirect
from ustaz.server.media import GZIP_FROM, MEDIA_TYPES, pack
from ustaz.server.views.homes import book_manifest, edition_for

LARGEST: Final = 64 * 1024 * 1024
KEPT: Final = 64
WHOLE_BOOKS: Final = (".pdf", ".zip")
SCRIPT: Final = re.compile(
    rb"<script(?P<attributes>[^>]*)>(?P<body>.*?)</script>", re.DOTALL | re.IGNORECASE
)
FACILITATOR: Final = "facilitator"


def policy(html: bytes = b"") -> str:
    """Return the policy of a page of the book."""
    hashes = {
        "'sha256-" + base64.b64encode(hashlib.sha256(match["body"]).digest()).decode() + "'"
        for match in SCRIPT.finditer(html)
        if match["body"].strip() and b"src=" not in match["attributes"].lower()
    }
    scripts = " ".join(["'self'", *sorted(hashes)])
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    )


class Packed:
    """The last pages that were sent, packed once.

    Keyed by the file's very state, so that a new build is seen at once.
    """

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._lock = threading.Lock()
        self._pages: OrderedDict[tuple[str, int, int], tuple[bytes, bytes | None, str]] = (
            OrderedDict()
        )

    def read(self, path: Path, key: tuple[str, int, int]) -> tuple[bytes, bytes | None, str]:
        """Return a file's bytes, its packed bytes where that helps, and its policy."""
        with self._lock:
            if key in self._pages:
                self._pages.move_to_end(key)
                return self._pages[key]
        body = path.read_bytes()
        packed = pack(body) if len(body) >= GZIP_FROM else None
        if packed is not None and len(packed) > 0.95 * len(body):
            packed = None
        page = (body, packed, policy(body) if path.suffix == ".html" else policy())
        with self._lock:
            self._pages[key] = page
            while len(self._pages) > self._kept:
                self._pages.popitem(last=False)
        return page


_PACKED: Final = Packed()


def resolve(root: Path, address: str) -> Path | None:
    """Return the regular file that an address names inside `root`, or None.

    Links that lead out, hidden files, ``..`` and anything that no plain address holds are as if
    they were not there.
    """
    parts = address.split("/")
    if any(
        part in {"", ".", ".."} or part.startswith(".") or not part.isprintable() or "\\" in part
        for part in parts
    ):
        return None
    if sum(len(part.encode("utf-8", "replace")) + 1 for part in parts) > 1024:
        return None
    try:
        path = root.joinpath(*parts).resolve(strict=True)
        inside = path.is_relative_to(root.resolve(strict=True))
    except (OSError, ValueError, RuntimeError):
        return None
    return path if inside and path.is_file() and path.suffix in MEDIA_TYPES else None


def book(request: Request) -> Response:
    """Serve the book: the reader's edition at its top, then plain files."""
    root, address = request.site.book_dir, request.params["path"]
    if not address:
        return redirect(front_page(request))
    who = request.identity
    if address.split("/")[0] == FACILITATOR and edition_for(who) != FACILITATOR:
        raise HTTPProblem(403, "not_yours")
    if address.endswith("/"):
        address += "index.html"
    elif resolve(root, f"{address}/index.html"):
        return redirect(request.site.base + "book/" + quote(address) + "/")
    path = resolve(root, address)
    if path is None:
        front_page(request)  # where there is no book at all, that is what is said
        raise HTTPProblem(404, "no_page")
    status = path.stat()
    if status.st_size > LARGEST:
        raise HTTPProblem(404, "no_page")
    tag = f'"{status.st_mtime_ns:x}-{status.st_size:x}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    kind = MEDIA_TYPES[path.suffix]
    if request.query.get("v"):  # Sphinx puts a file's hash there
        headers["Cache-Control"] = "private, max-age=31536000"
    if tag in request.headers.get("If-None-Match", ""):
        return Response(304, b"", kind, headers, policy())
    if path.suffix in WHOLE_BOOKS:  # packed already, and too large to be kept for the next one
        return Response(200, path.read_bytes(), kind, headers, policy())
    body, packed, csp = _PACKED.read(path, (str(path), status.st_mtime_ns, status.st_size))
    return Response(200, body, kind, headers, csp, packed=packed)


def front_page(request: Request) -> str:
    """Return the address of the reader's edition; English stands in for what is not built."""
    wished = edition_for(request.identity)
    for edition in dict.fromkeys((wished, "learner")):
        for lang in dict.fromkeys((request.lang, "en")):
            folder = f"{FACILITATOR}/{lang}" if edition == FACILITATOR else lang
            if book_manifest(request.site.book_dir / folder) is not None:
                return f"{request.site.base}book/{folder}/"
    raise _no_book(request)


def _no_book(request: Request) -> HTTPProblem:
    """Say that there is no book, with the command to those who can have it built."""
    who = request.identity
    if who is None or not who.has("staff", "operator"):
        return HTTPProblem(404, "no_book")
    command = build_command(home_of(request.site.course.dir), request.site.book_dir)
    return HTTPProblem(404, "no_book", texts=problem_texts.NO_BOOK_STAFF, command=command)


def missing(request: Request) -> problem_texts.Texts | None:
    """Return what to say in the place of the book; None where somebody's edition is there."""
    try:
        front_page(request)
    except HTTPProblem as problem:
        return problem_texts.texts(request.words, problem)
    return None


def in_another_language(request: Request) -> bool:
    """Tell whether a book is there, but not in the language of whoever asks."""
    try:
        return not front_page(request).endswith(f"/{request.lang}/")
    except HTTPProblem:
        return False
