"""What a file is by its content, and what is kept of it. Runs in a child, never in the service.

A picture is drawn anew from its pixels, so nothing of the file as it was sent is left: no place,
no camera, no second picture, no bytes behind the end. A PDF and a document stay as they are, and
are only ever given back as a download.
"""

from __future__ import annotations

import warnings
from typing import Final

from ustaz.files import office
from ustaz.files.content import Content, Unusable

_PICTURES: Final = ((b"\xff\xd8\xff", "JPEG"), (b"\x89PNG\r\n\x1a\n", "PNG"))
_PDF: Final = b"%PDF-"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEIC_BRANDS: Final = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
)


def content_of(data: bytes) -> Content:
    """Return what is kept of a file.

    Raises
    ------
    Unusable
        With an id of the refusals.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # broken EXIF is nothing that anybody must know of
        if not data:
            raise Unusable("file_empty")
        picture = picture_format(data)
        if picture:
            from ustaz.files import pictures

            return pictures.redrawn(data, picture)
        if data.startswith(_PDF):
            from ustaz.files import documents

            return documents.read(data)
        if data.startswith(office.SIGNATURE):
            return Content(office.judged(data), data)
        raise Unusable(_refusal(data))


def picture_format(data: bytes) -> str:
    """Return the name by which the picture library knows the format; empty for anything else."""
    for beginning, name in _PICTURES:
        if data.startswith(beginning):
            return name
    return "WEBP" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else ""


def _refusal(data: bytes) -> str:
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
        return "file_heic"
    return "file_old_office" if data.startswith(_OLE) else "file_not_taken"
