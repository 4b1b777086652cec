"""A school's list, dressed up in the ways in which schools send it."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import openpyxl

Rows = Sequence[Sequence[Any]]

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_LINKS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def xlsx(rows: Rows, change: Callable[[Any], None] | None = None) -> bytes:
    """Return a workbook as openpyxl writes it; `change` gets it before it is saved."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    if change is not None:
        change(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def text(
    rows: Rows, encoding: str = "utf-8", separator: str = ",", end: str = "\r\n", quoting: int = 0
) -> bytes:
    """Return a text file."""
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=separator, lineterminator=end, quoting=quoting).writerows(rows)
    return buffer.getvalue().encode(encoding)


def letter(index: int) -> str:
    return chr(65 + index)


def packed(
    rows: Rows,
    *,
    strict: bool = False,
    prefix: str = "",
    shared: bool = False,
    references: bool = True,
    folder: str = "xl",
    slash: str = "/",
    absolute: bool = False,
    encoding: str = "UTF-8",
    styles: bool = True,
    runs: bool = False,
    method: int = zipfile.ZIP_DEFLATED,
    before: bytes = b"",
) -> bytes:
    """Return a workbook that is packed by hand, as other programs pack theirs."""
    main, links = (STRICT, STRICT_LINKS) if strict else (MAIN, LINKS)
    tag = f"{prefix}:" if prefix else ""
    space = f'xmlns{":" + prefix if prefix else ""}="{main}"'
    head = f'<?xml version="1.0" encoding="{encoding}" standalone="yes"?>'
    strings: list[str] = []

    def cell(row: int, column: int, value: str) -> str:
        if not value:
            return ""
        at = f' r="{letter(column)}{row}"' if references else ""
        if shared:
            strings.append(value)
            return f'<{tag}c{at} t="s"><{tag}v>{len(strings) - 1}</{tag}v></{tag}c>'
        return f'<{tag}c{at} t="inlineStr"><{tag}is>{content(value)}</{tag}is></{tag}c>'

    def content(value: str) -> str:
        if not runs or len(value) < 2:
            return f'<{tag}t xml:space="preserve">{escape(value)}</{tag}t>'
        pieces = (value[:1], value[1:])
        found = "".join(
            f"<{tag}r><{tag}rPr><{tag}b/></{tag}rPr>"
            f'<{tag}t xml:space="preserve">{escape(one)}</{tag}t></{tag}r>'
            for one in pieces
        )
        return f'{found}<{tag}rPh sb="0" eb="1"><{tag}t>aside</{tag}t></{tag}rPh>'

    lines = []
    for number, row in enumerate(rows, 1):
        cells = "".join(cell(number, column, str(one)) for column, one in enumerate(row))
        if not references and any(not one for one in row):
            cells = "".join(
                cell(number, column, str(one)) or f"<{tag}c/>" for column, one in enumerate(row)
            )
        lines.append(
            f"<{tag}row{f' r={quoteattr(str(number))}' if references else ''}>{cells}</{tag}row>"
        )
    data = f"<{tag}sheetData>{''.join(lines)}</{tag}sheetData>"
    sheet = f"{head}<{tag}worksheet {space}>{data}</{tag}worksheet>"
    book = (
        f'{head}<{tag}workbook {space} xmlns:r="{links}"><{tag}sheets>'
        f'<{tag}sheet name="Лист1" sheetId="1" r:id="rId1"/></{tag}sheets></{tag}workbook>'
    )
    base = f"/{folder}/" if absolute else ""
    parts = {
        "_rels/.rels": f'{head}<Relationships xmlns="{PACKAGE}"><Relationship Id="a"'
        f' Type="{links}/officeDocument" Target="{"/" if absolute else ""}{folder}/workbook.xml"/>'
        "</Relationships>",
        f"{folder}/workbook.xml": book,
        f"{folder}/_rels/workbook.xml.rels": f'{head}<Relationships xmlns="{PACKAGE}">'
        f'<Relationship Id="rId1" Type="{links}/worksheet" Target="{base}worksheets/s.xml"/>'
        f'<Relationship Id="rId2" Type="{links}/sharedStrings" Target="{base}texts.xml"/>'
        f'<Relationship Id="rId3" Type="{links}/styles" Target="{base}styles.xml"/>'
        "</Relationships>",
        f"{folder}/worksheets/s.xml": sheet,
    }
    if shared:
        items = "".join(f"<{tag}si>{content(one)}</{tag}si>" for one in strings)
        parts[f"{folder}/texts.xml"] = f"{head}<{tag}sst {space}>{items}</{tag}sst>"
    if styles:
        parts[f"{folder}/styles.xml"] = (
            f"{head}<{tag}styleSheet {space}><{tag}fonts><{tag}font/></{tag}fonts><{tag}cellXfs>"
            f'<{tag}xf numFmtId="0" fontId="0"/></{tag}cellXfs></{tag}styleSheet>'
        )
    buffer = io.BytesIO()
    buffer.write(before)
    with zipfile.ZipFile(buffer, "a" if before else "w", method) as package:
        for name, body in parts.items():
            package.writestr(name.replace("/", slash), body.encode(encoding))
    return buffer.getvalue()
