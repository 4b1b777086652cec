"""Whether a course can do its work, for whoever watches over the computer: no sign-in, no names.

Anybody may ask as often as they like, so an answer is kept for some seconds.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from ustaz.admin.edited_files import faults_of
from ustaz.base.errors import UstazError
from ustaz.base.version import __version__
from ustaz.book.place import state
from ustaz.course import Course
from ustaz.server.http import Request, Response, json_response

KEPT_SECONDS: Final = 5.0
#: Below the first a save may fail at any moment; below the second somebody should look.
FULL: Final = 50 * 1024 * 1024
LOW: Final = 500 * 1024 * 1024

Checks = dict[str, str]


def health(request: Request) -> Response:
    """Answer 200 where people can work, 503 where they cannot.

    "degraded" is both: where they cannot, and where the state before goes on because a file that
    somebody changed cannot be used.
    """
    checks = _kept(request.site.course)
    body = {
        "status": "ok" if well(checks) else "degraded",
        "version": __version__,
        "checks": checks,
        # Nobody's work depends on it.
        "book": book(request.site.book_dir),
    }
    return json_response(body, 200 if working(checks) else 503)


def book(folder: Path) -> str:
    """Tell whether the book is ``ok``, of another version (``old``), or ``missing``."""
    key = f"book {folder}"
    with _looking:
        then, known = _seen.get(key, (0.0, {}))
        now = time.monotonic()
        if not known or now - then > KEPT_SECONDS:
            try:
                known = {"book": state(folder)}
            except (OSError, UstazError):
                known = {"book": "missing"}
            _seen[key] = (now, known)
    return known["book"]


def working(checks: Checks) -> bool:
    """Tell whether people can read and save."""
    return all(check in {"ok", "low", "old"} for check in checks.values())


def well(checks: Checks) -> bool:
    """Tell whether nobody need look after it."""
    return all(check in {"ok", "low"} for check in checks.values())


def examine(course: Course) -> Checks:
    """Look at a course: a word for each thing that people's work depends on."""
    roster = _tried(lambda: len(course.people))
    return {
        "store": _tried(lambda: _write(course)),
        "space": _space(course),
        "roster": "old" if roster == "ok" and course.roster_fault else roster,
        "files": _files(course),
    }


def _files(course: Course) -> str:
    try:
        return "old" if faults_of(course) else "ok"
    except (OSError, ValueError):
        return "failed"


def kept_checks(course: Course) -> Checks:
    """Return what was found some seconds ago at most."""
    return _kept(course)


def _tried(look: Callable[[], object]) -> str:
    try:
        look()
    except (OSError, UstazError, ValueError):
        return "failed"
    return "ok"


def _write(course: Course) -> None:
    """Write where answers are written, and read it back."""
    folder = course.people_dir if course.people_dir.is_dir() else course.dir
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".tmp-health-", suffix=".tmp") as handle:
        handle.write(b"ok")
        handle.flush()
        if os.pread(handle.fileno(), 2, 0) != b"ok":
            raise OSError("read back something else")
    if course.database:
        course.store.places()  # asks the database


def _space(course: Course) -> str:
    try:
        free = shutil.disk_usage(course.dir).free
    except OSError:
        return "failed"
    return "full" if free < FULL else "low" if free < LOW else "ok"


_seen: dict[str, tuple[float, Checks]] = {}
_looking = threading.Lock()


def _kept(course: Course) -> Checks:
    key = os.fspath(course.dir)
    with _looking:
        then, checks = _seen.get(key, (0.0, {}))
        now = time.monotonic()
        if not checks or now - then > KEPT_SECONDS:
            checks = examine(course)
            _seen[key] = (now, checks)
    return checks
