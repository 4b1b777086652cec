"""Lists as people bring them, as rows of plain text: CSV of any habit, and XLSX.

Nothing in a file is believed: sizes are capped before anything is unpacked, formulas are neither
evaluated nor taken over, and what a workbook links to is never opened.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ustaz.enrolment import foreign
from ustaz.enrolment.cells import (
    MAX_CELL,
    MAX_COLUMNS,
    MAX_ROWS,
    Date,
    Formula,
    Fraction,
    HiddenColumn,
    OtherList,
    OtherSheet,
    ReadSheet,
    Row,
    Struck,
    tidy,
)
from ustaz.enrolment.heading_row import HEADING_WITHIN, find_heading
from ustaz.enrolment.problems import SheetError, letter
from ustaz.enrolment.textfiles import text_rows
from ustaz.enrolment.workbook_looks import shared_texts, styles
from ustaz.enrolment.workbooks import MAX_UNPACKED, Package, sheets, side_part
from ustaz.enrolment.worksheets import read_raw, sheet_rows

__all__ = [
    "MAX_CELL", "MAX_COLUMNS", "MAX_FILE", "MAX_ROWS", "MAX_UNPACKED", "Date", "Formula",
    "Fraction", "HiddenColumn", "OtherList", "OtherSheet", "ReadSheet", "Row", "Struck",
    "read_sheet", "tidy",
]  # fmt: skip

MAX_FILE: Final = 2 * 1024 * 1024
MAX_SHEETS: Final = 40


def read_sheet(data: bytes) -> list[Row]:
    """Return the rows of a file that hold something, with what stands above the headings.

    Raises
    ------
    SheetError
        When the file as a whole cannot be used.
    """
    if len(data) > MAX_FILE:
        raise SheetError("too_large")
    foreign.refuse_foreign(data)
    if foreign.is_package(data):
        return _workbook(data)
    return _bounded(text_rows(data))


def _bounded(rows: Iterable[Row]) -> list[Row]:
    kept: list[Row] = []
    for row in rows:
        if row.cells:
            if len(kept) > MAX_ROWS + HEADING_WITHIN:
                raise SheetError("too_many_rows", row.number, most=MAX_ROWS)
            kept.append(row)
    if not kept:
        raise SheetError("empty")
    return kept


def _workbook(data: bytes) -> list[Row]:
    """Return the rows of the first sheet with a list; what else there is stands in front."""
    package = Package(data)
    texts = shared_texts(package, side_part(package, "sharedstrings"))
    looks = styles(package, side_part(package, "styles"))
    chosen: tuple[str, list[Row], list[str]] | None = None
    filled: tuple[str, list[Row], list[str]] | None = None
    others: list[str] = []
    all_sheets = list(sheets(package))
    if not all_sheets:
        raise SheetError("damaged")
    for name, part, visible in all_sheets[:MAX_SHEETS]:
        raw = read_raw(package, part)
        rows = [sheet_row for sheet_row in sheet_rows(raw, texts, looks) if sheet_row.cells]
        if not rows:
            continue
        hidden: list[str] = [
            HiddenColumn(letter(hidden_column)) for hidden_column in sorted(raw.hidden_columns)
        ]
        heading = find_heading(rows)
        if heading is not None and len(rows) > heading + 1 and visible:
            if chosen is None:
                chosen = (name, rows, hidden)
            else:
                others.append(OtherList(tidy(name)[:MAX_CELL]))
            continue
        if visible and filled is None:
            filled = (name, rows, hidden)
        others.append(OtherSheet(tidy(name)[:MAX_CELL]))
    best = chosen or filled
    if best is None:
        raise SheetError("empty")
    name, rows, hidden = best
    if chosen is None:
        others = [other for other in others if other != tidy(name)[:MAX_CELL]]
    about = [*others, *hidden]
    if others:
        about.append(ReadSheet(tidy(name)[:MAX_CELL]))
    kept = _bounded(rows)
    return [Row(0, tuple(about)), *kept] if about else kept
