"""One sheet of a workbook as rows: numbers as people see them, merged cells filled."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ustaz.enrolment.cells import MAX_COLUMNS, Date, Formula, Fraction, Row, Struck, tidy
from ustaz.enrolment.encodings import mended
from ustaz.enrolment.problems import SheetError, letter
from ustaz.enrolment.workbook_looks import Style
from ustaz.enrolment.workbooks import (
    LAST_ROW,
    MAX_TEXT,
    Package,
    RawCell,
    RawSheet,
    is_on,
    place,
    unescape,
)

MAX_CELLS: Final = 400_000
MAX_MERGED: Final = 5_000
#: Rows that one merged cell may fill.
MAX_FILLED: Final = 2_000


def read_raw(package: Package, part: str) -> RawSheet:
    """Read a sheet's part."""
    sheet = RawSheet()
    state = _Reading(sheet)
    package.parse(part, state.start, state.end, state.text)
    return sheet


class _Reading:
    """What is known while a sheet is gone through."""

    def __init__(self, sheet: RawSheet) -> None:
        self.sheet = sheet
        self.row = 0
        self.column = -1
        self.cell: RawCell | None = None
        self.inside = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "row":
            self._row(attributes)
        elif tag == "c":
            self._cell(attributes)
        elif tag == "col":
            self._columns(attributes)
        elif tag == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif self.cell is not None:
            if tag == "v":
                self.inside = "v"
            elif tag == "f":
                self.cell.computes = True
            else:
                self.cell.writing.start(tag, attributes)

    def end(self, tag: str) -> None:
        cell = self.cell
        if cell is None:
            return
        if tag == "c":
            if cell.value or cell.computes or cell.writing.text:
                self.sheet.cells.append(cell)
                if len(self.sheet.cells) > MAX_CELLS:
                    raise SheetError("too_heavy")
            self.cell = None
        elif tag == "v":
            self.inside = ""
        else:
            cell.writing.end(tag)

    def text(self, text: str) -> None:
        if self.cell is None:
            return
        if self.inside == "v":
            if len(self.cell.value) < MAX_TEXT:
                self.cell.value += text
        else:
            self.cell.writing.add(text)

    def _row(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r", "")
        self.row = int(number) if number.isdecimal() and len(number) < 10 else self.row + 1
        if not 0 < self.row <= LAST_ROW:
            raise SheetError("damaged")
        self.column = -1
        if is_on(attributes.get("hidden")) or _is_zero(attributes.get("ht")):
            self.sheet.hidden_rows.add(self.row)

    def _cell(self, attributes: dict[str, str]) -> None:
        named = place(attributes["r"]) if "r" in attributes else None
        if named is not None:
            self.row, self.column = named
            if not 0 < self.row <= LAST_ROW:
                raise SheetError("damaged")
        else:
            self.column += 1
        style = attributes.get("s", "")
        number = int(style) if style.isdecimal() and len(style) < 7 else 0
        self.cell = RawCell(self.row, self.column, attributes.get("t", "n"), number)
        self.inside = ""

    def _columns(self, attributes: dict[str, str]) -> None:
        if is_on(attributes.get("hidden")) or _is_zero(attributes.get("width")):
            first, last = attributes.get("min", ""), attributes.get("max", "")
            if first.isdecimal() and last.isdecimal() and len(first) < 6 and len(last) < 6:
                self.sheet.hidden_columns |= set(range(int(first) - 1, min(int(last), MAX_COLUMNS)))

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        start, end = place(first), place(last or first)
        if start and end and len(self.sheet.merged) < MAX_MERGED:
            self.sheet.merged.append((*start, *end))


def _is_zero(text: str | None) -> bool:
    try:
        return text is not None and float(text) == 0
    except ValueError:
        return False


def sheet_rows(
    sheet: RawSheet, texts: list[tuple[str, bool]], styles: list[Style]
) -> Iterator[Row]:
    """Yield the rows that hold something, in their order."""
    rows: dict[int, dict[int, str]] = {}
    for cell in sheet.cells:
        if cell.column >= MAX_COLUMNS:
            continue
        text = _text(cell, texts, styles)
        if text:
            rows.setdefault(cell.row, {})[cell.column] = text
    across = _fill(rows, sheet.merged)
    for number in sorted(rows):
        cells = rows[number]
        row_cells = tuple(cells.get(index, "") for index in range(max(cells) + 1))
        letters = tuple(letter(index) for index in sorted(across.get(number, ())))
        yield Row(number, row_cells, number in sheet.hidden_rows, letters)


def _fill(
    rows: dict[int, dict[int, str]], merged: list[tuple[int, int, int, int]]
) -> dict[int, set[int]]:
    """Let a cell that is merged downwards count in each of its rows that holds something.

    Returns
    -------
    dict
        Row to the columns whose cell is merged with the one on its left.
    """
    own = {number: set(cells) for number, cells in rows.items()}
    across: dict[int, set[int]] = {}
    for top, left, bottom, right in merged:
        value = rows.get(top, {}).get(left, "")
        for number in range(top, min(bottom, top + MAX_FILLED) + 1):
            if number in rows and right > left:
                within = range(left + 1, min(right + 1, MAX_COLUMNS))
                across.setdefault(number, set()).update(within)
            beside = own.get(number, set()) - set(range(left, right + 1))
            if number > top and value and beside:
                rows[number].setdefault(left, value)
    return across


def _text(cell: RawCell, texts: list[tuple[str, bool]], styles: list[Style]) -> str:
    style = styles[cell.style] if cell.style < len(styles) else Style()
    if cell.computes or cell.kind == "e":
        return Formula("=")
    struck = style.struck
    if cell.kind == "s":
        index = int(cell.value) if cell.value.strip().isdecimal() else -1
        if not 0 <= index < len(texts):
            raise SheetError("damaged")
        value, runs = texts[index]
        struck = struck or runs
    elif cell.kind == "inlineStr":
        value, struck = unescape(cell.writing.text), struck or cell.writing.struck
    elif cell.kind == "str":
        value = unescape(cell.value)
    elif cell.kind == "b":
        value = "true" if is_on(cell.value) else "false"
    elif cell.kind == "d":
        return Date(tidy(cell.value))
    else:
        return _number(cell.value, style)
    plain = tidy(mended(value))
    return Struck(plain) if struck and plain else plain


def _number(value: str, style: Style) -> str:
    """Return a number as the sheet shows it, as far as that is certain."""
    plain = tidy(value)
    if not plain:
        return ""
    if style.date:
        return Date(plain)
    try:
        number = float(plain)
    except ValueError:
        raise SheetError("damaged") from None
    if number.is_integer() and abs(number) < 1e15:
        whole = str(int(number)).zfill(style.width)
        return Struck(whole) if style.struck else whole
    return Fraction(plain)
