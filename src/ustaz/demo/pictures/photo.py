"""From a sheet to a photo of it: on a table or a wall, a little askew, in the light of a window."""

from __future__ import annotations

import hashlib
import io
import json
import random
from collections.abc import Mapping
from typing import Any, Final

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from ustaz.demo.pictures.sheets import SHEETS

SIZE: Final = (880, 660)
UPRIGHT: Final = (660, 880)
#: Colours of what lies behind: a desk, a green board, a wall, a window sill.
GROUNDS: Final = {
    "desk": (171, 132, 92),
    "board": (66, 92, 78),
    "wall": (214, 205, 186),
    "sill": (232, 231, 226),
    "cloth": (112, 120, 140),
}
QUALITY: Final = 88


def jpeg(picture: Mapping[str, Any]) -> bytes:
    """Return a picture as the bytes that a telephone would have sent.

    Parameters
    ----------
    picture : mapping
        ``kind`` (a key of :data:`~ustaz.demo.pictures.sheets.SHEETS`), ``ground``, and what the
        kind needs.
    """
    described = json.dumps(picture, ensure_ascii=False, sort_keys=True).encode()
    hand = random.Random(hashlib.sha256(described).hexdigest())  # noqa: S311 - a drawing
    sheet = SHEETS[picture["kind"]](picture, hand)
    upright = sheet.height > sheet.width
    size = UPRIGHT if upright else SIZE
    photo = _ground(size, GROUNDS[picture.get("ground", "desk")], hand)
    _lay(photo, sheet, hand)
    lit = _lit(photo, hand)
    stream = io.BytesIO()
    lit.save(stream, "JPEG", quality=QUALITY)
    return stream.getvalue()


def _ground(
    size: tuple[int, int], colour: tuple[int, int, int], hand: random.Random
) -> Image.Image:
    # Drawn small and made large: it is out of focus.
    ground = Image.new("RGB", (size[0] // 4, size[1] // 4), colour)
    draw = ImageDraw.Draw(ground)
    for _ in range(60):  # grain
        y = hand.randrange(ground.height)
        shade = hand.randint(-9, 9)
        tone = tuple(max(0, min(255, part + shade)) for part in colour)
        drop = hand.randint(-3, 3)
        draw.line([(0, y), (ground.width, y + drop)], fill=tone, width=hand.randint(1, 2))
    return ground.resize(size, Image.Resampling.BILINEAR)


def _lay(photo: Image.Image, sheet: Image.Image, hand: random.Random) -> None:
    """Lay the sheet down, with its shadow."""
    room = (photo.width * 0.9, photo.height * 0.9)
    scale = min(room[0] / sheet.width, room[1] / sheet.height)
    size = (round(sheet.width * scale), round(sheet.height * scale))
    small = sheet.convert("RGBA").resize(size, Image.Resampling.HAMMING)
    turned = small.rotate(hand.uniform(-2.6, 2.6), Image.Resampling.BILINEAR, expand=True)
    x = (photo.width - turned.width) // 2 + hand.randint(-10, 10)
    y = (photo.height - turned.height) // 2 + hand.randint(-8, 8)
    shadow = turned.getchannel("A").point(lambda value: value * 2 // 5)
    soft = shadow.reduce(8).filter(ImageFilter.BoxBlur(1)).resize(shadow.size)
    photo.paste((20, 16, 12), (x + 9, y + 11), soft)
    photo.paste(turned, (x, y), turned)


def _lit(photo: Image.Image, hand: random.Random) -> Image.Image:
    """Let light fall from one side, and the grain of a small camera over it."""
    corners = [hand.randint(228, 255), hand.randint(205, 250), hand.randint(175, 215), 190]
    hand.shuffle(corners)
    light = Image.new("L", (2, 2))
    light.putdata(corners)
    light = light.resize(photo.size, Image.Resampling.BICUBIC)
    tile = Image.frombytes("L", (160, 160), hand.randbytes(160 * 160))
    tile = tile.point(lambda value: 248 + value // 36)
    grain = Image.new("L", photo.size)
    for left in range(0, photo.width, 160):
        for top in range(0, photo.height, 160):
            grain.paste(tile, (left, top))
    shade = ImageChops.multiply(light, grain)
    warm = Image.merge(
        "RGB", (shade, shade.point(lambda v: v * 99 // 100), shade.point(lambda v: v * 95 // 100))
    )
    return ImageChops.multiply(photo, warm)
