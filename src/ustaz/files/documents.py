"""PDF files: judged, and their first pages drawn for looking at."""

from __future__ import annotations

import re
import zlib
from contextlib import suppress
from typing import Final

import pypdfium2 as pdfium
from PIL import Image

from ustaz.base.evidence import PDF
from ustaz.files import pictures
from ustaz.files.content import Content, Unusable
from ustaz.files.model import LONGEST_SIDE, MEGABYTE, PAGES_DRAWN

MOST_PAGES: Final = 500
MOST_UNPACKED: Final = 24 * MEGABYTE
#: Of one object stream.
MOST_OF_A_STREAM: Final = 4 * MEGABYTE
_STREAM: Final = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
#: Bytes before a stream in which its dictionary says what it is.
_HEAD: Final = 400
_ESCAPED: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
#: What a reader would run, open or fetch by itself.
_ACTIVE: Final = re.compile(
    rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|Filespec|RichMedia|XFA|ImportData|SubmitForm|GoToR"
    rb"|GoToE)(?![A-Za-z0-9])"
)


def read(data: bytes) -> Content:
    """Return a PDF with its first pages as pictures.

    Raises
    ------
    Unusable
        ``file_damaged``, ``file_locked``, ``file_active``, ``file_too_heavy``.
    """
    if _ACTIVE.search(_structure(data)):
        raise Unusable("file_active")
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        locked = getattr(error, "err_code", None) == pdfium.raw.FPDF_ERR_PASSWORD
        raise Unusable("file_locked" if locked else "file_damaged") from error
    try:
        return _with_pages(document, data)
    except (pdfium.PdfiumError, ValueError, OverflowError, OSError) as error:
        raise Unusable("file_damaged") from error
    finally:
        document.close()


def _with_pages(document: pdfium.PdfDocument, data: bytes) -> Content:
    raw = pdfium.raw
    if raw.FPDFDoc_GetJavaScriptActionCount(document) > 0:
        raise Unusable("file_active")
    if raw.FPDFDoc_GetAttachmentCount(document) > 0:
        raise Unusable("file_active")
    if not 1 <= len(document) <= MOST_PAGES:
        raise Unusable("file_damaged" if not len(document) else "file_too_heavy")
    images = [_image(document[number]) for number in range(min(len(document), PAGES_DRAWN))]
    pages = tuple(pictures.packed(image, exact=False) for image in images)
    return Content(PDF, data, pages=pages, small=pictures.small(images[0]))


def _image(page: pdfium.PdfPage) -> Image.Image:
    width, height = page.get_size()
    longest = max(width, height)
    if not (longest > 0 and min(width, height) * LONGEST_SIDE / longest >= 1):
        raise Unusable("file_damaged")
    bitmap = page.render(scale=LONGEST_SIDE / longest, may_draw_forms=False)
    image: Image.Image = bitmap.to_pil()
    return image.convert("RGB")


def _structure(data: bytes) -> bytes:
    """Return the objects of a PDF without the contents of its streams, packed objects unpacked."""
    parts = [_STREAM.sub(b"", data)]
    left = MOST_UNPACKED
    for match in _STREAM.finditer(data):
        if b"/ObjStm" not in data[max(0, match.start() - _HEAD) : match.start()]:
            continue
        unpacked = b""
        with suppress(zlib.error):
            unpacked = zlib.decompressobj().decompress(match[1], MOST_OF_A_STREAM)
        left -= len(unpacked)
        if left < 0:
            raise Unusable("file_too_heavy")
        parts.append(unpacked)
    return _ESCAPED.sub(lambda match: bytes([int(match[1], 16)]), b"\n".join(parts))
