"""The changes of a year: groups, leave, withdrawal, return, substitutes, and their undoing."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any, Final

from ustaz.roster.errors import RosterError
from ustaz.roster.granting import Giver, breaches
from ustaz.roster.history import Entry, Past, Substitution
from ustaz.roster.people import STATUSES, Person, split_groups
from ustaz.roster.writing import Line, People, write

if TYPE_CHECKING:
    from ustaz.course import Course

GROUP_NAME: Final = re.compile(r"[\w][\w .\-/№]{0,39}\Z")
#: Fields that a person's page can put back.
UNDOABLE: Final = ("groups", "school", "status", "roles", "lang")


def _member(people: People, person: str) -> Person:
    try:
        return people[person]
    except KeyError:
        raise RosterError("not_in_roster") from None


def check_group(group: str) -> str:
    """Return a group's name tidied; refuse what cannot be one. Empty means no group."""
    tidy = " ".join(group.split())
    if tidy and not GROUP_NAME.match(tidy):
        raise RosterError("bad_group")
    return tidy


def move(
    course: Course, person: str, group: str, *, by: Giver | str, how: str = "command"
) -> Person:
    """Move a person to another group; an empty one takes the person out of all groups.

    A facilitator may be given several, separated by semicolons or spaces. What each facilitator
    reads follows the roster at once, and confirmations that were given stay with the name of who
    gave them.

    Parameters
    ----------
    course : Course
    person, group : str
    by : Giver or str
        Who does it; a name alone is the owner's of the directory.
    how : str
        By which way.
    """

    def change(people: People, _: Past) -> tuple[People, list[Line]]:
        member = _member(people, person)
        several = "facilitator" in member.roles
        parts = split_groups(group, groups_in(people)) if several else (group,)
        groups = tuple(tidy for tidy in map(check_group, parts) if tidy)
        people[person] = member.having(groups=groups)
        return people, []

    return write(course.dir, change, by=by, how=how)[person]


def set_status(
    course: Course, person: str, status: str, *, by: Giver | str, how: str = "command"
) -> Person:
    """Set a person on leave, withdrawn, or active again.

    Parameters
    ----------
    course : Course
    person : str
    status : str
        One of :data:`ustaz.roster.people.STATUSES`.
    by : Giver or str
        Who does it; a name alone is the owner's of the directory.
    how : str
        By which way.

    Raises
    ------
    RosterError
        ``bad_status``.
    """
    if status not in STATUSES:
        raise RosterError("bad_status")

    def change(people: People, _: Past) -> tuple[People, list[Line]]:
        people[person] = _member(people, person).having(status=status)
        return people, []

    return write(course.dir, change, by=by, how=how)[person]


def groups_in(people: People) -> list[str]:
    """Return the groups that there are, in the order of the roster."""
    return list(dict.fromkeys(group for person in people.values() for group in person.groups))


def substitute(
    course: Course,
    group: str,
    person: str,
    start: dt.date,
    end: dt.date,
    *,
    by: Giver | str,
    how: str = "command",
) -> Substitution:
    """Let a facilitator stand in for a group.

    Parameters
    ----------
    course : Course
    group, person : str
    start, end : date
        First and last day, both included.
    by : Giver or str
        Who does it; a name alone is the owner's of the directory.
    how : str
        By which way.

    Raises
    ------
    RosterError
        ``bad_days`` among others.
    """
    if end < start:
        raise RosterError("bad_days")
    tidy = check_group(group)

    def change(people: People, _: Past) -> tuple[People, list[Line]]:
        member = _member(people, person)
        if "facilitator" not in member.roles or member.status == "withdrawn":
            raise RosterError("not_a_facilitator")
        if tidy not in groups_in(people):
            raise RosterError("no_such_group")
        if tidy in member.groups:
            raise RosterError("leads_already")
        line = {
            "kind": "substitute",
            "person": person,
            "group": tidy,
            "start": start.isoformat(),
            "end": end.isoformat(),
        }
        return people, [line]

    write(course.dir, change, by=by, how=how)
    lines = [
        substitution
        for substitution in course.past.substitutions
        if substitution.person == person and substitution.group == tidy
    ]
    return lines[-1]


