"""What ``ustaz doctor`` looks at where answers and gradebook are in PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ustaz import database
from ustaz.doctor.model import Finding
from ustaz.messages import N_

if TYPE_CHECKING:
    from ustaz.course import Course


def findings(course: Course) -> Iterator[Finding]:
    """Examine the server, and whether all parts of the course use it."""
    if not course.database:
        return
    import psycopg

    try:
        with database.connect(course.database) as connection:
            version = connection.info.server_version
            row = connection.execute("SHOW fsync").fetchone()
            to_disk = row == ("on",)
            book = _gradebook(connection, database.course_schema(course.id))
    except (psycopg.Error, database.DatabaseError) as error:
        known = (
            error
            if isinstance(error, database.DatabaseError)
            else database.unreachable(course.database, error)
        )
        yield Finding("no_database", "problem", known.message, known.hint)
        return
    if not to_disk:
        yield Finding(
            "database_without_disk",
            "problem",
            N_("The database server does not wait for the disk: a power cut would lose answers."),
            N_("Set fsync = on in postgresql.conf and restart the server."),
        )
    else:
        yield Finding(
            "database",
            "ok",
            N_("The database server is PostgreSQL {version}."),
            "",
            {"version": f"{version // 10000}.{version % 10000}"},
        )
    yield from _versions(book)
    yield from _config(course)


def _gradebook(connection: Any, schema: str) -> str | None:  # noqa: ANN401
    from psycopg import sql

    table = sql.Identifier(schema, "alembic_version")
    row = connection.execute("SELECT to_regclass(%s)", [table.as_string()]).fetchone()
    if row[0] is None:
        return None
    query = sql.SQL("SELECT max(version_num) FROM {}").format(table)
    value = connection.execute(query).fetchone()[0]
    return str(value)


def _versions(book: str | None) -> Iterator[Finding]:
    from ustaz.doctor.gradebook import known_gradebooks

    if book is None:
        yield Finding(
            "no_gradebook", "note", N_("There is no gradebook yet; the first collection makes it.")
        )
    elif book not in known_gradebooks():
        yield Finding(
            "gradebook_version",
            "problem",
            N_("The gradebook has version {version}, which this nbgrader does not know."),
            N_("Keep a copy of the database, then run: nbgrader db upgrade"),
            {"version": book},
        )
    else:
        yield Finding("gradebook", "ok", N_("The gradebook can be read."))


def _config(course: Course) -> Iterator[Finding]:
    from ustaz.course.nbgrader_config import nbgrader_config

    url = str(nbgrader_config(course).CourseDirectory.get("db_url", ""))
    if url != database.course_url(course):
        yield Finding(
            "gradebook_elsewhere",
            "problem",
            N_("nbgrader_config.py names another gradebook than the settings."),
            N_(
                "Write into it: from ustaz.grading.setup import gradebook_url; "
                "c.CourseDirectory.db_url = gradebook_url(course)"
            ),
        )
