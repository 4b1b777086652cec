"""XLSX as rows: read as it comes, part by part, and nothing in it believed.

The usual libraries either leave out what a list needs (merged, hidden and struck cells) or build
the whole workbook in memory and stop at a colour that they do not know. So the few parts that
matter are read here with the parser of the standard library, whatever their names, prefixes and
order: sheets, shared texts, and of the styles which numbers are dates and which texts are struck.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from ustaz.enrolment import foreign
from ustaz.enrolment.problems import SheetError

#: A workbook of 5,000 people unpacks to about 3 MB.
MAX_UNPACKED: Final = 40 * 1024 * 1024
MAX_PARTS: Final = 2_000
#: Elements of all parts together, and how deep one lies in another.
MAX_ELEMENTS: Final = 2_000_000
MAX_DEPTH: Final = 60
MAX_TEXT: Final = 1_000
LAST_ROW: Final = 1_048_576
LAST_COLUMN: Final = 16_384

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


class Package:
    """The parts of a workbook by their plain names.

    Parameters
    ----------
    data : bytes

    Raises
    ------
    SheetError
        When the package is of another kind, is damaged or would unpack to too much.
    """

    def __init__(self, data: bytes) -> None:
        self._elements = 0
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as package:
                parts = [info for info in package.infolist() if not info.is_dir()]
                if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
                    raise SheetError("bomb")
                if any(part.flag_bits & 1 for part in parts):
                    raise SheetError("password")
                # A part never yields more bytes than it declares.
                self.parts = {
                    _plain(part.filename): package.read(part) for part in parts if _wanted(part)
                }
                names = {_plain(part.filename) for part in parts}
        except (
            zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError,
            zlib.error,
        ):  # fmt: skip
            raise SheetError("damaged") from None
        self.main = self._main()
        if self.main not in self.parts:
            raise SheetError(foreign.other_package(names, self.parts.get("mimetype", b"")))

    def _main(self) -> str:
        for target, kind in self.relations("").values():
            if kind == "officedocument":
                return target
        return "xl/workbook.xml"

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Return what a part points to: id to target and last word of the kind."""
        folder, name = posixpath.split(part)
        by_id: dict[str, tuple[str, str]] = {}

        def start(tag: str, attributes: dict[str, str]) -> None:
            if tag == "Relationship" and attributes.get("TargetMode") != "External":
                target = attributes.get("Target", "").replace("\\", "/")
                whole = target if target.startswith("/") else f"{folder}/{target}"
                kind = attributes.get("Type", "").rpartition("/")[2].lower()
                by_id[attributes.get("Id", "")] = (_plain(posixpath.normpath(whole)), kind)

        self.parse(posixpath.join(folder, "_rels", f"{name}.rels"), start)
        return by_id

    def parse(
        self, part: str, start: Start, end: End | None = None, text: Text | None = None
    ) -> None:
        """Go through a part's elements, their names without a prefix; an absent one has none."""
        data = self.parts.get(_plain(part))
        if data is None:
            return
        parser = expat.ParserCreate()
        depth = 0

        def begin(tag: str, attributes: dict[str, str]) -> None:
            nonlocal depth
            depth += 1
            self._elements += 1
            if depth > MAX_DEPTH or self._elements > MAX_ELEMENTS:
                raise SheetError("too_heavy")
            start(tag.rpartition(":")[2], attributes)

        def finish(tag: str) -> None:
            nonlocal depth
            depth -= 1
            if end is not None:
                end(tag.rpartition(":")[2])

        def declared(*_: object) -> None:
            raise SheetError("bomb")  # a declaration is a way to make a small file large

        parser.StartElementHandler = begin
        parser.EndElementHandler = finish
        parser.StartDoctypeDeclHandler = declared
        parser.EntityDeclHandler = declared
        parser.buffer_text = True
        if text is not None:
            parser.CharacterDataHandler = text
        try:
            parser.Parse(data, True)
        except (expat.ExpatError, LookupError, ValueError, UnicodeError):
            raise SheetError("damaged") from None


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _wanted(zip_info: zipfile.ZipInfo) -> bool:
    return _plain(zip_info.filename).endswith((".xml", ".rels", "mimetype"))


