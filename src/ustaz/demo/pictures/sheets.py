"""What lies in the pictures: sheets of paper, cards on a wall, tables, a map, a chart."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping
from typing import Any, Final

from PIL import Image, ImageDraw

from ustaz.demo.pictures.letters import length, write

Colour = tuple[int, int, int]
Sheet = Callable[[Mapping[str, Any], random.Random], Image.Image]

INKS: Final[dict[str, Colour]] = {
    "blue": (38, 62, 150),
    "black": (40, 40, 46),
    "red": (190, 40, 44),
    "green": (28, 120, 66),
    "pencil": (110, 110, 112),
}
NOTES: Final[tuple[Colour, ...]] = (
    (252, 236, 140), (190, 226, 176), (250, 200, 190), (182, 214, 240), (244, 216, 168),
)  # fmt: skip
WHITE: Final = (250, 249, 244)
RULES: Final = {"squared": (190, 208, 226), "lined": (176, 196, 220)}
WIDE, LOW = 1400, 1060
INK: Final = "blue"


def _paper(wide: int, low: int, ruled: str) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    sheet = Image.new("RGB", (wide, low), WHITE)
    draw = ImageDraw.Draw(sheet)
    step = 40 if ruled == "squared" else 64
    if ruled in RULES:
        for y in range(step, low, step):
            draw.line([(0, y), (wide, y)], fill=RULES[ruled], width=2)
        for x in range(step, wide if ruled == "squared" else 0, step):
            draw.line([(x, 0), (x, low)], fill=RULES[ruled], width=2)
        draw.line([(wide - 130, 0), (wide - 130, low)], fill=(226, 150, 150), width=3)
    return sheet, draw


def _ink(name: str, fallback: str = INK) -> Colour:
    return INKS[name or fallback]


def written(picture: Mapping[str, Any], hand: random.Random) -> Image.Image:
    """Return a page with lines of handwriting; a line may have a colour, a mark, a tally.

    A line is a text, or a mapping: ``text``, ``ink``, ``tally`` (a number drawn in fives),
    ``cross`` (struck through), ``ring`` (a ring around it), ``indent``.
    """
    lines = picture["lines"]
    upright = picture.get("upright", False)
    wide = LOW if upright else WIDE
    step = picture.get("step", 76)
    low = max(210 + step * len(lines), round(wide * (1.3 if upright else 0.5)))
    sheet, draw = _paper(wide, low, picture.get("paper", "squared"))
    y = 60.0
    if title := picture.get("title"):
        used = write(
            draw,
            (90, y),
            title,
            size=66,
            colour=_ink(picture.get("ink", "")),
            hand=hand,
            room=wide - 260,
        )
        draw.line([(90, y + 62), (90 + used, y + 58)], fill=_ink(picture.get("ink", "")), width=4)
        y += 104
    for line in lines:
        _line(draw, y, line if isinstance(line, Mapping) else {"text": line}, picture, hand, wide)
        y += step
    return sheet


def _line(
    draw: ImageDraw.ImageDraw,
    y: float,
    line: Mapping[str, Any],
    picture: Mapping[str, Any],
    hand: random.Random,
    wide: int,
) -> None:
    colour = _ink(line.get("ink", ""), picture.get("ink", INK))
    x = 90 + 60 * line.get("indent", 0) + hand.randint(-6, 10)
    used = write(
        draw,
        (x, y),
        line.get("text", ""),
        size=54,
        colour=colour,
        hand=hand,
        room=wide - 250 - (x - 90),
    )
    if "tally" in line:
        _tally(
            draw,
            (max(x + used + 40, 90 + 60 * picture.get("column", 8)), y),
            line["tally"],
            colour,
            hand,
        )
    if line.get("cross"):
        draw.line([(x - 6, y + 34), (x + used + 8, y + 22)], fill=_ink(line["cross"]), width=6)
    if line.get("ring"):
        draw.ellipse([x - 26, y - 16, x + used + 22, y + 62], outline=_ink(line["ring"]), width=6)


def _tally(
    draw: ImageDraw.ImageDraw,
    at: tuple[float, float],
    count: int,
    colour: Colour,
    hand: random.Random,
) -> None:
    x, y = at
    for number in range(1, count + 1):
        if number % 5:
            draw.line(
                [(x, y + hand.randint(-3, 3)), (x + hand.randint(-4, 4), y + 48)],
                fill=colour,
                width=5,
            )
            x += 19
        else:
            draw.line([(x - 88, y + 40), (x + 2, y + 6)], fill=colour, width=5)
            x += 28


def cards(picture: Mapping[str, Any], hand: random.Random) -> Image.Image:
    """Return a wall or board with cards on it, each a text with one or more lines."""
    texts = picture["cards"]
    across = picture.get("across", 4)
    rows = math.ceil(len(texts) / across)
    wide, tall = 400, picture.get("tall", 250)
    top = 130 if picture.get("title") else 30
    sheet = Image.new(
        "RGBA", (60 + across * (wide + 20), top + rows * (tall + 24) + 20), (0, 0, 0, 0)
    )
    draw = ImageDraw.Draw(sheet)
    if title := picture.get("title"):
        draw.rectangle([30, 16, sheet.width - 30, 108], fill=(*WHITE, 255))
        write(
            draw,
            (70, 36),
            title,
            size=70,
            colour=INKS["black"],
            hand=hand,
            room=sheet.width - 140,
            pen=1.1,
        )
    for number, text in enumerate(texts):
        column, row = number % across, number // across
        x = 30 + column * (wide + 20) + hand.randint(-7, 7)
        y = top + row * (tall + 24) + hand.randint(-7, 7)
        paper = NOTES[(number * 2 + row) % len(NOTES)] if picture.get("coloured", True) else WHITE
        draw.polygon(
            [
                (x, y),
                (x + wide, y + hand.randint(-8, 8)),
                (x + wide + hand.randint(-6, 6), y + tall),
                (x, y + tall),
            ],
            fill=(*paper, 255),
        )
        draw.ellipse([x + wide / 2 - 9, y + 6, x + wide / 2 + 9, y + 24], fill=(186, 60, 50, 255))
        words = text if isinstance(text, list) else _broken(text, 13)
        ink = (
            INKS[hand.choice(["blue", "black", "blue", "pencil"])]
            if picture.get("coloured", True)
            else INKS["black"]
        )
        for line, part in enumerate(words):
            colour = ink if line % 2 == 0 or not isinstance(text, list) else INKS["green"]
            write(
                draw,
                (x + 28, y + 44 + 62 * line),
                part,
                size=50,
                colour=colour,
                hand=hand,
                room=wide - 56,
            )
    return sheet


def _broken(text: str, most: int) -> list[str]:
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + len(word) >= most:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def table(picture: Mapping[str, Any], hand: random.Random) -> Image.Image:
    """Return a table that was ruled by hand: the first row is its head."""
    rows = picture["rows"]
    widths = [max(length(str(row[column])) for row in rows) for column in range(len(rows[0]))]
    scale = (WIDE - 200) / sum(widths)
    low = 190 + 92 * len(rows)
    sheet, draw = _paper(WIDE, max(low, 720), picture.get("paper", "squared"))
    if title := picture.get("title"):
        write(
            draw,
            (110, 44),
            title,
            size=64,
            colour=INKS["black"],
            hand=hand,
            room=WIDE - 260,
            pen=1.1,
        )
    edge = INKS["pencil"]
    for number, row in enumerate(rows):
        x, y = 100.0, 138 + 92 * number
        draw.line([(94, y - 18), (WIDE - 96, y - 18 + hand.randint(-3, 3))], fill=edge, width=4)
        for column, cell in enumerate(row):
            ink = "black" if number == 0 or column == 0 else picture.get("ink", INK)
            wide = widths[column] * scale
            colour = INKS["red"] if str(cell).startswith("✓") and number else INKS[ink]
            write(draw, (x + 12, y), str(cell), size=50, colour=colour, hand=hand, room=wide - 22)
            draw.line(
                [(x, 120), (x + hand.randint(-2, 2), 120 + 92 * len(rows))], fill=edge, width=3
            )
            x += wide
    bottom = 120 + 92 * len(rows)
    draw.line([(94, bottom), (WIDE - 96, bottom)], fill=edge, width=4)
    draw.line([(WIDE - 98, 120), (WIDE - 98, bottom)], fill=edge, width=3)
    return sheet


def chart(picture: Mapping[str, Any], hand: random.Random) -> Image.Image:
    """Return a chart with bars coloured by hand: a label, and a value or two (before, after)."""
    bars = picture["bars"]
    sheet, draw = _paper(WIDE, 200 + 150 * len(bars), "squared")
    write(
        draw,
        (90, 50),
        picture["title"],
        size=62,
        colour=INKS["black"],
        hand=hand,
        room=WIDE - 260,
        pen=1.1,
    )
    most = max(value for bar in bars for value in bar[1:])
    for number, (label, *values) in enumerate(bars):
        y = 160 + 150 * number
        write(draw, (90, y + 26), label, size=48, colour=INKS["black"], hand=hand, room=390)
        for place, value in enumerate(values):
            top = y + 58 * place
            long = 730 * value / most
            tone = INKS["blue"] if place == 0 else INKS["green"]
            draw.rectangle([500, top, 500 + long, top + 46], outline=tone, width=4)
            for stripe in range(0, max(1, round(long) - 18), 13):  # filled with a pencil
                lean = hand.randint(6, 16)
                draw.line(
                    [(502 + stripe + lean, top + 4), (502 + stripe, top + 42)], fill=tone, width=4
                )
            write(draw, (516 + long, top + 2), str(value), size=46, colour=tone, hand=hand)
    draw.line([(498, 140), (498, sheet.height - 40)], fill=INKS["black"], width=5)
    return sheet


def village(picture: Mapping[str, Any], hand: random.Random) -> Image.Image:
    """Return the map of a walk, drawn by pupils: a river, roads, houses, numbered stops."""
    sheet = Image.new("RGB", (WIDE, 1060), (246, 241, 222))
    draw = ImageDraw.Draw(sheet)
    river = [
        (x, 250 + 70 * math.sin(x / 210) + hand.randint(-5, 5)) for x in range(0, WIDE + 40, 40)
    ]
    draw.line(river, fill=(150, 190, 224), width=44, joint="curve")
    for start, end in (
        ((60, 980), (1440, 520)),
        ((420, 880), (660, 160)),
        ((1010, 1020), (1080, 180)),
    ):
        draw.line([start, end], fill=(206, 190, 160), width=22)
    for _ in range(34):
        x, y = hand.randint(60, 1380), hand.randint(420, 990)
        size = hand.randint(24, 40)
        draw.rectangle(
            [x, y, x + size, y + size * 3 / 4],
            fill=(226, 206, 178),
            outline=INKS["pencil"],
            width=3,
        )
        draw.polygon(
            [(x - 4, y), (x + size / 2, y - size / 2), (x + size + 4, y)], fill=(176, 96, 76)
        )
    for _ in range(26):
        x, y = hand.randint(30, 1460), hand.randint(330, 1010)
        draw.ellipse([x, y, x + 30, y + 34], fill=(126, 164, 104))
    stops = [(180, 930), (430, 800), (600, 430), (900, 640), (1060, 330), (1330, 540)]
    draw.line(
        [point for point, _ in zip(stops, picture["stops"], strict=False)],
        fill=INKS["red"],
        width=7,
        joint="curve",
    )
    for number, (point, name) in enumerate(zip(stops, picture["stops"], strict=False), 1):
        x, y = point
        draw.ellipse([x - 34, y - 34, x + 34, y + 34], fill=WHITE, outline=INKS["red"], width=7)
        write(draw, (x - 12, y - 22), str(number), size=60, colour=INKS["red"], hand=hand, pen=1.2)
        long = min(300.0, length(name) * 5.2)
        left = min(x - 10, WIDE - long - 40)
        draw.rectangle([left - 8, y + 40, left + long + 8, y + 92], fill=(255, 253, 240))
        write(draw, (left, y + 46), name, size=46, colour=INKS["blue"], hand=hand, room=long)
    draw.rectangle([40, 30, 1100, 120], fill=(255, 253, 240), outline=INKS["pencil"], width=4)
    write(
        draw,
        (64, 46),
        picture["title"],
        size=68,
        colour=INKS["black"],
        hand=hand,
        room=1010,
        pen=1.2,
    )
    return sheet


SHEETS: Final[Mapping[str, Sheet]] = {
    "written": written,
    "cards": cards,
    "table": table,
    "chart": chart,
    "village": village,
}
