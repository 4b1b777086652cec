"""What a hub keeps of an account: JupyterHub's tables, password, code, and the JupyterLab home."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from ustaz import database
from ustaz.backup.databases import shrink
from ustaz.base import http_client
from ustaz.hub.settings import HubDir
from ustaz.messages import N_
from ustaz.privacy.course_data import as_json
from ustaz.privacy.file_trees import copied, measured, put, removed
from ustaz.privacy.model import Found, PersonalError, Place, Whose

HOMES: Final = "homes"
DATABASE: Final = "hub.sqlite"
SECONDS: Final = 2.0


def require_stopped(hub: HubDir) -> None:
    """Refuse while the hub runs: it holds accounts in memory and would write them back."""
    url = f"http://127.0.0.1:{hub.settings.inner_port + 1}/hub/api"
    try:
        response = http_client.call("GET", url, seconds=SECONDS)
    except OSError:
        return
    if "X-JupyterHub-Version" in response.headers:
        raise PersonalError(
            "hub_runs",
            N_("The hub is running: it would write the account back. Nothing was changed."),
            N_("Stop it, run this again, and start it: systemctl stop ustaz-hub"),
        )


def _hub(whose: Whose) -> HubDir:
    assert whose.hub is not None  # noqa: S101 - these places are asked for a hub only
    return whose.hub


def _has_tables(hub: HubDir) -> bool:
    path = hub.state / DATABASE
    return bool(hub.settings.database) or (path.is_file() and path.stat().st_size > 0)


def _rows(db: Any, whose: Whose) -> Iterator[Any]:  # noqa: ANN401 - SQLAlchemy's
    """Yield the rows that are about an account, none of which may stay."""
    from jupyterhub import orm
    from nativeauthenticator.orm import UserInfo

    from ustaz.hub.signin.codes import Code
    from ustaz.hub.signin.open_sign_ins import Open

    account = whose.account
    yield from db.query(Code).filter_by(account=account)
    yield from db.query(Open).filter_by(account=account)
    yield from db.query(UserInfo).filter_by(username=account)
    clients = db.query(orm.OAuthClient).filter_by(identifier=f"jupyterhub-user-{account}")
    yield from clients
    yield from db.query(orm.User).filter_by(name=account)


def _made(db: Any, whose: Whose) -> Iterator[Any]:  # noqa: ANN401
    """Yield codes for others that the person made."""
    from ustaz.hub.signin.codes import Code

    names = {whose.account, *(member.person for member in whose.members)}
    yield from db.query(Code).filter(Code.made_by.in_(names), Code.account != whose.account)


def _account_found(whose: Whose) -> Found:
    from ustaz.hub.database import session

    hub = _hub(whose)
    if not _has_tables(hub):
        return Found()
    with session(hub) as db:
        return Found(len([*_rows(db, whose), *_made(db, whose)]))


def _account_copied(whose: Whose, to: Path) -> None:
    from jupyterhub import orm
    from nativeauthenticator.orm import UserInfo

    from ustaz.hub.database import session
    from ustaz.hub.signin.codes import Code

    hub = _hub(whose)
    if not _has_tables(hub):
        return
    with session(hub) as db:
        user = db.query(orm.User).filter_by(name=whose.account).one_or_none()
        code = db.get(Code, whose.account)
        known = db.query(UserInfo).filter_by(username=whose.account).count()
        said = {
            "account": whose.account,
            "created": str(user.created) if user else None,
            "last_activity": str(user.last_activity) if user else None,
            "groups": sorted(group.name for group in user.groups) if user else [],
            "password_set": bool(known),
            "code_made_at": str(code.made_at) if code else None,
            "code_expires_at": str(code.expires_at) if code else None,
        }
    put(to.with_suffix(".json"), as_json(said))


def _account_erased(whose: Whose) -> None:
    from sqlalchemy import inspect

    from ustaz.hub.database import session
    from ustaz.hub.signin import sessions

    hub = _hub(whose)
    if not _has_tables(hub):
        return
    with session(hub) as db:
        for code in _made(db, whose):
            code.made_by = ""
        for row in list(_rows(db, whose)):
            db.delete(row)
        db.commit()
        tables = inspect(db.connection()).get_table_names()
    sessions.changed(hub.state)
    if hub.settings.database:
        database.vacuum(hub.settings.database, database.HUB_SCHEMA, *tables)
    else:
        shrink(hub.state / DATABASE)


def _homes(whose: Whose) -> list[Path]:
    hub = _hub(whose)
    # Of former days, of today, and what the desks were given to read.
    return [
        top / whose.account for top in (hub.state / HOMES, hub.dir / HOMES, hub.state / "desks")
    ]


def _homes_copied(whose: Whose, to: Path) -> None:
    for path in _homes(whose)[:2]:
        copied(path, to)


def _homes_erased(whose: Whose) -> None:
    for path in _homes(whose):
        removed(path)


ACCOUNT: Final[Place[Whose]] = Place(
    "account",
    N_("the account of the hub: name, password, sessions, one-time code"),
    _account_found,
    _account_copied,
    _account_erased,
)
HOME: Final[Place[Whose]] = Place(
    "home",
    N_("the folder in JupyterLab"),
    lambda one: measured(*_homes(one)[:2]),
    _homes_copied,
    _homes_erased,
)
