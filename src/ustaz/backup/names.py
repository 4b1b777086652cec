"""Which names are copied, which are left out on purpose, and which may never be unpacked.

Whatever a person called a file is kept. Only what our own programs leave behind is left out, and it
is known by its name *and* its place: ``uv.lock`` or ``diary.log`` among the sources is somebody's.
"""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path
from typing import Final

from ustaz.admin.edited_files import LEDGERS
from ustaz.base.desk import BOOK, FILE
from ustaz.messages import N_
from ustaz.surveys import FOLDER as SURVEYS
from ustaz.surveys.rounds import OPEN_SUFFIX

#: What the systems of today take: bytes a part, bytes a path below the directory, folders deep.
MAX_PART: Final = 255
MAX_NAME: Final = 3500
MAX_DEPTH: Final = 64
#: Signs that mean something else to Windows than a part of a name.
_NOT_ON_WINDOWS: Final = frozenset('\\:*?"<>|')
#: Categories of signs that a terminal or a list would obey instead of showing them.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})

#: Reason -> how the paths are introduced.
LEFT_OUT: Final = {
    "book": N_("Left out, since the book is built again"),
    "cache": N_("Left out, since programs keep it only to be quicker"),
    "environment": N_("Left out, since these are installed programs"),
    "log": N_("Left out, since these are logs"),
    "lock": N_("Left out, since these are locks"),
    "survey": N_("Left out, since two backups would tell who answered what in a survey"),
    "temporary": N_("Left out, since these are half-written files of Ustaz"),
}
_CACHES: Final = frozenset({"__pycache__", ".ipynb_checkpoints", ".cache", "node_modules"})
#: Folders of a course, and of a hub, in which our programs alone write.
_OURS_OF_A_COURSE: Final = frozenset(
    {"exchange", "state", SURVEYS, *(ledger.partition("/")[0] for ledger in LEDGERS)}
)
_OURS_OF_A_HUB: Final = frozenset({"state"})
#: nbgrader writes here, and calls folders by names and times of its own.
_NBGRADERS: Final = ("exchange/nbgrader/", "exchange/cache/")
_DOCUMENT: Final = re.compile(
    r"(\.answers\.lock|\.files\.lock|(answers|journal)[a-z0-9.-]*\.tmp"
    r"|\.([0-9a-f]{64}(\.json)?|[0-9]{8}|upload\.json)\.[0-9a-f]{8}\.tmp)\Z"
)
_SWAPPED_IN: Final = re.compile(r".+\.[0-9a-f]{8}\.(restoring\.)?tmp\Z")
_ANYWHERE: Final = re.compile(r"(\.nfs[0-9a-f]{16,}|\.tmp-health-\w+\.tmp|\.ustaz-\w+\.tmp)\Z")
_COURSE_LOG: Final = re.compile(r"(jupyter|\.?nbgrader)\.log(\.[0-9]+)?(\.gz)?\Z")
_HUB_LOG: Final = re.compile(r"(state/)?[^/]+\.log(\.[0-9]+)?(\.gz)?\Z")
_OPEN_SURVEY: Final = re.compile(rf"{SURVEYS}/[0-9a-f]{{12}}{re.escape(OPEN_SUFFIX)}\Z")
_SQLITE: Final = re.compile(r"(.+\.(db|sqlite|sqlite3))-(wal|shm|journal)\Z")


def safe(name: str) -> bool:
    """Tell whether a relative path may be written anywhere: every name but a trick.

    A trick leads out of the directory, or holds a control character. Names that are not UTF-8 (a
    zip of an old Windows, unpacked) are kept as Python reads them, with their bytes escaped.
    """
    parts = name.split("/")
    try:
        size = len(os.fsencode(name))
    except UnicodeEncodeError:
        return False
    return size <= MAX_NAME and len(parts) <= MAX_DEPTH and all(_safe_part(part) for part in parts)


def _safe_part(part: str) -> bool:
    if part in {"", ".", ".."} or len(os.fsencode(part)) > MAX_PART:
        return False
    if any(unicodedata.category(char) == "Cc" for char in part):
        return False
    if os.name == "nt":
        return not (_NOT_ON_WINDOWS & set(part) or part.endswith((" ", ".")))
    return True


def shown(name: str) -> str:
    r"""Return a name as a list or a terminal may show it: what would be obeyed is escaped.

    Examples
    --------
    >>> shown("source/bad\nname.txt")
    'source/bad\\nname.txt'
    """
    return "".join(
        char.encode("unicode_escape").decode() if unicodedata.category(char) in _UNSEEN else char
        for char in name
    )


def reason(path: Path, name: str, *, folder: bool, course: bool) -> str:
    """Return why a file or folder is left out on purpose; empty when it is kept.

    Parameters
    ----------
    path : Path
        Where it lies; looked at only where the name alone does not tell.
    name : str
        Relative to the course's or the hub's own directory.
    course : bool
        Whether that directory is a course.
    """
    last = name.rpartition("/")[2]
    if _ANYWHERE.match(last):
        return "temporary"
    if name == "book" and (folder or path.is_symlink()):  # perhaps to one that several share
        return "book"
    if folder:
        return _reason_of_folder(path, name, last, course=course)
    database = _SQLITE.match(last)
    # The copy of a database is made by SQLite itself, with what waits in these.
    if database and path.with_name(database[1]).is_file():
        return "temporary"
    if course and _OPEN_SURVEY.match(name):
        return "survey"
    if (_COURSE_LOG if course else _HUB_LOG).match(name):
        return "log"
    return _reason_of_ours(name, last, folder=False, course=course)


def is_ledger(name: str, *, course: bool) -> bool:
    """Tell whether a file is one of our append-only records, of which a torn line may be cut.

    They lie in a folder of their own below a course's or a hub's directory; somebody's
    ``source/lesson/words.jsonl`` is what its author makes of it.
    """
    folder = name.rpartition("/")[0]
    return name.endswith(".jsonl") and folder in ((*LEDGERS, "state") if course else ("state",))


def is_our_database(name: str, *, course: bool) -> bool:
    """Tell whether a file is a database of ours: the gradebook, or the hub's accounts."""
    if not name.endswith((".db", ".sqlite", ".sqlite3")):
        return False
    return name in {FILE, f"{BOOK}/{FILE}"} if course else name.startswith("state/")


def _reason_of_folder(path: Path, name: str, last: str, *, course: bool) -> str:
    if last in _CACHES:
        return "cache"
    if last == ".venv" or (path / "pyvenv.cfg").is_file():
        return "environment"
    if not course and name in {"logs", "state/logs"}:
        return "log"
    if _SWAPPED_IN.match(last):
        return "temporary"
    return _reason_of_ours(name, last, folder=True, course=course)


def _reason_of_ours(name: str, last: str, *, folder: bool, course: bool) -> str:
    """Return what our programs left where they alone write."""
    top, _, rest = name.partition("/")
    if course and top == "people" and rest:
        if not _DOCUMENT.match(last):
            return ""
    elif name.startswith(_NBGRADERS):
        return ""
    elif last == ".people.csv.tmp" and not rest:
        return "temporary"
    elif top not in (_OURS_OF_A_COURSE if course else _OURS_OF_A_HUB) or not rest:
        return ""
    if last.endswith((".lock", ".pid")) and not folder:
        return "lock"
    return "temporary" if last.endswith(".tmp") else ""
