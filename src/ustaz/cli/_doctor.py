"""What ``ustaz doctor`` looks at: each examination says what it found and what to do.

It only reads. A participant's text is never shown; folders are named by person and workbook.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any, Final

from ustaz.course import Course
from ustaz.messages import N_
from ustaz.scaffold import PRIVATE

MARKS: Final = {"ok": "✓", "note": "•", "problem": "✗"}
PACKAGES: Final = {"nbgrader": "0.9", "jupyterlab": "4", "jupyter-server": "2", "notebook": "7"}
SPACE_NEEDED: Final = 500 * 1024 * 1024
SPACE_WANTED: Final = 2 * 1024 * 1024 * 1024
STRAY_AGE: Final = 3600
SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes
    ----------
    id : str
        For programs.
    level : str
        ``ok``, ``note`` (worth knowing) or ``problem``.
    message, hint : str
        Messages with placeholders.
    params : dict
        Their values.
    """

    id: str
    level: str
    message: str
    hint: str = ""
    params: dict[str, Any] = field(default_factory=dict)


def examine(course: Course) -> list[Finding]:
    """Return everything there is to say about a course, in the order of the examinations."""
    return [one for examination in EXAMINATIONS for one in examination(course)]


def _roster(course: Course) -> Iterator[Finding]:
    count = len(course.people)
    if not count:
        yield Finding(
            "no_people",
            "note",
            N_("Nobody is in the roster yet."),
            N_("Enter the people in people.csv: person, name and role are needed."),
        )
        return
    yield Finding("roster", "ok", N_("The roster holds {count} people."), "", {"count": count})
    groups = {one.group for one in course.taking_part() if one.group}
    led = {group for one in course.taking_part("facilitator") for group in one.groups}
    for group in sorted(groups - led):
        yield Finding(
            "group_without_facilitator",
            "note",
            N_("The group {group} has no facilitator."),
            N_("Give a facilitator this group in people.csv: somebody has to confirm a focus."),
            {"group": group},
        )


def _modes(course: Course) -> Iterator[Finding]:
    open_to_others = []
    for name in (*PRIVATE, "people.csv", "gradebook.db", "confirmations", "seen", "roster"):
        path = course.dir / name
        if path.exists() and path.stat().st_mode & (stat.S_IRWXO | stat.S_IWGRP):
            open_to_others.append(name)
    open_to_others += [
        path.relative_to(course.dir).as_posix()
        for path in _walk(course.people_dir)
        if path.lstat().st_mode & (stat.S_IRWXO | stat.S_IWGRP) and not path.is_symlink()
    ]
    for name in open_to_others[:SHOWN]:
        yield Finding(
            "unsafe_mode",
            "problem",
            N_("Other accounts of this computer can open {path}."),
            N_("Close it: chmod go-rwx {path}"),
            {"path": name},
        )
    if len(open_to_others) > SHOWN:
        yield Finding(
            "unsafe_modes",
            "problem",
            N_("… and {count} more files or folders."),
            N_("Close them all: chmod -R go-rwx people exchange submitted autograded feedback"),
            {"count": len(open_to_others) - SHOWN},
        )
    if not open_to_others:
        yield Finding("modes", "ok", N_("Only this account can open people's answers."))


def _links(course: Course) -> Iterator[Finding]:
    for path in _walk(course.people_dir):
        kind = path.lstat().st_mode
        if not (stat.S_ISREG(kind) or stat.S_ISDIR(kind)):
            yield Finding(
                "not_a_file",
                "problem",
                N_("{path} is a link or a device, not a file."),
                N_("Ustaz never follows it. Look at it and remove it."),
                {"path": path.relative_to(course.dir).as_posix()},
            )


def _documents(course: Course) -> Iterator[Finding]:
    from ustaz.answers import StoreError, StrictError, Subject

    whole = 0
    for person in sorted(course.people):
        folder = course.people_dir / person
        for workbook in course.library.ids:
            if not (folder / workbook / "answers.json").exists():
                continue
            try:
                course.store.read(Subject("person", person), workbook)
            except (StoreError, StrictError) as error:
                yield Finding(
                    "damaged" if error.id != "newer" else "newer",
                    "problem",
                    N_("{person}/{workbook}: the answers cannot be read ({error})."),
                    N_("Earlier copies lie beside the file; see docs/cli.md, damaged documents."),
                    {"person": person, "workbook": workbook, "error": error.id},
                )
            else:
                whole += 1
    yield Finding("documents", "ok", N_("{count} documents can be read."), "", {"count": whole})


def _strangers(course: Course) -> Iterator[Finding]:
    if not course.people_dir.is_dir():
        yield Finding(
            "no_people_dir",
            "problem",
            N_("The folder people/ is missing."),
            N_("Create it with: mkdir -m 700 people"),
        )
        return
    for folder in sorted(course.people_dir.iterdir()):
        if folder.is_dir() and folder.name not in course.people and folder.name[0] != ".":
            yield Finding(
                "not_in_roster",
                "note",
                N_("people/{person} belongs to nobody in the roster."),
                N_("Enter the person in people.csv, or keep the folder elsewhere."),
                {"person": folder.name},
            )


