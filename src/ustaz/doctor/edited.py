"""Examinations of what people edit by hand, and of where the directory lies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ustaz.admin.edited_files import faults_of
from ustaz.config_files.last_good import Fault
from ustaz.config_files.usable_paths import hindrance
from ustaz.course import Course
from ustaz.doctor.model import SHOWN, Finding
from ustaz.hub import config_file
from ustaz.messages import N_

if TYPE_CHECKING:
    from ustaz.doctor.hubs import Hub

LEDGER = N_("Put the line back as it was in a backup, or remove it; all other lines count.")
NEVER = N_("Correct it: until then what the file describes is missing.")
BEFORE = N_(
    "What it said on {since} goes on. Until it is corrected, nothing that was changed in it counts,"
    " nor that somebody was taken out."
)


def refused(course: Course) -> Iterator[Finding]:
    """Name every file that is not used as it stands, with line and field."""
    yield from _findings(faults_of(course))


def hub(hub: Hub) -> Iterator[Finding]:
    """Do so for the hub's own settings."""
    faults = [hub.fault, config_file.fault_of(hub.dir)]
    yield from _findings([fault for fault in faults if fault is not None])


def _findings(faults: list[Fault]) -> Iterator[Finding]:
    for fault in faults[:SHOWN]:
        error = fault.error
        yield Finding(
            "file_refused",
            "problem",
            "{error}",
            LEDGER if fault.kind == "ledger" else BEFORE if fault.since else NEVER,
            {
                "kind": fault.kind,
                "file": str(getattr(error, "path", "")),
                "line": getattr(error, "line", 0),
                "field": getattr(error, "field", ""),
                "since": fault.since,
                "error": str(error),
            },
            error,
        )
    if len(faults) > SHOWN:
        yield Finding(
            "files_refused",
            "problem",
            N_("… and {count} more mistakes in files."),
            N_("Correct the first ones, then look again."),
            {"count": len(faults) - SHOWN},
        )


def path(course: Course) -> Iterator[Finding]:
    """Look whether nbgrader can work where the directory lies."""
    sign = hindrance(course.dir)
    if sign:
        yield Finding(
            "path_sign",
            "problem",
            N_("The path {path} holds {sign}, which nbgrader may take for something else."),
            N_("Move the directory to a path without it: grading may find nothing here."),
            {"path": str(course.dir), "sign": sign},
        )
