"""What a hub of an earlier version kept otherwise, brought up to date as it starts."""

from __future__ import annotations

import logging
from typing import Any

from jupyterhub import orm
from nativeauthenticator.orm import UserInfo

from ustaz.base.account import account_key
from ustaz.hub.settings import HubDir
from ustaz.hub.signin import holders
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


def holders_of_before(db: Any, hub: HubDir) -> None:  # noqa: ANN401
    """Note who holds each account, where nobody noted it when its password was set.

    An account that is in no list now was freed: whoever is given it needs an invitation. That is
    noted only where every course can be read.
    """
    whole = bool(hub.courses()) and not hub.troubled
    names = {(row.username, holders.PASSWORD) for row in db.query(UserInfo)}
    names |= {(row.account, holders.CODE) for row in db.query(Code)}
    for account, kind in sorted(names):
        people = holders.present(hub, account)
        if people:
            holders.same(db, account, kind, people)
        elif whole and holders.noted(db, account, kind) is None:
            holders.note(db, account, kind, people)
    db.commit()
