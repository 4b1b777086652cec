"""The table that holds a course's small files: every statement that is sent about it."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any, Final, LiteralString

from psycopg import sql

from ustaz import database
from ustaz.answers.errors import StoreError
from ustaz.answers.filesystem import LOCK_SECONDS
from ustaz.answers.postgres.files import Stored, chunks
from ustaz.answers.postgres.pool import STATEMENT_MS, Connection

TABLE: Final = "answers_file"
FORMAT: Final = "Ustaz answers, format 1"
#: As in :mod:`ustaz.answers.recovery`, which builds on this.
DOCUMENT: Final = "answers.json"
_JOURNAL: Final = "journal.jsonl"
#: So much of a journal's end comes with the first look: the last line, and the end of the one
#: before it.
_TAIL: Final = 1 << 16

TABLES: Final[tuple[LiteralString, ...]] = (
    """CREATE TABLE answers_file (
        folder text NOT NULL,
        name text NOT NULL,
        start integer NOT NULL CHECK (start >= 0),
        data bytea NOT NULL,
        PRIMARY KEY (folder, name, start)
    )""",
    f"COMMENT ON TABLE answers_file IS '{FORMAT}'",
)
_LOOK: Final = sql.SQL(
    "SELECT name, min(start), max(start + octet_length(data)),"
    " CASE WHEN name IN ({document}, {journal}) THEN string_agg(data, '' ORDER BY start) END"
    " FROM {table} WHERE folder = %(folder)s AND (name <> {journal} OR start >="
    " (SELECT max(start) - {tail} FROM {table} WHERE folder = %(folder)s AND name = {journal}))"
    " GROUP BY name"
)
_LOAD: Final = sql.SQL(
    "SELECT start, data FROM {table} WHERE folder = %s AND name = %s ORDER BY start"
)
_REMOVE: Final = sql.SQL("DELETE FROM {table} WHERE folder = %s AND name = ANY(%s)")
_INSERT: Final = sql.SQL(
    "INSERT INTO {table} (folder, name, start, data)"
    " SELECT %s, * FROM unnest(%s::text[], %s::integer[], %s::bytea[])"
)


Files = dict[str, Stored]

#: Databases and schemas in which the table was seen.
_READY: Final[set[tuple[str, str]]] = set()
_PREPARING: Final = threading.Lock()


class Table:
    """One course's table.

    Parameters
    ----------
    url : str
        The setting ``database``.
    schema : str
    """

    def __init__(self, url: str, schema: str) -> None:
        self.url = url
        self.schema = schema
        table = sql.Identifier(schema, TABLE)
        names = {"document": sql.Literal(DOCUMENT), "journal": sql.Literal(_JOURNAL)}
        self._look = _LOOK.format(table=table, tail=sql.Literal(_TAIL), **names)
        self._load = _LOAD.format(table=table)
        self._remove = _REMOVE.format(table=table)
        self._insert = _INSERT.format(table=table)
        self._folders = sql.SQL("SELECT DISTINCT folder FROM {} ORDER BY folder").format(table)

    def prepare(self) -> None:
        """Make the table where it is not there; done once in a process, by one thread."""
        key = (self.url, self.schema)
        if key in _READY:
            return
        if not _PREPARING.acquire(timeout=LOCK_SECONDS):
            raise StoreError("busy", "the database is being prepared")
        try:
            if key not in _READY:
                version = database.prepare(self.url, self.schema, TABLE, TABLES)
                if version not in (FORMAT, ""):
                    raise StoreError("newer", "format of the table")
                _READY.add(key)
        finally:
            _PREPARING.release()

    def look(self, connection: Connection, folder: str) -> Files:
        """Return what is in a folder, as of one moment."""
        rows = connection.execute(self._look, {"folder": folder}, binary=True).fetchall()
        return {name: Stored.seen_as(name, start, end, data) for name, start, end, data in rows}

    def load(self, connection: Connection, folder: str, name: str) -> bytes:
        """Return all bytes of a file."""
        data = bytearray()
        for start, part in connection.execute(self._load, [folder, name], binary=True):
            # What is missing between shows as a damaged line; nothing moves to another place.
            data += bytes(max(0, start - len(data)))
            data += part
        return bytes(data)

    def folders(self, connection: Connection) -> list[str]:
        """Return the name of every folder that holds something."""
        return [row[0] for row in connection.execute(self._folders)]

    def begin(self, connection: Connection, folder: str, wait: float) -> bool:
        """Begin a transaction and wait for the folder's lock; False where nothing can be written.

        A statement after this one sees what the wait was for, whatever the server's default.
        """
        key = database.lock_key(self.schema, folder)
        milliseconds = max(1, int(wait * 1000))  # zero would be "as long as it takes"
        cursor = connection.execute(
            "BEGIN ISOLATION LEVEL READ COMMITTED;"
            f" SET LOCAL lock_timeout = {milliseconds};"
            f" SET LOCAL statement_timeout = {milliseconds + STATEMENT_MS};"
            f" SELECT pg_advisory_xact_lock({key}),"
            " current_setting('transaction_read_only')".encode()
        )
        while cursor.nextset():
            pass
        row = cursor.fetchone()
        return row is not None and row[1] == "off"

    def begin_all(self, connection: Connection, folders: Sequence[str], wait: float) -> None:
        """Begin a transaction and wait for the locks of several folders, in the order given."""
        milliseconds = max(1, int(wait * 1000))
        connection.execute(
            "BEGIN ISOLATION LEVEL READ COMMITTED;"
            f" SET LOCAL lock_timeout = {milliseconds};"
            f" SET LOCAL statement_timeout = {milliseconds + STATEMENT_MS}".encode()
        )
        for folder in folders:
            key = database.lock_key(self.schema, folder)
            connection.execute(f"SELECT pg_advisory_xact_lock({key})".encode())

    def commit(
        self, connection: Connection, folder: str, before: Mapping[str, Stored], after: Files
    ) -> None:
        """Bring what was changed to the server, and have it confirmed."""
        gone = [name for name, file in before.items() if after.get(name) is not file]
        gone += [name for name, file in before.items() if file.replaces and name not in gone]
        rows = [(name, start, data) for name, file in after.items() for start, data in chunks(file)]
        if not gone and not rows:
            connection.execute("ROLLBACK")
            return
        if gone:
            connection.execute(self._remove, [folder, gone])
        if rows:
            columns: Sequence[Any] = [list(column) for column in zip(*rows, strict=True)]
            connection.execute(self._insert, [folder, *columns])
        status = connection.execute("COMMIT").statusmessage
        if status != "COMMIT":  # a transaction that had failed is rolled back without an error
            raise StoreError("io", f"COMMIT: {status}")
