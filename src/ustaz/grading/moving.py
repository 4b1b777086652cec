"""A gradebook copied from SQLite into PostgreSQL or back, row by row."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any, Final

from ustaz.grading.setup import create_tables

#: Holds the digest of what was copied, at the destination: whether it went on since can be told.
_MARK: Final = "ustaz_moved"

Rows = dict[str, list[tuple[Any, ...]]]


def move_gradebook(origin: str, destination: str) -> str:
    """Copy a gradebook; what went on at the destination is never overwritten.

    Parameters
    ----------
    origin, destination : str
        SQLAlchemy URLs. The destination's schema must be there.

    Returns
    -------
    str
        ``none`` (there is none), ``copied``, ``equal``, ``differing`` (nothing was changed).
    """
    from nbgrader.api import Base
    from sqlalchemy import create_engine, insert, inspect

    source = create_engine(origin)
    try:
        file = source.url.database if source.url.get_backend_name() == "sqlite" else None
        if (file and not Path(file).is_file()) or not inspect(source).has_table("assignment"):
            return "none"
        with source.connect() as connection:
            wanted = _rows(connection)
            # What was copied from there to here, and stands there as it was, went nowhere since.
            known = {_mark(connection)}
    finally:
        source.dispose()
    create_tables(destination)
    target = create_engine(destination)
    try:
        with target.begin() as connection:
            there = _rows(connection)
            if _digest(there) == _digest(wanted):
                return "equal"
            known.add(_mark(connection))
            if any(there.values()) and _digest(there) not in known:
                return "differing"
            for table in reversed(Base.metadata.sorted_tables):
                connection.execute(table.delete())
            for table in Base.metadata.sorted_tables:
                names = [column.name for column in table.columns]
                values = [dict(zip(names, row, strict=True)) for row in wanted[table.name]]
                if values:
                    connection.execute(insert(table), values)
            if _digest(_rows(connection)) != _digest(wanted):
                connection.rollback()
                return "differing"
            _set_mark(connection, _digest(wanted))
    finally:
        target.dispose()
    _close_to_others(destination)
    return "copied"


def _rows(connection: Any) -> Rows:  # noqa: ANN401 - SQLAlchemy's, which is used without types
    from nbgrader.api import Base
    from sqlalchemy import select

    return {
        table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
        for table in Base.metadata.sorted_tables
    }


def _digest(rows: Rows) -> str:
    return hashlib.sha256(repr(sorted(rows.items())).encode()).hexdigest()


def _mark(connection: Any) -> str:  # noqa: ANN401
    """Return the digest of what was copied here once."""
    from sqlalchemy import inspect, text

    if not inspect(connection).has_table(_MARK):
        return ""
    query = text(f"SELECT max(digest) FROM {_MARK}")  # noqa: S608 - a name of our own
    return str(connection.execute(query).scalar())


def _set_mark(connection: Any, digest: str) -> None:  # noqa: ANN401
    from sqlalchemy import text

    connection.execute(text(f"CREATE TABLE IF NOT EXISTS {_MARK} (digest VARCHAR(64) NOT NULL)"))
    connection.execute(text(f"DELETE FROM {_MARK}"))  # noqa: S608
    statement = text(f"INSERT INTO {_MARK} (digest) VALUES (:digest)")  # noqa: S608
    connection.execute(statement, {"digest": digest})


def _close_to_others(url: str) -> None:
    path = url.partition("sqlite:///")[2]
    if path:
        os.chmod(path, 0o600)  # noqa: PTH101 - follows no link: the file is ours
