"""What a workbook keeps beside its sheets: texts that cells share, and how cells look."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from ustaz.enrolment.workbooks import Package, Writing, is_on, unescape


def shared_texts(package: Package, part: str) -> list[tuple[str, bool]]:
    """Return the texts that cells share, each with whether it is struck through."""
    looks: list[tuple[str, bool]] = []
    writing = Writing()

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal writing
        if tag == "si":
            writing = Writing()
        writing.start(tag, attributes)

    def end(tag: str) -> None:
        writing.end(tag)
        if tag == "si":
            looks.append((unescape(writing.text), writing.struck))

    def add(text: str) -> None:
        writing.add(text)

    package.parse(part, start, end, add)
    return looks


# -- styles ---------------------------------------------------------------------------------------
#: Numbers of built-in formats that show dates or times, those of other languages among them.
DATE_FORMATS: Final = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
ASIDE: Final = re.compile(r"\"[^\"]*\"|\[[^\]]*\]|\\.|_.|\*.")
ZEROS: Final = re.compile(r"0{2,20}\Z")


@dataclass(frozen=True, slots=True)
class Style:
    """What of a cell's style matters: a date, a struck text, zeros that are shown in front."""

    date: bool = False
    struck: bool = False
    width: int = 0


def styles(package: Package, part: str) -> list[Style]:
    """Return the styles of cells in their order."""
    formats: dict[int, str] = {}
    struck: list[bool] = []
    styles: list[Style] = []
    path: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        path.append(tag)
        within = path[-2] if len(path) > 1 else ""
        if tag == "numFmt" and within == "numFmts":
            formats[_int(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
        elif tag == "font" and within == "fonts":
            struck.append(False)
        elif tag == "strike" and within == "font" and path[-3:-2] == ["fonts"]:
            struck[-1] = is_on(attributes.get("val", "1"))
        elif tag == "xf" and within == "cellXfs":
            number, font = _int(attributes.get("numFmtId")), _int(attributes.get("fontId"))
            code = formats.get(number, "")
            zeros = ZEROS.match(code)
            styles.append(
                Style(
                    number in DATE_FORMATS or is_date_format(code),
                    0 <= font < len(struck) and struck[font],
                    len(code) if zeros else 0,
                )
            )

    def end(_: str) -> None:
        path.pop()

    package.parse(part, start, end)
    return styles


def is_date_format(code: str) -> bool:
    r"""Tell whether a number format shows a date or a time.

    Examples
    --------
    >>> is_date_format("[$-419]dd\\ mmm;@"), is_date_format('# ##0 "дней"'), is_date_format("0.00")
    (True, False, False)
    """
    plain = ASIDE.sub("", code.split(";", maxsplit=1)[0]).lower()
    return plain not in {"general", "standard", "основной"} and bool(set("dmyhs") & set(plain))


def _int(text: str | None) -> int:
    try:
        return int(text or "")
    except ValueError:
        return -1
