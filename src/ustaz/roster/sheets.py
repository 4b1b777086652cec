"""Lists as people bring them, as rows of plain text: CSV of any habit, and XLSX.

Nothing in a file is believed: sizes are capped before anything is unpacked, formulas are neither
evaluated nor taken over, and what a workbook links to is never opened.
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from ustaz.roster.headings import COLUMN_OF, fold
from ustaz.roster.problems import SheetError

MAX_FILE: Final = 2 * 1024 * 1024
MAX_ROWS: Final = 5_000
MAX_COLUMNS: Final = 60
MAX_CELL: Final = 200
#: A workbook of 5,000 people unpacks to about 3 MB.
MAX_UNPACKED: Final = 40 * 1024 * 1024
MAX_PARTS: Final = 300
HEADING_WITHIN: Final = 15
LAST_ROW: Final = 1_048_576
DELIMITERS: Final = (",", ";", "\t")

ZIP: Final = b"PK\x03\x04"
OLE: Final = b"\xd0\xcf\x11\xe0"
#: A declaration in a part of a workbook: a way to make a small file large.
DECLARED: Final = tuple(
    word.encode(code) for word in ("<!DOCTYPE", "<!ENTITY") for code in ("utf-8", "utf-16-le")
)


class Formula(str):
    """A cell that would compute something."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One row with its number as the sheet counts; empty cells at its end are left out."""

    number: int
    cells: tuple[str, ...]

    def __post_init__(self) -> None:
        end = len(self.cells)
        while end and not self.cells[end - 1]:
            end -= 1
        object.__setattr__(self, "cells", self.cells[:end])


def read_sheet(data: bytes) -> list[Row]:
    """Return the rows of a file, empty ones left out, from the row of headings on.

    Raises
    ------
    SheetError
        When the file as a whole cannot be used.
    """
    if len(data) > MAX_FILE:
        raise SheetError("too_large")
    if data.startswith(OLE):
        raise SheetError("old_excel")
    if data.startswith(ZIP):
        return _xlsx(data)
    return _from_heading(_csv(data))


def _from_heading(rows: Iterable[Row]) -> list[Row]:
    """Drop what stands above the headings, such as a title."""
    kept: list[Row] = []
    seen = 0
    for row in rows:
        if not any(row.cells):
            continue
        seen += 1
        if not kept and not is_heading(row.cells):
            if seen >= HEADING_WITHIN:
                break
            continue
        if len(kept) > MAX_ROWS:
            raise SheetError("too_many_rows", row.number, most=MAX_ROWS)
        kept.append(row)
    if not seen:
        raise SheetError("empty")
    if not kept:
        raise SheetError("no_heading")
    return kept


def is_heading(cells: Iterable[str]) -> bool:
    """Tell whether a row names our columns: one for names or ids, at least."""
    found = {COLUMN_OF.get(fold(one)) for one in cells}
    return bool(found & {"name", "person"})


# -- text -----------------------------------------------------------------------------------------
def decode(data: bytes) -> str:
    """Return the text of a file: by its byte order mark, as UTF-8, or as windows-1251.

    Examples
    --------
    >>> decode("Аты".encode("utf-16")), decode("Имя".encode("cp1251"))
    ('Аты', 'Имя')
    """
    if data.startswith(codecs.BOM_UTF8):
        return _strictly(data, "utf-8-sig")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _strictly(data, "utf-16")
    head = data[:2000]
    if head.count(0) > len(head) // 4:
        little = head[1::2].count(0) >= head[::2].count(0)
        return _strictly(data, "utf-16-le" if little else "utf-16-be")
    if b"\0" in head:
        raise SheetError("not_a_sheet")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _strictly(data, "cp1251")


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise SheetError("not_a_sheet") from None


def _csv(data: bytes) -> Iterator[Row]:
    text = decode(data)
    hint = re.match(r"sep=(.)\r?\n", text)
    delimiter = hint.group(1) if hint else _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        # Spreadsheets take the hint away and count from the line after it.
        for number, cells in enumerate(reader, 0 if hint else 1):
            if not number:
                continue
            yield Row(number, tuple(tidy(one) for one in cells[:MAX_COLUMNS]))
    except csv.Error:
        raise SheetError("bad_csv", reader.line_num) from None


def _delimiter(text: str) -> str:
    """Return what divides the cells: the one that shows the most of our headings."""

    def score(delimiter: str) -> tuple[int, int]:
        best = (0, 0)
        for line in text.splitlines()[:HEADING_WITHIN]:
            cells = [fold(one) for one in line.split(delimiter)]
            best = max(best, (sum(one in COLUMN_OF for one in cells), len(cells)))
        return best

    return max(DELIMITERS, key=score)


def tidy(value: str) -> str:
    """Return a cell's text with simple spaces."""
    return " ".join(value.replace("\u00a0", " ").replace("\ufeff", "").split())


# -- workbooks ------------------------------------------------------------------------------------
def _guard(data: bytes) -> None:
    """Refuse a package that would unpack to more than a list needs, or declares entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
            if len(parts) > MAX_PARTS or sum(one.file_size for one in parts) > MAX_UNPACKED:
                raise SheetError("bomb")
            if "xl/workbook.xml" not in package.namelist():
                raise SheetError("not_a_sheet")
            for one in parts:
                if one.filename.endswith((".xml", ".rels")):
                    # A part never yields more bytes than it declares.
                    head = package.read(one)
                    if any(word in head for word in DECLARED):
                        raise SheetError("bomb")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError):
        raise SheetError("damaged") from None


def _xlsx(data: bytes) -> list[Row]:
    _guard(data)
    import openpyxl

    problem: SheetError | None = None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of parts that openpyxl leaves out
            book = openpyxl.load_workbook(
                io.BytesIO(data), read_only=True, data_only=False, keep_links=False
            )
            try:
                for sheet in book.worksheets:
                    if getattr(sheet, "sheet_state", "visible") != "visible":
                        continue
                    try:
                        return _from_heading(_sheet_rows(sheet))
                    except SheetError as error:
                        if error.problem.id not in {"empty", "no_heading"}:
                            raise
                        problem = problem or error
            finally:
                book.close()
    except (SheetError, MemoryError):
        raise
    except Exception:  # noqa: BLE001 - a hostile workbook may break the reader in any way
        raise SheetError("damaged") from None
    raise problem or SheetError("empty")


def _sheet_rows(sheet: Any) -> Iterator[Row]:  # noqa: ANN401 - openpyxl is untyped
    sheet.reset_dimensions()  # what the sheet says of its own size is not believed
    before: object = None
    for number, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS), 1):
        if number > LAST_ROW:
            raise SheetError("damaged")
        if cells is before:
            continue  # the reader fills a gap with one and the same empty row
        before = cells
        yield Row(number, tuple(_text(one.value, one.data_type) for one in cells))


def _text(value: object, kind: str) -> str:
    if value is None:
        return ""
    if kind in {"f", "e"}:
        return Formula("=")
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    if isinstance(value, dt.datetime):
        value = value.date().isoformat()
    return tidy(str(value))
