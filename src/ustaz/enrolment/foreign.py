"""What a file truly is, where it is no list that can be read: its name may say something else."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from typing import Final

from ustaz.enrolment.problems import SheetError

ZIP: Final = b"PK\x03\x04"
EMPTY_ZIP: Final = b"PK\x05\x06"
OLE: Final = b"\xd0\xcf\x11\xe0"
#: How a file of some kind begins, and what is said of it.
STARTS: Final = (
    (b"%PDF", "pdf"),
    (b"{\\rtf", "document"),
    (b"\x1f\x8b", "archive"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"MIME-Version:", "web_page"),
)
WEB: Final = re.compile(rb"<(?:!doctype\s+html|html|head|body|table|meta|style)\b", re.IGNORECASE)


def refuse_foreign(data: bytes) -> None:
    """Refuse a file of another kind, with its true kind.

    Raises
    ------
    SheetError
    """
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    for start, id in STARTS:
        if head.startswith(start):
            raise SheetError(id)
    if b"%PDF-" in head:
        raise SheetError("pdf")
    if data.startswith(OLE):
        raise SheetError(_compound(data))
    wide = head.replace(b"\0", b"").lstrip(b"\xff\xfe\xfe\xff")
    if wide.startswith(b"<"):
        known = data[:4096].replace(b"\0", b"")
        if b"urn:schemas-microsoft-com:office:spreadsheet" in known:
            raise SheetError("xml_sheet")
        if b"opendocument" in known:
            raise SheetError("open_document")
        if WEB.search(known):
            raise SheetError("web_page")


def _compound(data: bytes) -> str:
    """Return what an OLE file is, by the names of the streams in it."""

    def holds(name: str) -> bool:
        return name.encode("utf-16-le") in data

    if holds("EncryptedPackage") or holds("EncryptionInfo"):
        return "password"
    if holds("WordDocument") or holds("PowerPoint Document"):
        return "document"
    return "old_excel"


def is_package(data: bytes) -> bool:
    """Tell whether a file is a ZIP package, also where something stands before it."""
    if data.startswith((ZIP, EMPTY_ZIP)):
        return True
    return EMPTY_ZIP in data[-66_000:] and zipfile.is_zipfile(io.BytesIO(data))


def other_package(names: Iterable[str], mimetype: bytes) -> str:
    """Return what a package without an Excel workbook is.

    Parameters
    ----------
    names : iterable of str
        Of its parts, in small letters.
    mimetype : bytes
        What its part of this name says.
    """
    members = set(names)
    if b"opendocument.spreadsheet" in mimetype:
        return "open_document"
    if b"opendocument" in mimetype or any(name.startswith(("word/", "ppt/")) for name in members):
        return "document"
    if any(name.endswith("workbook.bin") for name in members):
        return "xlsb"
    if any(name.endswith(".iwa") or name == "index.zip" for name in members):
        return "numbers"
    if any(name.endswith((".csv", ".xlsx", ".xls", ".ods")) for name in members):
        return "archive"
    return "not_a_sheet"
