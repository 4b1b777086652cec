"""A role of PostgreSQL for each desk: it reaches nbgrader's tables of one course, and no answers.

The hub's own role owns the answers, which lie in the same schema. A desk gets a role of its own
with a password that is new at each start and worthless when its server has stopped.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from ustaz import database
from ustaz.base.errors import UstazError
from ustaz.course import Course

#: Written in the gradebook by nbgrader's own programs only, when they bring it up to date.
READ_ONLY: Final = ("alembic_version",)
CONNECTIONS: Final = 30
_SCRAM: Final = b"scram-sha-256"


def role_of(course: Course, desk: str) -> str:
    """Return the name of a desk's role; servers share roles between their databases."""
    key = "\0".join((database.shown(course.database), course.id, desk))
    return f"ustaz_desk_{hashlib.sha256(key.encode()).hexdigest()[:20]}"


def open_gradebook(course: Course, desk: str) -> str:
    """Let a desk into its course's gradebook; return the SQLAlchemy URL for it.

    Raises
    ------
    UstazError
        ``no_desk_role`` where the hub's role may not make roles.
    """
    from ustaz.grading.setup import create_tables

    url, schema = course.database, database.course_schema(course.id)
    database.prepare(url, schema)
    create_tables(database.course_url(course))
    role, password = role_of(course, desk), secrets.token_hex(24)
    with _asked(url, role) as (connection, name):
        _make(connection, name, role, password)
        _grant(connection, name, schema)
    return database.with_schema(desk_url(url, role, password), schema)


def close_gradebook(course: Course, desk: str) -> None:
    """Let nobody in any more with the password of a desk that has stopped."""
    from psycopg import sql

    role = role_of(course, desk)
    with _asked(course.database, role) as (connection, name):
        if _exists(connection, role):
            connection.execute(sql.SQL("ALTER ROLE {} NOLOGIN PASSWORD NULL").format(name))


def desk_url(url: str, role: str, password: str) -> str:
    """Return the address of a database for another role.

    A socket lets in whoever has the right account of the operating system, and a desk may have the
    hub's; behind its walls it sees none. So a desk comes by the network, with its password.
    """
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    host = query.pop("host", "") or parts.hostname or ""
    port = query.pop("port", "") or (str(parts.port) if parts.port else "")
    for name in ("user", "password", "passfile", "service"):
        query.pop(name, None)
    place = "127.0.0.1" if not host or host.startswith("/") else host
    place = f"[{place}]" if ":" in place else place
    more = f"?{urlencode(query)}" if query else ""
    return f"postgresql://{role}:{password}@{place}{f':{port}' if port else ''}{parts.path}{more}"


@contextmanager
def _asked(url: str, role: str) -> Iterator[tuple[Any, Any]]:
    import psycopg
    from psycopg import sql

    try:
        with database.connect(url) as connection, connection.transaction():
            lock = database.lock_key("desk", role)
            connection.execute("SELECT pg_advisory_xact_lock(%s)", [lock])
            yield connection, sql.Identifier(role)
    except psycopg.errors.InsufficientPrivilege:
        raise UstazError(
            "no_desk_role",
            "The hub's account of the database may not make a role for this JupyterLab.",
            "Let it: ALTER ROLE … CREATEROLE; see docs/operating.md.",
        ) from None
    except psycopg.Error as error:
        raise database.unreachable(url, error) from None


def _exists(connection: Any, role: str) -> bool:  # noqa: ANN401
    asked = "SELECT 1 FROM pg_roles WHERE rolname = %s"
    return connection.execute(asked, [role]).fetchone() is not None


def _make(connection: Any, name: Any, role: str, password: str) -> None:  # noqa: ANN401
    from psycopg import sql

    if not _exists(connection, role):
        connection.execute(sql.SQL("CREATE ROLE {} NOINHERIT").format(name))
    # Only what the server keeps of a password travels, so it stands in no log of the server.
    kept = connection.pgconn.encrypt_password(password.encode(), role.encode(), _SCRAM).decode()
    change = sql.SQL("ALTER ROLE {} LOGIN CONNECTION LIMIT {} PASSWORD {}")
    connection.execute(change.format(name, sql.Literal(CONNECTIONS), sql.Literal(kept)))


def _grant(connection: Any, name: Any, schema: str) -> None:  # noqa: ANN401
    from nbgrader.api import Base
    from psycopg import sql

    within = sql.Identifier(schema)
    connection.execute(sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(within, name))
    wanted = dict.fromkeys(Base.metadata.tables, "SELECT, INSERT, UPDATE, DELETE")
    for table, rights in {**wanted, **dict.fromkeys(READ_ONLY, "SELECT")}.items():
        place = sql.Identifier(schema, table)
        asked = connection.execute("SELECT to_regclass(%s)", [place.as_string()]).fetchone()
        if asked[0] is not None:
            grant = sql.SQL("GRANT {} ON {} TO {}")
            connection.execute(grant.format(sql.SQL(rights), place, name))
