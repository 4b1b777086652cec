"""Evidence files, as far as every room knows them: their types, and who can be seen in them."""

from __future__ import annotations

import re
from typing import Final

SHA256: Final = re.compile(r"[0-9a-f]{64}\Z")
#: Bytes of one file.
MOST_OF_A_FILE: Final = 5 * 1024 * 1024

JPEG: Final = "image/jpeg"
PNG: Final = "image/png"
PDF: Final = "application/pdf"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT: Final = "application/vnd.oasis.opendocument.text"
#: The closed list of types with which a file is ever served, and what their names end with.
SUFFIXES: Final = {
    JPEG: ".jpg",
    PNG: ".png",
    PDF: ".pdf",
    DOCX: ".docx",
    XLSX: ".xlsx",
    ODT: ".odt",
}
#: Types that this product has drawn itself, pixel by pixel: only these are shown in a page.
PICTURES: Final = frozenset({JPEG, PNG})

#: Who can be seen in it: asked before anything is sent.
VISIBLE: Final = ("none", "adults_with_consent", "pupils_with_consent", "must_blur")
#: As long as it says so, nobody but the owner is shown the file.
TO_BE_BLURRED: Final = "must_blur"
