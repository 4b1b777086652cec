"""One-time codes: an invitation, or a new password for one that was forgotten.

A code is made for one account by somebody who may (:mod:`.rights`), shown once, kept as a hash,
valid for days and for one use. A new one replaces the one before.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from typing import Any, Final

from jupyterhub.orm import Base
from sqlalchemy import Column, DateTime, LargeBinary, String, inspect

from ustaz.base import clock
from ustaz.base.spoken_code import ALPHABET, grouped, normalized
from ustaz.hub.signin import holders

#: 40 bits; a receipt has a length of its own.
LENGTH: Final = 8
INVITATION: Final = dt.timedelta(days=14)
RESET: Final = dt.timedelta(days=2)


class Code(Base):  # type: ignore[misc]
    """The open code of an account."""

    __tablename__ = "ustaz_codes"
    account = Column(String(128), primary_key=True)
    hash = Column(LargeBinary, nullable=False)
    made_by = Column(String(128), nullable=False)
    made_at = Column(DateTime, nullable=False)
    expires_at = Column(DateTime, nullable=False)


def make_table(engine: Any) -> None:  # noqa: ANN401
    """Create the table where it is not there yet."""
    if Code.__tablename__ not in inspect(engine).get_table_names():
        Code.__table__.create(engine)


def _now() -> dt.datetime:
    return clock.now().astimezone(dt.UTC).replace(tzinfo=None)


def _hash(account: str, code: str) -> bytes:
    # 40 bits: slow enough that a copied database gives no code away before it expires.
    return hashlib.scrypt(code.encode(), salt=account.encode(), n=2**13, r=8, p=1, dklen=32)


def make(
    db: Any,  # noqa: ANN401
    account: str,
    *,
    by: str,
    lasts: dt.timedelta,
    people: holders.People,
) -> tuple[str, dt.datetime]:
    """Make a code for `account` and return it with the moment (UTC) at which it expires.

    Parameters
    ----------
    people : frozenset of str
        Who holds the account: the code is for them, and for nobody who is given it later.
    """
    code = grouped("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)))
    now = _now()
    kept = db.get(Code, account) or Code(account=account)
    kept.hash, kept.made_by, kept.made_at = _hash(account, code), by, now
    kept.expires_at = now + lasts
    db.add(kept)
    holders.note(db, account, holders.CODE, people)
    db.commit()
    return code, kept.expires_at.replace(tzinfo=dt.UTC)


def proof(account: str, typed: str) -> bytes:
    """Return what is compared of a code; it takes as long for what is no code."""
    return _hash(account, normalized(typed, LENGTH) or "no code")


def fits(db: Any, account: str, typed: str) -> bool:  # noqa: ANN401
    """Tell whether `typed` is the account's open code."""
    return _open(db, account, proof(account, typed)) is not None


def holds(db: Any, account: str, shown: bytes) -> bool:  # noqa: ANN401
    """Tell whether `shown` is the proof of the account's open code."""
    return _open(db, account, shown) is not None


def _open(db: Any, account: str, shown: bytes) -> Code | None:  # noqa: ANN401
    kept = db.get(Code, account)
    same = hmac.compare_digest(kept.hash if kept else bytes(len(shown)), shown)
    return kept if kept and same and kept.expires_at > _now() else None


def use(db: Any, account: str, shown: bytes, *, good: bool = True) -> bool:  # noqa: ANN401
    """Use a code up, where `shown` is its proof; of two who use it at once, one does.

    Parameters
    ----------
    good : bool
        Whether the account may come in at all; else the code stays as it is.
    """
    kept = _open(db, account, shown)
    if kept is None or not good:
        return False
    db.delete(kept)
    db.commit()
    return True


def open_until(db: Any, account: str) -> dt.datetime | None:  # noqa: ANN401
    """Return until when (UTC) an unused code of an account can be used."""
    kept = db.get(Code, account)
    if kept is None or kept.expires_at <= _now():
        return None
    return kept.expires_at.replace(tzinfo=dt.UTC)  # type: ignore[no-any-return]


def discard(db: Any, account: str) -> None:  # noqa: ANN401
    """Make an account's code worthless."""
    kept = db.get(Code, account)
    if kept is not None:
        db.delete(kept)
        db.commit()
