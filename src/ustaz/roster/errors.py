"""Why a change of the roster was refused, in words for everybody who may change it."""

from __future__ import annotations

from typing import Final

from ustaz.base.errors import UstazError
from ustaz.messages import N_

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "not_in_roster": (
        N_("There is no such person in this course."),
        N_("Search the list of people for the right id."),
    ),
    "no_such_group": (
        N_("No participant is in this group, and no facilitator leads it."),
        N_("Check the group's name; the list of people shows the groups that there are."),
    ),
    "bad_group": (
        N_("This cannot be the name of a group."),
        N_("Use 1 to 40 letters, digits, spaces and hyphens."),
    ),
    "bad_status": (
        N_("There is no such status."),
        N_("It is one of: active, leave, withdrawn."),
    ),
    "not_a_facilitator": (
        N_("Only a facilitator can substitute for another one."),
        N_("Give the person the role of a facilitator first, in people.csv or by an import."),
    ),
    "bad_days": (
        N_("These days do not make a time: the last day must not come before the first."),
        N_("Write days as 2026-11-23."),
    ),
    "leads_already": (
        N_("This facilitator leads the group already."),
        N_("Nothing was changed."),
    ),
    "no_substitution": (
        N_("There is no such substitution."),
        N_("The person's page lists the substitutions."),
    ),
    "no_entry": (
        N_("There is no such change in the history."),
        N_("Load the page again."),
    ),
    "changed_since": (
        N_("Something was changed after this, so it cannot be undone by itself."),
        N_("Undo the later change first, or enter what should be there."),
    ),
    "bad_join": (
        N_("There is nothing to join here."),
        N_("Choose spellings that the course has, and the one that shall stay."),
    ),
    "bad_school": (
        N_("This cannot be the name of a school."),
        N_("Use 1 to 80 characters; the first is none of “=”, “+”, “-” and “@”."),
    ),
    "join_changed": (
        N_("The people of the course have changed since you looked. Nothing was joined."),
        N_("Look once more at what would change."),
    ),
    "may_not_change": (
        N_("The list of people is changed by course staff and operators."),
        N_("Nothing was changed. Ask one of them."),
    ),
    "may_not_give": (
        N_("This would give a right that you do not hold yourself."),
        N_("Nothing was changed. An operator can do it."),
    ),
    "own_role": (
        N_("Nobody gives themselves a role."),
        N_("Nothing was changed. Ask another one of the course staff, or an operator."),
    ),
    "may_not_take": (
        N_("This would take a right away that you do not hold yourself."),
        N_("Nothing was changed. An operator can do it."),
    ),
    "account_elsewhere": (
        N_("This account stands in another course, too, so only an operator can enter it here."),
        N_("Nothing was changed. Enter another account, or ask an operator."),
    ),
    "same_account": (
        N_("Somebody else in this course signs in with this account."),
        N_("Nothing was changed. Capital and small letters make no difference."),
    ),
    "bad_account": (
        N_("Nobody could sign in with this account."),
        N_("Nothing was changed. Use letters, digits, hyphens and points, 64 at most."),
    ),
    "roster_busy": (
        N_("Somebody else is changing the list of people at this moment."),
        N_("Nothing was changed. Try again in a moment."),
    ),
}
EXIT: Final = {"not_in_roster": 13, "roster_busy": 11}
#: Refused because of who asks.
RIGHTS: Final = frozenset(
    {"may_not_change", "may_not_give", "own_role", "may_not_take", "account_elsewhere"}
)


class RosterError(UstazError):
    """Nothing was changed, and the id says why."""

    exit_code = 12

    def __init__(self, id: str) -> None:
        message, hint = TEXTS[id]
        super().__init__(id, message, hint, exit_code=EXIT.get(id, 12))
