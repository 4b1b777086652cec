"""The examination of a course's gradebook."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from ustaz.base.desk import gradebook_file
from ustaz.course import Course
from ustaz.doctor.model import Finding
from ustaz.messages import N_


def gradebook(course: Course) -> Iterator[Finding]:
    """Look whether the gradebook is whole and of a version that nbgrader knows."""
    if course.database:
        return
    path = gradebook_file(course.dir)
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
    revisions = (
        re.search(
            r"^revision\s*=\s*['\"](\w+)['\"]", path.read_text(encoding="utf-8"), re.MULTILINE
        )
        for path in folder.glob("*.py")
    )
    return frozenset(match.group(1) for match in revisions if match)
