"""What a QR code on a page must look like."""

from __future__ import annotations

import io
import re

import segno


def path_of(address: str) -> str:
    """Return the dark modules of an address as segno draws them itself."""
    svg = io.BytesIO()
    segno.make(address, error="m").save(svg, kind="svg", border=4, xmldecl=False)
    path = re.search(r' d="([^"]+)"', svg.getvalue().decode())
    assert path is not None
    return path[1]
