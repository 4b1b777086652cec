"""Examinations of the computer: account, space, clock, programs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from importlib import metadata
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from ustaz.base import clock
from ustaz.doctor.model import Finding
from ustaz.messages import N_

PACKAGES: Final = {"nbgrader": "0.9", "jupyterlab": "4", "jupyter-server": "2", "notebook": "7"}
HUB_PACKAGES: Final = {"jupyterhub": "6.1", "jupyterhub-nativeauthenticator": "1.3"}
SPACE_NEEDED: Final = 500 * 1024 * 1024
SPACE_WANTED: Final = 2 * 1024 * 1024 * 1024
SECONDS: Final = 5


def account(directory: Path, *, hub: bool) -> Iterator[Finding]:
    """Look whose account this is: never root, and the directory's own."""
    uid = os.geteuid() if hasattr(os, "geteuid") else -1
    if uid == 0:
        yield Finding(
            "root",
            "problem" if hub else "note",
            N_(
                "This is the account root. A hub as root gives each JupyterLab an account of its"
                " own, and whatever else is wrong in it can do everything."
            )
            if hub
            else N_("This is the account root. A course should never run as root."),
            N_("Run it as an account of its own; docs/operating.md tells how to make one."),
        )
    elif uid > 0 and directory.stat().st_uid != uid:
        yield Finding(
            "other_account",
            "problem",
            N_("The directory belongs to another account than the one that looks at it."),
            N_("Run the command as the account of the directory: sudo -u ACCOUNT ustaz …"),
        )
    else:
        yield Finding("account", "ok", N_("The account is the directory's own."))


def space(directory: Path) -> Iterator[Finding]:
    """Look how much can still be written."""
    free = shutil.disk_usage(directory).free
    params = {"free": f"{free / 1024**3:.1f}"}
    if free < SPACE_NEEDED:
        message = N_("Only {free} GB are free on the disk: answers may soon not be saved.")
        yield Finding("no_space", "problem", message, N_("Free some space."), params)
    elif free < SPACE_WANTED:
        message = N_("{free} GB are free on the disk; grading and evidence need some more.")
        yield Finding("little_space", "note", message, N_("Free some space soon."), params)
    else:
        yield Finding("space", "ok", N_("{free} GB are free on the disk."), "", params)


def clock_and_zone(zone: ZoneInfo) -> Iterator[Finding]:
    """Say what the clock says where people are, and whether the system trusts it."""
    params = {"time": f"{clock.now().astimezone(zone):%Y-%m-%d %H:%M}", "zone": str(zone)}
    if _clock_is_followed() is False:
        yield Finding(
            "clock",
            "note",
            N_("It is {time} in {zone}, says a clock that nothing keeps right."),
            N_("Let the system keep it: timedatectl set-ntp true"),
            params,
        )
    else:
        yield Finding("clock", "ok", N_("It is {time} in {zone}."), "", params)


def _clock_is_followed() -> bool | None:
    """Ask the system whether its clock is compared with others; None where it does not say."""
    program = shutil.which("timedatectl")
    if program is None:
        return None
    with suppress(OSError, subprocess.SubprocessError):
        asked = [program, "show", "--property=NTPSynchronized", "--value"]
        done = subprocess.run(asked, capture_output=True, text=True, timeout=SECONDS, check=True)
        return {"yes": True, "no": False}.get(done.stdout.strip())
    return None


def program_at(name: str) -> str | None:
    """Return where a program is: in this environment, else on ``PATH``."""
    here = Path(sys.executable).parent
    return shutil.which(name, path=f"{here}{os.pathsep}{os.environ.get('PATH', '')}")


def version_of(name: str) -> str | None:
    """Return what a program says of its version; None where it is not installed."""
    program = program_at(name)
    if program is None:
        return None
    with suppress(OSError, subprocess.SubprocessError):
        done = subprocess.run(
            [program, "--version"], capture_output=True, text=True, timeout=SECONDS, check=True
        )
        return (done.stdout.strip().splitlines() or [""])[0].lstrip("v")
    return ""


def versions(wanted: Mapping[str, str]) -> Iterator[Finding]:
    """Look whether the packages are those that Ustaz is tested with."""
    for package, line in wanted.items():
        params = {"package": package, "line": line}
        try:
            version = metadata.version(package)
        except metadata.PackageNotFoundError:
            yield Finding(
                "package_missing",
                "problem",
                N_("{package} is not installed."),
                N_("Install Ustaz again in a fresh environment."),
                params,
            )
            continue
        params["version"] = version
        if version.split(".")[: len(line.split("."))] != line.split("."):
            yield Finding(
                "package_version",
                "note",
                N_("{package} {version} is installed; Ustaz is tested with {line}."),
                N_("Install Ustaz again in a fresh environment."),
                params,
            )
        else:
            yield Finding("package", "ok", "{package} {version}", "", params)


def path() -> Iterator[Finding]:
    """Look whether this environment's programs are found first."""
    # nbgrader calls `alembic` by its bare name when it prepares a gradebook.
    here = Path(sys.executable).parent
    program = shutil.which("alembic")
    if program is None or Path(program).parent.resolve() != here.resolve():
        yield Finding(
            "path",
            "note",
            N_("The programs of this Python are not the first on PATH; nbgrader needs them."),
            N_("Start with: PATH={folder}:$PATH"),
            {"folder": str(here)},
        )
    else:
        yield Finding("path", "ok", N_("The programs of this Python are on PATH."))
