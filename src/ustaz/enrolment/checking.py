"""Rows of a list as people: every row judged, every complaint with its place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ustaz.enrolment.cells import MAX_COLUMNS, Row
from ustaz.enrolment.choosing import AS_FOUND, Choice, Offer
from ustaz.enrolment.columns import PIECES, Columns, columns_of
from ustaz.enrolment.heading_row import NAMES, known_in
from ustaz.enrolment.headings import fold
from ustaz.enrolment.judging import values, wrong
from ustaz.enrolment.lines import closes, is_no_name, may_be_date
from ustaz.enrolment.problems import Place, Problem, SheetError, letter
from ustaz.roster.people import split_groups


@dataclass(slots=True)
class Wanted:
    """One row of a list, judged: the fields that it gives, and its places for complaints.

    Attributes
    ----------
    row : int
    given : dict
        Field to value; a cell that is empty or absent gives nothing.
    places : dict
        Field to its place.
    """

    row: int
    entries: dict[str, Any]
    places: dict[str, Place]

    @property
    def place(self) -> Place:
        """Return where the person is named."""
        return self.places.get("name") or self.places["person"]


@dataclass(slots=True)
class Checked:
    """A list, judged row by row.

    Attributes
    ----------
    offer : Offer
        What can be chosen where it was not understood rightly.
    """

    rows: list[Wanted] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    offer: Offer = field(default_factory=Offer)


def check(rows: Sequence[Row], choice: Choice = AS_FOUND) -> Checked:
    """Judge a list, with what stands above its headings."""
    columns = columns_of(rows, choice)
    checked = Checked(problems=columns.problems, notes=columns.notes, offer=columns.offer)
    if not columns.rows:
        raise SheetError("empty")
    reading = _Reading(columns, choice, checked)
    for row in columns.rows:
        wanted = reading.row(row)
        if wanted is not None:
            checked.rows.append(wanted)
    if not checked.rows and not checked.problems:
        raise SheetError("empty")
    return checked


class _Reading:
    """What is known while the rows are gone through."""

    def __init__(self, columns: Columns, choice: Choice, checked: Checked) -> None:
        self.columns = columns
        self.choice = choice
        self.checked = checked
        self.last = columns.row
        self.fewest = MAX_COLUMNS
        self.ended = False

    def row(self, row: Row) -> Wanted | None:
        """Judge a row; None for one that is refused, or that is no person."""
        columns, checked = self.columns, self.checked
        gap, self.last = row.number > self.last + 1, row.number
        used = [index for index in columns.fields if index < len(row.cells) and row.cells[index]]
        if not used:
            self._left_out(row)
            return None
        if self._is_heading(row):
            return None
        before = len(checked.problems)
        self.ended = self.ended or (gap and self.fewest > 1)
        if row.hidden:
            checked.problems.append(Problem("hidden_row", Place(row.number)))
        elif not self._refused(row, used):
            wanted = self._person(row)
            if len(checked.problems) == before:
                if self.ended and len(used) == 1 and "name" in wanted.entries:
                    checked.problems.append(Problem("apart", wanted.places["name"]))
                    return None
                self.fewest = min(self.fewest, len(used))
                return wanted
        return None

    def _left_out(self, row: Row) -> None:
        texts = [
            index for index, cell in enumerate(row.cells) if cell and not self._counts(index, cell)
        ]
        if texts:
            place = self.columns.place(row.number, texts[0])
            self.checked.notes.append(Problem("left_out", place))

    def _counts(self, index: int, cell: str) -> bool:
        """Tell whether a cell only numbers its row."""
        return index in self.columns.numbers and not any(char.isalpha() for char in cell)

    def _is_heading(self, row: Row) -> bool:
        known = known_in(row.cells)
        if not NAMES & set(known):
            return False
        place = Place(row.number)
        if [fold(cell) for cell in row.cells] == [
            fold(heading) for heading in self.columns.headings
        ]:
            self.checked.notes.append(Problem("repeated_heading", place))
            return True
        if len(known) > 1 and len(known) * 2 > sum(map(bool, row.cells)):
            self.checked.problems.append(Problem("second_heading", place))
            return True
        return False

    def _refused(self, row: Row, used: list[int]) -> bool:
        """Refuse a row that is no person's, by what stands in any of its cells."""
        columns, problems = self.columns, self.checked.problems
        merged = [column for column in columns.fields if letter(column) in row.across]
        if any(column not in used for column in merged):
            first = next(column for column in merged if column not in used)
            problems.append(Problem("merged", columns.place(row.number, first)))
            return True
        for index, cell in enumerate(row.cells):
            kind = columns.fields.get(index)
            closing = kind != "role" and closes(cell)
            if closing or (index in columns.numbers and is_no_name(cell) and _has_words(cell)):
                problems.append(Problem("not_a_person", columns.place(row.number, index)))
                return True
        return False

    def _person(self, row: Row) -> Wanted:
        columns, problems = self.columns, self.checked.problems
        before = len(problems)
        entries: dict[str, Any] = {}
        places: dict[str, Place] = {}
        for index, cell in enumerate(row.cells):
            column = columns.fields.get(index)
            place = columns.place(row.number, index)
            if column is None:
                nameless = index >= len(columns.headings) or not columns.headings[index]
                if cell and nameless and columns.row and index not in columns.ignored:
                    problems.append(Problem("too_many_cells", place))
                continue
            places[column] = place
            if not cell:
                continue
            problem = wrong(column, cell)
            if problem is not None:
                problems.append(Problem(problem[0], place, problem[1]))
            else:
                entries[column] = str(cell)
                if column in {"group", "school"} and may_be_date(cell):
                    self.checked.notes.append(Problem("maybe_date", place))
        for index, column in columns.fields.items():
            places.setdefault(column, columns.place(row.number, index))
        if columns.in_pieces:
            _join(entries, places, problems)
        self._values(entries, places)
        if "name" not in entries and "person" not in entries and len(problems) == before:
            place = places.get("name") or places["person"]
            problems.append(Problem("no_name", place))
        return Wanted(row.number, entries, places)

    def _values(self, entries: dict[str, Any], places: dict[str, Place]) -> None:
        unknown = values(entries, places, self.checked.problems, self.choice.words)
        words = self.checked.offer.words
        words.extend(word for word in unknown if word not in words)


