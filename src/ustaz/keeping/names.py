"""Which names are copied, which are left out on purpose, and which may never be unpacked."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

#: Signs that a name may hold besides letters and digits of any script.
_SIGNS: Final = frozenset(" ._-+@=,()[]{}'!#$%&;~^")
_MARKS: Final = frozenset({"Mn", "Mc"})
MAX_PART: Final = 200
MAX_NAME: Final = 1000
MAX_DEPTH: Final = 16

#: Reason -> what it is, for the archive's list.
LEFT_OUT: Final = {
    "book": "the built book; it is built again",
    "cache": "what programs keep to be quicker",
    "environment": "installed programs",
    "log": "logs",
    "lock": "locks",
    "temporary": "half-written files",
}
_CACHES: Final = frozenset({"__pycache__", ".ipynb_checkpoints", ".cache", "node_modules"})
_ENVIRONMENTS: Final = frozenset({".venv", "venv", ".git"})
_LOG: Final = re.compile(r".*\.log(\.[0-9]+)?(\.gz)?\Z")
_LOCK: Final = re.compile(r".*\.(lock|pid|sock)\Z")
_TEMPORARY: Final = re.compile(r"(.*\.tmp|\.tmp.*|\.~.*|.*~|.*\.sw[op]|\.nfs.*|\.ustaz-.*)\Z")
_SQLITE: Final = re.compile(r".*\.(db|sqlite|sqlite3)-(wal|shm|journal)\Z")
#: A drop box of nbgrader's own, and folders that only hold what programs write.
_LOG_FOLDERS: Final = frozenset({"logs", "log"})


def safe(name: str) -> bool:
    """Tell whether a relative path may be written anywhere: ids, notebooks, titles; no tricks."""
    parts = name.split("/")
    return (
        0 < len(name.encode("utf-8", "replace")) <= MAX_NAME
        and len(parts) <= MAX_DEPTH
        and all(_safe_part(part) for part in parts)
    )


def _safe_part(part: str) -> bool:
    if not part or len(part.encode("utf-8", "replace")) > MAX_PART or part in {".", ".."}:
        return False
    if part != part.strip(" ") or part.endswith("."):
        return False
    return all(
        one.isalnum() or one in _SIGNS or unicodedata.category(one) in _MARKS for one in part
    )


def reason(name: str, *, folder: bool, course: bool) -> str:
    """Return why a file or folder is left out on purpose; empty when it is kept.

    Parameters
    ----------
    name : str
        Relative to the course's or the hub's own directory.
    course : bool
        Whether that directory is a course.
    """
    top, _, rest = name.partition("/")
    last = name.rpartition("/")[2]
    if folder:
        if course and name == "book":
            return "book"
        if last in _CACHES:
            return "cache"
        if last in _ENVIRONMENTS:
            return "environment"
        if last in _LOG_FOLDERS and (not rest or top == "state"):
            return "log"
        return "temporary" if _TEMPORARY.match(last) else ""
    if _LOCK.match(last):
        return "lock"
    if _TEMPORARY.match(last) or _SQLITE.match(last):
        return "temporary"
    if _LOG.match(last) and top != "people":
        return "log"
    return ""
