"""Who is asking: one port, three adapters.

1. the hub's token (`from_environment` inside a spawned server: ``JUPYTERHUB_USER``);
2. the owner that the operating system gives (`from_account`, several accounts on one machine);
3. "acting as", only where the course says ``demo = true`` (`acting_as`).

Whoever asks is decided here and nowhere else; no participant's file ever says who it is from.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ustaz.base.errors import UstazError
from ustaz.course.course import Course
from ustaz.roster.people import Person

PERSON_ENV: Final = "USTAZ_PERSON"


class IdentityError(UstazError):
    """Nobody in the roster answers to this account."""

    exit_code = 13


@dataclass(frozen=True, slots=True)
class Identity:
    """A person of the roster, as the system knows them for one request.

    Attributes
    ----------
    person : str
        Id in the roster, ``[a-z0-9][a-z0-9-]{0,31}``.
    roles : frozenset of str
        Members of :data:`ustaz.base.ids.ROLES`.
        Empty but for ``participant`` where somebody has withdrawn: their own pages are left.
    acting : bool
        True when a demo course lets somebody try out this person.
    status : str
        ``active``, ``leave`` or ``withdrawn``, as the roster says.
    account : str
        Under which account they came, where the host knows accounts.
    """

    person: str
    roles: frozenset[str]
    acting: bool = False
    status: str = "active"
    account: str = ""

    def has(self, *roles: str) -> bool:
        """Tell whether this person has one of `roles`."""
        return not self.roles.isdisjoint(roles)


def acting_as(course: Course, person: str) -> Identity:
    """Return an invented person's identity; demo courses only."""
    if not course.demo:
        raise IdentityError(
            "not_a_demo",
            "Acting as another person is possible in a demo course only.",
            "Sign in as yourself.",
        )
    return _identity(course.person(person), acting=True)


def _identity(member: Person, *, acting: bool = False, account: str = "") -> Identity:
    """Return a person's identity, with the roles that are in force."""
    roles = member.held
    return Identity(member.person, roles, acting=acting, status=member.status, account=account)


def from_account(course: Course, account: str) -> Identity:
    """Return the identity of the roster's person who owns `account`.

    The roster's ``account`` column decides; without one, an account that is called like a
    person's id is that person's. Names are compared in the form of
    :func:`ustaz.base.account.account_key`.
    """
    owner = course.owner(account)
    if owner is None:
        raise IdentityError(
            "unknown_account",
            f"The account {account!r} belongs to nobody in this course's roster.",
            "Ask the course staff to enter it in people.csv.",
        )
    return _identity(owner, account=account)


def account_of(uid: int) -> str:
    """Return the account name of a user id; the number itself where there is no name."""
    try:
        import pwd  # absent on Windows

        return pwd.getpwuid(uid).pw_name
    except (ImportError, KeyError):
        return str(uid)


def from_environment(course: Course, environ: Mapping[str, str] | None = None) -> Identity:
    """Return who runs this process: hub user, demo choice or owner of the account.

    ``USTAZ_PERSON`` is honoured in a demo course only.
    """
    env = os.environ if environ is None else environ
    hub_user = env.get("JUPYTERHUB_USER")
    if hub_user:
        return from_account(course, hub_user)
    chosen = env.get(PERSON_ENV)
    if chosen and course.demo:
        return acting_as(course, chosen)
    getuid = getattr(os, "getuid", None)
    account = account_of(getuid()) if getuid else env.get("USERNAME", "")
    return from_account(course, account)
