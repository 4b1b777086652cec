"""Every file of a course that people edit, and which of them are not used as they stand.

What goes on instead is the state before (:mod:`ustaz.config_files.last_good`). Staff read it on
their home page, the operator in ``ustaz doctor``, and the health address says "degraded".
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from ustaz.base.errors import FileFault, UstazError
from ustaz.config_files.last_good import Fault, Key, stat_key
from ustaz.config_files.toml_file import line_in
from ustaz.course import Course
from ustaz.course.settings import SETTINGS_FILE
from ustaz.deadlines.scoped import FOLDER as SHIFTS
from ustaz.deadlines.scoped import SHARED
from ustaz.messages import N_
from ustaz.roster.history import FOLDER as ROSTER
from ustaz.roster.people import ROSTER_FILE
from ustaz.schools.agreements import FOLDER as SCHOOLS
from ustaz.schools.asks import FOLDER as ASKS
from ustaz.shares.links import OPENINGS
from ustaz.shares.record import FOLDER as SHARES
from ustaz.threads.store import FOLDER as THREADS
from ustaz.transcription.marks import FOLDER as ENTERED
from ustaz.tutorials import FOLDER as TUTORIALS

#: Folders of ledgers: append-only, but nothing keeps a hand from them.
LEDGERS: Final = (
    ROSTER, "confirmations", ENTERED, "seen", SHIFTS, f"{SHIFTS}/{SHARED}", SHARES, OPENINGS,
    "calendars", THREADS, TUTORIALS, ASKS, SCHOOLS,
)  # fmt: skip

_lines: dict[Path, tuple[Key | None, tuple[int, ...]]] = {}
_looking = threading.Lock()


def faults_of(course: Course) -> list[Fault]:
    """Return what is not used as it stands, the most important first."""
    return [
        *_settings(course),
        *([course.roster_fault] if course.roster_fault else []),
        *_workbooks(course),
        *_unknown(course),
        *_nbgrader(course),
        *_ledgers(course),
    ]


def _settings(course: Course) -> Iterator[Fault]:
    file = course.settings_file
    if file is None:
        return
    with suppress(UstazError):
        file.get()
    if file.fault is not None:
        yield file.fault


def _workbooks(course: Course) -> list[Fault]:
    if course.going_on:
        return course.own_workbooks.faults
    try:
        _ = course.library
    except UstazError as error:
        return [Fault("workbook", error)]
    return []


def _unknown(course: Course) -> Iterator[Fault]:
    """Look for workbooks that the settings name and nobody has."""
    try:
        known = course.library.ids
    except UstazError:
        return
    path = course.dir / SETTINGS_FILE
    for field, names in (
        ("workbooks.assignments", course.assignments),
        ("workbooks.companions", course.companions),
        ("calendar.due", tuple(course.settings.due)),
    ):
        for name in names:
            if name not in known:
                place = f"{field}.{name}" if field == "calendar.due" else field
                why = N_("there is no workbook “{workbook}”")
                hint = N_("Correct the name, or add the folder of the workbook to the library.")
                error = FileFault("unknown_workbook", path, line_in(path, place), place, why, hint,
                                  params={"workbook": name})  # fmt: skip
                yield Fault("settings", error)


def _nbgrader(course: Course) -> Iterator[Fault]:
    from ustaz.course.nbgrader_config import watched_config

    file = watched_config(course)
    if file.absent:
        return  # which the doctor says in its own words
    with suppress(UstazError):
        file.get()
    if file.fault is not None:
        yield file.fault


def _ledgers(course: Course) -> Iterator[Fault]:
    for folder in LEDGERS:
        try:
            paths = sorted((course.dir / folder).glob("*.jsonl"))
        except OSError:
            continue
        for path in paths:
            for line in _unreadable(path):
                why = N_("is no entry, and is left out")
                hint = N_("Put the line back as it was in a backup, or remove it.")
                error = FileFault("bad_ledger", path, line, "", why, hint)
                yield Fault("ledger", error)


def _unreadable(path: Path) -> tuple[int, ...]:
    """Return the numbers of lines that nobody can read; a last one that broke off is none."""
    try:
        key = stat_key(path)
        with _looking:
            known = _lines.get(path)
        if known is not None and known[0] == key:
            return known[1]
        lines = path.read_bytes().split(b"\n")
    except OSError:
        return (0,)
    faults = tuple(
        number for number, raw in enumerate(lines[:-1], 1) if raw.strip() and not _entry(raw)
    )
    with _looking:
        _lines[path] = (key, faults)
    return faults


def _entry(raw: bytes) -> bool:
    try:
        value: Any = json.loads(raw)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict)


def shown(course_dir: Path, fault: Fault) -> str:
    """Return how a fault's file is called inside its course."""
    path = getattr(fault.error, "path", None)
    if not isinstance(path, Path):
        return ROSTER_FILE if fault.kind == "roster" else SETTINGS_FILE
    try:
        return path.relative_to(course_dir).as_posix()
    except ValueError:
        return path.name
