"""What a hub of an earlier version kept otherwise, brought up to date as it starts."""

from __future__ import annotations

import logging
from typing import Any

from jupyterhub import orm
from nativeauthenticator.orm import UserInfo

from ustaz.base.account import account_key
from ustaz.hub.signin.codes import Code

log = logging.getLogger("ustaz.hub")


def one_form(db: Any) -> None:  # noqa: ANN401
    """Write the names of accounts in their one form; one that is there already keeps its own.

    Earlier versions only made capital letters small, so that a few names are written otherwise
    today: with ``ß``, with a dot above, or in full width.
    """
    count = 0
    for table, column in ((orm.User, "name"), (UserInfo, "username")):
        kept = {getattr(row, column): row for row in db.query(table)}
        for name in sorted(kept):
            key = account_key(name)
            if key == name or key in kept:
                continue
            setattr(kept[name], column, key)
            kept[key] = kept[name]
            count += 1
    for code in db.query(Code):
        if account_key(code.account) != code.account:  # kept under a name that nobody could type
            db.delete(code)
            count += 1
    if count:
        db.commit()
        log.info("ustaz: %d names of accounts were written in their one form", count)
