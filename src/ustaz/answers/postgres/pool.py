"""Connections to PostgreSQL that threads share, and what its errors mean for a document."""

from __future__ import annotations

import atexit
import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final, TypeVar

import psycopg
from psycopg import errors
from psycopg.pq import TransactionStatus

from ustaz import database
from ustaz.answers.errors import StoreError

log = logging.getLogger("ustaz.answers")

Connection = psycopg.Connection[Any]
T = TypeVar("T")

#: Of one process; a server has a hundred for all, unless its administrator says otherwise.
MOST_CONNECTIONS: Final = 16
#: No statement of ours takes so long on a server that is well.
STATEMENT_MS: Final = 30_000
#: A process that was stopped in the middle of a save lets go of its document after this.
IDLE_MS: Final = 60_000

_BUSY: Final = (errors.LockNotAvailable, errors.QueryCanceled)
_FULL: Final = (errors.DiskFull,)
_READ_ONLY: Final = (errors.ReadOnlySqlTransaction, errors.InsufficientPrivilege)


def store_error(error: psycopg.Error) -> StoreError:
    """Return what a server's error means for a document; never a word of the document."""
    detail = f"postgresql {error.sqlstate or type(error).__name__}"
    if isinstance(error, _BUSY):
        return StoreError("busy", detail)
    if isinstance(error, _FULL):
        return StoreError("full", detail)
    if isinstance(error, _READ_ONLY):
        return StoreError("readonly", detail)
    return StoreError("io", detail)


@contextmanager
def as_store_errors() -> Iterator[None]:
    """Turn what the database says into :class:`StoreError`."""
    try:
        yield
    except psycopg.Error as error:
        raise store_error(error) from error
    except database.DatabaseError as error:
        log.error("%s %s", error.message, error.hint)
        raise StoreError("io", error.id) from error


class Pool:
    """At most so many connections to one database; a lost one is opened anew.

    Parameters
    ----------
    url : str
    most : int
        How many at a time.
    """

    def __init__(self, url: str, most: int = MOST_CONNECTIONS) -> None:
        self.url = url
        self._idle: list[Connection] = []
        self._room = threading.BoundedSemaphore(most)

    def first(self, step: Callable[[Connection], T], wait: float) -> tuple[Connection, T]:
        """Take a connection and do the first step on it, which must not change anything.

        A connection may have been lost while nobody used it; then the step is done again on a
        new one. Give the connection back when done.
        """
        if not self._room.acquire(timeout=max(wait, 0)):
            raise StoreError("busy", "no connection is free")
        try:
            return self._first(step)
        except BaseException:
            self._room.release()
            raise

    def _first(self, step: Callable[[Connection], T]) -> tuple[Connection, T]:
        while (connection := self._taken()) is not None:
            try:
                return connection, step(connection)
            except (psycopg.OperationalError, psycopg.InterfaceError):
                lost = connection.broken or connection.closed
                _close(connection)
                if not lost:
                    raise
            except BaseException:
                _close(connection)
                raise
        connection = self._opened()
        try:
            return connection, step(connection)
        except BaseException:
            _close(connection)
            raise

    def _taken(self) -> Connection | None:
        try:
            return self._idle.pop()
        except IndexError:
            return None

    def _opened(self) -> Connection:
        connection = database.connect(self.url)
        try:
            connection.execute(f"SET statement_timeout = {STATEMENT_MS}".encode())
            connection.execute(f"SET idle_in_transaction_session_timeout = {IDLE_MS}".encode())
            row = connection.execute("SHOW synchronous_commit").fetchone()
            if row == ("off",):
                # Then an acknowledged save could be gone after a crash.
                connection.execute("SET synchronous_commit = on")
        except BaseException:
            _close(connection)
            raise
        return connection

    def give_back(self, connection: Connection) -> None:
        """Keep a connection for the next one; close it when something is wrong with it."""
        if connection.info.transaction_status == TransactionStatus.IDLE:
            self._idle.append(connection)
        else:
            _close(connection)
        self._room.release()

    def close(self) -> None:
        """Close what nobody uses."""
        while (connection := self._taken()) is not None:
            _close(connection)


def _close(connection: Connection) -> None:
    with suppress(psycopg.Error):
        connection.close()


_POOLS: dict[str, Pool] = {}
_POOLS_LOCK = threading.Lock()
#: After a fork: the parent's connections; closing them here would end them there.
_PARENTS: list[Pool] = []


def pool_for(url: str) -> Pool:
    """Return this process's connections to a database."""
    with _POOLS_LOCK:
        if url not in _POOLS:
            _POOLS[url] = Pool(url)
        return _POOLS[url]


def close_all() -> None:
    """Close the connections that nobody uses, to all databases."""
    with _POOLS_LOCK:
        pools = list(_POOLS.values())
        _POOLS.clear()
    for pool in pools:
        pool.close()


def _forked() -> None:
    global _POOLS_LOCK  # noqa: PLW0603 - the parent's may be held for ever
    _POOLS_LOCK = threading.Lock()
    _PARENTS.extend(_POOLS.values())
    _POOLS.clear()


atexit.register(close_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)