def _has_words(cell: str) -> bool:
    return any(char.isalpha() for char in cell)


def _join(entries: dict[str, Any], places: dict[str, Place], problems: list[Problem]) -> None:
    """Make a name of its pieces; a piece that lacks is not passed over."""
    surname, first = entries.pop("surname", ""), entries.pop("given", "")
    last = entries.pop("patronymic", "")
    place = next(places[piece] for piece in PIECES if piece in places)
    whole = " " in surname
    if first and "surname" in places and not surname:
        problems.append(Problem("no_name", places["surname"]))
    elif surname and "given" in places and not first and not whole:
        problems.append(Problem("no_name", places["given"]))
    words = surname.split()
    for piece in (first, last):
        # The whole name often stands in the first of the three columns as well.
        if not whole or not set(piece.split()) <= set(words):
            words += piece.split()
    name = " ".join(words)
    places.setdefault("name", place)
    if not name:
        return
    problem = wrong("name", name)
    if problem is not None and not problems_at(problems, place.row):
        problems.append(Problem(problem[0], place, problem[1]))
    else:
        entries["name"] = name


def problems_at(problems: list[Problem], row: int) -> bool:
    """Tell whether a row is complained about already."""
    return any(problem.place.row == row for problem in problems)


def known_groups(wanted: Iterable[Wanted], before: Iterable[str]) -> set[str]:
    """Return the groups that participants of the list, or of the course, are in."""
    groups = set(before)
    for row in wanted:
        roles = row.entries.get("role", ("participant",))
        if "facilitator" not in roles and "group" in row.entries:
            groups.add(row.entries["group"])
    return groups


def groups_for(wanted: Wanted, roles: Sequence[str], known: set[str]) -> tuple[str, ...] | None:
    """Return the groups that a row means for somebody with `roles`; None for too many."""
    text = wanted.entries["group"]
    if "facilitator" in roles:
        return split_groups(text, known)
    if ";" in text or "," in text:
        parts = split_groups(text)
        return parts if len(parts) == 1 else None
    return (text,)
