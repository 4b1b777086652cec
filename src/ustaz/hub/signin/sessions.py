"""Ending sessions at once, everywhere.

A session is a cookie of the hub, tokens that services got for it, and perhaps a running server.
The service keeps the hub's answers about tokens for some minutes; so whatever ends a session also
changes a small file, and the service, which looks at that file at each request, asks anew.
"""

from __future__ import annotations

import secrets
import uuid
from pathlib import Path
from typing import Any, Final

from ustaz.base import files

EPOCH_FILE: Final = "sessions"


def changed(state: Path) -> None:
    """Tell the service that what it knows about sessions may be out of date."""
    # Not synced: only running processes look at it, and a power cut ends them.
    files.replace(state / EPOCH_FILE, secrets.token_hex(8).encode(), durable=False)


class Epoch:
    """What the service looks at.

    Parameters
    ----------
    state : Path
    """

    def __init__(self, state: Path) -> None:
        self._path = state / EPOCH_FILE
        self._seen = self._key()

    def _key(self) -> tuple[int, int] | None:
        try:
            status = self._path.stat()
        except FileNotFoundError:
            return None
        return status.st_mtime_ns, status.st_ino

    def moved(self) -> bool:
        """Tell whether sessions ended since the last question."""
        now = self._key()
        if now == self._seen:
            return False
        self._seen = now
        return True


def end_all(db: Any, user: Any, state: Path) -> None:  # noqa: ANN401
    """End every session of a hub user: cookies, tokens and codes of running sign-ins.

    Parameters
    ----------
    db : sqlalchemy.orm.Session
        The hub's.
    user : jupyterhub.orm.User
    state : Path
    """
    from jupyterhub import orm

    from ustaz.hub.signin import open_sign_ins

    open_sign_ins.end_all(db, user.name)
    user.cookie_id = uuid.uuid4().hex  # no cookie of before names this user any more
    for token in list(user.api_tokens):
        db.delete(token)
    for code in db.query(orm.OAuthCode).filter_by(user_id=user.id):
        db.delete(code)
    db.commit()
    changed(state)


def end_one(handler: Any) -> None:  # noqa: ANN401
    """End the session that a request of the hub comes with, and no other: whatever is left of it.

    Its tokens go with it, also where the cookie that named the account is no longer good.
    """
    from jupyterhub import orm

    from ustaz.hub.signin import open_sign_ins

    secret, session = open_sign_ins.secret_of(handler), handler.get_session_cookie()
    if secret:
        open_sign_ins.end(handler.db, secret)
    if session:
        for kind in (orm.APIToken, orm.OAuthCode):
            for token in handler.db.query(kind).filter_by(session_id=session):
                handler.db.delete(token)
        handler.db.commit()
    changed(handler.authenticator.hub_dir.state)


async def end_with_servers(handler: Any, user: Any) -> None:  # noqa: ANN401
    """Stop a user's running servers, which keep sessions of their own, and end every session.

    Parameters
    ----------
    handler : jupyterhub.handlers.base.BaseHandler
    user : jupyterhub.user.User
    """
    for name, spawner in list(user.spawners.items()):
        if spawner.active and not spawner.pending:
            await handler.stop_single_user(user, name)
    end_all(handler.db, user.orm_user, handler.authenticator.hub_dir.state)
