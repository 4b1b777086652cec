"""Which sign-ins are open: a cookie is good while its line in the database stands.

JupyterHub's own cookie names the account only, so a copy of it works for its fourteen days,
whatever its owner signs out of. Here each sign-in has a secret of its own in the cookie and a line
with its digest in the database; signing out takes that line away, and no other.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from typing import Any, Final

from jupyterhub import orm
from jupyterhub.handlers.base import BaseHandler
from jupyterhub.orm import Base
from jupyterhub.user import User
from sqlalchemy import Column, DateTime, String, inspect

from ustaz.base import clock
from ustaz.hub.signin import holders

_FOR_TOKEN: Final = BaseHandler.get_current_user_token

LASTS: Final = dt.timedelta(days=15)
"""A day longer than the cookie."""


class Open(Base):  # type: ignore[misc]
    """A sign-in that has not ended."""

    __tablename__ = "ustaz_signins"
    digest = Column(String(64), primary_key=True)
    account = Column(String(255), nullable=False, index=True)
    began_at = Column(DateTime, nullable=False)


def make_table(engine: Any) -> None:  # noqa: ANN401
    """Create the table where it is not there yet."""
    if Open.__tablename__ not in inspect(engine).get_table_names():
        Open.__table__.create(engine)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _now() -> dt.datetime:
    return clock.now().astimezone(dt.UTC).replace(tzinfo=None)


def begin(db: Any, account: str) -> str:  # noqa: ANN401
    """Note a sign-in and return its secret."""
    secret = secrets.token_urlsafe(24)
    now = _now()
    db.query(Open).filter(Open.began_at < now - LASTS).delete()
    db.add(Open(digest=_digest(secret), account=account, began_at=now))
    db.commit()
    return secret


def is_open(db: Any, secret: str, account: str) -> bool:  # noqa: ANN401
    """Tell whether the sign-in of a secret is an account's and has not ended."""
    kept = db.get(Open, _digest(secret))
    return kept is not None and kept.account == account


def end(db: Any, secret: str) -> None:  # noqa: ANN401
    """End one sign-in."""
    db.query(Open).filter_by(digest=_digest(secret)).delete()
    db.commit()


def end_all(db: Any, account: str) -> None:  # noqa: ANN401
    """End every sign-in of an account; whoever calls commits."""
    db.query(Open).filter_by(account=account).delete()


# -- in the hub's cookie --------------------------------------------------------------------------
def secret_of(handler: Any) -> str:  # noqa: ANN401
    """Return the secret in a request's cookie; empty where there is none."""
    return _parts(handler, handler.hub.cookie_name, None)[1]


def _parts(handler: Any, name: str, value: Any) -> tuple[str, str]:  # noqa: ANN401
    kept = handler.get_secure_cookie(name, value, max_age_days=handler.cookie_max_age_days)
    user, _, secret = (kept or b"").decode("utf-8", "replace").partition(".")
    return user, secret


def _set_user_cookie(self: Any, user: Any, server: Any) -> None:  # noqa: ANN401
    value = f"{user.cookie_id}.{begin(self.db, user.name)}"
    self._set_cookie(server.cookie_name, value, encrypted=True, path=server.base_url)


def _user_for_cookie(self: Any, cookie_name: str, cookie_value: Any = None) -> Any:  # noqa: ANN401
    if cookie_value is None and not self.get_cookie(cookie_name):
        return None
    cookie_id, secret = _parts(self, cookie_name, cookie_value)
    user = self.db.query(orm.User).filter(orm.User.cookie_id == cookie_id).first()
    if user is None or not is_open(self.db, secret, user.name):
        self.clear_cookie(cookie_name, path=self.hub.base_url)
        return None
    user = self._user_from_orm(user)
    if not self.authenticator.is_still_theirs(user.name, holders.PASSWORD):
        return None  # the account is somebody else's now
    if self._record_activity(user):
        self.db.commit()
    return user


def _user_for_token(self: Any) -> Any:  # noqa: ANN401
    user = _FOR_TOKEN(self)
    name = user.name if isinstance(user, User) else None
    if name and not self.authenticator.is_still_theirs(name, holders.PASSWORD):
        return None
    return user


def install() -> None:
    """Let every page and call of the hub ask for the line as well, and whose the account is.

    JupyterHub has no setting for it: its three methods are replaced, and the tests of signing out
    hold them to what they do.
    """
    BaseHandler._set_user_cookie = _set_user_cookie  # noqa: SLF001
    BaseHandler._user_for_cookie = _user_for_cookie  # noqa: SLF001
    BaseHandler.get_current_user_token = _user_for_token
