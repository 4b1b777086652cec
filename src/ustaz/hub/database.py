"""The hub's own database from outside its process: for a first invitation, and for the demo."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ustaz.base.light_start import without_iri_grammar
from ustaz.hub.settings import HubDir


@contextmanager
def session(hub: HubDir) -> Iterator[Any]:
    """Give a session of the hub's database, with the tables of accounts and codes.

    A running hub may use the same database meanwhile: what is done here is short.
    """
    without_iri_grammar()
    from jupyterhub import orm
    from nativeauthenticator.orm import UserInfo
    from sqlalchemy import inspect

    from ustaz.hub.config import database_url
    from ustaz.hub.signin import codes, holders, open_sign_ins

    hub.state.mkdir(mode=0o700, exist_ok=True)
    # A new database is told by the library in lines of its log that no technician needs.
    before = logging.root.manager.disable
    logging.disable(logging.INFO)
    try:
        factory = orm.new_session_factory(database_url(hub))
    finally:
        logging.disable(before)
    db = factory()
    try:
        if UserInfo.__tablename__ not in inspect(db.bind).get_table_names():
            UserInfo.__table__.create(db.bind)
        codes.make_table(db.bind)
        open_sign_ins.make_table(db.bind)
        holders.make_table(db.bind)
        yield db
    finally:
        engine = db.get_bind()
        db.close()
        engine.dispose()
