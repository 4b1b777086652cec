"""Tables copied row by row between PostgreSQL and an SQLite file, whatever the columns' types.

The libraries' own descriptions of their tables say how a value is written in either.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from ustaz.messages import N_

BATCH: Final = 500
#: Tables that the store of answers keeps; they become files.
NOT_ROWS: Final = frozenset({"answers_file"})


def described(kind: str) -> Any:  # noqa: ANN401 - SQLAlchemy's, which is used without types
    """Return the description of the hub's tables or of a gradebook's."""
    from sqlalchemy import Column, String, Table

    if kind == "hub":
        from jupyterhub.orm import Base
        from nativeauthenticator import orm  # noqa: F401 - adds its table to the description

    else:
        from nbgrader.api import Base
    if "alembic_version" not in Base.metadata.tables:
        described_ = Base.metadata.__class__()
        for table in Base.metadata.sorted_tables:
            table.to_metadata(described_)
        Table("alembic_version", described_, Column("version_num", String(32), nullable=False))
        return described_
    return Base.metadata


def address(url: str) -> str:
    """Return a setting as SQLAlchemy wants it."""
    return "postgresql+psycopg" + url[url.index(":") :]


@contextmanager
def snapshot(url: str) -> Iterator[Any]:
    """Give a connection on which the whole database stands still; nothing is written."""
    from sqlalchemy import create_engine, text

    engine = create_engine(address(url))
    try:
        with engine.connect() as plain:
            connection = plain.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                connection.execute(text("SET TRANSACTION READ ONLY"))
                yield connection
    finally:
        engine.dispose()


def tables(connection: Any, schema: str) -> set[str]:  # noqa: ANN401
    """Return the names of a schema's tables; none where there is no schema."""
    from sqlalchemy import inspect

    return set(inspect(connection).get_table_names(schema=schema))


def to_file(connection: Any, schema: str, kind: str, target: Path) -> None:  # noqa: ANN401
    """Copy a schema's tables into a new SQLite file."""
    from sqlalchemy import create_engine

    metadata = described(kind)
    there = tables(connection, schema) - NOT_ROWS
    chosen = [table for table in metadata.sorted_tables if table.name in there]
    engine = create_engine(f"sqlite:///{target}")
    try:
        with engine.begin() as file:
            metadata.create_all(file, tables=chosen)
            for table in chosen:
                _copy(
                    connection.execution_options(schema_translate_map={None: schema}), file, table
                )
    finally:
        engine.dispose()


def from_file(source: Path, connection: Any, schema: str, kind: str) -> None:  # noqa: ANN401
    """Copy an SQLite file's tables into a schema that has none of them."""
    from sqlalchemy import create_engine, inspect

    metadata = described(kind)
    engine = create_engine(f"sqlite:///{source}")
    try:
        with engine.connect() as file:
            there = set(inspect(file).get_table_names())
            chosen = [table for table in metadata.sorted_tables if table.name in there]
            target = connection.execution_options(schema_translate_map={None: schema})
            metadata.create_all(target, tables=chosen, checkfirst=False)
            for table in chosen:
                _copy(file, target, table)
                _count_on(connection, schema, table)
    finally:
        engine.dispose()


def _copy(source: Any, target: Any, table: Any) -> None:  # noqa: ANN401
    from sqlalchemy import insert, select

    rows = source.execute(select(table)).mappings()
    while part := rows.fetchmany(BATCH):
        target.execute(insert(table), [dict(row) for row in part])


def _count_on(connection: Any, schema: str, table: Any) -> None:  # noqa: ANN401
    """Let numbers that the database gives go on after those that were copied."""
    from sqlalchemy import text

    quoted = connection.dialect.identifier_preparer.quote
    name = f"{quoted(schema)}.{quoted(table.name)}"
    for column in table.primary_key.columns:
        if column.autoincrement is not False and column.type.python_type is int:
            sequence = text("SELECT pg_get_serial_sequence(:table, :column)")
            found = connection.execute(sequence, {"table": name, "column": column.name}).scalar()
            if found:
                highest = text(f"SELECT max({quoted(column.name)}) FROM {name}")  # noqa: S608
                last = connection.execute(highest).scalar()
                if last:
                    connection.execute(text("SELECT setval(:s, :v)"), {"s": found, "v": last})


NOT_EMPTY: Final = (
    N_("The database holds something of this hub already; nothing was changed."),
    N_("Name an empty one: createdb --owner ustaz --encoding UTF8 --template template0 NAME"),
)
