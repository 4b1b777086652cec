"""Lists in text files: which sign divides the cells, and the rows that come of it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Final

from ustaz.enrolment.cells import MAX_COLUMNS, Row, tidy
from ustaz.enrolment.encodings import decode, mended
from ustaz.enrolment.headings import is_known
from ustaz.enrolment.problems import SheetError

DELIMITERS: Final = (",", ";", "\t", "|")
#: Lines that are looked at for the sign that divides cells.
LOOKED_AT: Final = 300
#: The line by which spreadsheets are told the sign, in the forms in which it is met.
HINT: Final = re.compile(
    r"\s*\"?\s*sep\s*=[ ]*\"?(?P<sign>\\t|tab|[^\w\s\"]|\t)?[ ]*\"?[;,|\t ]*(?:\r\n|\r|\n|\Z)",
    re.IGNORECASE,
)
SIGNS: Final = {"\\t": "\t", "tab": "\t"}


def text_rows(data: bytes) -> Iterator[Row]:
    """Yield the rows of a text file, numbered as a spreadsheet that opens it numbers them."""
    text = decode(data).lstrip("\ufeff")
    hint = HINT.match(text)
    if hint:
        # Spreadsheets take the hint away and count from the line after it.
        text = text[hint.end() :]
    delimiter = _delimiter(text, _named(hint))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begin, number = 1, 0
    try:
        for number, cells in enumerate(reader, 1):
            if any(_swallowed(cell, delimiter, len(cells)) for cell in cells):
                raise SheetError("bad_csv", number)
            yield Row(number, tuple(tidy(mended(cell)) for cell in cells[:MAX_COLUMNS]))
            begin = number + 1
    except csv.Error:
        raise SheetError("bad_csv", begin) from None


def _named(hint: re.Match[str] | None) -> str:
    sign = (hint.group("sign") or "") if hint else ""
    return SIGNS.get(sign.lower(), sign)


def _swallowed(cell: str, delimiter: str, width: int) -> bool:
    """Tell whether a quotation mark that was never closed took whole rows into one cell."""
    if "\n" not in cell and "\r" not in cell:
        return False
    least = max(width - 1, 1)
    return any(line.count(delimiter) >= least for line in cell.splitlines()[1:])


def _delimiter(text: str, named: str) -> str:
    """Return what divides the cells: the sign that shows the most of our headings."""
    lines = [line for line in text.splitlines()[:LOOKED_AT] if line.strip()]

    def score(delimiter: str) -> tuple[int, int, int, int]:
        known, width, counts = 0, 0, []
        for line in lines:
            cells = [part.strip().strip('"') for part in line.split(delimiter)]
            counts.append(len(cells))
            count = sum(is_known(mended(cell)) for cell in cells)
            if count > known:
                known, width = count, len(cells)
        return known, int(delimiter == named), counts.count(width), max(counts, default=0)

    signs = (*DELIMITERS, named) if named and named not in DELIMITERS else DELIMITERS
    return max(signs, key=score)
