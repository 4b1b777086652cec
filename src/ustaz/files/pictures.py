"""Pictures drawn anew: turned upright, at most 1600 pixels, without anything but the pixels."""

from __future__ import annotations

import io
import struct
import zlib
from contextlib import suppress
from dataclasses import replace
from typing import Final

from PIL import Image, ImageCms

from ustaz.base.evidence import JPEG, PNG
from ustaz.files.content import Content, Unusable
from ustaz.files.model import LONGEST_SIDE, MEGABYTE, MOST_PIXELS, SMALL_SIDE

QUALITY: Final = 82
SMALL_QUALITY: Final = 70
#: A drawing or a screenshot stays exact; what is larger as PNG is a photo and becomes JPEG.
MOST_OF_A_PNG: Final = 3 * MEGABYTE // 2
_END_OF_A_PNG: Final = b"IEND\xaeB`\x82"
#: The tag of EXIF, and what undoes each of its values.
_ORIENTATION: Final = 0x0112
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
#: What the library raises for a file that is not what it should be.
_BROKEN: Final = (
    OSError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    OverflowError,
    EOFError,
    SyntaxError,
    struct.error,
    zlib.error,
    RuntimeError,
    Image.DecompressionBombError,
)


def redrawn(data: bytes, format: str) -> Content:
    """Return a picture drawn anew.

    Parameters
    ----------
    data : bytes
    format : str
        ``JPEG``, ``PNG`` or ``WEBP``: no other reader of the library is tried.

    Raises
    ------
    Unusable
        ``file_damaged`` or ``file_too_many_pixels``.
    """
    if format == "PNG" and _END_OF_A_PNG not in data:
        raise Unusable("file_damaged")  # the library would fill up with black what is missing
    Image.MAX_IMAGE_PIXELS = None  # counted here, before a pixel is read
    if format == "WEBP":
        from PIL import WebPImagePlugin  # noqa: F401 - the library reads it from then on
    try:
        with Image.open(io.BytesIO(data), formats=(format,)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Unusable("file_too_many_pixels")
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            picture.load()
            plain = _plain(picture)
            return replace(packed(plain, exact=format == "PNG"), small=small(plain))
    except _BROKEN as error:
        raise Unusable("file_damaged") from error


def _plain(picture: Image.Image) -> Image.Image:
    """Return the pixels, upright and small, in one of three modes: L, RGB, RGBA."""
    plain = picture
    profile = picture.info.get("icc_profile")
    if picture.mode.startswith(("I", "F")):
        plain = plain.convert("F").point(lambda level: level / 256).convert("L")
    elif picture.has_transparency_data:
        plain = plain.convert("RGBA")
    elif picture.mode != "L":
        plain = plain.convert("RGB")
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0)
    if plain.mode == "RGB" and profile and picture.mode == "RGB":
        with suppress(Exception):  # a broken profile does not colour it
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(
                plain, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
            plain = converted or plain
    turn = _turn(picture)
    bare = Image.new(plain.mode, plain.size)
    bare.paste(plain)
    return bare if turn is None else bare.transpose(turn)


def _turn(picture: Image.Image) -> Image.Transpose | None:
    """Return how the camera says that the picture is to be turned; a broken word turns nothing."""
    with suppress(Exception):
        return _TURNS.get(int(picture.getexif().get(_ORIENTATION, 1)))
    return None


def packed(picture: Image.Image, *, exact: bool) -> Content:
    """Return pixels as a file.

    Parameters
    ----------
    picture : Image
        In one of the modes L, RGB, RGBA.
    exact : bool
        Every pixel as it is, where that stays small.
    """
    if exact or picture.mode == "RGBA":
        target = io.BytesIO()
        picture.save(target, "PNG", optimize=True)
        if target.tell() <= MOST_OF_A_PNG:
            return Content(PNG, target.getvalue(), *picture.size)
    return _jpeg(picture, QUALITY)


def small(picture: Image.Image) -> Content:
    """Return the small picture that lists show."""
    reduced = picture.copy()
    reduced.thumbnail((SMALL_SIDE, SMALL_SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return _jpeg(reduced, SMALL_QUALITY)


def _jpeg(picture: Image.Image, quality: int) -> Content:
    if picture.mode == "RGBA":
        white = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(white, picture).convert("RGB")
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=quality, optimize=True)
    return Content(JPEG, target.getvalue(), *picture.size)