def _stray(course: Course) -> Iterator[Finding]:
    from ustaz import clock

    now = clock.now().timestamp()
    for folder in (course.people_dir, course.exchange_dir):
        for path in _walk(folder):
            name = path.name
            temporary = name.endswith(".tmp") or ".tmp." in name or name.startswith(".tmp")
            if temporary and now - path.lstat().st_mtime > STRAY_AGE:
                yield Finding(
                    "stray",
                    "note",
                    N_("{path} was left by a save that was interrupted."),
                    N_("The answers are safe without it; it can be removed."),
                    {"path": path.relative_to(course.dir).as_posix()},
                )


def _space(course: Course) -> Iterator[Finding]:
    free = shutil.disk_usage(course.dir).free
    params = {"free": f"{free / 1024**3:.1f}"}
    if free < SPACE_NEEDED:
        message = N_("Only {free} GB are free on the disk: answers may soon not be saved.")
        yield Finding("no_space", "problem", message, N_("Free some space."), params)
    elif free < SPACE_WANTED:
        message = N_("{free} GB are free on the disk; grading and evidence need some more.")
        yield Finding("little_space", "note", message, N_("Free some space soon."), params)
    else:
        yield Finding("space", "ok", N_("{free} GB are free on the disk."), "", params)


def _versions(_: Course) -> Iterator[Finding]:
    for package, line in PACKAGES.items():
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


def _path(_: Course) -> Iterator[Finding]:
    # nbgrader calls `alembic` by its bare name when it prepares a gradebook.
    here = Path(sys.executable).parent
    found = shutil.which("alembic")
    if found is None or Path(found).parent.resolve() != here.resolve():
        yield Finding(
            "path",
            "note",
            N_("The programs of this Python are not the first on PATH; nbgrader needs them."),
            N_("Start with: PATH={folder}:$PATH"),
            {"folder": str(here)},
        )
    else:
        yield Finding("path", "ok", N_("The programs of this Python are on PATH."))


def _gradebook(course: Course) -> Iterator[Finding]:
    path = course.dir / "gradebook.db"
    if not path.is_file():
        yield Finding(
            "no_gradebook", "note", N_("There is no gradebook yet; the first collection makes it.")
        )
        return
    try:
        with sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=1) as connection:
            whole = connection.execute("pragma quick_check(1)").fetchone()[0]
            tables = {row[0] for row in connection.execute("select name from sqlite_master")}
            row = None
            if "alembic_version" in tables:
                row = connection.execute("select version_num from alembic_version").fetchone()
        connection.close()
    except sqlite3.DatabaseError as error:
        whole, row = type(error).__name__, None
    if whole != "ok":
        yield Finding(
            "gradebook_damaged",
            "problem",
            N_("The gradebook cannot be read ({error})."),
            N_("Marks can be made again with `ustaz grade`; keep a copy of gradebook.db first."),
            {"error": whole},
        )
    elif row is not None and row[0] not in known_gradebooks():
        yield Finding(
            "gradebook_version",
            "problem",
            N_("The gradebook has version {version}, which this nbgrader does not know."),
            N_("Keep a copy of gradebook.db, then run: nbgrader db upgrade"),
            {"version": row[0]},
        )
    else:
        yield Finding("gradebook", "ok", N_("The gradebook can be read."))


def known_gradebooks() -> frozenset[str]:
    """Return the versions of the gradebook that the installed nbgrader can open or upgrade."""
    import re

    import nbgrader
    from nbgrader import server_extensions  # noqa: F401 - only to know that the package is whole

    folder = Path(nbgrader.__file__).parent / "alembic" / "versions"
    found = (
        re.search(r"^revision\s*=\s*['\"](\w+)['\"]", one.read_text(encoding="utf-8"), re.MULTILINE)
        for one in folder.glob("*.py")
    )
    return frozenset(match.group(1) for match in found if match)


def _files(course: Course) -> Iterator[Finding]:
    if not (course.dir / "nbgrader_config.py").is_file():
        yield Finding(
            "no_nbgrader_config",
            "problem",
            N_("nbgrader_config.py is missing: nbgrader would use its own collector."),
            N_("Write it again with: ustaz workbook build --course {dir}"),
            {"dir": str(course.dir)},
        )
    for workbook in course.assignments:
        if workbook not in course.library.ids:
            yield Finding(
                "unknown_workbook",
                "problem",
                N_("ustaz.toml names the workbook {workbook}, which is in no library."),
                N_("Correct workbooks.assignments, or add its folder to workbooks.library."),
                {"workbook": workbook},
            )


def _walk(folder: Path) -> Iterator[Path]:
    for top, folders, files in os.walk(folder, followlinks=False):
        for name in sorted([*folders, *files]):
            yield Path(top) / name


EXAMINATIONS: Final[tuple[Callable[[Course], Iterator[Finding]], ...]] = (
    _roster,
    _files,
    _modes,
    _links,
    _strangers,
    _documents,
    _stray,
    _space,
    _versions,
    _path,
    _gradebook,
)
