"""Bringing in a list: what it would change, and changing it, all rows or none."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ustaz.enrolment.checking import Checked, Wanted, check, groups_for, known_groups
from ustaz.enrolment.choosing import AS_FOUND, Choice, Offer
from ustaz.enrolment.list_rights import new_id, refused
from ustaz.enrolment.parsing_process import Parsed
from ustaz.enrolment.problems import Problem, SheetError, by_weight
from ustaz.enrolment.searching import Search, alike_spellings
from ustaz.enrolment.sheets import read_sheet
from ustaz.roster.granting import Giver
from ustaz.roster.history import Past
from ustaz.roster.people import Person
from ustaz.roster.writing import Line, People, write

if TYPE_CHECKING:
    from ustaz.course import Course

FIELDS = ("name", "roles", "groups", "school", "lang", "account", "status")


@dataclass(frozen=True, slots=True)
class Planned:
    """What a row does.

    Attributes
    ----------
    row : int
    person : Person
        As the person is afterwards.
    kind : str
        ``new``, ``changed`` or ``unchanged``.
    fields : tuple of str
        What changes.
    old : Person or None
        As the person was before.
    """

    row: int
    person: Person
    kind: str
    fields: tuple[str, ...] = ()
    old: Person | None = None


@dataclass(slots=True)
class Plan:
    """What a list would do.

    Attributes
    ----------
    planned : list of Planned
    problems : list of Problem
        Nothing is changed while there is one.
    notes : list of Problem
        Worth knowing.
    left_alone : list of str
        Ids of people whom the list does not name; nothing happens to them.
    applied : bool
    offer : Offer or None
        What can be chosen where the list was not understood rightly.
    """

    planned: list[Planned] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    left_alone: list[str] = field(default_factory=list)
    applied: bool = False
    offer: Offer | None = None

    @property
    def good(self) -> bool:
        """Tell whether the list can be taken over."""
        return not self.problems

    def of(self, kind: str) -> list[Planned]:
        """Return the rows of one kind."""
        return [plan for plan in self.planned if plan.kind == kind]

    @property
    def digest(self) -> str:
        """Return what two equal plans have in common: whoever says yes says yes to this one."""
        lines = [
            [plan.row, plan.kind, plan.person.person, *plan.fields]
            + [str(getattr(plan.person, key)) for key in FIELDS]
            for plan in self.planned
        ]
        return hashlib.sha256(json.dumps(lines, ensure_ascii=False).encode()).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """Return the plan for programs."""
        return {
            "applied": self.applied,
            "new": [{"row": plan.row, "person": plan.person.person} for plan in self.of("new")],
            "changed": [
                {"row": plan.row, "person": plan.person.person, "fields": list(plan.fields)}
                for plan in self.of("changed")
            ],
            "unchanged": len(self.of("unchanged")),
            "left_alone": len(self.left_alone),
            "errors": [problem.to_json() for problem in self.problems],
            "notes": [note.to_json() for note in self.notes],
        }


def plan_import(
    course: Course,
    data: bytes | Parsed,
    choice: Choice = AS_FOUND,
    *,
    by: Giver | str = "",
) -> Plan:
    """Return what a list would do; nothing is changed.

    Parameters
    ----------
    course : Course
    data : bytes or Parsed
        Whatever somebody sent is read by :func:`ustaz.enrolment.parsing_process.parse` first.
    choice : Choice, optional
        Which column is which, where the headings do not say so.
    by : Giver or str
        Who would do it; a name alone is the owner's of the directory.
    """
    taken = _taken(course.dir, course.past)
    return _plan(data, course.people, taken, course.languages[0], choice, by)


def import_list(
    course: Course,
    data: bytes | Parsed,
    *,
    by: Giver | str,
    how: str = "import",
    digest: str | None = None,
    choice: Choice = AS_FOUND,
) -> Plan:
    """Take a list over, if every row is good.

    Parameters
    ----------
    digest : str, optional
        Of the plan that was agreed to; when the roster has changed since, so that another plan
        would follow, nothing is done and the other plan is returned.
    choice : Choice, optional
        Which column is which, where the headings do not say so.
    """
    plans: list[Plan] = []

    def change(people: People, past: Past) -> tuple[People, list[Line]]:
        plan = _plan(data, people, _taken(course.dir, past), course.languages[0], choice, by)
        plans.append(plan)
        if plan.good and digest in (None, plan.digest):
            plan.applied = True
            return {
                **people,
                **{planned.person.person: planned.person for planned in plan.planned},
            }, []
        return people, []

    write(course.dir, change, by=by, how=how)
    return plans[-1]


def _taken(directory: Path, past: Past) -> set[str]:
    """Return the ids that somebody had once: their documents must not become another's."""
    ids = set(past.people)
    for folder in (directory / "people", directory / "exchange" / "inbound"):
        if folder.is_dir():
            ids |= {path.name for path in folder.iterdir()}
    return ids


