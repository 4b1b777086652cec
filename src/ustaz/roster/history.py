"""What happened to each person of the roster: lines that are only ever added.

``roster/people.jsonl`` holds one line for each change: when, by whom, how, what it was and what
it became. No name and no account stands there; that a name changed is said without the name.
Played from the first line to the last, the lines give the present state.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from ustaz.base.ledger import Ledger
from ustaz.roster.people import Person

FOLDER: Final = "roster"
ABOUT: Final = "people"
#: What is kept with its value; the others only as "was changed".
TRACKED: Final = ("roles", "groups", "school", "lang", "status")
UNTOLD: Final = ("name", "account")

#: What a line says: first met, joined, changed, no longer in the file, substitution and its end.
KINDS: Final = ("first", "joined", "changed", "removed", "substitute", "substitute_end")

#: What a line may bear beside the fields of a person.
MORE: Final = ("group", "start", "end", "of", "undo", "join", "batch")

State = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history.

    Attributes
    ----------
    number : int
        Its place in the file, from 1; never changes.
    at : str
        ISO 8601.
    person : str
        Whom it is about.
    by : str
        Who did it: a person id; empty for the command line of an unknown account, and for an
        edit of the file.
    how : str
        ``page``, ``command``, ``import`` or ``file`` (changed in the file by hand).
    kind : str
        One of :data:`KINDS`.
    was, set : dict
        Tracked fields before and after.
    also : tuple of str
        Fields that changed and are not kept here (name, account).
    more : dict
        ``group``, ``start``, ``end`` and ``of`` of a substitution; ``undo`` of an undone line;
        ``join`` and ``batch`` of those that join schools or groups.
    """

    number: int
    at: str
    person: str
    by: str
    how: str
    kind: str
    was: State = field(default_factory=dict)
    set: State = field(default_factory=dict)
    also: tuple[str, ...] = ()
    more: State = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the entry for programs."""
        return {
            "number": self.number,
            "at": self.at,
            "person": self.person,
            "by": self.by,
            "how": self.how,
            "kind": self.kind,
            "was": self.was,
            "set": self.set,
            "also": list(self.also),
            **self.more,
        }


@dataclass(frozen=True, slots=True)
class Substitution:
    """Somebody stands in for a group's facilitator, first and last day included.

    Attributes
    ----------
    number : int
        The entry that began it.
    """

    number: int
    person: str
    group: str
    start: dt.date
    end: dt.date

    def on(self, day: dt.date) -> bool:
        """Tell whether it holds on `day`."""
        return self.start <= day <= self.end

    def to_json(self) -> dict[str, Any]:
        """Return the substitution for programs."""
        return {
            "number": self.number,
            "person": self.person,
            "group": self.group,
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class Past:
    """The whole history, read and played.

    Attributes
    ----------
    entries : tuple of Entry
        Oldest first.
    states : dict
        Tracked fields by person, as the history has them now; without removed people.
    substitutions : tuple of Substitution
        All that were not taken back, also those that are over or still to come.
    """

    entries: tuple[Entry, ...] = ()
    states: dict[str, State] = field(default_factory=dict)
    substitutions: tuple[Substitution, ...] = ()

    def of(self, person: str) -> list[Entry]:
        """Return the entries about a person, oldest first."""
        return [entry for entry in self.entries if entry.person == person]

    @property
    def people(self) -> set[str]:
        """Return everybody who was ever in the roster."""
        return {entry.person for entry in self.entries}


def ledger(directory: Path) -> Ledger:
    """Return the ledger of a course directory."""
    return Ledger(directory / FOLDER)


def ledger_file(directory: Path) -> Path:
    """Return the ledger's file."""
    return ledger(directory).path(ABOUT)


def state_of(person: Person) -> State:
    """Return the tracked fields of a person."""
    return {
        "roles": list(person.roles),
        "groups": list(person.groups),
        "school": person.school,
        "lang": person.lang,
        "status": person.status,
    }


def read_past(directory: Path) -> Past:
    """Read and play the history of a course directory."""
    return play(_entries(ledger(directory).entries(ABOUT)))


def _entries(lines: Iterable[dict[str, Any]]) -> Iterator[Entry]:
    for number, line in enumerate(lines, 1):
        if not isinstance(line.get("person"), str) or line.get("kind") not in KINDS:
            continue
        also = line.get("also")
        yield Entry(
            number=number,
            at=str(line.get("at", "")),
            person=line["person"],
            by=str(line.get("by", "")),
            how=str(line.get("how", "")),
            kind=line["kind"],
            was=_state(line.get("was")),
            set=_state(line.get("set")),
            also=tuple(str(id_) for id_ in also) if isinstance(also, list) else (),
            more={key: line[key] for key in MORE if key in line},
        )


def _state(value: object) -> State:
    if not isinstance(value, dict):
        return {}
    return {key: value[key] for key in TRACKED if key in value}


def play(entries: Iterable[Entry]) -> Past:
    """Return where the entries lead."""
    lines = tuple(entries)
    states: dict[str, State] = {}
    substitutions: dict[int, Substitution] = {}
    for line in lines:
        if line.kind == "removed":
            states.pop(line.person, None)
        elif line.kind == "substitute":
            substitution = _substitution(line)
            if substitution is not None:
                substitutions[line.number] = substitution
        elif line.kind == "substitute_end":
            _end(substitutions, line)
        else:
            states[line.person] = {**states.get(line.person, {}), **line.set}
    return Past(lines, states, tuple(substitutions.values()))


def _substitution(entry: Entry) -> Substitution | None:
    try:
        start = dt.date.fromisoformat(str(entry.more.get("start")))
        end = dt.date.fromisoformat(str(entry.more.get("end")))
    except ValueError:
        return None
    return Substitution(entry.number, entry.person, str(entry.more.get("group", "")), start, end)


def _end(substitutions: dict[int, Substitution], entry: Entry) -> None:
    number = entry.more.get("of")
    substitution = substitutions.get(number) if isinstance(number, int) else None
    if substitution is None:
        return
    try:
        end = dt.date.fromisoformat(str(entry.more.get("end")))
    except ValueError:
        end = dt.date.min
    if end < substitution.start:
        del substitutions[substitution.number]
    else:
        substitutions[substitution.number] = Substitution(
            substitution.number, substitution.person, substitution.group, substitution.start, end
        )
