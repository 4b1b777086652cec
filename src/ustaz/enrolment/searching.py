"""Whom a row of a list means, and who looks like somebody else of the course or of the list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Protocol

from ustaz.enrolment.checking import Wanted
from ustaz.enrolment.problems import Place, Problem
from ustaz.roster.likeness import alike_names, group_core, heard, look, school_core
from ustaz.roster.people import Person

#: So many of one first name say nothing.
COMMON: Final = 300


class HasPerson(Protocol):
    """A row as it would be taken over."""

    @property
    def row(self) -> int:
        """Return its number."""

    @property
    def person(self) -> Person:
        """Return the person afterwards."""


class Search:
    """The people of a course and of a list, by account, name and sound.

    Parameters
    ----------
    people : dict
        Of the course, by id.
    """

    def __init__(self, people: dict[str, Person]) -> None:
        self._people = people
        self.by_account = {person.signs_in_as: person for person in people.values()}
        self.by_account |= {
            person.signs_in_as: person for person in people.values() if person.account
        }
        self._by_look: dict[str, list[Person]] = {}
        self._heard: dict[str, list[tuple[str, str, int]]] = {}
        self._twins: dict[tuple[str, str], int] = {}
        for person in people.values():
            self._by_look.setdefault(look(person.name), []).append(person)
            self._hear(person.name, person.person, 0)

    def _hear(self, name: str, person: str, row: int) -> None:
        for word in heard(name).split():
            self._heard.setdefault(word, []).append((name, person, row))

    def who(self, row: Wanted, notes: list[Problem]) -> Person | Problem | None:
        """Return whom a row means: by id, else by account, else by name and school; None: new."""
        account = self.by_account.get(str(row.entries.get("account", "")))
        if "person" in row.entries:
            match = self._people.get(row.entries["person"])
            if account is not None and account is not match:
                params = {"person": row.entries["person"], "other": account.person}
                return Problem("other_account", row.places["account"], params)
            if match is None and "name" not in row.entries:
                return Problem("no_name", row.place)
            return match
        if account is not None:
            params = {"person": account.person}
            notes.append(Problem("by_account", row.places["account"], params))
            return account
        name, school = row.entries["name"], str(row.entries.get("school", ""))
        same = _meant(self._by_look.get(look(name), []), name, school)
        if len(same) > 1:
            return Problem("several", row.place)
        if not same:
            return None
        (match,) = same
        spelled = match.name == name and school in {"", match.school}
        kind = "by_name" if spelled or (not match.school and match.name == name) else "alike"
        notes.append(Problem(kind, row.place, {"person": match.person}))
        # What somebody was found by stays as the course spells it.
        row.entries["name"] = match.name
        if school and match.school:
            row.entries["school"] = match.school
        return match

    def twin(self, row: Wanted) -> int:
        """Return the row that named the same new person before; 0 for none."""
        name, school = str(row.entries.get("name", "")), str(row.entries.get("school", ""))
        first = self._twins.setdefault((look(name), school_core(school)), row.row)
        return first if first != row.row else 0

    def suspects(self, row: Wanted) -> list[Problem]:
        """Return notes about whom a new person may be; the person is known from now on."""
        name = str(row.entries.get("name", ""))
        problems: dict[str, Problem] = {}
        for word in heard(name).split():
            earlier = self._heard.get(word, [])
            if len(earlier) > COMMON:
                continue
            for other, person, number in earlier:
                key = person or str(number)
                if key not in problems and alike_names(name, other):
                    problems[key] = (
                        Problem("maybe_same", row.place, {"person": person})
                        if person
                        else Problem("maybe_row", row.place, {"row_of": number})
                    )
        self._hear(name, "", row.row)
        return list(problems.values())[:3]


def _meant(alike: list[Person], name: str, school: str) -> list[Person]:
    """Return who of those whose name looks the same is meant: of the same school.

    Where a school is missing it does not part anybody: a list without schools, or people who came
    without one, must not make everybody anew. What is spelled exactly so goes before the rest.
    """
    named = [candidate for candidate in alike if candidate.name == name]
    for candidates in (named, alike):
        exact = [candidate for candidate in candidates if candidate.school == school]
        if exact:
            return exact
    if not school:
        return named or alike
    core = school_core(school)
    for candidates in (named, alike):
        same = [
            candidate
            for candidate in candidates
            if candidate.school and school_core(candidate.school) == core
        ]
        if same:
            return same
    for candidates in (named, alike):
        without = [candidate for candidate in candidates if not candidate.school]
        if without:
            return without
    return []


def alike_spellings(planned: Iterable[HasPerson], people: dict[str, Person]) -> list[Problem]:
    """Return notes about schools and groups that a list spells in several ways."""
    notes: list[Problem] = []
    schools = {
        school_core(person.school): person.school for person in people.values() if person.school
    }
    groups = {group_core(group): group for person in people.values() for group in person.groups}
    known = set(schools.values()) | set(groups.values())
    known |= {person.school for person in people.values()}
    known |= {group for person in people.values() for group in person.groups}
    for plan in planned:
        school = plan.person.school
        other = schools.setdefault(school_core(school), school) if school else school
        if other != school and school not in known:
            known.add(school)
            params = {"school": school, "other": other}
            notes.append(Problem("alike_school", Place(plan.row), params))
        for group in plan.person.groups:
            first = groups.setdefault(group_core(group), group)
            if first != group and group not in known:
                known.add(group)
                params = {"group": group, "other": first}
                notes.append(Problem("alike_group", Place(plan.row), params))
    return notes
