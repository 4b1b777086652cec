"""Tables as CSV and as XLSX, in which a text stays a text.

What a participant wrote is never a formula: in a spreadsheet every text is a cell of text, and in
CSV one that a program would compute begins with an apostrophe. Moments are by the course's clocks.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from ustaz.cohort.schema import DAY, DICTIONARY, MOMENT, TEXT
from ustaz.workbook import PlainTable

if TYPE_CHECKING:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

#: Excel keeps so many letters of a cell, and so many of a sheet's name.
CELL: Final = 32_767
NAME: Final = 31
CUT: Final = " […]"
#: With one of these at its beginning a program takes a cell of CSV for something to compute.
_COMPUTED: Final = tuple("=+-@\t\r\n")
#: What XML has no way to write.
_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
#: What no sheet's name may hold.
_IN_NAMES: Final = re.compile(r"[\[\]:*?/\\']")
#: The first day that Excel can count from without its mistake about the year 1900.
_FIRST: Final = dt.date(1900, 3, 1)
_FORMATS: Final[Mapping[str, str]] = {
    TEXT: "@",
    DAY: "yyyy-mm-dd",
    MOMENT: "yyyy-mm-dd hh:mm",
}


def csv_of(table: PlainTable, zone: ZoneInfo) -> bytes:
    """Return a table as CSV: UTF-8 with a mark for Excel, commas, every text in quotation marks.

    Parameters
    ----------
    table : PlainTable
    zone : ZoneInfo
        The course's; moments bear their distance from UTC.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n", quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow([name for name, _ in table.columns])
    for row in table.rows:
        writer.writerow(
            [
                _csv_cell(kind, value, zone)
                for (_, kind), value in zip(table.columns, row, strict=True)
            ]
        )
    return b"\xef\xbb\xbf" + buffer.getvalue().encode()


def _csv_cell(kind: str, value: Any, zone: ZoneInfo) -> object:  # noqa: ANN401
    if value is None:
        return ""
    if kind == MOMENT:
        return dt.datetime.fromisoformat(value).astimezone(zone).isoformat(timespec="seconds")
    if isinstance(value, bool):
        return "true" if value else "false"
    if kind == TEXT:
        text = str(value).replace("\0", "")
        return f"'{text}" if text.startswith(_COMPUTED) else text
    return value


def xlsx_of(
    tables: Iterable[PlainTable],
    dictionary: PlainTable,
    headings: Mapping[str, str],
    zone: ZoneInfo,
) -> bytes:
    """Return tables as the sheets of a workbook of Excel, what their columns mean on the first one.

    Parameters
    ----------
    tables : iterable of PlainTable
    dictionary : PlainTable
        The lines about them.
    headings : mapping
        What the columns of the dictionary are called, with ``sheet`` and ``dictionary``, in the
        reader's language.
    zone : ZoneInfo
        Moments are written by its clocks.
    """
    import openpyxl

    known = list(tables)
    sheets = _sheet_names(headings["dictionary"], [table.name for table in known])
    book = openpyxl.Workbook(write_only=True)
    lines = [[sheets.get(str(row[0]), ""), *row] for row in dictionary.rows]
    columns = tuple((headings[key], TEXT) for key in ("sheet", *DICTIONARY))
    first = _plain_name(headings["dictionary"])
    _fill(book.create_sheet(first), PlainTable(first, columns, lines), zone)
    for table in known:
        _fill(book.create_sheet(sheets[table.name]), table, zone)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _fill(sheet: WriteOnlyWorksheet, table: PlainTable, zone: ZoneInfo) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    sheet.freeze_panes = "A2"
    for at, (name, _) in enumerate(table.columns, start=1):
        longest = max((len(str(row[at - 1] or "")) for row in table.rows[:200]), default=0)
        sheet.column_dimensions[get_column_letter(at)].width = min(max(longest, len(name)) + 2, 60)
    head = [_text_cell(sheet, name) for name, _ in table.columns]
    for cell in head:
        cell.font = Font(bold=True)
    sheet.append(head)
    for row in table.rows:
        sheet.append(
            [
                _cell(sheet, kind, value, zone)
                for (_, kind), value in zip(table.columns, row, strict=True)
            ]
        )


def _cell(sheet: WriteOnlyWorksheet, kind: str, value: Any, zone: ZoneInfo) -> object:  # noqa: ANN401
    from openpyxl.cell import WriteOnlyCell

    if value is None:
        return None
    if kind == DAY:
        day = dt.date.fromisoformat(value[:10])
        if day < _FIRST:
            return _text_cell(sheet, value)
        value = day
    elif kind == MOMENT:
        value = dt.datetime.fromisoformat(value).astimezone(zone).replace(tzinfo=None)
    elif isinstance(value, str):
        return _text_cell(sheet, value)
    else:
        return value
    cell = WriteOnlyCell(sheet, value)
    cell.number_format = _FORMATS[kind]
    return cell


def _text_cell(sheet: WriteOnlyWorksheet, value: str) -> WriteOnlyCell:
    """Return a cell of text, whatever its text looks like, and whatever is typed into it later."""
    from openpyxl.cell import WriteOnlyCell

    text = _CONTROLS.sub("", value)
    if len(text.encode("utf-16-le")) // 2 > CELL:
        room = CELL - len(CUT)
        text = text.encode("utf-16-le")[: room * 2].decode("utf-16-le", "ignore") + CUT
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"  # else a text that begins with "=" would be a formula
    cell.number_format = _FORMATS[TEXT]
    return cell


def _plain_name(name: str) -> str:
    return _IN_NAMES.sub("-", name)[:NAME] or "-"


def _sheet_names(first: str, names: Iterable[str]) -> dict[str, str]:
    """Return a sheet's name for each table: its own as far as Excel takes it, each once."""
    taken = {_plain_name(first).casefold()}
    sheets: dict[str, str] = {}
    for name in names:
        short, number = _plain_name(name), 1
        while short.casefold() in taken:
            number += 1
            end = f"~{number}"
            short = _plain_name(name)[: NAME - len(end)] + end
        taken.add(short.casefold())
        sheets[name] = short
    return sheets