def end_substitution(
    course: Course,
    group: str,
    person: str,
    *,
    by: Giver | str,
    number: int | None = None,
    how: str = "command",
) -> None:
    """End a substitution before today; one that has not begun never happens.

    Parameters
    ----------
    number : int, optional
        Which one; else all of this person for this group that are not over.
    """
    today = course.today()
    last = today - dt.timedelta(days=1)

    def change(people: People, past: Past) -> tuple[People, list[Line]]:
        _member(people, person)
        ending = [
            substitution
            for substitution in past.substitutions
            if substitution.person == person
            and substitution.group == group
            and substitution.end >= today
            and number in (None, substitution.number)
        ]
        if not ending:
            raise RosterError("no_substitution")
        return people, [ended(substitution, last) for substitution in ending]

    write(course.dir, change, by=by, how=how)


def ended(substitution: Substitution, last: dt.date | None) -> Line:
    """Return the line that ends a substitution; before its first day it never happens."""
    return {
        "kind": "substitute_end",
        "person": substitution.person,
        "group": substitution.group,
        "of": substitution.number,
        "end": last.isoformat() if last and last >= substitution.start else "",
    }


def history(course: Course, person: str) -> list[Entry]:
    """Return what happened to a person, oldest first; also of somebody who is no longer there."""
    entries = course.past.of(person)
    if not entries and person not in course.people:
        raise RosterError("not_in_roster")
    return entries


def can_undo(
    people: People, past: Past, entry: Entry, today: dt.date, by: Giver | str = ""
) -> bool:
    """Tell whether an entry can be undone: what it set still stands as it set it.

    Undoing gives back what was taken away, so whoever does it must be one who may give it.
    """
    if entry.kind == "substitute":
        return any(
            substitution.number == entry.number and substitution.end >= today
            for substitution in past.substitutions
        )
    if entry.kind != "changed" or not entry.was or entry.person not in people:
        return False
    latest = [line for line in past.of(entry.person) if line.kind in {"changed", "first", "joined"}]
    later = [line for line in latest if line.number > entry.number]
    if any(line.set.keys() & entry.set.keys() for line in later):
        return False
    before = undone(people[entry.person], entry)
    return not any(breaches(Giver.named(by), people, {**people, entry.person: before}))


def undo(
    course: Course, person: str, number: int, *, by: Giver | str, how: str = "command"
) -> None:
    """Undo one change of a person, as one more change; the history keeps both.

    Parameters
    ----------
    course : Course
    person : str
    number : int
        Of the entry in the person's history.
    by : Giver or str
        Who does it; a name alone is the owner's of the directory.
    how : str
        By which way.

    Raises
    ------
    RosterError
        ``no_entry``, ``changed_since``.
    """
    today = course.today()

    def change(people: People, past: Past) -> tuple[People, list[Line]]:
        entry = next((line for line in past.of(person) if line.number == number), None)
        if entry is None:
            raise RosterError("no_entry")
        if not can_undo(people, past, entry, today):
            raise RosterError("changed_since")
        if entry.kind == "substitute":
            substitution = next(known for known in past.substitutions if known.number == number)
            return people, [ended(substitution, today - dt.timedelta(days=1))]
        people[person] = undone(_member(people, person), entry)
        return people, []

    write(course.dir, change, by=by, how=how)


def undone(person: Person, entry: Entry) -> Person:
    """Return a person as they were before an entry, in what it changed."""
    return person.having(**_fields(entry.was))


def _fields(was: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {key: was[key] for key in UNDOABLE if key in was}
    for key in ("groups", "roles"):
        if key in values:
            values[key] = tuple(values[key])
    return values
