"""What counts after a backup was brought back: no second report of the same answers.

A backup knows neither the answers of a round that was open when it was made, nor a round that began
afterwards. Either may have ended in a report that people have read; asked again at once, the same
people would be told apart by the difference of both. So such a round has ended without a result,
and for as long as between any two rounds none begins, unless course staff are sure.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ustaz.base import files

NAME: Final = "restored.json"
#: No survey begins, is answered and ends in less: a younger backup has missed none.
UNSEEN: Final = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Restored:
    """What is known of the last time that a backup was brought back.

    Attributes
    ----------
    day : date
    unseen : bool
        A whole round may be missing in it.
    ended : frozenset of str
        Ids of rounds that were open in a backup.
    """

    day: dt.date
    unseen: bool
    ended: frozenset[str]


def read(folder: Path) -> Restored | None:
    """Return what stands in a folder of surveys; None where no backup was brought back."""
    try:
        value = json.loads((folder / NAME).read_bytes())
        day = dt.date.fromisoformat(value["day"])
        return Restored(day, value["unseen"] is True, frozenset(map(str, value["ended"])))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def note(folder: Path, backed_up: dt.datetime, now: dt.datetime) -> None:
    """Note that a backup was brought back, and end the rounds that are open in it.

    Parameters
    ----------
    folder : Path
        Of surveys, in a course that nobody uses yet.
    backed_up, now : datetime
        When the backup was made, and the time now.
    """
    before = read(folder)
    open_rounds = {path.stem for path in folder.glob("*.json") if _is_open(path)}
    unseen = now - backed_up > UNSEEN
    if before is not None:
        open_rounds |= before.ended
        unseen |= before.unseen
    if not open_rounds and not unseen:
        return
    value: dict[str, Any] = {
        "day": now.date().isoformat(),
        "unseen": unseen,
        "ended": sorted(open_rounds),
    }
    files.make_folder(folder)
    files.replace(folder / NAME, (json.dumps(value) + "\n").encode())


def _is_open(path: Path) -> bool:
    try:
        value = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(value, dict) and "codes" in value and value.get("closed", "") is None
