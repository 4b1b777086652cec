"""Another id in the place of somebody's in rounds of other people: after an erasure.

A round names whoever typed in an answer for its writer, and staff who handed it in for them. Both
ids are exchanged and the round is sealed anew. The hash under which its receipt was given stays in
the record, so that the writer's code goes on to fit.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from ustaz.answers import StrictError, dumps_canonical, loads_strict
from ustaz.base import files
from ustaz.course import Course
from ustaz.exchange import dropbox
from ustaz.exchange.model import ANSWERS_CAP, ANSWERS_FILE, ROUND_CAP, ROUND_FILE, ROUND_NAME
from ustaz.exchange.snapshot import content_of
from ustaz.roster.former import NAMES

#: Beside the round and not in it: a round with one file more is nobody's.
FRESH: Final = ".reseal.tmp"


def folders(course: Course) -> Iterator[Path]:
    """Yield every round: where it was handed in, then where it lies to be graded, and graded."""
    for path in sorted(dropbox.inbound(course).glob(f"*/*/*/{ROUND_FILE}")):
        if ROUND_NAME.match(path.parent.name):
            yield path.parent
    for top in ("submitted", "autograded"):
        for path in sorted((course.dir / top).glob(f"*/[!.]*/{ROUND_FILE}")):
            yield path.parent


def mentions(folder: Path, who: str) -> bool:
    """Tell whether a round names `who` as having typed in or handed in."""
    if not _holds(folder, who):
        return False
    parts = _read(folder)
    if parts is None:
        return False
    record, document, _ = parts
    return record.get("by") == who or any(mark.get("by") == who for mark in _marks(document))


def unfinished(folder: Path) -> bool:
    """Tell whether a round's answers were exchanged and its record was not yet."""
    if not any(_holds(folder, name) for name in NAMES):
        return False
    parts = _read(folder)
    if parts is None:
        return False
    record, document, raw = parts
    begun = any(mark.get("by") in NAMES for mark in _marks(document))
    return begun and hashlib.sha256(raw).hexdigest() != record.get("answers_sha256")


def sound(folder: Path) -> bool:
    """Tell whether a round can be sealed anew, and without hiding a damage.

    Where people hand in with accounts of their own, only these can write there.
    """
    parts = _read(folder)
    writable = os.access(folder, os.W_OK) and os.access(folder.parent, os.W_OK)
    return parts is not None and writable and _whole(folder, *parts)


def reseal(folder: Path, old: str, new: str) -> bool:
    """Put `new` in the place of `old` in one round; False where it cannot be sealed anew.

    What was damaged before stays as it is: a new seal would hide that. Killed between its two
    files, the answers name `new` already, and the record follows at the next call.
    """
    parts = _read(folder)
    if parts is None or not sound(folder):
        return False
    record, document, _ = parts
    for mark in _marks(document):
        if mark.get("by") == old:
            mark["by"] = new
    answers = dumps_canonical(document)
    fresh = {
        **record,
        "by": new if record["by"] == old else record["by"],
        "answers_sha256": hashlib.sha256(answers).hexdigest(),
        "receipt_sha256": record.get("receipt_sha256", record["sha256"]),
    }
    _put(folder / ANSWERS_FILE, answers)
    _put(folder / ROUND_FILE, dumps_canonical(dropbox.sealed(fresh)))
    return True


def _holds(folder: Path, who: str) -> bool:
    """Tell at first sight whether an id may stand in a round: most do not have to be read."""
    needle = f'"{who}"'.encode()
    try:
        return any(needle in (folder / name).read_bytes() for name in (ANSWERS_FILE, ROUND_FILE))
    except OSError:
        return False


def _whole(folder: Path, record: dict[str, Any], document: dict[str, Any], raw: bytes) -> bool:
    if dropbox.sealed(record)["sha256"] != record.get("sha256"):
        return False
    if hashlib.sha256(raw).hexdigest() == record.get("answers_sha256"):
        return True
    try:
        evidence = dict.fromkeys(record["evidence"], 0)
        return unfinished(folder) and content_of(document, evidence) == record["content"]
    except (KeyError, TypeError, AttributeError):
        return False


def _put(path: Path, data: bytes) -> None:
    if path.read_bytes() == data:
        return
    beside = path.parent.parent / FRESH
    with suppress(FileNotFoundError):
        beside.unlink()
    files.write_new(beside, data, path.stat().st_mode & 0o777)
    files.move(beside, path)
    files.sync_folder(path.parent)


def _read(folder: Path) -> tuple[dict[str, Any], dict[str, Any], bytes] | None:
    try:
        record = loads_strict((folder / ROUND_FILE).read_bytes(), max_bytes=ROUND_CAP)
        raw = (folder / ANSWERS_FILE).read_bytes()
        document = loads_strict(raw, max_bytes=ANSWERS_CAP)
    except (OSError, StrictError):
        return None
    if not isinstance(record, dict) or not isinstance(document, dict):
        return None
    return record, document, raw


def _marks(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    entered = document.get("entered")
    for places in entered.values() if isinstance(entered, dict) else ():
        for mark in places.values() if isinstance(places, dict) else ():
            if isinstance(mark, dict):
                yield mark
