"""Addresses as QR codes, drawn into a page."""

from __future__ import annotations

from markupsafe import Markup


def qr_code(link: str, title: str) -> Markup:
    """Return a link as a QR code for a telephone's camera, drawn into the page.

    Parameters
    ----------
    link : str
    title : str
        What it is, for whoever does not see it.
    """
    import segno

    code = segno.make(link, error="m", micro=False)
    drawn = code.svg_inline(
        border=4, dark="#000", light="#fff", omitsize=True, svgclass="uzs-qr", title=title
    )
    return Markup(drawn.replace("<svg", '<svg role="img"', 1))  # noqa: S704 - segno escapes both
