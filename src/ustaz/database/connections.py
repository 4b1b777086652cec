"""PostgreSQL by one setting: connections, and what is made before a course or a hub uses it.

Where the setting stands, what it may be and the URLs made of it: :mod:`ustaz.database.address`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlsplit

from ustaz.base.errors import UstazError
from ustaz.database.address import HUB_SCHEMA, shown, with_schema

if TYPE_CHECKING:
    import psycopg

#: PostgreSQL 14, as ``server_version_num`` says it.
OLDEST: Final = 140000

_CONNECT_SECONDS: Final = 5
#: A network that is cut shows after some seconds, not after two hours.
_PATIENCE: Final = {
    "connect_timeout": _CONNECT_SECONDS,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}


class DatabaseError(UstazError):
    """The database cannot be used: no driver, not reachable, or of another kind than needed."""

    exit_code = 14


def hub_url(url: str) -> str:
    """Return the SQLAlchemy URL of the hub's own tables; makes their schema.

    Parameters
    ----------
    url : str
        The setting ``database``.
    """
    prepare(url, HUB_SCHEMA)
    return with_schema(url, HUB_SCHEMA)


def no_driver() -> DatabaseError:
    """Return what to say where psycopg is not installed."""
    return DatabaseError(
        "no_driver",
        "The setting names PostgreSQL, and the package psycopg is not installed.",
        "Install it with: pip install 'psycopg[binary]'",
    )


def connect(url: str) -> psycopg.Connection[Any]:
    """Return a new connection that commits each statement by itself.

    Raises
    ------
    DatabaseError
        ``no_driver``, ``database_too_old``, ``database_encoding``.
    psycopg.Error
        The server cannot be reached, or does not let us in.
    """
    try:
        import psycopg
    except ImportError:
        raise no_driver() from None
    address = "postgresql" + url[url.index(":") :]
    in_address = dict(parse_qsl(urlsplit(url).query))
    patience: dict[str, Any] = {
        key: value for key, value in _PATIENCE.items() if key not in in_address
    }
    connection = psycopg.connect(address, autocommit=True, application_name="ustaz", **patience)
    try:
        _check_server(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _check_server(connection: psycopg.Connection[Any]) -> None:
    version = connection.info.server_version
    if version < OLDEST:
        raise DatabaseError(
            "database_too_old",
            f"The PostgreSQL server is version {version // 10000}; "
            f"{OLDEST // 10000} or newer is needed.",
            "Upgrade the server, or leave the setting out: files need no server.",
        )
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise DatabaseError(
            "database_encoding",
            f"The database keeps text as {encoding}; UTF8 is needed.",
            "Make it anew with: createdb --encoding=UTF8 --template=template0 NAME",
        )


def prepare(url: str, schema: str, table: str = "", statements: Iterable[str] = ()) -> str:
    """Make a schema and a table where they are not there; any number of processes at once.

    Parameters
    ----------
    url, schema : str
    table : str
        What `statements` make. Where it is there, nothing is done.
    statements : iterable of str
        Run in the schema, in one transaction.

    Returns
    -------
    str
        The table's comment.

    Raises
    ------
    DatabaseError
        ``no_database`` when the server cannot be reached or refuses.
    """
    import psycopg
    from psycopg import sql

    try:
        with connect(url) as connection, connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(%s)", [lock_key("schema", schema)])
            name = sql.Identifier(schema)
            # Whoever may not make schemas can still use one that the administrator made.
            if _lookup(connection, "to_regnamespace", name) is None:
                connection.execute(sql.SQL("CREATE SCHEMA {}").format(name))
            if not table:
                return ""
            name = sql.Identifier(schema, table)
            if _lookup(connection, "to_regclass", name) is None:
                connection.execute("SELECT set_config('search_path', %s, true)", [schema])
                for statement in statements:
                    connection.execute(statement.encode())
            row = connection.execute(
                "SELECT obj_description(to_regclass(%s), 'pg_class')", [name.as_string()]
            ).fetchone()
            return str((row and row[0]) or "")
    except psycopg.Error as error:
        raise unreachable(url, error) from None


def _lookup(connection: psycopg.Connection[Any], function: str, name: Any) -> object:  # noqa: ANN401
    row = connection.execute(f"SELECT {function}(%s)".encode(), [name.as_string()]).fetchone()
    return row and row[0]


def unreachable(url: str, error: Exception) -> DatabaseError:
    """Return what to say when the server does not do as it is asked."""
    first = (str(error).strip().splitlines() or [type(error).__name__])[0]
    return DatabaseError(
        "no_database",
        f"The database {shown(url)} cannot be used: {first}",
        "Look whether PostgreSQL runs and whether this account may use the database.",
    )


def vacuum(url: str, schema: str, *tables: str) -> None:
    """Let the server give up the room of deleted rows, so that no page keeps them."""
    from psycopg import sql

    with closing(connect(url)) as connection:
        for name in tables:
            table = sql.Identifier(schema, name)
            if _lookup(connection, "to_regclass", table) is not None:
                connection.execute(sql.SQL("VACUUM FULL {}").format(table))


def lock_key(*names: str) -> int:
    """Return the number of an advisory lock, the same in every process."""
    data = "\0".join(("ustaz", *names)).encode()
    return int.from_bytes(hashlib.sha256(data).digest()[:8], "big", signed=True)
