"""What a hub keeps of an account: JupyterHub's tables, password, code, and the JupyterLab home."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from ustaz import database
from ustaz.backup.databases import shrink
from ustaz.base import http_client
from ustaz.hub import makers
from ustaz.hub.desks import set_apart
from ustaz.hub.settings import HubDir
from ustaz.messages import N_
from ustaz.privacy.file_trees import as_json, copied, measured, put, removed
from ustaz.privacy.model import Amount, DataSubject, PersonalError, Place

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


def _hub(subject: DataSubject) -> HubDir:
    assert subject.hub is not None  # noqa: S101 - these places are asked for a hub only
    return subject.hub


def _has_tables(hub: HubDir) -> bool:
    path = hub.state / DATABASE
    return bool(hub.settings.database) or (path.is_file() and path.stat().st_size > 0)


def _rows(db: Any, subject: DataSubject) -> Iterator[Any]:  # noqa: ANN401 - SQLAlchemy's
    """Yield the rows that are about accounts of a person, none of which may stay.

    An account that they freed is one of them for as long as its password is theirs.
    """
    from ustaz.hub.signin import holders

    theirs = _members(subject)
    yield from _account_rows(db, subject.account)
    for row in db.query(holders.Holders).filter_by(kind=holders.PASSWORD):
        people = holders.people_of(row)
        if row.account != subject.account and people and people <= theirs:
            yield from _account_rows(db, row.account)


def _members(subject: DataSubject) -> frozenset[str]:
    return frozenset(f"{member.course.id}/{member.person}" for member in subject.members)


def _account_rows(db: Any, account: str) -> Iterator[Any]:  # noqa: ANN401
    from jupyterhub import orm
    from nativeauthenticator.orm import UserInfo

    from ustaz.hub.signin.codes import Code
    from ustaz.hub.signin.holders import Holders
    from ustaz.hub.signin.open_sign_ins import Open

    yield from db.query(Holders).filter_by(account=account)
    yield from db.query(Code).filter_by(account=account)
    yield from db.query(Open).filter_by(account=account)
    yield from db.query(UserInfo).filter_by(username=account)
    clients = db.query(orm.OAuthClient).filter_by(identifier=f"jupyterhub-user-{account}")
    yield from clients
    yield from db.query(orm.User).filter_by(name=account)


def _made_codes(db: Any, subject: DataSubject) -> Iterator[Any]:  # noqa: ANN401
    """Yield codes for others that the person made."""
    from ustaz.hub.signin.codes import Code

    names = {subject.account, *(member.person for member in subject.members)}
    yield from db.query(Code).filter(Code.made_by.in_(names), Code.account != subject.account)


def _account_amount(subject: DataSubject) -> Amount:
    from ustaz.hub.database import session

    hub = _hub(subject)
    right = int(subject.account in makers.makers(hub))
    if not _has_tables(hub):
        return Amount(right)
    with session(hub) as db:
        return Amount(right + len([*_rows(db, subject), *_made_codes(db, subject)]))


def _account_copied(subject: DataSubject, to: Path) -> None:
    from jupyterhub import orm
    from nativeauthenticator.orm import UserInfo

    from ustaz.hub.database import session
    from ustaz.hub.signin.codes import Code

    hub = _hub(subject)
    if not _has_tables(hub):
        return
    with session(hub) as db:
        user = db.query(orm.User).filter_by(name=subject.account).one_or_none()
        code = db.get(Code, subject.account)
        known = db.query(UserInfo).filter_by(username=subject.account).count()
        account_row = {
            "account": subject.account,
            "created": str(user.created) if user else None,
            "last_activity": str(user.last_activity) if user else None,
            "groups": sorted(group.name for group in user.groups) if user else [],
            "password_set": bool(known),
            "makes_courses": subject.account in makers.makers(hub),
            "code_made_at": str(code.made_at) if code else None,
            "code_expires_at": str(code.expires_at) if code else None,
        }
    put(to.with_suffix(".json"), as_json(account_row))


def _account_erased(subject: DataSubject) -> None:
    from sqlalchemy import inspect

    from ustaz.hub.database import session
    from ustaz.hub.signin import holders, sessions

    hub = _hub(subject)
    if subject.account in makers.makers(hub):
        makers.allow(hub, subject.account, allowed=False)
    if not _has_tables(hub):
        return
    with session(hub) as db:
        for code in _made_codes(db, subject):
            code.made_by = ""
        for row in list(_rows(db, subject)):
            db.delete(row)
        holders.take_out(db, _members(subject))
        db.commit()
        tables = inspect(db.connection()).get_table_names()
    sessions.changed(hub.state)
    if hub.settings.database:
        database.vacuum(hub.settings.database, database.HUB_SCHEMA, *tables)
    else:
        shrink(hub.state / DATABASE)


def _homes(subject: DataSubject) -> list[Path]:
    """Return the homes, of former days, of today and of freed accounts, and what desks read."""
    hub, theirs = _hub(subject), _members(subject)
    tops = (hub.state / HOMES, hub.dir / HOMES)
    former = [folder for folder, people in set_apart(hub) if people & theirs]
    return [
        *(top / subject.account for top in tops),
        *former,
        hub.state / "desks" / subject.account,
    ]


def _homes_copied(subject: DataSubject, to: Path) -> None:
    for path in _homes(subject)[:-1]:
        copied(path, to)


def _homes_erased(subject: DataSubject) -> None:
    for path in _homes(subject):
        removed(path)


ACCOUNT: Final[Place[DataSubject]] = Place(
    "account",
    N_("the account of the hub: name, password, sessions, one-time code"),
    _account_amount,
    _account_copied,
    _account_erased,
)
HOME: Final[Place[DataSubject]] = Place(
    "home",
    N_("the folder in JupyterLab"),
    lambda subject: measured(*_homes(subject)[:-1]),
    _homes_copied,
    _homes_erased,
)
