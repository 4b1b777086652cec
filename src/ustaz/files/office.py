"""Documents of word processors and spreadsheets: taken only where they are plain zip files.

They are never opened here and never shown, only given back; so it is enough that such a file is
what its type says, unpacks to little, and holds no program. It ends where the zip ends, so nothing
can hide before or behind it.
"""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from typing import Final

from ustaz.base.evidence import DOCX, ODT, XLSX
from ustaz.files.content import Unusable
from ustaz.files.model import MEGABYTE

SIGNATURE: Final = b"PK\x03\x04"
MOST_UNPACKED: Final = 60 * MEGABYTE
MOST_MEMBERS: Final = 2000
MOST_TEXT: Final = 2 * MEGABYTE
_END: Final = b"PK\x05\x06"
_END_SIZE: Final = 22
_ENCRYPTED: Final = 0x1
_MIMETYPE: Final = "mimetype"
_CONTENT_TYPES: Final = "[Content_Types].xml"
_OPEN_XML: Final = {
    DOCX: (
        "word/document.xml",
        b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    ),
    XLSX: (
        "xl/workbook.xml",
        b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    ),
}
#: Members of a document that a word processor or a spreadsheet writes.
_MEMBER: Final = re.compile(
    r"(?:[\w .()\[\]-]+/)*(?:[\w .()\[\]-]*\."
    r"(?:xml|rels|vml|rdf|txt|png|jpe?g|gif|bmp|tiff?|emf|wmf|svg|webp|ttf|odttf|fntdata)"
    r"|mimetype|layout-cache|printerSettings/printerSettings[0-9]+\.bin|)\Z",
    re.IGNORECASE,
)
_SCRIPT_FOLDERS: Final = ("Basic/", "Scripts/", "macros/")
#: What a word processor would fetch or run as soon as the document is opened.
_FETCHED: Final = re.compile(
    rb"relationships/(?:attachedTemplate|oleObject|frame|subDocument|control|vbaProject)\b"
)
_MACROS: Final = (b"macroEnabled", b"vbaProject")


def judged(data: bytes) -> str:
    """Return which of our document types a zip file is.

    Raises
    ------
    Unusable
        ``file_damaged``, ``file_too_heavy``, ``file_locked``, ``file_active``,
        ``file_not_taken``.
    """
    if data[-_END_SIZE : -_END_SIZE + 4] != _END or data[-2:] != b"\0\0":
        raise Unusable("file_damaged")  # something stands behind the zip, or it is cut
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _type_of(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, IndexError) as error:
        raise Unusable("file_damaged") from error
    except NotImplementedError as error:
        raise Unusable("file_damaged") from error
    except RuntimeError as error:  # encrypted, says the library
        raise Unusable("file_locked") from error


def _type_of(archive: zipfile.ZipFile) -> str:
    members = archive.infolist()
    names = [member.filename for member in members]
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_UNPACKED:
        raise Unusable("file_too_heavy")
    if not members or min(member.header_offset for member in members) != 0:
        raise Unusable("file_damaged")
    if len({name.lower() for name in names}) != len(names):
        raise Unusable("file_damaged")
    for member in members:
        _check_member(member)
    texts = _texts(archive, members)
    media_type = _named_type(names, texts)
    if any(_FETCHED.search(text) for name, text in texts.items() if name.endswith(".rels")):
        raise Unusable("file_active")
    if b"encryption-data" in texts.get("META-INF/manifest.xml", b""):
        raise Unusable("file_locked")
    return media_type


def _check_member(member: zipfile.ZipInfo) -> None:
    name = member.orig_filename
    if member.flag_bits & _ENCRYPTED:
        raise Unusable("file_locked")
    if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise Unusable("file_damaged")
    mode = member.external_attr >> 16
    sane = not name.startswith("/") and ".." not in name.split("/") and name == member.filename
    if not sane or (mode and stat.S_IFMT(mode) not in {0, stat.S_IFREG, stat.S_IFDIR}):
        raise Unusable("file_damaged")
    if not _MEMBER.match(name) or name.startswith(_SCRIPT_FOLDERS):
        raise Unusable("file_active")


def _texts(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> dict[str, bytes]:
    """Unpack every member, so that what it claims of its size is true; return the telling ones."""
    texts: dict[str, bytes] = {}
    total = 0
    for member in members:
        telling = member.filename.endswith((".rels", _MIMETYPE, _CONTENT_TYPES, "manifest.xml"))
        kept = bytearray()
        with archive.open(member) as unpacked:
            while part := unpacked.read(64 * 1024):
                total += len(part)
                if total > MOST_UNPACKED or (telling and len(kept) + len(part) > MOST_TEXT):
                    raise Unusable("file_too_heavy")
                if telling:
                    kept += part
        if telling:
            texts[member.filename] = bytes(kept)
    return texts


def _named_type(names: list[str], texts: dict[str, bytes]) -> str:
    types = texts.get(_CONTENT_TYPES, b"")
    if any(word in types for word in _MACROS):
        raise Unusable("file_active")
    for open_xml, (main, content_type) in _OPEN_XML.items():
        if main in names and content_type in types:
            return open_xml
    if names[0] == _MIMETYPE and texts[_MIMETYPE] == ODT.encode() and "content.xml" in names:
        return ODT
    raise Unusable("file_not_taken")
