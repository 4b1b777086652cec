"""What a list would do and its bringer may not, said at the rows; and ids that are nobody's yet."""

from __future__ import annotations

from collections.abc import Mapping

from ustaz.enrolment.checking import Wanted
from ustaz.enrolment.problems import Place, Problem
from ustaz.roster.granting import Giver, breaches
from ustaz.roster.names import make_id
from ustaz.roster.people import Person


def refused(
    giver: Giver,
    before: Mapping[str, Person],
    after: Mapping[str, Person],
    rows: Mapping[str, Wanted],
) -> list[Problem]:
    """Return what a list would do and its bringer may not, each with its place."""
    problems = []
    for breach in breaches(giver, before, after):
        row = rows.get(breach.person)
        place = Place()
        if row is not None:
            name = row.places.get("name") or row.places["person"]
            place = row.places.get(breach.about, name)
        params = {"account": breach.value, "person": ""} if breach.id == "same_account" else {}
        problems.append(Problem(breach.id, place, {"value": breach.value, **params}))
    return problems


def new_id(name: str, taken: set[str], giver: Giver | None) -> str:
    """Return a new id; where it is an account, one that stands in no other course of the hub.

    Parameters
    ----------
    name : str
    taken : set of str
        Ids that are somebody's, or were; the new one is added.
    giver : Giver or None
        Who knows of other courses; None where the account is another one than the id.
    """
    while True:
        person = make_id(name, taken)
        taken.add(person)
        if giver is None or not giver.elsewhere(person):
            return person
