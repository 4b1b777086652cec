"""Which column of a list is which: by its heading, or as somebody chose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from ustaz.enrolment.cells import (
    MAX_CELL,
    MAX_ROWS,
    Formula,
    HiddenColumn,
    OtherList,
    OtherSheet,
    ReadSheet,
    Row,
    Struck,
)
from ustaz.enrolment.choosing import (
    SAMPLES,
    Choice,
    Column,
    Offer,
    likely_heading,
    offered_rows,
    sample,
)
from ustaz.enrolment.heading_row import find_heading, headings_of
from ustaz.enrolment.headings import column_of, may_be_piece
from ustaz.enrolment.problems import Place, Problem, SheetError, letter

#: Pieces of a name in the order in which they are joined.
PIECES = ("surname", "given", "patronymic")


@dataclass(slots=True)
class Columns:
    """A list whose columns are known.

    Attributes
    ----------
    row : int
        The row of headings, 0 for none.
    headings : tuple of str
    fields : dict
        Index to field; pieces of names stand as ``surname``, ``given`` and ``patronymic``.
    numbers : set of int
        Columns that only number the rows.
    whole : bool
        Whether a column certainly holds whole names.
    ignored : set of int
        Columns that somebody chose to leave out.
    rows : sequence of Row
        Those below the headings.
    """

    row: int
    headings: tuple[str, ...]
    fields: dict[int, str] = field(default_factory=dict)
    numbers: set[int] = field(default_factory=set)
    ignored: set[int] = field(default_factory=set)
    rows: Sequence[Row] = ()
    whole: bool = False
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    offer: Offer = field(default_factory=Offer)

    def place(self, row: int, index: int) -> Place:
        """Return where a cell stands."""
        named = self.headings[index] if index < len(self.headings) else ""
        return Place(row, letter(index), named[:MAX_CELL])

    @property
    def in_pieces(self) -> bool:
        """Tell whether surname and name stand in columns of their own."""
        return any(field in PIECES for field in self.fields.values())


def columns_of(all_rows: Sequence[Row], choice: Choice) -> Columns:
    """Return the columns of a list.

    Raises
    ------
    SheetError
        ``no_heading``, with what can be chosen.
    """
    about = [cell for row in all_rows if not row.number for cell in row.cells]
    rows = [row for row in all_rows if row.number]
    index = _heading(rows, choice)
    columns = Columns(*_headings(rows, index, choice))
    columns.offer = Offer(columns.row, offered_rows(rows))
    chosen = _fields(columns, choice)
    columns.offer.columns = _offered(columns, chosen)
    if index is None and choice.row is None and not choice.columns:
        raise SheetError("no_heading", offer=columns.offer)
    if not {"name", "surname", "given", "person"} & set(columns.fields.values()):
        raise SheetError("no_names", offer=columns.offer)
    _say(columns, about)
    return columns


def _heading(rows: Sequence[Row], choice: Choice) -> int | None:
    if choice.row is None:
        return find_heading(rows)
    return next((at for at, row in enumerate(rows) if row.number == choice.row), None)


def _headings(
    rows: Sequence[Row], index: int | None, choice: Choice
) -> tuple[int, tuple[str, ...], dict[int, str], set[int], set[int], Sequence[Row]]:
    if index is None and choice.row is not None:
        return 0, (), {}, set(), set(), rows
    at = likely_heading(rows) if index is None else index
    headings, first = headings_of(rows, at)
    return rows[at].number, headings, {}, set(), set(), rows[first:]


def _fields(columns: Columns, choice: Choice) -> dict[int, str]:
    """Fill in what each column is; return what each one is taken for."""
    meant: dict[int, str] = {}
    width = max([len(columns.headings), *(len(row.cells) for row in columns.rows)])
    for index in range(width):
        chosen = choice.columns.get(letter(index))
        if chosen is not None:
            if chosen:
                meant[index] = "fullname" if chosen == "name" else chosen
            else:
                columns.ignored.add(index)
        elif index < len(columns.headings) and (known := column_of(columns.headings[index])):
            meant[index] = known
    whole = columns.whole = "fullname" in meant.values()
    pieces = not whole and _has(meant, ("surname", "given", "patronymic"))
    for index, kind in meant.items():
        if kind == "number":
            columns.numbers.add(index)
            continue
        field = {"fullname": "name", "name": "given" if pieces else "name"}.get(kind, kind)
        if whole and kind in {*PIECES, "name"} and (kind != "name" or _has(meant, PIECES)):
            continue  # the whole name stands in a column of its own
        if field in columns.fields.values():
            columns.problems.append(Problem("twice_heading", columns.place(columns.row, index)))
        else:
            columns.fields[index] = field
    return {**dict.fromkeys(columns.numbers, "number"), **columns.fields}


def _has(meant: dict[int, str], kinds: tuple[str, ...]) -> bool:
    return any(kind in kinds for kind in meant.values())


def _offered(columns: Columns, meant: dict[int, str]) -> list[Column]:
    offer = []
    for index in range(max([len(columns.headings), *(len(row.cells) for row in columns.rows)])):
        cells = (row.cells[index] for row in columns.rows if index < len(row.cells))
        samples = tuple(sample(cell) for cell in islice(filter(None, cells), SAMPLES))
        named = columns.headings[index] if index < len(columns.headings) else ""
        if samples or named:
            offer.append(Column(letter(index), named, meant.get(index, ""), samples))
    return offer


def _say(columns: Columns, about: Sequence[str]) -> None:
    """Say what of the headings and of the whole workbook is worth knowing, or is wrong."""
    for index, text in enumerate(columns.headings):
        place = columns.place(columns.row, index)
        if isinstance(text, Formula):
            columns.problems.append(Problem("formula", place))
        elif isinstance(text, Struck) and index in columns.fields:
            columns.problems.append(Problem("struck", place))
        elif text and not {index} & (columns.fields.keys() | columns.numbers | columns.ignored):
            piece = "" if columns.whole else may_be_piece(text)
            lacks = piece and piece not in columns.fields.values()
            (columns.problems if lacks else columns.notes).append(
                Problem("piece" if lacks else "unused", place)
            )
    letters = {letter(index): index for index in columns.fields}
    for heading in about:
        if isinstance(heading, HiddenColumn) and heading in letters:
            place = columns.place(columns.row, letters[heading])
            columns.problems.append(Problem("hidden_column", place))
        elif isinstance(heading, OtherList):
            columns.problems.append(Problem("other_list", Place(), {"sheet": str(heading)}))
        elif isinstance(heading, OtherSheet):
            columns.notes.append(Problem("other_sheet", Place(), {"sheet": str(heading)}))
        elif isinstance(heading, ReadSheet):
            columns.notes.append(Problem("read_sheet", Place(), {"sheet": str(heading)}))
    if len(columns.rows) > MAX_ROWS:
        raise SheetError("too_many_rows", columns.rows[MAX_ROWS].number, most=MAX_ROWS)
