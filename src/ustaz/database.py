"""PostgreSQL by one setting: where it stands, what it may be, and the URLs made of it.

``[storage] database`` in a course's ``ustaz.toml``, else ``database`` in the ``ustaz-hub.toml`` of
the hub that the course lies in (``<hub>/courses/<id>/``), else nothing: SQLite and files. One
database serves a whole installation: the hub has the schema ``hub``, each course one of its own.
"""

from __future__ import annotations

import hashlib
import os
import stat
import tomllib
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from ustaz.errors import CourseError, UstazError

if TYPE_CHECKING:
    import psycopg

HUB_FILE: Final = "ustaz-hub.toml"
HUB_SCHEMA: Final = "hub"
#: In a course's settings: files, whatever the hub says.
FILES: Final = "files"
#: PostgreSQL 14, as ``server_version_num`` says it.
OLDEST: Final = 140000
EXAMPLE: Final = "postgresql://ustaz@localhost/ustaz"

_SCHEMES: Final = ("postgresql://", "postgresql+psycopg://")
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


class _HasDatabase(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def database(self) -> str: ...


# -- the setting --------------------------------------------------------------------------------
def read_setting(path: Path, data: Mapping[str, Any]) -> str:
    """Return the database of the course whose settings file is `path`; empty: files.

    Parameters
    ----------
    path : Path
        ``ustaz.toml``.
    data : mapping
        What stands in it.

    Raises
    ------
    CourseError
        ``bad_settings``, with the file and the field.
    """
    table = data.get("storage", {})
    if not isinstance(table, Mapping):
        raise _refuse(path, "storage", "expected a table")
    if "database" in table:
        return checked(path, "storage.database", table["database"])
    # Exactly where a hub keeps its courses: a copy elsewhere below a hub, such as a restored
    # backup, must never write to the database of the course that runs.
    hub = path.resolve().parents[2] / HUB_FILE if len(path.resolve().parents) > 2 else None
    if hub is None or path.resolve().parents[1].name != "courses" or not hub.is_file():
        return ""
    try:
        settings = tomllib.loads(hub.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _refuse(hub, "file", f"not readable as TOML ({error})") from None
    return checked(hub, "database", settings.get("database", ""))


def checked(path: Path, where: str, value: object) -> str:
    """Return a database setting that can be used; refuse any other with file and field.

    Parameters
    ----------
    path, where
        The file and the field in which the setting stands.
    """
    if not isinstance(value, str):
        raise _refuse(path, where, "expected a text")
    if value in ("", FILES):
        return ""
    why = problem(value)
    if why:
        raise _refuse(path, where, why)
    if has_password(value) and os.name == "posix":
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            raise _refuse(path, where, f"holds a password, and the file's mode is {mode:04o}: "
                          f"close the file with chmod 0600 {path.name}")  # fmt: skip
    return value


def problem(url: str) -> str:
    """Return what is wrong with a database URL; empty when nothing is."""
    try:
        parts = urlsplit(url)
        # A port that is none raises here.
        fine = url.startswith(_SCHEMES) and parts.port != 0 and not parts.fragment
    except ValueError:
        fine = False
    if not fine or not url.isprintable() or " " in url:
        return f"expected an address such as {EXAMPLE}"
    if len(parts.path) < 2 or "/" in parts.path[1:]:
        return f"names no database, as {EXAMPLE} does"
    if any(key == "options" for key, _ in parse_qsl(parts.query)):
        return "options is set by Ustaz itself: leave it out"
    return ""


def has_password(url: str) -> bool:
    """Tell whether a password stands in a database URL."""
    parts = urlsplit(url)
    return bool(parts.password) or any(key == "password" for key, _ in parse_qsl(parts.query))


def shown(url: str) -> str:
    """Return a database URL as it may be shown and logged: without the password."""
    parts = urlsplit(url)
    user = quote(unquote(parts.username), safe="") + "@" if parts.username else ""
    place = parts.netloc.rpartition("@")[2]
    pairs = [one for one in parts.query.split("&") if one and not one.startswith("password=")]
    return _joined(parts.scheme, user + place, parts.path, pairs)


def _joined(scheme: str, netloc: str, path: str, pairs: list[str]) -> str:
    # urlunsplit would leave the slashes out where there is no host, as for a local socket.
    return f"{scheme}://{netloc}{path}" + ("?" + "&".join(pairs) if pairs else "")


def _refuse(path: Path, where: str, why: str) -> CourseError:
    return CourseError("bad_settings", f"{path}: {where}: {why}.", "See docs/course.md.")


# -- urls ---------------------------------------------------------------------------------------
def course_schema(course_id: str) -> str:
    """Return the schema that holds a course's gradebook and answers."""
    return "course_" + course_id.replace("-", "_")


def with_schema(url: str, schema: str) -> str:
    """Return the SQLAlchemy URL whose tables are those of `schema`."""
    parts = urlsplit(url)
    # Not quoted: nbgrader writes the URL into an alembic.ini, where "%" has another meaning.
    pairs = [one for one in parts.query.split("&") if one] + [f"options=-csearch_path={schema}"]
    return _joined("postgresql+psycopg", parts.netloc, parts.path, pairs)


def course_url(course: _HasDatabase) -> str:
    """Return the SQLAlchemy URL of a course's gradebook; empty when the course uses files."""
    return with_schema(course.database, course_schema(course.id)) if course.database else ""


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


# -- connections --------------------------------------------------------------------------------
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
    given = dict(parse_qsl(urlsplit(url).query))
    patience: dict[str, Any] = {key: one for key, one in _PATIENCE.items() if key not in given}
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
            if _found(connection, "to_regnamespace", name) is None:
                connection.execute(sql.SQL("CREATE SCHEMA {}").format(name))
            if not table:
                return ""
            name = sql.Identifier(schema, table)
            if _found(connection, "to_regclass", name) is None:
                connection.execute("SELECT set_config('search_path', %s, true)", [schema])
                for statement in statements:
                    connection.execute(statement.encode())
            row = connection.execute(
                "SELECT obj_description(to_regclass(%s), 'pg_class')", [name.as_string()]
            ).fetchone()
            return str((row and row[0]) or "")
    except psycopg.Error as error:
        raise unreachable(url, error) from None


def _found(connection: psycopg.Connection[Any], function: str, name: Any) -> object:  # noqa: ANN401
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
            if _found(connection, "to_regclass", table) is not None:
                connection.execute(sql.SQL("VACUUM FULL {}").format(table))


def lock_key(*names: str) -> int:
    """Return the number of an advisory lock, the same in every process."""
    data = "\0".join(("ustaz", *names)).encode()
    return int.from_bytes(hashlib.sha256(data).digest()[:8], "big", signed=True)
