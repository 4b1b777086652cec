"""What a change of the roster gives and takes, and who may.

Every way to a role or an account ends in :func:`ustaz.roster.writing.write`, and it asks here:
a list, a form, a command, and the undoing of one of these. Nobody gives a right that they do not
hold, and nobody gives themselves one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from ustaz.base.account import is_usable
from ustaz.base.ids import ROLES
from ustaz.roster.people import Person

EVERYTHING: Final = frozenset(ROLES)
#: Which roles the holder of a role may give and take. Course staff put together a course.
GIVES: Final[dict[str, frozenset[str]]] = {
    "operator": EVERYTHING,
    "staff": EVERYTHING - {"operator"},
}


def nowhere(account: str) -> frozenset[str]:
    """Stand in no other course: where there is no hub."""
    del account
    return frozenset()


@dataclass(frozen=True, slots=True)
class Giver:
    """Who changes the roster, with what they may give.

    Attributes
    ----------
    person : str
        Empty where the roster does not know them.
    roles : frozenset of str
        In force in this course; ``operator`` also where they are one in another course of the hub.
    elsewhere : callable
        Account to the ids of the other courses in which it stands.
    staff_of : frozenset of str
        Ids of other courses whose staff they are.
    owner : bool
        They own the directory: whoever may write the file may write anything in it.
    """

    person: str = ""
    roles: frozenset[str] = frozenset()
    elsewhere: Callable[[str], frozenset[str]] = field(default=nowhere)
    staff_of: frozenset[str] = frozenset()
    owner: bool = False

    @classmethod
    def named(cls, by: Giver | str) -> Giver:
        """Return who changes the roster; a mere name is the owner's of the directory."""
        return by if isinstance(by, Giver) else cls(by, owner=True)

    @property
    def gives(self) -> frozenset[str]:
        """Return the roles that they may give and take."""
        if self.owner:
            return EVERYTHING
        return frozenset().union(*(GIVES.get(role, frozenset()) for role in self.roles))

    def may_enter(self, account: str) -> bool:
        """Tell whether they may enter an account that may stand in other courses, too.

        With an account that is entered come codes for it, and with a code whatever the account
        may do. Its people's staff everywhere could hand one out already; else it is an operator's.
        """
        everything = self.owner or "operator" in self.roles
        return everything or self.elsewhere(account) <= self.staff_of


@dataclass(frozen=True, slots=True)
class Breach:
    """Something that a change would do and must not.

    Attributes
    ----------
    person : str
        Whose line it is; empty for the roster as a whole.
    id : str
        As in :data:`ustaz.roster.errors.TEXTS`.
    about : str
        ``role`` or ``account``, the field that it is about.
    value : str
        The role, or the account.
    """

    person: str
    id: str
    about: str = ""
    value: str = ""


def breaches(
    giver: Giver, before: Mapping[str, Person], after: Mapping[str, Person]
) -> Iterator[Breach]:
    """Yield what a change would do and must not.

    Rights belong to accounts, so they are compared by account: another account in somebody's line
    gives that account everything that the line holds.
    """
    yield from unusable(before, after)
    if giver.owner or after == before:
        return
    if not giver.gives:
        yield Breach("", "may_not_change")
        return
    own = before[giver.person].signs_in_as if giver.person in before else ""
    held = {line.signs_in_as: line for line in before.values()}
    for person, line in after.items():
        old = held.get(line.signs_in_as)
        if before.get(person) == line:
            continue
        account = line.signs_in_as
        if old is None and not giver.may_enter(account):
            yield Breach(person, "account_elsewhere", "account", account)
        gained = (line.held | set(line.roles)) - (old.held if old else frozenset())
        if old is not None and old.status == line.status:
            gained -= set(old.roles)  # of somebody who has withdrawn: written, and not in force
        for role in sorted(gained - giver.gives):
            yield Breach(person, "may_not_give", "role", role)
        if gained and "operator" not in giver.roles and own == account:
            yield Breach(person, "own_role", "role", min(gained))
    yield from _taken(giver, before, after)


def _account(people: Mapping[str, Person], person: str) -> str:
    return people[person].signs_in_as if person in people else ""


def _taken(
    giver: Giver, before: Mapping[str, Person], after: Mapping[str, Person]
) -> Iterator[Breach]:
    kept = {line.signs_in_as: line.held for line in after.values()}
    for person, line in before.items():
        lost = line.held - kept.get(line.signs_in_as, frozenset())
        for role in sorted(lost - giver.gives):
            yield Breach(person, "may_not_take", "role", role)


def unusable(before: Mapping[str, Person], after: Mapping[str, Person]) -> Iterator[Breach]:
    """Yield the accounts that a change brings in and nobody could sign in with."""
    owners: dict[str, int] = {}
    for line in after.values():
        owners[line.signs_in_as] = owners.get(line.signs_in_as, 0) + 1
    for person, line in after.items():
        account = line.signs_in_as
        if account == _account(before, person):
            continue
        if not is_usable(account):
            yield Breach(person, "bad_account", "account", account)
        elif owners[account] > 1:
            yield Breach(person, "same_account", "account", account)
