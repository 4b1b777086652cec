"""Where a list begins: its row of headings, below a title, notes or a line above it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from ustaz.enrolment.cells import Row
from ustaz.enrolment.headings import column_of

#: Rows that may stand above the headings.
HEADING_WITHIN: Final = 300
NAMES: Final = frozenset({"name", "fullname", "surname", "person"})
#: What speaks for a row of headings; a number beside the names counts as well.
TELLING: Final = 2


def known_in(cells: Iterable[str]) -> list[str]:
    """Return the columns that a row names."""
    return [column for cell in cells if cell and (column := column_of(cell))]


def is_heading(cells: Iterable[str]) -> bool:
    """Tell whether a row names our columns: one for names or ids, at least."""
    return bool(NAMES & set(known_in(cells)))


def find_heading(rows: Sequence[Row]) -> int | None:
    """Return the index of the row of headings.

    It is the first one that names two of our columns, a name or an id among them; in a list of one
    column, the first that names this one.
    """
    alone: int | None = None
    for index, row in enumerate(rows[: HEADING_WITHIN + 1]):
        known = known_in(row.cells)
        if not NAMES & set(known):
            continue
        if len(known) >= TELLING:
            return index
        if alone is None:
            alone = index
    return alone


def headings_of(rows: Sequence[Row], index: int) -> tuple[tuple[str, ...], int]:
    """Return the headings of a list and the index of its first row.

    Headings may take two rows: a broad one above (“Full name”, “Place of work”) and the exact ones
    below, or columns whose heading stands in the upper row alone. A row that only numbers the
    columns is passed over.
    """
    cells, first = list(rows[index].cells), index + 1
    if index and rows[index - 1].number == rows[index].number - 1:
        above = rows[index - 1].cells
        if sum(map(bool, above)) > 1 and not _is_data(above):
            cells = _under(above, cells)
    if first < len(rows) and _refines(rows[first], cells):
        cells = _under(tuple(cells), list(rows[first].cells))
        first += 1
    if first < len(rows) and _counts_columns(rows[first].cells):
        first += 1
    return tuple(cells), first


def _is_data(cells: Iterable[str]) -> bool:
    return any(cell.isdecimal() for cell in cells)


def _under(above: Sequence[str], below: list[str]) -> list[str]:
    """Return headings of two rows as one: the lower one counts where there is one."""
    width = max(len(above), len(below))
    upper = [*above, *[""] * (width - len(above))]
    lower = [*below, *[""] * (width - len(below))]
    return [low or high for high, low in zip(upper, lower, strict=True)]


def _refines(row: Row, above: Sequence[str]) -> bool:
    """Tell whether a row below the headings is a second row of them."""
    filled = [cell for cell in row.cells if cell]
    known = known_in(filled)
    if not known or len(known) * 2 < len(filled) or tuple(row.cells) == tuple(above):
        return False
    # A person called as one of our words is not met; one who has a role is.
    return bool({"surname", "name", "fullname", "given", "patronymic"} & set(known))


def _counts_columns(cells: Sequence[str]) -> bool:
    """Tell whether a row numbers the columns: 1, 2, 3 …, as printed forms have it."""
    filled = [cell for cell in cells if cell]
    numbers = [str(number) for number in range(1, len(filled) + 1)]
    return len(filled) > 1 and filled == numbers
