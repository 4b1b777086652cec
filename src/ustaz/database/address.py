"""PostgreSQL's address: where the setting stands, what it may be, and the URLs made of it.

``[storage] database`` in a course's ``ustaz.toml``, else ``database`` in the ``ustaz-hub.toml`` of
the hub that the course lies in (``<hub>/courses/<id>/``), else nothing: SQLite and files. One
database serves a whole installation: the hub has the schema ``hub``, each course one of its own.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from ustaz.base import desk
from ustaz.base.errors import FileFault, bad_setting
from ustaz.config_files.last_good import kept, read_bytes
from ustaz.config_files.toml_file import parse
from ustaz.messages import N_

HUB_FILE: Final = "ustaz-hub.toml"
HINT: Final = N_("docs/hub.md shows every setting.")
HUB_SCHEMA: Final = "hub"
#: In a course's settings: files, whatever the hub says.
FILES: Final = "files"
EXAMPLE: Final = "postgresql://ustaz@localhost/ustaz"
_SCHEMES: Final = ("postgresql://", "postgresql+psycopg://")


class _HasDatabase(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def database(self) -> str: ...


def hub_around(course: Path) -> Path | None:
    """Return the hub in which a course lies exactly where a hub keeps its courses."""
    parents = course.resolve().parents
    if len(parents) > 1 and parents[0].name == "courses" and (parents[1] / HUB_FILE).is_file():
        return parents[1]
    return None


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
        raise bad_setting(path, "storage", N_("expected a table"))
    if desk.at(path.parent):
        return ""  # a desk knows its gradebook, and of answers nothing
    if "database" in table:
        return checked(path, "storage.database", table["database"])
    # Exactly where a hub keeps its courses: a copy elsewhere below a hub, such as a restored
    # backup, must never write to the database of the course that runs.
    around = hub_around(path.parent)
    if around is None:
        return ""
    settings = hub_values(around)
    return checked(around / HUB_FILE, "database", settings.get("database", ""))


def hub_values(hub: Path, *, last_good: bool = False) -> Mapping[str, Any]:
    """Return a hub's settings as they are written, unchecked; of the last good state if need be.

    Answers must never go to files because of a slip in a file that says "PostgreSQL".

    Parameters
    ----------
    hub : Path
    last_good : bool
        Take the last good state although the file can be read: a value in it is known to be wrong.

    Raises
    ------
    FileFault
        ``bad_settings`` where neither can be read.
    """
    path, before = hub / HUB_FILE, kept(hub, HUB_FILE)
    if not (last_good and before):
        try:
            return parse(read_bytes(path, "bad_settings"), path, HINT).values
        except FileFault:
            if before is None:
                raise
    return parse(before[0], path, HINT).values


def checked(path: Path, where: str, value: object) -> str:
    """Return a database setting that can be used; refuse any other with file and field.

    Parameters
    ----------
    path, where
        The file and the field in which the setting stands.
    """
    if not isinstance(value, str):
        raise bad_setting(path, where, N_("expected a text"))
    if value in ("", FILES):
        return ""
    why = problem(value)
    if why:
        raise bad_setting(path, where, why)
    if has_password(value) and os.name == "posix" and path.exists():
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            raise bad_setting(path, where, f"holds a password, and the file's mode is {mode:04o}: "
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
    try:
        parts = urlsplit(url)
        return bool(parts.password) or any(key == "password" for key, _ in parse_qsl(parts.query))
    except ValueError:
        return False  # no URL at all


def shown(url: str) -> str:
    """Return a database URL as it may be shown and logged: without the password."""
    parts = urlsplit(url)
    user = quote(unquote(parts.username), safe="") + "@" if parts.username else ""
    place = parts.netloc.rpartition("@")[2]
    pairs = [part for part in parts.query.split("&") if part and not part.startswith("password=")]
    return _joined(parts.scheme, user + place, parts.path, pairs)


def _joined(scheme: str, netloc: str, path: str, pairs: list[str]) -> str:
    # urlunsplit would leave the slashes out where there is no host, as for a local socket.
    return f"{scheme}://{netloc}{path}" + ("?" + "&".join(pairs) if pairs else "")


def course_schema(course_id: str) -> str:
    """Return the schema that holds a course's gradebook and answers."""
    return "course_" + course_id.replace("-", "_")


def with_schema(url: str, schema: str) -> str:
    """Return the SQLAlchemy URL whose tables are those of `schema`."""
    parts = urlsplit(url)
    # Not quoted: nbgrader writes the URL into an alembic.ini, where "%" has another meaning.
    pairs = [part for part in parts.query.split("&") if part] + [f"options=-csearch_path={schema}"]
    return _joined("postgresql+psycopg", parts.netloc, parts.path, pairs)


def course_url(course: _HasDatabase) -> str:
    """Return the SQLAlchemy URL of a course's gradebook; empty when the course uses files."""
    return with_schema(course.database, course_schema(course.id)) if course.database else ""
