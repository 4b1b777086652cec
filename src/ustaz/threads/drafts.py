"""What somebody has begun to write and not sent: one small file a person, theirs alone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from filelock import FileLock

from ustaz.base import clock, files
from ustaz.base.ids import PERSON_ID
from ustaz.threads.store import FOLDER

DRAFTS: Final = f"{FOLDER}/drafts"
#: A thread, or ``new``.
KEY: Final = re.compile(r"(new|[0-9a-f]{12})\Z")
#: More than can be sent, so that nothing is cut off that has to be shortened.
MOST_TEXT: Final = 8000
MOST_DRAFTS: Final = 60


@dataclass(frozen=True, slots=True)
class Draft:
    """A text that is not sent; `to` is whom it is for, as the form says it."""

    text: str
    to: str = ""
    at: str = ""


def path_of(directory: Path, person: str) -> Path:
    """Return the file of a person's drafts."""
    if not PERSON_ID.match(person):
        raise ValueError("not a person id")
    return directory / DRAFTS / f"{person}.json"


def read(directory: Path, person: str) -> dict[str, Draft]:
    """Return a person's drafts by their key; none where the file cannot be read."""
    try:
        value = json.loads(path_of(directory, person).read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    drafts = {}
    for key, entry in value.items() if isinstance(value, dict) else ():
        if KEY.match(key) and isinstance(entry, dict) and isinstance(entry.get("text"), str):
            drafts[key] = Draft(entry["text"], str(entry.get("to", "")), str(entry.get("at", "")))
    return drafts


def keep(
    directory: Path,
    person: str,
    key: str,
    text: str,
    to: str = "",
    *,
    is_sent: Callable[[], bool] = lambda: False,
) -> bool:
    """Keep a draft, or remove it where nothing stands in it; tell whether it could be kept.

    Parameters
    ----------
    is_sent : callable
        Whether the draft's message is sent meanwhile: then there is none to keep. It is asked while
        nobody else writes, so that who sends a message and then removes its draft removes the last.
    """
    if not KEY.match(key) or len(text) > MOST_TEXT or len(to) > 200:
        return False
    path = path_of(directory, person)
    files.make_folder(path.parent)
    with FileLock(path.with_suffix(".lock"), timeout=10, mode=0o600):
        if is_sent():
            return True
        drafts = read(directory, person)
        drafts.pop(key, None)
        if text.strip():
            if len(drafts) >= MOST_DRAFTS:
                return False
            drafts[key] = Draft(text, to, clock.stamp())
        if drafts:
            content = {name: asdict(draft) for name, draft in drafts.items()}
            files.replace(path, (json.dumps(content, ensure_ascii=False) + "\n").encode())
        else:
            path.unlink(missing_ok=True)
    return True
