"""Take all that is mine: one's own data as a file, without asking an operator."""

from __future__ import annotations

import logging
import subprocess
import sys
import tempfile
from pathlib import Path
from threading import BoundedSemaphore
from typing import Final

from ustaz.base.throttle import Limit
from ustaz.server.http import API_CSP, HTTPProblem, Request, Response

log = logging.getLogger("ustaz.mine")

#: Knows every place where something of a person is; it uses this room, so it is another process.
MODULE: Final = "ustaz.privacy.own_copy"
MOST: Final = 64 * 1024 * 1024
"""Bytes of one copy; evidence of a year stays below."""
SECONDS: Final = 120
AT_ONCE: Final = 2
TOO_MUCH: Final = 3
_slots: Final = BoundedSemaphore(AT_ONCE)


def copies_of(person: str) -> Limit:
    """Return what the copies of a person are counted for: three at once, then one in 20 minutes."""
    return Limit(f"mine:{person}", 3, 1200.0)


def take(request: Request) -> Response:
    """Return everything that is kept of whoever asks, in this course."""
    who = request.who
    if request.form.get("do") != "take":
        raise HTTPProblem(400, "bad_request")
    request.count(copies_of(who.person))
    if not _slots.acquire(blocking=False):
        raise HTTPProblem(429, "too_many", seconds=30)
    try:
        data = _copy(request.site.course.dir, who.person)
    finally:
        _slots.release()
    name = f"{request.site.course.id}-{who.person}.zip"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
    return Response(200, data, "application/zip", headers, API_CSP)


def _copy(course: Path, person: str) -> bytes:
    with tempfile.TemporaryDirectory(prefix="ustaz-mine-") as folder:
        archive = Path(folder) / "copy.zip"
        command = [sys.executable, "-m", MODULE, str(course), person, str(archive), str(MOST)]
        try:
            # What it might say could be somebody's words; the code says enough.
            ended = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            log.warning("a copy of somebody's data took longer than %d s", SECONDS)
            raise HTTPProblem(503, "not_taken") from None
        if ended.returncode == TOO_MUCH:
            raise HTTPProblem(413, "too_much_to_take")
        if ended.returncode or not archive.is_file():
            log.warning("a copy of somebody's data ended with %d", ended.returncode)
            raise HTTPProblem(503, "not_taken")
        return archive.read_bytes()
