"""Several spellings of one school or group joined into one, as one change that can be undone."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ustaz.enrolment.changes import can_undo, check_group, ended, undone
from ustaz.roster.errors import RosterError
from ustaz.roster.granting import Giver
from ustaz.roster.history import Entry, Past, Substitution
from ustaz.roster.likeness import group_core, school_core, spellings
from ustaz.roster.people import Person
from ustaz.roster.writing import Line, People, write

if TYPE_CHECKING:
    from ustaz.course import Course

KINDS: Final = ("school", "group")
MOST: Final = 80
#: How many of the latest joins are listed; what an extension holds for asks all of them.
SHOWN_JOINS: Final = 20


@dataclass(frozen=True, slots=True)
class Joined:
    """A join that was made.

    Attributes
    ----------
    number : int
        Of its first entry in the history.
    kind : str
        ``school`` or ``group``.
    into : str
    spellings : tuple of str
        What became of it.
    batch : str
        What its lines in the history have in common.
    entries : tuple of Entry
    """

    number: int
    kind: str
    into: str
    spellings: tuple[str, ...]
    batch: str
    entries: tuple[Entry, ...]


def names_in(people: People, kind: str) -> dict[str, int]:
    """Return the schools or groups that there are, with how many people have each."""
    counts: dict[str, int] = {}
    for person in people.values():
        for name in _names(person, kind):
            counts[name] = counts.get(name, 0) + 1
    return counts


def _names(person: Person, kind: str) -> tuple[str, ...]:
    if kind == "group":
        return person.groups
    return (person.school,) if person.school else ()


def offers(people: People, kind: str) -> list[list[str]]:
    """Return the spellings that look like one school or group, the most usual one first."""
    counted = names_in(people, kind)
    bundles = spellings(counted, group_core if kind == "group" else school_core)
    return [sorted(bundle, key=lambda name: -counted[name]) for bundle in bundles]


def plan_join(people: People, kind: str, names: Iterable[str], into: str) -> dict[str, Person]:
    """Return whom a join changes, as they would be.

    Parameters
    ----------
    people : dict
    kind : str
        ``school`` or ``group``.
    names : iterable of str
        The spellings.
    into : str
        The one that stays; it may be a new one.

    Raises
    ------
    RosterError
        ``bad_join``, ``bad_school``, ``bad_group``.
    """
    tidy = _checked(kind, into)
    joined = set(names) - {tidy}
    known = names_in(people, kind)
    if kind not in KINDS or not tidy or not joined or not joined <= known.keys():
        raise RosterError("bad_join")
    changed = {}
    for person, member in people.items():
        if joined.isdisjoint(_names(member, kind)):
            continue
        if kind == "school":
            changed[person] = member.having(school=tidy)
        else:
            groups = tuple(
                dict.fromkeys(tidy if group in joined else group for group in member.groups)
            )
            changed[person] = member.having(groups=groups)
    return changed


def _checked(kind: str, into: str) -> str:
    tidy = " ".join(into.split())
    if kind == "group":
        return check_group(tidy)
    if len(tidy) > MOST or not tidy.isprintable() or tidy[:1] in tuple("=+-@"):
        raise RosterError("bad_school")
    return tidy


def join_digest(changed: dict[str, Person]) -> str:
    """Return what two equal joins have in common: whoever says yes says yes to this one."""
    lines = sorted([person.person, person.school, *person.groups] for person in changed.values())
    return hashlib.sha256(json.dumps(lines, ensure_ascii=False).encode()).hexdigest()


def join(
    course: Course,
    kind: str,
    names: Sequence[str],
    into: str,
    *,
    by: Giver | str,
    how: str = "command",
    digest: str | None = None,
) -> list[str]:
    """Join spellings into one; each person's history gets a line, and so do substitutions.

    Parameters
    ----------
    course : Course
    kind : str
        ``school`` or ``group``.
    names : sequence of str
    into : str
    by : Giver or str
        Who does it; a name alone is the owner's of the directory.
    how : str
        By which way.
    digest : str, optional
        Of what was looked at (:func:`join_digest`); where others would be changed by now, nothing
        is done.

    Returns
    -------
    list of str
        Who was changed.

    Raises
    ------
    RosterError
    """
    done: list[str] = []
    batch = secrets.token_hex(8)

    def change(before: People, past: Past) -> tuple[People, list[Line]]:
        changed = plan_join(before, kind, names, into)
        if digest not in (None, join_digest(changed)):
            raise RosterError("join_changed")
        done[:] = changed
        tidy = _checked(kind, into)
        moving = set(names) - {tidy} if kind == "group" else set()
        return {**before, **changed}, _moved(past, moving, tidy, course.today(), batch)

    write(course.dir, change, by=by, how=how, more={"join": kind, "batch": batch})
    return done


def _moved(past: Past, names: set[str], into: str, today: dt.date, batch: str) -> list[Line]:
    """Return the lines by which whoever stands in for a group goes on doing so."""
    lines: list[Line] = []
    for substitution in past.substitutions:
        if substitution.group in names and substitution.end >= today:
            lines += _passed(substitution, into, today, batch)
    return lines


def _passed(substitution: Substitution, group: str, today: dt.date, batch: str) -> list[Line]:
    begun = {"kind": "substitute", "person": substitution.person, "group": group}
    days = {
        "start": max(substitution.start, today).isoformat(),
        "end": substitution.end.isoformat(),
    }
    last = ended(substitution, today - dt.timedelta(days=1))
    return [{**last, "batch": batch}, {**begun, **days, "batch": batch}]


def _moved_back(past: Past, batch: str, today: dt.date) -> list[Line]:
    """Return the lines by which substitutions that a join moved go back to their group."""
    standing = {
        substitution.number: substitution
        for substitution in past.substitutions
        if substitution.end >= today
    }
    lines: list[Line] = []
    before = ""
    for entry in past.entries:
        if entry.more.get("batch") != batch:
            continue
        if entry.kind == "substitute_end":
            before = str(entry.more.get("group", ""))
        elif entry.kind == "substitute" and entry.number in standing:
            lines += _passed(standing[entry.number], before, today, "")
    return lines


def joins(past: Past) -> list[Joined]:
    """Return the joins of the past, the latest first."""
    joined: list[Joined] = []
    together: dict[str, list[Entry]] = {}
    for entry in past.entries:
        if entry.kind == "changed" and entry.more.get("join") in KINDS:
            together.setdefault(str(entry.more.get("batch")), []).append(entry)
    for batch, entries in together.items():
        kind = str(entries[0].more["join"])
        key = "groups" if kind == "group" else "school"
        was = [name for entry in entries for name in _texts(entry.was.get(key))]
        now = [name for entry in entries for name in _texts(entry.set.get(key))]
        into = [name for name in now if name not in was] or now
        gone = tuple(dict.fromkeys(name for name in was if name not in now))
        stays = into[0] if into else ""
        joined.append(Joined(entries[0].number, kind, stays, gone, batch, tuple(entries)))
    return sorted(joined, key=lambda known: -known.number)


def _texts(value: object) -> list[str]:
    if isinstance(value, list):
        return [str(text) for text in value]
    return [str(value)] if value else []


def can_undo_join(
    people: People, past: Past, joined: Joined, today: dt.date, by: Giver | str = ""
) -> bool:
    """Tell whether a join can be undone: for every person, what it set still stands."""
    return all(can_undo(people, past, entry, today, by) for entry in joined.entries)


def undo_join(course: Course, number: int, *, by: Giver | str, how: str = "command") -> list[str]:
    """Undo a join as a whole.

    Parameters
    ----------
    course : Course
    number : int
        Of its first entry.
    by : Giver or str
    how : str

    Returns
    -------
    list of str
        Who was changed.

    Raises
    ------
    RosterError
        ``no_entry``, ``changed_since``.
    """
    today = course.today()
    done: list[str] = []

    def change(people: People, past: Past) -> tuple[People, list[Line]]:
        known = next((candidate for candidate in joins(past) if candidate.number == number), None)
        if known is None:
            raise RosterError("no_entry")
        if not can_undo_join(people, past, known, today, by):
            raise RosterError("changed_since")
        for entry in known.entries:
            people[entry.person] = undone(people[entry.person], entry)
            done.append(entry.person)
        return people, _moved_back(past, known.batch, today)

    write(course.dir, change, by=by, how=how)
    return done
