"""Whose an account was when its password was set, or a code was made for it.

A name that somebody frees may be given to somebody else. What the first one knows or holds, a
password, a code, a cookie, a token, was theirs and opens nothing of the second one's: it counts as
long as one of those who held the account still does.
"""

from __future__ import annotations

import json
from typing import Any, Final

from jupyterhub.orm import Base
from sqlalchemy import Column, String, Text, inspect

from ustaz.hub.settings import HubDir

#: The password, and every session that began with it.
PASSWORD: Final = "password"  # noqa: S105 - a kind, not a password
CODE: Final = "code"

People = frozenset[str]


class Holders(Base):  # type: ignore[misc]
    """Who held an account: ids of courses and people, as JSON."""

    __tablename__ = "ustaz_holders"
    account = Column(String(255), primary_key=True)
    kind = Column(String(16), primary_key=True)
    people = Column(Text, nullable=False)


def make_table(engine: Any) -> None:  # noqa: ANN401
    """Create the table where it is not there yet."""
    if Holders.__tablename__ not in inspect(engine).get_table_names():
        Holders.__table__.create(engine)


def present(hub: HubDir, account: str) -> People:
    """Return who holds an account now, each as ``course/person``."""
    return frozenset(f"{course.id}/{person.person}" for course, person in hub.memberships(account))


def people_of(row: Any) -> People:  # noqa: ANN401 - a row of `Holders`
    """Return whom a row names, each as ``course/person``."""
    return frozenset(json.loads(row.people))


def noted(db: Any, account: str, kind: str) -> People | None:  # noqa: ANN401
    """Return who held it then; None where an earlier version noted nobody."""
    kept = db.get(Holders, (account, kind))
    return people_of(kept) if kept else None


def note(db: Any, account: str, kind: str, people: People) -> None:  # noqa: ANN401
    """Note who holds it; whoever calls commits."""
    kept = db.get(Holders, (account, kind)) or Holders(account=account, kind=kind)
    kept.people = json.dumps(sorted(people))
    db.add(kept)


def take_out(db: Any, people: People) -> None:  # noqa: ANN401
    """Name somebody nowhere any more; whoever calls commits.

    An account that nobody is left of stays closed to whoever is given it.
    """
    for row in db.query(Holders):
        rest = people_of(row) - people
        if rest != people_of(row):
            row.people = json.dumps(sorted(rest))


def same(db: Any, account: str, kind: str, people: People) -> bool:  # noqa: ANN401
    """Tell whether an account is still theirs for whom the password or the code was made.

    Who holds it besides them now is noted, too: a teacher who takes part in a second course keeps
    the password when the first one ends.

    Parameters
    ----------
    people : frozenset of str
        Who holds it now.
    """
    before = noted(db, account, kind)
    if not people:
        return True  # nobody comes in with it; who is put back into a list finds it as it was
    if before is not None and before.isdisjoint(people):
        return False
    if before is None or not people <= before:
        note(db, account, kind, people | (before or frozenset()))
        db.commit()
    return True
