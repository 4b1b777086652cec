"""A hand that writes Kazakh and Russian with single strokes: no typeface has to be there.

A letter is a few lines of points, each two digits: across from 0 to 4, down from 0 (the top of
a capital) to 6 (the line) and 8 (below it). Small letters mostly have the
capital's shape, lower.
"""

from __future__ import annotations

import random
from typing import Final

from PIL import ImageDraw

Point = tuple[float, float]

CAPITALS: Final = {
    "А": "06 20 46|14 34", "Ә": "01 10 30 41 45 36 16 05 03 43", "Б": "40 00 06 36 45 44 33 03",
    "В": "00 06 36 45 44 33 03|00 30 41 42 33", "Г": "40 00 06", "Д": "07 05 45 47|15 20 30 35",
    "Е": "40 00 06 46|03 33", "Ж": "20 26|00 23 06|40 23 46",
    "З": "01 10 30 41 42 33 44 45 36 16 05|33 13", "И": "00 06 40 46", "К": "00 06|40 03 46",
    "Л": "06 16 20 40 46", "М": "06 00 23 40 46", "Н": "00 06|40 46|03 43",
    "О": "10 30 41 45 36 16 05 01 10", "П": "06 00 40 46", "Р": "06 00 30 41 42 33 03",
    "С": "41 30 10 01 05 16 36 45", "Т": "00 40|20 26", "У": "00 23|40 23 16 06",
    "Ү": "00 23 40|23 26", "Ф": "20 26|10 30 41 42 33 13 02 01 10", "Х": "00 46|40 06",
    "Һ": "00 06|03 13 33 44 46", "Ц": "00 06 46 40|46 47", "Ч": "00 02 13 43|40 46",
    "Ш": "00 06 46 40|20 26",
    "Ъ": "00 10 16 36 45 44 33 13", "Ы": "00 06 26 35 34 23 03|40 46",
    "Ь": "00 06 36 45 44 33 03", "І": "20 26", "Э": "01 10 30 41 45 36 16 05|43 13",
    "Ю": "00 06|03 13|20 30 41 45 36 26 15 11 20", "Я": "46 40 10 01 02 13 43|23 06",
    "0": "10 30 41 45 36 16 05 01 10", "1": "11 20 26", "2": "01 10 30 41 42 06 46",
    "3": "01 10 30 41 42 33 44 45 36 16 05|33 13", "4": "30 04 44|30 36",
    "5": "40 00 02 32 43 45 36 06", "6": "30 11 04 05 16 36 45 44 33 13 04", "7": "00 40 16",
    "8": "13 02 01 10 30 41 42 33 13 04 05 16 36 45 44 33",
    "9": "16 35 42 41 30 10 01 02 13 43", ".": "15 16", ",": "15 16 07", ":": "13 14|15 16",
    ";": "13 14|15 16 07", "-": "13 33", "–": "03 43", "—": "03 43",
    "?": "01 10 30 41 42 23 24|26 26", "!": "20 24|26 26", "(": "30 12 14 36", ")": "10 32 34 16",
    "«": "22 03 24|42 23 44", "»": "02 23 04|22 43 24", "/": "40 06", "=": "02 42|04 44",
    "+": "03 43|21 25", "×": "11 35|31 15", "→": "03 43|32 43 34", "%": "40 06|10 11|35 36",
    "✓": "04 16 40", "…": "06 06|26 26|46 46", "|": "20 26",
}  # fmt: skip
SMALL: Final = {
    "а": "42 12 03 05 16 36 45|42 46", "ә": "12 32 43 45 36 16 05 04 44",
    "е": "04 44 43 32 12 03 05 16 36 45", "б": "40 10 02 05 16 36 45 44 33 13 03",
    "р": "02 08|03 12 32 43 45 36 16 05", "у": "02 25|42 08", "ү": "02 25 42|25 28",
    "ф": "20 28|12 32 43 45 36 16 05 03 12", "і": "22 26|20 20", "һ": "00 06|03 12 32 43 46",
}  # fmt: skip
#: Letters that are another one and a sign.
TAILED: Final = {"Қ": "К", "Ң": "Н", "Щ": "Ш"}
BARRED: Final = {"Ғ": "Г", "Ұ": "Ү", "Ө": "О"}
HATTED: Final = {"Й": "И", "Ё": "Е"}
NARROW: Final = frozenset("Ііi1.,:;!()| ")
WIDTH, GAP, HEIGHT = 4.0, 1.5, 9.0


def strokes(letter: str) -> list[list[Point]]:
    """Return the lines of a letter; of one that this hand does not know, none."""
    if letter in SMALL:
        return _lines(SMALL[letter])
    capital = letter.upper()
    base = TAILED.get(capital) or BARRED.get(capital) or HATTED.get(capital) or capital
    lines = _lines(SMALL.get(base.lower() if letter != capital else "", CAPITALS.get(base, "")))
    if letter != capital and base.lower() not in SMALL:
        lines = [[(x, 2 + y * 4 / 6) for x, y in line] for line in lines]
    if capital in TAILED:
        lines.append([(4, 6), (4.4, 6), (4.4, 7.2)])
    if capital in BARRED:
        lines.append([(0, 4.3), (4, 4.3)] if letter != capital else [(0, 3.2), (3.6, 3.2)])
    if capital in HATTED:
        top = 1.2 if letter != capital else -0.8
        lines.append([(1, top - 0.4), (2, top), (3, top - 0.4)])
    return lines


def _lines(shape: str) -> list[list[Point]]:
    return [
        [(int(point[0]), int(point[1])) for point in line.split()]
        for line in shape.split("|")
        if line
    ]


def known(letter: str) -> bool:
    """Tell whether this hand can write a letter."""
    return letter == " " or bool(strokes(letter))


def length(text: str) -> float:
    """Return how long a line is, in the units of a letter."""
    return sum((2.2 if letter in NARROW else WIDTH) + GAP for letter in text)


def write(
    draw: ImageDraw.ImageDraw,
    at: Point,
    text: str,
    *,
    size: float,
    colour: tuple[int, int, int],
    hand: random.Random,
    room: float = 0,
    pen: float = 0.9,
) -> float:
    """Write a line of text and return how long it became; `room` makes it smaller where needed."""
    unit = size / HEIGHT
    if room and length(text) * unit > room:
        unit = room / length(text)
    x, y = at
    width = max(2, round(unit * pen))
    for letter in text:
        across = 2.2 if letter in NARROW else WIDTH
        lift, lean = hand.uniform(-0.25, 0.25), hand.uniform(-0.1, 0.02)
        inset = (across - WIDTH) / 2
        for line in strokes(letter):
            points = [
                (
                    x + (px + inset + (6 - py) * -lean + hand.uniform(-0.12, 0.12)) * unit,
                    y + (py + lift + hand.uniform(-0.12, 0.12)) * unit,
                )
                for px, py in line
            ]
            draw.line(points, fill=colour, width=width, joint="curve")
        x += (across + GAP + hand.uniform(-0.2, 0.2)) * unit
    return x - at[0]
