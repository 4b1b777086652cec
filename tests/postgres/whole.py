"""What tests of a whole hub in PostgreSQL share: a database of its own, and accounts in it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.postgres.server import Server
from ustaz.answers.postgres import pool
from ustaz.hub.database import session
from ustaz.hub.settings import HubDir

_numbers = itertools.count(1)


@contextmanager
def new_database(server: Server) -> Iterator[str]:
    """Make a database, yield its URL, and drop it with whatever still uses it."""
    name = f"ustaz_whole_{next(_numbers)}"
    server.ask(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    try:
        yield server.url(name)
    finally:
        pool.close_all()
        server.ask(f"DROP DATABASE {name} WITH (FORCE)")


def account(folder: Path, name: str) -> None:
    from jupyterhub import orm
    from nativeauthenticator.orm import UserInfo

    with session(HubDir.open(folder)) as db:
        db.add(orm.User(name=name))
        db.add(UserInfo(username=name, password=b"hash-of-" + name.encode()))
        db.commit()