def attribute(attributes: dict[str, str], name: str) -> str:
    """Return an attribute whatever its prefix."""
    return next((value for key, value in attributes.items() if key.rpartition(":")[2] == name), "")


def is_on(value: str | None) -> bool:
    """Tell whether a yes-or-no attribute says yes."""
    return value is not None and value.strip().lower() not in {"", "0", "false", "off", "none"}


# -- texts ----------------------------------------------------------------------------------------
ESCAPE: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")


def unescape(text: str) -> str:
    r"""Return a text with the escapes of spreadsheets as the letters that they stand for.

    Examples
    --------
    >>> unescape("_x0410_йгүл_x000D_"), unescape("_x005F_x0410_")
    ('Айгүл\\r', '_x0410_')
    """
    if "_x" not in text:
        return text
    plain = ESCAPE.sub(lambda match: chr(int(match.group(1), 16)), text)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


@dataclass(slots=True)
class Writing:
    """Gathers the runs of one text; what only helps to pronounce it is left out."""

    text: str = ""
    struck: bool = False
    _inside: bool = False
    _aside: int = 0
    _line: bool = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Meet an element."""
        if tag in {"rPh", "phoneticPr"}:
            self._aside += 1
        elif tag == "r":
            self._line = False
        elif tag in {"strike", "dstrike"}:
            self._line = is_on(attributes.get("val", "1"))
        elif tag == "t":
            self._inside = not self._aside

    def end(self, tag: str) -> None:
        """Leave an element."""
        if tag in {"rPh", "phoneticPr"}:
            self._aside -= 1
        elif tag == "r":
            self._line = False
        elif tag == "t":
            self._inside = False

    def add(self, text: str) -> None:
        """Meet letters."""
        if self._inside and len(self.text) < MAX_TEXT:
            self.text += text
            self.struck = self.struck or (self._line and bool(text.strip()))


# -- a sheet --------------------------------------------------------------------------------------
@dataclass(slots=True)
class RawCell:
    """One cell as the sheet has it."""

    row: int
    column: int
    kind: str
    style: int
    value: str = ""
    computes: bool = False
    writing: Writing = field(default_factory=Writing)


@dataclass(slots=True)
class RawSheet:
    """A sheet: its cells that hold something, and what is merged and hidden.

    Attributes
    ----------
    merged : list of tuple
        First row, first column, last row, last column; counted from 1 and 0.
    """

    cells: list[RawCell] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


REFERENCE: Final = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,9})\Z")


def place(reference: str) -> tuple[int, int] | None:
    """Return row (from 1) and column (from 0) of a reference such as ``B3``."""
    match = REFERENCE.match(reference.strip())
    if not match:
        return None
    column = 0
    for char in match.group(1).upper():
        column = column * 26 + ord(char) - 64
    return int(match.group(2)), column - 1


def sheets(package: Package) -> Iterator[tuple[str, str, bool]]:
    """Yield name, part and visibility of each sheet, in the workbook's order."""
    relations = package.relations(package.main)
    result: list[tuple[str, str, bool]] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheet":
            target, kind = relations.get(attribute(attributes, "id"), ("", ""))
            if kind == "worksheet":
                state = attributes.get("state", "visible")
                result.append((attributes.get("name", ""), target, state == "visible"))

    package.parse(package.main, start)
    yield from result


def side_part(package: Package, kind: str) -> str:
    """Return the part with the shared texts or the styles; its usual name where none is told."""
    relations = package.relations(package.main).values()
    usual = posixpath.join(posixpath.dirname(package.main), f"{kind}.xml")
    return next((target for target, what in relations if what == kind), usual)
