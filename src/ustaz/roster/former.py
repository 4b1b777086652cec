"""What is said of somebody whose data was erased, where their word in others' records stands on.

A confirmation goes on to count, and an answer that was typed in from paper stays marked as such.
Only who it was is gone: one of the ids of :mod:`ustaz.base.ids` stands in the place of theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from ustaz.base.ids import FORMER_FACILITATOR, FORMER_MEMBER
from ustaz.messages import N_
from ustaz.roster.people import Person

NAMES: Final = {
    FORMER_FACILITATOR: N_("a former facilitator"),
    FORMER_MEMBER: N_("a former member of the course"),
}


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
