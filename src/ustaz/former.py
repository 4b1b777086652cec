"""What is said of somebody whose data was erased, where their word in others' records stands on.

A confirmation goes on to count, and an answer that was typed in from paper stays marked as such.
Only who it was is gone: one of the ids below stands in the place of theirs. Nobody can have these
ids in a roster.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Final

from ustaz.messages import N_

if TYPE_CHECKING:
    from ustaz.roster.people import Person

FACILITATOR: Final = "former-facilitator"
MEMBER: Final = "former-member"
NAMES: Final = {
    FACILITATOR: N_("a former facilitator"),
    MEMBER: N_("a former member of the course"),
}


def former_id(roles: Collection[str]) -> str:
    """Return what stands in the place of a person's id."""
    return FACILITATOR if "facilitator" in roles else MEMBER


def name_of(people: Mapping[str, Person], person: str, say: Callable[[str], str] = str) -> str:
    """Return the name of whoever did something, as it is read now.

    Parameters
    ----------
    people : mapping
        The roster.
    person : str
        Their id; shown itself where nothing else is known.
    say : callable
        Translates.
    """
    if person in NAMES:
        return say(NAMES[person])
    return people[person].name if person in people else person