def _plan(
    data: bytes | Parsed,
    people: People,
    taken: set[str],
    lang: str,
    choice: Choice,
    by: Giver | str,
) -> Plan:
    plan = Plan()
    try:
        rows = data.rows() if isinstance(data, Parsed) else read_sheet(data)
        checked = check(rows, choice)
    except SheetError as error:
        plan.problems.append(error.problem)
        plan.offer = error.offer
        return plan
    plan.problems, plan.notes, plan.offer = checked.problems, checked.notes, checked.offer
    giver = Giver.named(by)
    matches = _match(plan, checked, people, taken, lang, giver)
    if plan.good:
        after = {match.person.person: match.person for match in plan.planned}
        plan.problems += refused(giver, people, {**people, **after}, matches)
    plan.notes += alike_spellings(plan.planned, people)
    plan.problems.sort(
        key=lambda problem: (problem.place.row, len(problem.place.column), problem.place.column)
    )
    plan.notes = by_weight(plan.notes)
    named = {match.person.person for match in plan.planned}
    plan.left_alone = [person for person in people if person not in named]
    return plan


def _match(
    plan: Plan, checked: Checked, people: People, taken: set[str], lang: str, giver: Giver
) -> dict[str, Wanted]:
    """Find whom each row means; return the rows by person."""
    known = known_groups(
        checked.rows,
        (person.group for person in people.values() if "facilitator" not in person.roles),
    )
    search = Search(people)
    ids = {str(row.entries["person"]) for row in checked.rows if "person" in row.entries}
    accounts = {account: person.person for account, person in search.by_account.items()}
    wanted = {str(row.entries["account"]) for row in checked.rows if "account" in row.entries}
    taken = taken | people.keys() | ids | accounts.keys() | wanted
    rows: dict[str, Wanted] = {}
    before = {group for person in people.values() for group in person.groups}
    for row in checked.rows:
        match = search.who(row, plan.notes)
        if isinstance(match, Problem):
            plan.problems.append(match)
            continue
        person = match.person if match else str(row.entries.get("person", ""))
        if match is None:
            twin = search.twin(row)
            if twin and not person:
                plan.problems.append(Problem("same_person", row.place, {"row": twin}))
                continue
            plan.notes += search.suspects(row)
        if not person:
            name = str(row.entries.get("name", ""))
            person = new_id(name, taken, None if "account" in row.entries else giver)
            plan.notes.append(Problem("new_id", row.place, {"person": person}))
        if person in rows:
            plan.problems.append(Problem("same_person", row.place, {"row": rows[person].row}))
            continue
        rows[person] = row
        planned = _planned(row, person, match, known, lang)
        if isinstance(planned, Problem):
            plan.problems.append(planned)
            continue
        account = planned.person.signs_in_as
        place = row.places.get("account", row.place)
        if accounts.setdefault(account, person) != person:
            params = {"account": account, "person": accounts[account]}
            plan.problems.append(Problem("same_account", place, params))
            continue
        if account not in search.by_account and giver.elsewhere(account):
            plan.notes.append(Problem("account_shared", place, {"account": account}))
        plan.planned.append(planned)
        for group in planned.person.groups:
            if before and group not in before:  # often a slip of the pen in another group's name
                before.add(group)
                at = row.places.get("group", row.place)
                plan.notes.append(Problem("new_group", at, {"group": group}))
    return rows


def _planned(
    row: Wanted, person: str, old: Person | None, known: set[str], lang: str
) -> Planned | Problem:
    base = old or Person(person, str(row.entries.get("name", person)), ("participant",), lang=lang)
    changes: dict[str, Any] = {
        key: row.entries[key] for key in ("name", "school", "lang", "account", "status")
        if key in row.entries
    }  # fmt: skip
    roles = row.entries.get("role", base.roles)
    changes["roles"] = roles
    if "group" in row.entries:
        groups = groups_for(row, roles, known)
        if groups is None:
            return Problem("one_group", row.places["group"])
        changes["groups"] = groups
    new = base.having(**changes)
    if old is None:
        return Planned(row.row, new, "new")
    fields = _differing(old, new)
    return Planned(row.row, new, "changed" if fields else "unchanged", fields, old)


def _differing(old: Person, new: Person) -> tuple[str, ...]:
    return tuple(key for key in FIELDS if getattr(old, key) != getattr(new, key))
